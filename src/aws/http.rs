//! What every client shares: connections, timeouts, retries, the clock.
//!
//! Invariant: no call waits without end. A loopback address is never asked through a proxy.

use std::{
    sync::{Arc, OnceLock},
    time::{Duration, SystemTime},
};

use aws_smithy_async::time::TimeSource;
use aws_smithy_http_client::{Builder, Connector, proxy::ProxyConfig, tls};
use aws_smithy_runtime_api::client::http::{SharedHttpClient, SharedHttpConnector, http_client_fn};
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};

use super::endpoint::PublicResolver;
use crate::clock::Clock;

/// The connection pools of one [`Aws`](super::Aws).
#[derive(Debug, Clone)]
pub(super) struct Connections {
    general: SharedHttpClient,
    loopback: SharedHttpClient,
}

impl Connections {
    /// TLS with the system's roots, through the environment's proxy; roots are read by the first request.
    pub(super) fn of_the_process() -> Self {
        Self { general: https(), loopback: Builder::new().build_http() }
    }

    /// Neither TLS nor proxy.
    pub(super) fn plain() -> Self {
        Self::only(Builder::new().build_http())
    }

    /// Everything through one client.
    pub(super) fn only(client: SharedHttpClient) -> Self {
        Self { general: client.clone(), loopback: client }
    }

    /// The client for an address that is loopback or not.
    pub(super) fn client(&self, loopback: bool) -> SharedHttpClient {
        if loopback { self.loopback.clone() } else { self.general.clone() }
    }
}

/// One connector for all clients: each would otherwise build its own TLS configuration and connection pool.
fn https() -> SharedHttpClient {
    let connector: Arc<OnceLock<SharedHttpConnector>> = Arc::default();
    http_client_fn(move |settings, components| {
        let build = || {
            let mut builder = Connector::builder().connector_settings(settings.clone());
            builder.set_sleep_impl(components.sleep_impl());
            builder.set_proxy_config(Some(ProxyConfig::from_env()));
            let provider = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc);
            SharedHttpConnector::new(builder.tls_provider(provider).build_with_resolver(PublicResolver))
        };
        connector.get_or_init(build).clone()
    })
}

/// An unreachable service is known after 10 s, a silent one after 30 s.
pub(super) fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(3100))
        .read_timeout(Duration::from_secs(10))
        .operation_attempt_timeout(Duration::from_secs(15))
        .operation_timeout(Duration::from_secs(30))
        .build()
}

/// Three attempts with short pauses: somebody is watching.
pub(super) fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(3).with_initial_backoff(Duration::from_millis(200))
}

/// Our clock in the SDK's shape: signatures and the identity cache follow it.
#[derive(Debug)]
pub(super) struct SdkClock(pub(super) Clock);

impl TimeSource for SdkClock {
    fn now(&self) -> SystemTime {
        self.0.now().into()
    }
}
