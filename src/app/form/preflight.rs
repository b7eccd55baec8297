//! What is known, before anything is minted, of the credentials that would mint.
//!
//! Invariant: nobody is asked about a profile that is not chosen, nor twice about the same; what is not known keeps
//! nothing from being tried.

use super::SessionForm;
use crate::{
    app::{
        cx::Cx,
        effect::{Effect, Generation},
        wish::Wish,
    },
    domain::{failure::Failure, identity::Caller, profile::SourceOptions},
};

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

impl SessionForm {
    /// Asks who the profile is, unless that was asked.
    pub(super) fn identify_source(&mut self, cx: &mut Cx<'_>) -> Option<Wish> {
        let source = self.source();
        if self.chosen().is_none() || self.preflight.source() == Some(&source) {
            return None;
        }
        let generation = cx.next_generation();
        self.preflight = Preflight::Asking { generation, source: source.clone() };
        Some(Effect::IdentifySource { generation, source }.into())
    }

    /// `GetCallerIdentity` answered the credentials that would mint.
    pub(in crate::app) fn source_identified(&mut self, asked: Generation, outcome: Result<Caller, Failure>) {
        if let Preflight::Asking { generation, source } = &self.preflight
            && *generation == asked
        {
            self.preflight = Preflight::Answered { source: source.clone(), outcome };
            // What a command printed may be temporary.
            self.refill();
            self.recheck();
        }
    }
}
