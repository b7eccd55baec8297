//! Calls to STS that have been made and not answered, and how the newest one ended.
//!
//! Invariant: a person waits for one call at a time; it ends in a session or in a failure on screen, or the person stops
//! waiting. A call runs to its end all the same: AWS may already have issued the credentials.

use jiff::Timestamp;

use crate::{
    app::effect::Generation,
    domain::{
        credentials::SessionId,
        failure::Failure,
        location::Location,
        mint::{Draft, MfaCode, RequestedSession, SpentCode, next_code_in},
        profile::SourceOptions,
    },
};

/// A call to STS that has not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MintCall {
    /// The number of the request.
    pub generation: Generation,
    /// When it was made.
    pub since: Timestamp,
    /// What to mint again from; becomes the session's source.
    pub source: SourceOptions,
    /// What was filled in for it, to be remembered; nothing for a renewal.
    pub draft: Option<Draft>,
    /// What a person typed or chose for it; becomes the session's own, for a variation.
    pub wishes: RequestedSession,
    /// What the session is for.
    pub then: Then,
}

/// What happens when a session has been minted; fixed when it was asked for, whatever is typed meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Then {
    /// It replaces this one, and what that was doing goes on.
    Replace(SessionId),
    /// Browsing begins here.
    StartAt(Location),
}

/// The call that a person waits for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Attended {
    /// There is none.
    #[default]
    Idle,
    /// It has not answered.
    Waiting(Box<MintCall>),
    /// It failed, and the failure has not been dismissed.
    Failed(Failure),
}

/// Calls to STS: the one that a person waits for, and the others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Minting {
    attended: Attended,
    /// Their sessions are added when they come.
    background: Vec<MintCall>,
    /// The newest code that was sent to STS.
    spent_code: Option<SpentCode>,
}

impl Minting {
    /// The call that a person waits for.
    pub const fn waiting(&self) -> Option<&MintCall> {
        match &self.attended {
            Attended::Waiting(call) => Some(call),
            Attended::Idle | Attended::Failed(_) => None,
        }
    }

    /// Why the newest call that a person waited for has failed.
    pub const fn failure(&self) -> Option<&Failure> {
        match &self.attended {
            Attended::Failed(failure) => Some(failure),
            Attended::Idle | Attended::Waiting(_) => None,
        }
    }

    /// Whether a call is under way that would replace this session.
    pub fn is_renewing(&self, id: SessionId) -> bool {
        self.waiting().into_iter().chain(&self.background).any(|call| call.then == Then::Replace(id))
    }

    /// Dismisses the failure of the newest call; says whether there was one.
    pub(in crate::app) fn dismiss_failure(&mut self) -> bool {
        let failed = self.failure().is_some();
        if failed {
            self.attended = Attended::Idle;
        }
        failed
    }

    pub(in crate::app) fn wait_for(&mut self, call: MintCall) {
        self.attended = Attended::Waiting(Box::new(call));
    }

    pub(super) fn fail(&mut self, failure: Failure) {
        self.attended = Attended::Failed(failure);
    }

    pub(super) fn run_in_background(&mut self, calls: impl IntoIterator<Item = MintCall>) {
        self.background.extend(calls);
    }

    /// Waits for the call under way that would replace this session, if there is one.
    pub(super) fn attend(&mut self, id: SessionId) -> bool {
        let Some(at) = self.background.iter().position(|call| call.then == Then::Replace(id)) else { return false };
        self.attended = Attended::Waiting(Box::new(self.background.remove(at)));
        true
    }

    /// Waits no longer; the call goes on in the background. Says whether there was one.
    pub(super) fn stop_waiting(&mut self) -> bool {
        match std::mem::take(&mut self.attended) {
            Attended::Waiting(call) => {
                self.background.push(*call);
                true
            }
            other => {
                self.attended = other;
                false
            }
        }
    }

    /// The call that has been answered, and whether a person waited for it.
    pub(super) fn answered(&mut self, generation: Generation) -> Option<(MintCall, bool)> {
        if self.waiting().is_some_and(|call| call.generation == generation)
            && let Attended::Waiting(call) = std::mem::take(&mut self.attended)
        {
            return Some((*call, true));
        }
        let at = self.background.iter().position(|call| call.generation == generation)?;
        Some((self.background.remove(at), false))
    }

    /// Takes the code of device `serial` as one that is being sent.
    ///
    /// # Errors
    ///
    /// Says why it cannot be sent: it is not whole, or was sent before.
    pub(in crate::app) fn spend_code(
        &mut self,
        serial: &str,
        code: Option<MfaCode>,
        now: Timestamp,
    ) -> Result<MfaCode, String> {
        let code = code.ok_or("six digits, as the device shows them")?;
        if self.spent_code.as_ref().is_some_and(|spent| spent.is_same(serial, &code, now)) {
            return Err(format!("already sent: wait for the next code (in {} s)", next_code_in(now)));
        }
        self.spent_code = Some(SpentCode::note_sent(serial, &code, now));
        Ok(code)
    }
}
