//! The line that asks for the code of an MFA device before a session is renewed.
//!
//! Invariant: a code is sent once; one that cannot be sent is gone from the line, with the reason.

use super::{DialogPart, Moves, Outcome};
use crate::{
    app::{Action, CodeInput, KeyRow, cx::Cx, wish::Wish},
    domain::{
        credentials::SessionId,
        mint::{MintRequest, SpentCode},
    },
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
    spent: Option<SpentCode>,
}

impl AskCode {
    /// Asks for a code to renew `session` by `request`; `spent` is the newest one that was sent.
    pub(in crate::app) fn of(session: SessionId, request: MintRequest, spent: Option<SpentCode>) -> Self {
        Self { request, input: CodeInput::default(), refusal: None, session, spent }
    }

    fn submit(&mut self, cx: &Cx<'_>) -> Outcome {
        let serial = self.request.mfa_serial().unwrap_or_default();
        match self.input.unspent_code(serial, self.spent.as_ref(), cx.moment().by_the_services()) {
            Ok(code) => {
                let (session, request) = (self.session, self.request.clone());
                Outcome::Close(vec![Wish::RenewWithCode { session, request, code }])
            }
            Err(why) => {
                self.input.clear();
                self.refusal = Some(why);
                Outcome::STAY
            }
        }
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

    fn act(&mut self, cx: &mut Cx<'_>, action: Action) -> Outcome {
        match action {
            Action::Submit => return self.submit(cx),
            Action::Edit(edit) => self.input.edit(edit),
            Action::Paste(text) => self.input.paste(&text),
            _ => {}
        }
        Outcome::STAY
    }
}
