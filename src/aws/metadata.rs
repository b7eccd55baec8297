//! The metadata services of EC2 instances and containers, for the credentials of their IAM roles.
//!
//! Requests to a profile's `endpoint_url` never go there (see [`endpoint`](super::endpoint)). Only the SDK's two
//! providers of credentials may, when a person has chosen such a source.
//!
//! Invariant: each provider's client reaches one origin only: a fixed address, or the one in an environment variable,
//! within the rules of the AWS SDKs; never one from a config file. No proxy is used, timeouts are short, and no request
//! is sent before the source is chosen.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    time::Duration,
};

use aws_config::{
    ecs::EcsCredentialsProvider,
    imds::{self, credentials::ImdsCredentialsProvider},
    provider_config::ProviderConfig,
};
use aws_sdk_sts::config::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
        http_client_fn,
    },
    orchestrator::HttpRequest,
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};
use url::{Host, Origin, Url};

use super::{
    addresses::{is_loopback, unwrap_mapped_address},
    endpoint::without_password,
    guard::cap_response,
};
use crate::domain::failure::{Failure, FailureKind};

/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html>
const INSTANCE: [IpAddr; 2] =
    [IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)), IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254))];

/// ECS, and EKS Pod Identity in both families.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>
const CONTAINER: [IpAddr; 3] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 23)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)),
];

/// These services answer from the same machine or host.
const LONGEST_CONNECT: Duration = Duration::from_secs(1);

/// What the variables say that concern these services, each `None` if it is empty.
#[derive(Debug, Clone, Default)]
pub(super) struct MetadataVariables {
    /// `AWS_EC2_METADATA_DISABLED`.
    pub(super) disabled: Option<String>,
    /// `AWS_EC2_METADATA_SERVICE_ENDPOINT`.
    pub(super) instance_endpoint: Option<String>,
    /// `AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE`.
    pub(super) instance_mode: Option<String>,
    /// `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`.
    pub(super) container_relative: Option<String>,
    /// `AWS_CONTAINER_CREDENTIALS_FULL_URI`.
    pub(super) container_full: Option<String>,
    /// Why `AWS_CONTAINER_AUTHORIZATION_TOKEN` cannot be sent. The token itself is read by the provider.
    pub(super) odd_container_token: Option<String>,
}

impl MetadataVariables {
    pub(super) fn names_a_container(&self) -> bool {
        self.container_relative.is_some() || self.container_full.is_some()
    }

    pub(super) fn forbids_the_instance(&self) -> bool {
        self.disabled.as_ref().is_some_and(|disabled| disabled.eq_ignore_ascii_case("true"))
    }

    /// Where the instance's service is.
    pub(super) fn instance_endpoint(&self) -> Result<Url, Failure> {
        if self.forbids_the_instance() {
            return Err(refuse_endpoint("instance metadata", "AWS_EC2_METADATA_DISABLED is set"));
        }
        let six = self.instance_mode.as_ref().is_some_and(|mode| mode.eq_ignore_ascii_case("ipv6"));
        let fixed = if six { "http://[fd00:ec2::254]" } else { "http://169.254.169.254" };
        let text = self.instance_endpoint.as_deref().unwrap_or(fixed);
        check_endpoint(text, "AWS_EC2_METADATA_SERVICE_ENDPOINT", &INSTANCE, false)
    }

    /// Where the container's service is.
    pub(super) fn container_endpoint(&self) -> Result<Url, Failure> {
        if let Some(why) = &self.odd_container_token {
            return Err(refuse_endpoint(
                "container metadata",
                &format!("AWS_CONTAINER_AUTHORIZATION_TOKEN cannot be sent: {why}"),
            ));
        }
        match (&self.container_relative, &self.container_full) {
            (Some(path), _) if path.starts_with('/') => {
                check_endpoint("http://169.254.170.2", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", &CONTAINER, false)
            }
            (Some(path), _) => Err(refuse_endpoint(path, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: not a path")),
            (None, Some(uri)) => check_endpoint(uri, "AWS_CONTAINER_CREDENTIALS_FULL_URI", &CONTAINER, true),
            (None, None) => Err(refuse_endpoint(
                "container metadata",
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are not set",
            )),
        }
    }
}

fn refuse_endpoint(subject: &str, why: &str) -> Failure {
    Failure::local(FailureKind::Invalid, "ask", without_password(subject), why)
        .with_hint("this works only on an EC2 instance or in a container on AWS: choose another profile")
}

/// One of the fixed addresses or this machine, over http; if TLS is allowed, any host with a valid certificate.
fn check_endpoint(text: &str, origin: &str, fixed: &[IpAddr], allow_tls: bool) -> Result<Url, Failure> {
    let url = Url::parse(text).map_err(|error| refuse_endpoint(text, &format!("{origin}: not a URL: {error}")))?;
    let host = url.host().ok_or_else(|| refuse_endpoint(text, &format!("{origin}: it has no host")))?;
    let is_fixed = match &host {
        Host::Domain(_) => false,
        Host::Ipv4(address) => fixed.contains(&IpAddr::V4(*address)),
        Host::Ipv6(address) => fixed.contains(&unwrap_mapped_address(IpAddr::V6(*address))),
    };
    let allowed = match url.scheme() {
        "http" => is_fixed || is_loopback(&host),
        "https" => allow_tls,
        _ => false,
    };
    if allowed {
        return Ok(url);
    }
    Err(refuse_endpoint(text, &format!("{origin}: this is neither loopback nor a metadata service of AWS")))
}

/// The instance role's credentials.
pub(super) fn instance_role(at: &Url, config: ProviderConfig, client: SharedHttpClient) -> SharedCredentialsProvider {
    let config = config.with_http_client(restrict_client(at, client));
    let builder = imds::Client::builder().configure(&config).connect_timeout(LONGEST_CONNECT).max_attempts(2);
    let client = builder.endpoint(at).expect("a URL that was parsed is one").build();
    SharedCredentialsProvider::new(ImdsCredentialsProvider::builder().configure(&config).imds_client(client).build())
}

/// The container role's credentials: by the same variables, which the provider reads itself.
pub(super) fn container_role(at: &Url, config: ProviderConfig, client: SharedHttpClient) -> SharedCredentialsProvider {
    let config = config.with_http_client(restrict_client(at, client));
    let builder = EcsCredentialsProvider::builder().configure(&config).connect_timeout(LONGEST_CONNECT);
    SharedCredentialsProvider::new(builder.build())
}

/// A client that reaches the origin of `at`.
fn restrict_client(at: &Url, client: SharedHttpClient) -> SharedHttpClient {
    let origin = at.origin();
    http_client_fn(move |settings, components| {
        SharedHttpConnector::new(MetadataEndpoint {
            origin: origin.clone(),
            client: client.clone(),
            settings: settings.clone(),
            components: components.clone(),
        })
    })
}

#[derive(Debug)]
struct MetadataEndpoint {
    origin: Origin,
    client: SharedHttpClient,
    settings: HttpConnectorSettings,
    components: RuntimeComponents,
}

impl HttpConnector for MetadataEndpoint {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if Url::parse(request.uri()).map(|url| url.origin()).ok().as_ref() != Some(&self.origin) {
            let failure = refuse_endpoint(request.uri(), "this is not the chosen metadata service");
            return HttpConnectorFuture::ready(Err(ConnectorError::user(failure.into())));
        }
        let answer = self.client.http_connector(&self.settings, &self.components).call(request);
        HttpConnectorFuture::new(async move { answer.await.map(cap_response) })
    }
}

/// Whether this machine is an EC2 instance, from local files.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/identify_ec2_instances.html>
pub(super) async fn is_an_instance() -> bool {
    let read = async |path| tokio::fs::read_to_string(path).await.unwrap_or_default();
    let vendor = read("/sys/devices/virtual/dmi/id/board_vendor").await;
    let hypervisor = read("/sys/hypervisor/uuid").await;
    vendor.trim() == "Amazon EC2" || hypervisor.starts_with("ec2")
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;

    use super::*;
    use crate::aws::scripted_server::ScriptedServer;

    #[test]
    fn the_instances_service_is_a_fixed_address_or_this_machine() {
        for (endpoint, mode, allowed) in [
            (None, None, Some("http://169.254.169.254/")),
            (None, Some("IPv6"), Some("http://[fd00:ec2::254]/")),
            (Some("http://127.0.0.1:1338"), Some("IPv6"), Some("http://127.0.0.1:1338/")),
            (Some("http://[fd00:ec2::254]:80/"), None, Some("http://[fd00:ec2::254]/")),
            (Some("http://169.254.170.2"), None, None),
            (Some("http://10.0.0.1"), None, None),
            (Some("https://metadata.example"), None, None),
            (Some("file:///etc/passwd"), None, None),
            (Some("metadata"), None, None),
        ] {
            let variables = MetadataVariables {
                instance_endpoint: endpoint.map(Into::into),
                instance_mode: mode.map(Into::into),
                ..MetadataVariables::default()
            };
            assert_eq!(variables.instance_endpoint().ok().as_ref().map(Url::as_str), allowed, "{endpoint:?}");
        }
        let odd_container_token = Some("character 1 is a control character".into());
        let odd = MetadataVariables {
            container_full: Some("http://localhost/x".into()),
            odd_container_token,
            ..MetadataVariables::default()
        };
        assert!(
            odd.container_endpoint().unwrap_err().message.contains("AWS_CONTAINER_AUTHORIZATION_TOKEN cannot be sent")
        );
        let forbidden = MetadataVariables { disabled: Some("TRUE".into()), ..MetadataVariables::default() };
        assert!(forbidden.instance_endpoint().unwrap_err().message.contains("AWS_EC2_METADATA_DISABLED"));
    }

    #[test]
    fn the_containers_service_is_a_fixed_address_this_machine_or_one_with_a_certificate() {
        for (relative, full, allowed) in [
            (Some("/v2/credentials/x"), Some("http://10.0.0.1/"), Some("http://169.254.170.2/")),
            (Some("http://10.0.0.1/"), None, None),
            (Some("@10.0.0.1/"), None, None),
            (None, Some("http://169.254.170.23/v1/credentials"), Some("http://169.254.170.23/v1/credentials")),
            (None, Some("http://[fd00:ec2::23]/v1"), Some("http://[fd00:ec2::23]/v1")),
            (None, Some("http://localhost:9/x"), Some("http://localhost:9/x")),
            (None, Some("https://agent.example/x"), Some("https://agent.example/x")),
            (None, Some("http://agent.example/x"), None),
            (None, Some("http://169.254.169.254/x"), None),
            (None, None, None),
        ] {
            let variables = MetadataVariables {
                container_relative: relative.map(Into::into),
                container_full: full.map(Into::into),
                ..MetadataVariables::default()
            };
            assert_eq!(variables.container_endpoint().ok().as_ref().map(Url::as_str), allowed, "{relative:?} {full:?}");
        }
    }

    #[tokio::test]
    async fn the_client_reaches_one_origin_and_no_other() {
        let parrot = ScriptedServer::default();
        let client = restrict_client(&Url::parse("http://169.254.169.254").unwrap(), parrot.client());
        let components = RuntimeComponentsBuilder::for_tests().build().unwrap();
        let connector = client.http_connector(&HttpConnectorSettings::default(), &components);
        for (uri, passes) in [
            ("http://169.254.169.254/latest/api/token", true),
            ("http://169.254.169.254:8080/", false),
            ("http://169.254.170.2/", false),
            ("https://sts.amazonaws.com/", false),
            ("/latest", false),
        ] {
            assert_eq!(connector.call(HttpRequest::get(uri).unwrap()).await.is_ok(), passes, "{uri}");
        }
        assert_eq!(parrot.recorded_requests().len(), 1);
    }
}
