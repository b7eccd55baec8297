//! Codes of MFA devices on their way from the keyboard to STS.
//!
//! Invariant: a code is sent once: after that neither the form nor the model holds it, and the same one is not taken
//! again until the device has shown another.

use super::{Effect, Model, session};
use crate::domain::{
    credentials::SessionId,
    mint::{Field, MfaCode, MintRequest, SpentCode},
};

/// The code for the form's request: `None` where it names no device. What cannot be is said beside the field.
pub(super) fn of_form(model: &mut Model, request: &MintRequest) -> Result<Option<MfaCode>, ()> {
    let Some(serial) = request.mfa_serial() else { return Ok(None) };
    let now = model.service_now();
    let input = std::mem::take(&mut model.form.further.code);
    match input.unspent_code(serial, model.spent_code.as_ref(), now) {
        Ok(code) => {
            model.spent_code = Some(SpentCode::note(serial, &code, now));
            model.form.code_refusal = None;
            Ok(Some(code))
        }
        Err(why) => {
            model.form.code_refusal = Some(why);
            model.form.focus = Field::MfaCode;
            Err(())
        }
    }
}

/// Renews with a code that was typed.
pub(super) fn renew(model: &mut Model, session: SessionId, request: MintRequest, code: MfaCode) -> Vec<Effect> {
    let serial = request.mfa_serial().unwrap_or_default();
    model.spent_code = Some(SpentCode::note(serial, &code, model.service_now()));
    session::replace(model, session, request, Some(code))
}
