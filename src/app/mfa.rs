//! Codes of MFA devices on their way from the keyboard to STS.
//!
//! Invariant: a code is sent once: after that neither the form nor the model holds it, and the same one is not taken
//! again until the device has shown another.

use super::{CodeInput, Effect, Model, session};
use crate::domain::credentials::SessionId;
use crate::domain::mint::{MfaCode, MintRequest, SpentCode, next_code_in};

/// The line that asks for a code before a session is renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeEntry {
    /// Which session it renews.
    pub session: SessionId,
    /// What is minted with it.
    pub request: MintRequest,
    /// What is typed.
    pub input: CodeInput,
    /// Why it cannot be.
    pub refusal: Option<String>,
}

impl CodeEntry {
    pub(super) fn of(session: SessionId, request: MintRequest) -> Self {
        Self { session, request, input: CodeInput::default(), refusal: None }
    }
}

/// Takes the code of device `serial` as one that is being sent; or says why it cannot be.
pub(super) fn spend(model: &mut Model, serial: &str, input: &CodeInput) -> Result<MfaCode, String> {
    let now = model.service_now();
    let code = input.code().ok_or("six digits, as the device shows them")?;
    if model.spent_code.as_ref().is_some_and(|spent| spent.is(serial, &code, now)) {
        return Err(format!("already sent: wait for the next code (in {} s)", next_code_in(now)));
    }
    model.spent_code = Some(SpentCode::note(serial, &code, now));
    Ok(code)
}

/// Renews with the code that was typed; an entry that cannot be stays, with the reason.
pub(super) fn submit(model: &mut Model, mut entry: CodeEntry) -> Result<Vec<Effect>, CodeEntry> {
    let serial = entry.request.mfa_serial().unwrap_or_default().to_owned();
    match spend(model, &serial, &entry.input) {
        Ok(code) => Ok(session::replace(model, entry.session, entry.request, Some(code))),
        Err(why) => {
            entry.input.clear();
            entry.refusal = Some(why);
            Err(entry)
        }
    }
}
