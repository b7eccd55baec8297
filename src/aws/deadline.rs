//! The expiration of the session that signs a call, to judge a refusal by it.
//!
//! Invariant: every call that a session signs goes through here; [`ending`](crate::domain::ending) is what judges.

use super::transport::Transport;
use crate::domain::{
    credentials::Credentials, ending::judge_failure, failure::Failure, lifetime::Lifetime, moment::Moment,
};

/// When the credentials that sign end, if that is known.
#[derive(Debug, Clone)]
pub(super) struct Deadline {
    transport: Transport,
    lifetime: Option<Lifetime>,
}

impl Deadline {
    pub(super) fn new(transport: &Transport, lifetime: Option<Lifetime>) -> Self {
        Self { transport: transport.clone(), lifetime }
    }

    /// For credentials that were not minted here: as known from now on.
    pub(super) fn of_credentials(transport: &Transport, credentials: &Credentials) -> Self {
        Self::new(transport, credentials.expiration.map(|end| Lifetime::until_expiration(end, transport.moment())))
    }

    /// The same for another end.
    pub(super) fn with_lifetime(&self, lifetime: Option<Lifetime>) -> Self {
        Self { lifetime, ..self.clone() }
    }

    pub(super) fn lifetime(&self) -> Option<Lifetime> {
        self.lifetime
    }

    /// Now, and what is known of the services' clock.
    pub(super) fn moment(&self) -> Moment {
        self.transport.moment()
    }

    /// What a failure that has just come means.
    pub(super) fn judge_failure(&self, failure: Failure) -> Failure {
        judge_failure(failure, self.lifetime, self.transport.moment())
    }
}
