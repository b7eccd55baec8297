//! Users that were created while the sandbox runs.
//!
//! Invariant: a name is taken from the moment of its creation, and found only after the delay; the world's own users are
//! not here. <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency>

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

/// A user as IAM tells of it.
#[derive(Clone)]
pub(super) struct UserEntry {
    /// Between slashes.
    pub(super) path: String,
    pub(super) name: String,
    /// `AIDA…`
    pub(super) id: String,
    pub(super) arn: String,
    pub(super) created: Timestamp,
}

/// The created users by name in lower case: names do not differ by case alone.
#[derive(Default)]
pub(crate) struct Created(Mutex<BTreeMap<String, (UserEntry, Timestamp)>>);

impl Created {
    /// Keeps a new user, who is found from `visible` on; refuses a name that is taken.
    pub(super) fn add(&self, user: UserEntry, visible: Timestamp) -> Result<(), NameTaken> {
        let mut users = self.lock();
        let key = user.name.to_ascii_lowercase();
        if users.contains_key(&key) {
            return Err(NameTaken);
        }
        users.insert(key, (user, visible));
        Ok(())
    }

    /// The user of this name, once it is found.
    pub(super) fn find(&self, name: &str, now: Timestamp) -> Option<UserEntry> {
        let users = self.lock();
        let (user, visible) = users.get(&name.to_ascii_lowercase())?;
        (user.name == name && now >= *visible).then(|| user.clone())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, (UserEntry, Timestamp)>> {
        // Nothing that holds the lock can leave the map half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Another user has the name.
pub(super) struct NameTaken;
