//! The line that asks for the code of an MFA device before a session is renewed.
//!
//! Invariant: a code is sent once: whatever becomes of it, it is gone from the line.

use super::{DialogPart, Moves, Outcome};
use crate::{
    app::{action::Action, code_input::CodeInput, cx::Cx, key_row::KeyRow, wish::Wish},
    domain::{credentials::SessionId, mint::MintRequest},
};

/// The line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskCode {
    /// What is minted with it.
    pub request: MintRequest,
    /// What is typed.
    pub input: CodeInput,
    /// Why it cannot be.
    pub refusal: Option<String>,
    session: SessionId,
}

impl AskCode {
    /// Asks for a code to renew `session` by `request`; again where one was refused, for a reason.
    pub(in crate::app) fn of(session: SessionId, request: MintRequest, refusal: Option<String>) -> Self {
        Self { request, input: CodeInput::default(), refusal, session }
    }

    fn submit(&mut self) -> Outcome {
        let (session, request) = (self.session, Box::new(self.request.clone()));
        Outcome::Close(vec![Wish::RenewWithCode { session, request, code: std::mem::take(&mut self.input) }])
    }
}

const KEYS: &[KeyRow] = &[KeyRow::hinted(&["Enter"], "renew", Action::Submit)];

impl DialogPart for AskCode {
    fn title(&self) -> &'static str {
        "MFA code to renew"
    }

    fn keys(&self) -> &'static [KeyRow] {
        KEYS
    }

    fn moves(&self) -> Moves {
        Moves::Type
    }

    fn holds_text(&self) -> bool {
        true
    }

    fn renewed(&mut self, old: SessionId, new: SessionId) {
        if self.session == old {
            self.session = new;
        }
    }

    fn act(&mut self, _: &mut Cx<'_>, action: Action) -> Outcome {
        match action {
            Action::Submit => return self.submit(),
            Action::Text(action) => self.input.act(&action),
            _ => {}
        }
        Outcome::STAY
    }
}
