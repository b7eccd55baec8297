//! What is known, before anything is minted, of the credentials that would mint.
//!
//! Invariant: nobody is asked about a profile that is not chosen, nor twice about the same; what is not known keeps
//! nothing from being tried.

use super::{Effect, Generation, Model};
use crate::domain::{failure::Failure, identity::Caller, profile::SourceOptions};

/// How far `GetCallerIdentity` was asked about the form's profile.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Preflight {
    /// Nobody was asked.
    #[default]
    Unasked,
    /// The answer has not come.
    Asking {
        /// The question's number.
        generation: Generation,
        /// About which credentials.
        source: SourceOptions,
    },
    /// It answered.
    Answered {
        /// About which credentials.
        source: SourceOptions,
        /// Who they are, or why that is not known.
        outcome: Result<Caller, Failure>,
    },
}

impl Preflight {
    /// About which credentials it was asked.
    pub fn source(&self) -> Option<&SourceOptions> {
        match self {
            Self::Unasked => None,
            Self::Asking { source, .. } | Self::Answered { source, .. } => Some(source),
        }
    }

    /// Who `source` is, if that is known.
    pub fn caller(&self, source: &SourceOptions) -> Option<&Caller> {
        match self {
            Self::Answered { source: asked, outcome: Ok(caller) } if asked == source => Some(caller),
            _ => None,
        }
    }
}

/// Asks who the form's profile is, unless that was asked.
pub(super) fn ask(model: &mut Model) -> Vec<Effect> {
    let source = model.form.source(&model.setup.source);
    if model.form.chosen().is_none() || model.form.preflight.source() == Some(&source) {
        return vec![];
    }
    let generation = model.next_generation();
    model.form.preflight = Preflight::Asking { generation, source: source.clone() };
    vec![Effect::IdentifySource { generation, source }]
}

pub(super) fn source_identified(model: &mut Model, asked: Generation, outcome: Result<Caller, Failure>) {
    if let Preflight::Asking { generation, source } = &model.form.preflight
        && *generation == asked
    {
        model.form.preflight = Preflight::Answered { source: source.clone(), outcome };
        // What a command printed may be temporary.
        model.form.refill(&model.setup.source);
    }
}
