//! Roles whose older sessions were revoked.
//!
//! Invariant: a revocation is the policy that IAM's console attaches, no more: sessions that are younger are untouched.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html>

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

use super::caller::{Caller, Who};
use crate::domain::policy::{Policy, PolicyKind};

/// By the name of the role.
#[derive(Default)]
pub(crate) struct Revocations(Mutex<HashMap<String, Arc<Policy>>>);

impl Revocations {
    /// The caller, with what was revoked of theirs.
    pub(super) fn apply(&self, caller: Caller) -> Caller {
        let revocation = match &caller.who {
            Who::RoleSession(role, _) => self.lock().get(&role.name).cloned(),
            Who::User(_) | Who::Federated(..) => None,
        };
        Caller { revocation, ..caller }
    }

    /// Ends what sessions of `role` may do that were minted before `now`.
    pub(super) fn revoke(&self, role: &str, now: Timestamp) {
        let policy = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Action":["*"],"Resource":["*"],
            "Condition":{{"DateLessThan":{{"aws:TokenIssueTime":"{now}"}}}}}}]}}"#
        );
        let policy = Policy::read(&policy, PolicyKind::Identity).expect("nothing in it varies but a time");
        self.lock().insert(role.into(), Arc::new(policy));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Policy>>> {
        // Nothing that holds the lock can leave the map half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
