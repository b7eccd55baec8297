//! How much of a reply is read.
//!
//! Invariant: no endpoint can make this program hold more than [`MOST_BYTES`] of one reply; what is longer is not read to
//! its end and never taken for an answer. A full page of a listing, 1,000 keys of 1,024 bytes with every byte encoded,
//! has some 4 MB.

use aws_sdk_sts::config::{
    ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeDeserializationInterceptorContextMut,
};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_types::body::SdkBody;
use http_body_util::Limited;

/// The longest reply that is read, of any call.
pub(super) const MOST_BYTES: usize = 16 * 1024 * 1024;

/// Cuts replies off: one per client.
#[derive(Debug)]
pub(super) struct ReplyCap;

impl Intercept for ReplyCap {
    fn name(&self) -> &'static str {
        "ReplyCap"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response_mut().body_mut();
        let whole = std::mem::replace(body, SdkBody::taken());
        *body = SdkBody::from_body_1_x(Limited::new(whole, MOST_BYTES));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::{
        client::{
            http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
            orchestrator::{HttpRequest, HttpResponse},
        },
        http::StatusCode,
    };
    use aws_smithy_types::body::SdkBody;

    use super::MOST_BYTES;
    use crate::{
        aws::{Aws, ListRequest, Setting},
        clock::Clock,
        domain::{failure::FailureKind, location::Location, profile::SourceOptions},
    };

    /// Answers everything with the same text.
    #[derive(Debug, Clone)]
    struct Parrot(String);

    impl HttpConnector for Parrot {
        fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
            let reply = HttpResponse::new(StatusCode::try_from(200).unwrap(), SdkBody::from(self.0.as_str()));
            HttpConnectorFuture::ready(Ok(reply))
        }
    }

    async fn listing_of(reply: String) -> Result<usize, FailureKind> {
        let parrot = SharedHttpConnector::new(Parrot(reply));
        let client = http_client_fn(move |_, _| parrot.clone());
        let shared_config = "[default]\naws_access_key_id=A\naws_secret_access_key=B\nregion=us-west-2\n".into();
        let aws = Aws::new(Clock::system(), Setting::Fixed { shared_config }).with_http_client(client);
        let source = aws.source(&SourceOptions::default()).await.unwrap();
        let minted = source.mint(&crate::domain::mint::MintRequest::Direct).await.unwrap();
        let request = ListRequest { location: Location::new("tide-logs", ""), ..ListRequest::default() };
        let page = source.s3(&minted.credentials).list(&request).await;
        page.map(|page| page.entries.len()).map_err(|failure| failure.kind)
    }

    fn page(padding: usize) -> String {
        let padding = " ".repeat(padding);
        format!("<ListBucketResult>{padding}<KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>")
    }

    #[tokio::test]
    async fn a_reply_without_end_is_not_read_to_its_end() {
        assert_eq!(listing_of(page(10)).await, Ok(0));
        assert_eq!(listing_of(page(MOST_BYTES)).await, Err(FailureKind::Malformed));
    }
}
