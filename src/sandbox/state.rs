//! What the sandbox keeps: its world, what was minted, and what was changed while it runs.
//!
//! Invariant: clones share one state.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;

use super::{
    created_users::CreatedUsers, credentials::IssuedCredentials, revocations::Revocations, sign_ins::SignIns,
    used_codes::UsedCodes, world::World,
};
use crate::{clock::Clock, domain::duration::SessionDuration};

/// Where the sandbox departs from AWS.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The shortest session STS grants. AWS's is 15 minutes; less lets an expiry be watched.
    pub min_duration: SessionDuration,
    /// How long every answer is held back.
    pub latency: Duration,
    /// The most keys a page of a listing holds; AWS's is 1000.
    pub max_keys: usize,
    /// How long after its creation a user is found; IAM's takes seconds.
    pub user_delay: Duration,
    /// A Region where session tokens are refused as `InvalidToken`: as those of AWS's global STS endpoint are in a Region
    /// that somebody opted into.
    pub opt_in_region: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            min_duration: SessionDuration::from_secs(900),
            latency: Duration::ZERO,
            max_keys: 1000,
            user_delay: Duration::from_secs(2),
            opt_in_region: None,
        }
    }
}

/// The sandbox. Clones share one world and one memory of what was minted.
#[derive(Clone)]
pub struct Sandbox(pub(super) Arc<Inner>);

/// What requests are answered from.
pub(super) struct Inner {
    pub(super) clock: Clock,
    /// When the sandbox began.
    pub(super) started: Timestamp,
    pub(super) settings: Settings,
    pub(super) world: World,
    pub(super) issued: IssuedCredentials,
    pub(super) created: CreatedUsers,
    pub(super) used_codes: UsedCodes,
    pub(super) revocations: Revocations,
    pub(super) sign_ins: SignIns,
}

impl Inner {
    /// Nothing was changed yet.
    pub(super) fn new(clock: Clock, settings: Settings, world: World, issued: IssuedCredentials) -> Self {
        Self {
            started: clock.now(),
            clock,
            settings,
            world,
            issued,
            created: CreatedUsers::default(),
            used_codes: UsedCodes::default(),
            revocations: Revocations::default(),
            sign_ins: SignIns::default(),
        }
    }
}
