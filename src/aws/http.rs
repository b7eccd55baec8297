//! What every client shares: connections, timeouts, the clock.
//!
//! Invariant: no attempt waits without end, and every one goes through the [`guard`](super::guard).

use std::{
    sync::{Arc, OnceLock},
    time::{Duration, SystemTime},
};

use aws_smithy_async::time::TimeSource;
use aws_smithy_http_client::{Builder, Connector, proxy::ProxyConfig, tls};
use aws_smithy_runtime_api::client::{
    dns::ResolveDns,
    http::{SharedHttpClient, SharedHttpConnector, http_client_fn},
};
use aws_smithy_types::{
    retry::RetryConfig,
    timeout::{TimeoutConfig, TimeoutConfigBuilder},
};
use jiff::SignedDuration;

use super::{
    addresses::{DirectResolver, LoopbackResolver, PublicResolver},
    guard::Guard,
};
use crate::clock::Clock;

/// The connection pools of one [`Aws`](super::Aws).
#[derive(Debug, Clone)]
pub(super) struct Connections {
    general: SharedHttpClient,
    loopback: SharedHttpClient,
    metadata: SharedHttpClient,
    /// Makes others of the kind; `None` where there is no other.
    make: Option<fn() -> Self>,
}

impl Connections {
    /// TLS with the system's roots, through the environment's proxy except to this machine.
    pub(super) fn of_the_process() -> Self {
        Self {
            general: https_client(ProxyConfig::from_env, PublicResolver),
            loopback: https_client(ProxyConfig::disabled, LoopbackResolver),
            metadata: https_client(ProxyConfig::disabled, DirectResolver),
            make: Some(Self::of_the_process),
        }
    }

    /// Neither TLS nor proxy.
    pub(super) fn without_tls() -> Self {
        Self { make: Some(Self::without_tls), ..Self::through_client(Builder::new().build_http()) }
    }

    /// Everything through one client.
    pub(super) fn through_client(client: SharedHttpClient) -> Self {
        Self { general: client.clone(), loopback: client.clone(), metadata: client, make: None }
    }

    /// Others of the kind, of which none is open yet.
    pub(super) fn reopened(&self) -> Self {
        self.make.map_or_else(|| self.clone(), |make| make())
    }

    /// Past the guard, for [`metadata`](super::metadata) alone, which has a narrower one.
    pub(super) fn metadata_client(&self) -> SharedHttpClient {
        self.metadata.clone()
    }

    /// What sends requests: the connection pools, through their guard.
    pub(super) fn guarded_client(&self, allow_plain_http: bool) -> SharedHttpClient {
        Guard { general: self.general.clone(), loopback: self.loopback.clone(), allow_plain_http }.into_client()
    }
}

/// One connector for all clients: each would otherwise build its own TLS configuration and connection pool. Proxy and
/// roots are read by the first request.
fn https_client(proxy: fn() -> ProxyConfig, resolver: impl ResolveDns + Clone + 'static) -> SharedHttpClient {
    let connector: Arc<OnceLock<SharedHttpConnector>> = Arc::default();
    http_client_fn(move |settings, components| {
        let build = || {
            let mut builder = Connector::builder().connector_settings(settings.clone());
            builder.set_sleep_impl(components.sleep_impl());
            builder.set_proxy_config(Some(proxy()));
            let provider = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc);
            SharedHttpConnector::new(builder.tls_provider(provider).build_with_resolver(resolver.clone()))
        };
        connector.get_or_init(build).clone()
    })
}

/// How long one attempt of a call waits for all of its answer.
pub(super) const LONGEST_ATTEMPT: Duration = Duration::from_secs(15);

/// An unreachable service is known after three attempts of 3 s, a silent one after two of 10 s. How long all attempts of a
/// call may take is for [`calls`](super::calls) to say: a limit here would hide the answers that came before it.
pub(super) fn call_timeouts() -> TimeoutConfig {
    base_timeouts().build()
}

fn base_timeouts() -> TimeoutConfigBuilder {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(3100))
        .read_timeout(Duration::from_secs(10))
        .operation_attempt_timeout(LONGEST_ATTEMPT)
}

/// For the SDK's own providers of credentials, which repeat their calls by themselves.
pub(super) fn provider_timeouts() -> TimeoutConfig {
    base_timeouts().operation_timeout(Duration::from_secs(30)).build()
}

/// Three attempts. The longest wait between them is short enough that they end before the time is up: then the last answer is
/// shown, and not that there was none.
pub(super) fn provider_retries() -> RetryConfig {
    let three = RetryConfig::standard().with_max_attempts(3);
    three.with_initial_backoff(Duration::from_millis(200)).with_max_backoff(Duration::from_secs(5))
}

/// Our clock in the SDK's shape: signatures and the identity cache follow it.
///
/// It is set right by the offset that was known when its client was made, so that a client's first request is not signed
/// for a time that was refused before. It is not moved later: from its own first reply on, the SDK corrects by itself,
/// and would correct twice.
#[derive(Debug)]
pub(super) struct SdkClock {
    clock: Clock,
    offset: SignedDuration,
}

impl SdkClock {
    pub(super) fn new(clock: &Clock, offset: Option<SignedDuration>) -> Self {
        Self { clock: clock.clone(), offset: offset.unwrap_or_default() }
    }
}

impl TimeSource for SdkClock {
    fn now(&self) -> SystemTime {
        let now = self.clock.now();
        now.checked_add(self.offset).unwrap_or(now).into()
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::client::{
        http::{HttpClient, HttpConnector, HttpConnectorSettings},
        orchestrator::HttpRequest,
        runtime_components::RuntimeComponentsBuilder,
    };
    use tokio::{io::AsyncReadExt, net::TcpListener};

    use super::*;

    /// The first byte of a TLS handshake. <https://www.rfc-editor.org/rfc/rfc8446#section-5.1>
    const HANDSHAKE: u8 = 22;

    #[tokio::test]
    async fn this_machine_is_asked_with_tls_where_its_address_says_so() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        for (host, scheme, first) in
            [("127.0.0.1", "https", HANDSHAKE), ("s3.localhost", "https", HANDSHAKE), ("127.0.0.1", "http", b'G')]
        {
            let components = RuntimeComponentsBuilder::for_tests().build().unwrap();
            let client = Connections::of_the_process().guarded_client(false);
            let connector = client.http_connector(&HttpConnectorSettings::default(), &components);
            let request = HttpRequest::get(format!("{scheme}://{host}:{port}/")).unwrap();
            let asking = tokio::spawn(connector.call(request));
            let (mut connection, _) = listener.accept().await.unwrap();
            assert_eq!(connection.read_u8().await.unwrap(), first, "{scheme}://{host}");
            asking.abort();
        }
    }
}
