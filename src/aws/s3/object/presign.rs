//! Links that work without credentials, for a while.
//!
//! Invariant: a link is signed for a time by the service's clock, and for no longer than its plan says. It holds the
//! session token, so it is never logged, and `Debug` does not print it.

use std::time::Duration;

use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};

use crate::{
    aws::{
        errors::root_cause,
        s3::{S3, names::RawByteNames},
    },
    domain::{
        credentials::SecretString,
        failure::{Failure, FailureKind},
        object::{LinkMethod, PresignPlan, PresignRequest},
    },
};

/// A signed link.
#[derive(Debug, Clone)]
pub struct PresignedLink {
    /// As secret as the object: whoever has it may do what it does.
    pub url: SecretString,
    /// How long it works.
    pub plan: PresignPlan,
}

impl S3 {
    /// How long a link would work that is signed now. `temporary` is whether a session token comes with the credentials.
    ///
    /// # Errors
    /// `Expired` if the session is over.
    pub fn plan_link(&self, request: &PresignRequest, temporary: bool) -> Result<PresignPlan, Failure> {
        let (lifetime, now) = (self.deadline.lifetime(), self.deadline.moment());
        PresignPlan::for_session(request.asked, lifetime, temporary, now).ok_or_else(|| {
            let message = "the session has expired: a link that it signs would not work";
            let subject = request.address.to_string();
            let failure = Failure::local(FailureKind::Expired, SIGN, subject, message);
            Failure { ended: lifetime.map(|lifetime| lifetime.expiration), ..failure }
        })
    }

    /// Signs a link. Nothing is sent.
    ///
    /// # Errors
    /// `Other` if it cannot be signed.
    pub async fn sign_link(&self, request: &PresignRequest, plan: PresignPlan) -> Result<PresignedLink, Failure> {
        let PresignRequest { address, method, .. } = request;
        let failed = |why: String| Failure::local(FailureKind::Other, SIGN, address.to_string(), why);
        let config = PresigningConfig::builder()
            .start_time(plan.signed_at.into())
            .expires_in(Duration::from_secs(plan.seconds.into()))
            .build()
            .map_err(|error| failed(root_cause(&error)))?;
        let client = self.regions.client_in(&self.regions.region_of(&address.bucket));
        let signed = match method {
            LinkMethod::Get => {
                let call = client.get_object().bucket(&address.bucket).key(&address.key);
                let call = call.set_version_id(address.version_id.clone()).customize().interceptor(RawByteNames);
                call.presigned(config).await.map_err(|error| failed(root_cause(&error)))?
            }
            LinkMethod::Head => {
                let call = client.head_object().bucket(&address.bucket).key(&address.key);
                let call = call.set_version_id(address.version_id.clone()).customize().interceptor(RawByteNames);
                call.presigned(config).await.map_err(|error| failed(root_cause(&error)))?
            }
        };
        if let Some(header) = needed_header(&signed) {
            return Err(failed(format!("the link would work only with the header {header}")));
        }
        Ok(PresignedLink { url: signed.uri().to_owned().into(), plan })
    }
}

const SIGN: &str = "sign a link to";

/// A header that whoever uses the link would have to send: nobody does who opens it in a browser.
fn needed_header(signed: &PresignedRequest) -> Option<&str> {
    signed.headers().map(|(name, _)| name).find(|name| *name != "host")
}
