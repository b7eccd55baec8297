//! Replaces a session that expires during a long listing.
//!
//! Invariant: the new session is minted once, by the same request from the same source, and only if no MFA code is
//! needed.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::session::{self, MintedSession};
use crate::{
    aws::{S3, Source},
    domain::{
        failure::{Failure, FailureKind},
        listing::{ListRequest, Page, RequestCounter, TokenListener},
        location::Location,
        mint::MintRequest,
    },
    lister::{Ended, Pages},
    store::Store,
};

/// S3 with a session, and later with the session that replaces it. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct RenewingSession(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    source: Source,
    request: MintRequest,
    store: Option<Store>,
    s3: Mutex<S3>,
    renewed: AtomicBool,
}

impl RenewingSession {
    /// What was opened, whose further mint goes into this log.
    pub(super) fn new(opened: &MintedSession, store: Option<Store>) -> Self {
        let s3 = Mutex::new(opened.source.s3(&opened.minted));
        let (source, request) = (opened.source.clone(), opened.checked.request.clone());
        Self(Arc::new(Shared { source, request, store, s3, renewed: AtomicBool::new(false) }))
    }

    /// S3 with the session of the moment.
    pub(super) fn s3(&self) -> S3 {
        self.lock_s3().clone()
    }

    fn lock_s3(&self) -> MutexGuard<'_, S3> {
        // It is replaced as a whole.
        self.0.s3.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a listing of everything came to its end; one that ends otherwise has failed, whatever it says.
pub(super) fn check_complete(ended: Option<Result<Ended, Failure>>, location: &Location) -> Result<(), Failure> {
    match ended {
        Some(Ok(Ended::Complete)) => Ok(()),
        Some(Err(failure)) => Err(failure),
        Some(Ok(Ended::Full { .. } | Ended::Unwanted)) | None => {
            Err(Failure::local(FailureKind::Other, "list", location.to_string(), "it ended early"))
        }
    }
}

impl Pages for RenewingSession {
    async fn get_page(
        &self,
        request: ListRequest,
        early: Option<TokenListener>,
        sent: &RequestCounter,
    ) -> Result<Page, Failure> {
        self.s3().get_page(request, early, sent).await
    }

    async fn sit_out(&self, wait: Duration, failure: &Failure, attempt: u32) {
        self.s3().sit_out(wait, failure, attempt).await;
    }

    async fn wait_for_renewal(&self, ended: Failure) -> Result<(), Failure> {
        let Shared { source, request, store, renewed, .. } = &*self.0;
        if request.mfa_serial().is_some() {
            return Err(
                ended.with_hint("the session has expired, and a new one needs an MFA code: run the command again")
            );
        }
        if ended.kind != FailureKind::Expired || renewed.swap(true, Ordering::Relaxed) {
            return Err(ended);
        }
        let minted = Box::pin(source.mint_session(request, None)).await?;
        session::append_to_log(store.as_ref(), source, request, &minted);
        *self.lock_s3() = source.s3(&minted);
        Ok(())
    }
}
