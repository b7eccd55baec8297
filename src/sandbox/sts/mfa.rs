//! MFA: whether a call comes with the code of a device of the caller's.
//!
//! Invariant: a code is taken once, in its own window and the one on either side, also where the call is then refused.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html>

use super::call::Call;
use crate::{
    domain::totp,
    sandbox::{
        caller::Who,
        query::{DIGITS, SERIAL, Violations},
        refusal::Refusal,
    },
};

/// `SerialNumber` and `TokenCode` as they were sent.
pub(super) struct Proof {
    serial: Option<String>,
    code: Option<String>,
}

impl Call<'_> {
    /// Reads what was sent, checking its form.
    pub(super) fn read_mfa(&self, broken: &mut Violations) -> Proof {
        Proof {
            serial: self.parameters.optional("SerialNumber", 9..=256, &SERIAL, broken),
            code: self.parameters.optional("TokenCode", 6..=6, &DIGITS, broken),
        }
    }

    /// Whether the caller proved to have their device; nothing sent is no proof, and a wrong one is refused.
    pub(super) fn prove_mfa(&self, proof: &Proof) -> Result<bool, Refusal> {
        let failed = |what| Err(Refusal::forbidden("AccessDenied", format!("MultiFactorAuthentication failed{what}")));
        let (serial, code) = match (&proof.serial, &proof.code) {
            (None, None) => return Ok(false),
            (Some(serial), Some(code)) => (serial, code),
            _ => return failed(", must provide both MFA serial number and one time pass code."),
        };
        let device = match &self.caller.who {
            Who::User(user) => user.devices.iter().find(|device| device.serial == *serial),
            Who::Federated(..) | Who::RoleSession(..) => None,
        };
        let Some(device) = device else {
            return failed(
                ", unable to validate MFA code.  Please verify your MFA serial number is valid and associated with \
                 this user.",
            );
        };
        if self.inner.used_codes.take(device, code, totp::window(self.now)) {
            return Ok(true);
        }
        failed(" with invalid MFA one time pass code.")
    }
}
