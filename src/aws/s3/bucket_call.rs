//! Calls about one bucket, made where the bucket is.
//!
//! Invariant: a bucket in another region is followed once per request, and only the region's name is taken from the
//! response. What fails is judged by the session's end.

use std::error::Error;

use aws_sdk_s3::Client;
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::{
    S3,
    region::{asked_for, in_region, is_of_the_region, region_in},
};
use crate::{
    aws::{
        calls::{CallError, RetryMode},
        failure::Attempt,
    },
    domain::failure::{Failure, FailureKind, Service},
};

impl S3 {
    /// Makes the call that `send` sends with the client that it is given.
    pub(super) async fn call_bucket<T, E, F>(
        &self,
        bucket: &str,
        attempt: Attempt<'_>,
        repeating: RetryMode,
        send: impl Fn(&Client) -> F,
    ) -> Result<T, Box<CallError<E>>>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        let first = self.regions.region_of(bucket);
        let client = self.regions.client_in(&first);
        let unanswered = match self.calls.make_call(attempt, repeating, || send(&client)).await {
            Ok(reply) => return Ok(reply),
            Err(unanswered) => unanswered,
        };
        let region = match region_in(&unanswered.error) {
            _ if !is_of_the_region(&unanswered.error, &first) => None,
            None => asked_for(&self.calls, attempt, &client, bucket).await,
            named => named,
        };
        let Some(region) = region.filter(|region| *region != first) else { return Err(self.judge_error(unanswered)) };
        let client = self.regions.client_in(&region);
        let reply = self.calls.make_call(attempt, repeating, || send(&client)).await;
        // A refusal there shows as well that the bucket is there.
        let is_there = reply.as_ref().map_or_else(|unanswered| refuses_there(&unanswered.failure), |_| true);
        if is_there {
            self.regions.remember_region(bucket, &region);
        }
        reply.map_err(|mut unanswered| {
            if unanswered.failure.kind == FailureKind::WrongRegion {
                unanswered.failure = in_region(unanswered.failure, &region);
            }
            self.judge_error(unanswered)
        })
    }

    fn judge_error<E>(&self, mut unanswered: Box<CallError<E>>) -> Box<CallError<E>> {
        unanswered.failure = self.deadline.judge_failure(unanswered.failure);
        unanswered
    }

    /// What a failure says was tried.
    pub(super) fn attempt<'a>(&'a self, action: &'a str, subject: &'a str) -> Attempt<'a> {
        Attempt { service: Service::S3, action, subject, asked: &self.asked }
    }
}

/// Whether a refusal comes from where the bucket is.
fn refuses_there(failure: &Failure) -> bool {
    matches!(failure.kind, FailureKind::Denied | FailureKind::NotFound)
        && failure.code.as_deref() != Some("NoSuchBucket")
}

/// A value of a header of the response that ended a call.
pub(super) fn reply_header<'a, E>(unanswered: &'a CallError<E>, name: &str) -> Option<&'a str> {
    unanswered.error.raw_response()?.headers().get(name)
}

/// A response that is no success and whose status says what a code would say.
pub(super) fn with_message(failure: Failure, kind: FailureKind, message: impl Into<String>) -> Failure {
    Failure { kind, message: message.into(), ..failure }
}
