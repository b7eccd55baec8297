//! The line that asks for the code of an MFA device before a session is renewed.
//!
//! Invariant: a code is sent once: after that neither the line nor the model holds it.

use super::CodeInput;
use crate::domain::{credentials::SessionId, mint::MintRequest};

/// The line that asks for a code before a session is renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeEntry {
    /// Which session it renews.
    pub session: SessionId,
    /// What is minted with it.
    pub request: MintRequest,
    /// What is typed.
    pub input: CodeInput,
    /// Why it cannot be sent.
    pub refusal: Option<String>,
}

impl CodeEntry {
    pub(super) fn of(session: SessionId, request: MintRequest) -> Self {
        Self { session, request, input: CodeInput::default(), refusal: None }
    }
}
