//! What every task takes along: where it asks, where it answers, and the credentials that are held.
//!
//! Invariant: credentials are in one map and nowhere else, so that forgetting a session drops them. A task that panics answers
//! all the same.

use std::{
    collections::{HashMap, VecDeque},
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicU64},
};

use futures_util::FutureExt;
use tokio::sync::mpsc;

use crate::{
    app::Message,
    aws::{Aws, Minted, S3, Source},
    domain::{
        credentials::{SecretString, SessionId},
        failure::{Failure, FailureKind},
    },
    handover::Services,
    store::Store,
};

/// What a task takes along.
#[derive(Clone)]
pub(super) struct Handle {
    pub(super) aws: Aws,
    pub(super) replies: mpsc::Sender<Message>,
    /// What each session's requests need; dropping it drops the credentials in it.
    pub(super) held: Arc<Mutex<HashMap<SessionId, SessionClients>>>,
    pub(super) next_session: Arc<AtomicU64>,
    pub(super) store: Option<Store>,
}

/// A session's credentials, and the clients that use them.
#[derive(Clone)]
pub(super) struct SessionClients {
    pub(super) source: Source,
    pub(super) minted: Minted,
    pub(super) s3: S3,
    /// The session's account, where it is known.
    pub(super) account: Option<String>,
    /// An address that signs in to the web console, until it is handed over.
    pub(super) sign_in_url: Option<SecretString>,
    /// Links that were signed, until each is handed over.
    pub(super) links: VecDeque<SecretString>,
}

impl SessionClients {
    /// What the credentials are for.
    pub(super) fn child_services(&self) -> Services<'_> {
        self.source.services(self.account.as_deref())
    }
}

impl Handle {
    pub(super) fn lock_sessions(&self) -> MutexGuard<'_, HashMap<SessionId, SessionClients>> {
        // A map is whole after every single operation, so a panic elsewhere leaves nothing half done in it.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn send_reply(&self, message: Message) {
        // The clock first, so that no countdown starts by the wrong one. The loop ends before its worker does; then
        // nobody is left to tell.
        if let Some(offset) = self.aws.clock_offset() {
            let _ = self.replies.send(Message::ClockMeasured(offset)).await;
        }
        let _ = self.replies.send(message).await;
    }
}

pub(super) fn forgotten_session(action: &str, subject: &str) -> Failure {
    Failure::local(FailureKind::Expired, action, subject, "the session was dropped")
}

/// A panic in a task becomes a failure like any other: somebody is waiting for the answer. Its text is not shown, for
/// it may quote what a service sent.
pub(super) async fn catch_panic<T>(
    action: &str,
    subject: &str,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| {
        Err(Failure::local(FailureKind::Other, action, subject, "a bug in ebbtide")
            .with_hint("try again; start ebbtide with --debug to log where it happened"))
    })
}
