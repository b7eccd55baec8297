//! The only way to the network: every request and every reply passes here.
//!
//! Clients take their endpoint from several places: those that aws-config makes by itself, for roles, SSO and web
//! identities, read the environment and the profile on their own. So each request is judged by where it really goes.
//!
//! Invariant: no request of any client goes to an address that [`endpoint`] refuses, or through a proxy to this machine.
//! No endpoint can make this program hold more than [`MOST_BYTES`] of a reply: a longer one is not read to its end, and
//! never used; only content that is passed on piece by piece ([`StreamedReply`]) may be longer. A full page of a listing, 1,000 keys of 1,024 bytes with every byte encoded, has some 4 MB.

use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
        http_client_fn,
    },
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::body::SdkBody;
use http_body_util::Limited;

use super::endpoint;

/// The longest reply that is read, of any call.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// Marks a request whose reply, if it is a success, is read piece by piece by whoever sent it.
#[derive(Debug, Clone, Copy)]
pub(super) struct StreamedReply;

/// The clients, and which requests may use them.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    /// For other machines.
    pub(super) general: SharedHttpClient,
    /// For this machine.
    pub(super) loopback: SharedHttpClient,
    /// Consent to `http://` to another machine.
    pub(super) allow_plain_http: bool,
}

impl Guard {
    /// The door as a client.
    pub(super) fn into_client(self) -> SharedHttpClient {
        http_client_fn(move |settings, components| {
            let (settings, components) = (settings.clone(), components.clone());
            SharedHttpConnector::new(GuardedConnector { guard: self.clone(), settings, components })
        })
    }
}

/// Makes the connector only when a request has passed: making one reads the system's roots.
#[derive(Debug)]
struct GuardedConnector {
    guard: Guard,
    settings: HttpConnectorSettings,
    components: RuntimeComponents,
}

impl HttpConnector for GuardedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = match endpoint::check_request(request.uri(), self.guard.allow_plain_http) {
            Ok(endpoint) if endpoint.loopback => &self.guard.loopback,
            Ok(_) => &self.guard.general,
            // A failure of ours inside the SDK's error: `failure` takes it out again.
            Err(refusal) => return HttpConnectorFuture::ready(Err(ConnectorError::user(refusal.into()))),
        };
        let is_streamed = request.extension::<StreamedReply>().is_some();
        let answer = client.http_connector(&self.settings, &self.components).call(request);
        HttpConnectorFuture::new(async move {
            answer
                .await
                .map(|reply| if is_streamed && reply.status().is_success() { reply } else { cap_response(reply) })
        })
    }
}

pub(super) fn cap_response(mut response: HttpResponse) -> HttpResponse {
    let whole = response.take_body();
    *response.body_mut() = SdkBody::from_body_1_x(Limited::new(whole, MOST_BYTES));
    response
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;

    use super::*;
    use crate::{
        aws::{Aws, Setting, errors::refused_here, scripted_server::ScriptedServer},
        clock::Clock,
        domain::{
            failure::FailureKind, listing::ListRequest, location::Location, mint::MintRequest, profile::SourceOptions,
        },
    };

    async fn listing_of(reply: String) -> Result<usize, FailureKind> {
        let parrot = ScriptedServer::replying(reply);
        let shared_config = "[default]\naws_access_key_id=A\naws_secret_access_key=B\nregion=us-west-2\n".into();
        let aws = Aws::new(Clock::system(), Setting::Fixed { shared_config }).with_http_client(parrot.client());
        let source = aws.source(&SourceOptions::default()).await.unwrap();
        let minted = source.mint_session(&MintRequest::Direct, None).await.unwrap();
        let request = ListRequest { location: Location::new("tide-logs", ""), ..ListRequest::default() };
        let page = source.s3(&minted).list_page(&request).await;
        page.map(|page| page.rows.len()).map_err(|failure| failure.kind)
    }

    fn page(padding: usize) -> String {
        let padding = format!("<!--{}-->", " ".repeat(1017)).repeat(padding.div_ceil(1024));
        format!("<ListBucketResult>{padding}<KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>")
    }

    #[tokio::test]
    async fn a_reply_without_end_is_not_read_to_its_end() {
        assert_eq!(listing_of(page(10)).await, Ok(0));
        assert_eq!(listing_of(page(MOST_BYTES)).await, Err(FailureKind::Malformed));
    }

    #[tokio::test]
    async fn clients_that_find_their_own_endpoint_are_held_to_the_same_rules() {
        for (uri, allow_plain_http, reason) in [
            ("http://169.254.169.254/", false, Some("metadata addresses are not allowed")),
            ("https://169.254.169.254/", true, Some("metadata addresses are not allowed")),
            ("http://169.254.170.2/v2/credentials", true, Some("metadata addresses are not allowed")),
            ("http://[fd00:ec2::254]/", true, Some("metadata addresses are not allowed")),
            ("http://minio.example.org/", false, Some("unencrypted to another machine")),
            ("http://minio.example.org/", true, None),
            ("http://127.0.0.1:8/", false, None),
            ("https://minio.example.org/", false, None),
        ] {
            let parrot = ScriptedServer::default();
            let guard = Guard { general: parrot.client(), loopback: parrot.client(), allow_plain_http };
            let components = RuntimeComponentsBuilder::for_tests().build().unwrap();
            let connector = guard.into_client().http_connector(&HttpConnectorSettings::default(), &components);
            let answer = connector.call(HttpRequest::get(uri).unwrap()).await;
            assert_eq!(parrot.recorded_requests().len(), usize::from(reason.is_none()), "{uri}");
            if let Some(reason) = reason {
                let failure = refused_here(&answer.unwrap_err()).expect("a failure of ours");
                assert_eq!(failure.kind, FailureKind::Invalid, "{failure}");
                assert!(failure.message.contains(reason) && uri.starts_with(&failure.subject), "{failure}");
            }
        }
    }

    #[tokio::test]
    async fn this_machine_is_asked_by_its_own_client() {
        for (uri, of_loopback) in [
            ("https://localhost:9/", true),
            ("http://[::1]:9/x?y=z", true),
            ("https://s3.eu-west-1.amazonaws.com/", false),
        ] {
            let (general, loopback) = (ScriptedServer::default(), ScriptedServer::default());
            let guard = Guard { general: general.client(), loopback: loopback.client(), allow_plain_http: false };
            let components = RuntimeComponentsBuilder::for_tests().build().unwrap();
            let connector = guard.into_client().http_connector(&HttpConnectorSettings::default(), &components);
            connector.call(HttpRequest::get(uri).unwrap()).await.unwrap();
            assert_eq!(
                (general.recorded_requests().len(), loopback.recorded_requests().len()),
                if of_loopback { (0, 1) } else { (1, 0) }
            );
        }
    }
}
