//! Policies: session policies, which limit a session when it is minted, and the evaluation of any policy.
//!
//! A session's rights are the intersection of its policies and its source's own, so a [`SessionPolicy`] can only take
//! away. One evaluator judges every policy: [`Policy::ruling`] says allowed, denied or unclear, and which statement
//! decides. The sandbox asks it with all that a service knows of a request, [`SessionRights`] with what a client knows.
//!
//! Invariant: [`SessionPolicy::as_json`] is one strict JSON object with statements, minified and in ASCII, so that its
//! length in bytes is the number of characters that AWS counts. An empty text is an error and never "no policy": with
//! `AssumeRole` that would be the whole role.

mod actions;
mod compare;
mod condition;
mod evaluate;
mod facts;
mod family;
mod keys;
mod listed;
mod pattern;
mod places;
mod pretty;
mod rights;
mod risks;
mod scope;
mod session_policy;
mod statement;
mod strict;
mod templates;
mod truth;
mod verbs;
mod words;

#[cfg(test)]
mod tests;

pub use evaluate::{Policy, Ruling, StatementName};
pub use facts::{Ask, Fact, Facts, Names};
pub use rights::SessionRights;
pub use session_policy::SessionPolicy;
pub use statement::PolicyKind;
pub use strict::PolicyError;
pub use templates::Template;
pub use truth::Doubt;
pub use verbs::{Verb, Verbs};
