//! Makes calls of services, and makes them again where that may help.
//!
//! The SDK could repeat calls itself, but in silence, without naming the last answer when it runs out of time, and by other
//! rules than whoever lists many pages at a time. So its own retries are off, and every call goes through here.
//!
//! Invariant: what is repeated follows one policy, [`Patience`]; what a call ends with names the last answer of the service,
//! never only that there was none where there had been one. A call that carries the code of an MFA device, or creates
//! something, is made once.

use std::{
    error::Error,
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use jiff::{SignedDuration, Timestamp};

use super::{
    answer_fault::AnswerFault,
    errors::{is_too_long, refused_here},
    failure::Attempt,
    offset::ClockOffset,
    waits::Waits,
};
use crate::{
    clock::Clock,
    domain::{
        failure::{Failure, FailureKind},
        lifetime::countdown,
        patience::{Again, Patience},
    },
};

/// From here on a clock that is wrong explains a refused signature, as it does for the SDK.
const SUSPICIOUS_OFFSET: SignedDuration = SignedDuration::from_mins(4);

/// How much a call may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeating {
    /// As the policy says.
    Patiently,
    /// The same, but whoever calls slows down by themselves when the service asks for fewer requests.
    UnlessThrottled,
    /// Never.
    Never,
}

/// What calls are made with. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Calls {
    pub(super) clock: Clock,
    pub(super) offset: ClockOffset,
    pub(super) waits: Waits,
}

/// How a call ended without an answer to it.
#[derive(Debug)]
pub(super) struct Unanswered<E> {
    /// What became of it, in our terms.
    pub(super) failure: Failure,
    /// What the last attempt ended with.
    pub(super) error: SdkError<E, HttpResponse>,
}

impl<E> From<Box<Unanswered<E>>> for Failure {
    fn from(unanswered: Box<Unanswered<E>>) -> Self {
        unanswered.failure
    }
}

impl Calls {
    /// Makes the call that `send` sends, and makes it again as far as `repeating` allows.
    pub(super) async fn make<T, E, F>(
        &self,
        attempt: Attempt<'_>,
        repeating: Repeating,
        send: impl Fn() -> F,
    ) -> Result<T, Box<Unanswered<E>>>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        let (begun, mut patience, mut last_answer) = (self.clock.now(), Patience::default(), None);
        loop {
            // On the heap, for the SDK's futures are kilobytes.
            let error = match Box::pin(send()).await {
                Ok(output) => return Ok(output),
                Err(error) => error,
            };
            let failure = attempt.failure(&error);
            let again = match (repeating, self.again(&error, &failure)) {
                (Repeating::Never, _) | (Repeating::UnlessThrottled, Again::Throttled) => Again::No,
                (_, again) => again,
            };
            let elapsed = self.since(begun);
            let Some(wait) = patience.wait(again, failure.asks_to_wait, elapsed, jitter()) else {
                let failure = in_the_end(failure, last_answer, patience.attempts(), elapsed);
                return Err(Box::new(Unanswered { failure, error }));
            };
            tracing::info!(%failure, ?wait, "asking again");
            self.waits.sit_out(&self.clock, wait, &failure, patience.attempts() + 1).await;
            last_answer = Some(failure).filter(|failure| failure.status.is_some()).or(last_answer);
        }
    }

    fn again<E>(&self, error: &SdkError<E, HttpResponse>, failure: &Failure) -> Again
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        if refused_here(error).is_some() || is_too_long(error) {
            return Again::No;
        }
        if failure.kind == FailureKind::Throttled {
            return Again::Throttled;
        }
        if let Some(fault) = AnswerFault::inside(error) {
            let may_change = matches!(failure.kind, FailureKind::Malformed | FailureKind::Timeout | FailureKind::Other);
            return if may_change || !matches!(fault, AnswerFault::Refused(_)) { Again::Once } else { Again::No };
        }
        match error {
            SdkError::TimeoutError(_) | SdkError::ResponseError(_) => Again::Trouble,
            SdkError::DispatchFailure(failure)
                if failure.is_io() || failure.is_timeout() || failure.as_other().is_some() =>
            {
                Again::Trouble
            }
            SdkError::ServiceError(_) => match (failure.kind, failure.status) {
                (FailureKind::Timeout, _) | (_, Some(500 | 502 | 504)) => Again::Trouble,
                (FailureKind::Malformed, Some(200..=299)) | (FailureKind::Clock, _) => Again::Once,
                // The SDK signs the next request by the clock that this answer showed.
                (FailureKind::InvalidCredentials, _) if self.is_far_off() => Again::Once,
                _ => Again::No,
            },
            _ => Again::No,
        }
    }

    fn is_far_off(&self) -> bool {
        self.offset.get().is_some_and(|offset| offset.abs() > SUSPICIOUS_OFFSET)
    }

    fn since(&self, begun: Timestamp) -> Duration {
        Duration::try_from(self.clock.now().duration_since(begun)).unwrap_or_default()
    }
}

/// A number from 0 to 1.
fn jitter() -> f64 {
    f64::from((RandomState::new().hash_one(0) % 1000) as u32) / 1000.0
}

/// The last answer, and how long it was asked for.
fn in_the_end(last: Failure, last_answer: Option<Failure>, attempts: u32, elapsed: Duration) -> Failure {
    let mut failure = match last_answer.filter(|_| last.status.is_none()) {
        Some(answer) => {
            let message = format!("{}; asked again, {}", answer.message, last.message);
            Failure { message, ..answer }
        }
        None => last,
    };
    let asked = failure.asks_to_wait.filter(|asked| failure.kind == FailureKind::Throttled && *asked > elapsed);
    if let (Some(asked), None) = (asked.and_then(|asked| SignedDuration::try_from(asked).ok()), &failure.hint) {
        failure.hint =
            Some(format!("the service asks for no request before {} have passed: try again then", countdown(asked)));
    }
    if attempts > 1 && elapsed.as_secs() > 0 {
        failure.message = format!("{} ({attempts} attempts in {} s)", failure.message, elapsed.as_secs());
    }
    failure
}
