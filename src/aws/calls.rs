//! Calls services, and retries where that may help.
//!
//! The SDK's own retries are off, and every call goes through here: the SDK retries silently, does not name the last
//! response when it runs out of time, and does not know the rules of a parallel listing.
//!
//! Invariant: one policy decides about retries, [`Patience`]. The final failure names the service's last response, even
//! if the last attempt got none. A call with an MFA code, or one that creates something, is made once.

use std::{
    error::Error,
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use jiff::{SignedDuration, Timestamp};

use super::{
    errors::{is_too_long, refused_here},
    failure::Attempt,
    offset::ClockOffset,
    reply_fault::ReplyFault,
    waits::Waits,
};
use crate::{
    clock::Clock,
    domain::{
        failure::{Failure, FailureKind},
        lifetime::format_countdown,
        listing::RequestCounter,
        patience::{Patience, Retry},
    },
};

/// From here on a clock that is wrong explains a refused signature, as it does for the SDK.
const SUSPICIOUS_OFFSET: SignedDuration = SignedDuration::from_mins(4);

/// How much a call may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RetryMode {
    /// As the policy says.
    Patiently,
    /// The same, but the caller itself slows down when the service asks for fewer requests.
    UnlessThrottled,
    /// Never.
    Never,
}

/// What calls are made with. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct CallContext {
    pub(super) clock: Clock,
    pub(super) offset: ClockOffset,
    pub(super) waits: Waits,
    /// Counts what is sent.
    pub(super) sent: RequestCounter,
}

/// How a call ended without a successful response.
#[derive(Debug)]
pub(super) struct CallError<E> {
    /// The failure.
    pub(super) failure: Failure,
    /// The SDK's error of the last attempt.
    pub(super) error: SdkError<E, HttpResponse>,
}

impl<E> From<Box<CallError<E>>> for Failure {
    fn from(call_error: Box<CallError<E>>) -> Self {
        call_error.failure
    }
}

impl CallContext {
    /// Makes the call that `send` sends, and retries as far as `repeating` allows.
    pub(super) async fn make_call<T, E, F>(
        &self,
        attempt: Attempt<'_>,
        repeating: RetryMode,
        send: impl Fn() -> F,
    ) -> Result<T, Box<CallError<E>>>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        let (begun, mut patience, mut last_answer) = (self.clock.now(), Patience::default(), None);
        loop {
            self.sent.count_request();
            // On the heap, for the SDK's futures are kilobytes.
            let error = match Box::pin(send()).await {
                Ok(output) => return Ok(output),
                Err(error) => error,
            };
            let failure = attempt.explain_error(&error);
            let again = match (repeating, self.judge_retry(&error, &failure)) {
                (RetryMode::Never, _) | (RetryMode::UnlessThrottled, Retry::Throttled) => Retry::No,
                (_, again) => again,
            };
            let elapsed = self.elapsed_since(begun);
            let Some(wait) = patience.next_wait(again, failure.asks_to_wait, elapsed, random_fraction()) else {
                let failure = in_the_end(failure, last_answer, patience.attempts(), elapsed);
                return Err(Box::new(CallError { failure, error }));
            };
            tracing::info!(%failure, ?wait, "retrying");
            self.waits.sit_out(&self.clock, wait, &failure, patience.attempts() + 1).await;
            last_answer = Some(failure).filter(|failure| failure.status.is_some()).or(last_answer);
        }
    }

    fn judge_retry<E>(&self, error: &SdkError<E, HttpResponse>, failure: &Failure) -> Retry
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        if refused_here(error).is_some() || is_too_long(error) {
            return Retry::No;
        }
        if failure.kind == FailureKind::Throttled {
            return Retry::Throttled;
        }
        if let Some(fault) = ReplyFault::find_in_error(error) {
            let may_change = matches!(failure.kind, FailureKind::Malformed | FailureKind::Timeout | FailureKind::Other);
            return if may_change || !matches!(fault, ReplyFault::Refused(_)) { Retry::Once } else { Retry::No };
        }
        match error {
            SdkError::TimeoutError(_) | SdkError::ResponseError(_) => Retry::Trouble,
            SdkError::DispatchFailure(failure)
                if failure.is_io() || failure.is_timeout() || failure.as_other().is_some() =>
            {
                Retry::Trouble
            }
            SdkError::ServiceError(_) => match (failure.kind, failure.status) {
                (FailureKind::Timeout, _) | (_, Some(500 | 502 | 504)) => Retry::Trouble,
                (FailureKind::Malformed, Some(200..=299)) | (FailureKind::Clock, _) => Retry::Once,
                // The SDK signs the next request by the clock that this answer showed.
                (FailureKind::InvalidCredentials, _) if self.is_far_off() => Retry::Once,
                _ => Retry::No,
            },
            _ => Retry::No,
        }
    }

    fn is_far_off(&self) -> bool {
        self.offset.get().is_some_and(|offset| offset.abs() > SUSPICIOUS_OFFSET)
    }

    fn elapsed_since(&self, begun: Timestamp) -> Duration {
        Duration::try_from(self.clock.now().duration_since(begun)).unwrap_or_default()
    }
}

/// A number from 0 to 1.
fn random_fraction() -> f64 {
    f64::from((RandomState::new().hash_one(0) % 1000) as u32) / 1000.0
}

/// The last response, with the number of attempts and their time.
fn in_the_end(last: Failure, last_answer: Option<Failure>, attempts: u32, elapsed: Duration) -> Failure {
    let mut failure = match last_answer.filter(|_| last.status.is_none()) {
        Some(answer) => {
            let message = format!("{}; on retry, {}", answer.message, last.message);
            Failure { message, ..answer }
        }
        None => last,
    };
    let asked = failure.asks_to_wait.filter(|asked| failure.kind == FailureKind::Throttled && *asked > elapsed);
    if let (Some(asked), None) = (asked.and_then(|asked| SignedDuration::try_from(asked).ok()), &failure.hint) {
        failure.hint = Some(format!("the service asks to wait {}: try again after that", format_countdown(asked)));
    }
    if attempts > 1 && elapsed.as_secs() > 0 {
        failure.message = format!("{} ({attempts} attempts in {} s)", failure.message, elapsed.as_secs());
    }
    failure
}
