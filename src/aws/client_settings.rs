//! How AWS is reached for one profile: every client of a [`Source`](super::source::Source) is made from this.
//!
//! Invariant: every client signs for one region, uses checked addresses, and measures the service's clock only where its
//! dates can be trusted.

use aws_config::{BehaviorVersion, provider_config::ProviderConfig};
use aws_sdk_sts::config::{
    AppName, Credentials as SdkCredentials, Region, SharedCredentialsProvider, SharedInterceptor,
};
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use jiff::SignedDuration;

use super::{
    endpoint::Endpoint,
    http::{SdkClock, call_timeouts, provider_retries, provider_timeouts},
    offset::LatestReading,
    reply_checker::ReplyChecker,
    transport::Transport,
};
use crate::domain::{
    credentials::{Credentials, ExposeSecret},
    failure::Service,
};

/// Region, endpoint and switches. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct ClientSettings {
    pub(super) transport: Transport,
    /// Where requests are signed for.
    pub(super) region: String,
    /// The custom endpoint that mints; `None` is AWS.
    pub(super) sts: Option<Endpoint>,
    pub(super) use_fips: Option<bool>,
    pub(super) use_dual_stack: Option<bool>,
    pub(super) allow_plain_http: bool,
}

impl ClientSettings {
    /// STS with these credentials, or with none, for the calls that take a token instead.
    pub(super) fn sts_client(&self, credentials: Option<&Credentials>) -> aws_sdk_sts::Client {
        let meter = self.clock_meter(Service::Sts, self.sts.as_ref());
        aws_sdk_sts::Client::from_conf(self.sts_config(credentials, meter).build())
    }

    /// STS whose clock is judged by more than its `Date`: what an answer that is no refusal shows goes to `reading`
    /// alone. Requests are signed for a time so far ahead of this machine's: the SDK corrects only a call that is made
    /// again.
    pub(super) fn sts_read_by(
        &self,
        credentials: &Credentials,
        reading: &LatestReading,
        offset: Option<SignedDuration>,
    ) -> aws_sdk_sts::Client {
        let meter = || {
            SharedInterceptor::new(reading.meter(Service::Sts, self.transport.clock.clone(), &self.transport.offset))
        };
        let config = self.sts_config(Some(credentials), believes_dates(self.sts.as_ref()).then(meter));
        aws_sdk_sts::Client::from_conf(config.time_source(SdkClock::new(&self.transport.clock, offset)).build())
    }

    fn sts_config(
        &self,
        credentials: Option<&Credentials>,
        meter: Option<SharedInterceptor>,
    ) -> aws_sdk_sts::config::Builder {
        let config = self.sdk_config(self.sts.as_ref(), credentials);
        let mut config = aws_sdk_sts::config::Builder::from(&config).interceptor(ReplyChecker::of_queries());
        if let Some(meter) = meter {
            config.push_interceptor(meter);
        }
        config
    }

    /// What a failure calls a service: the custom endpoint, or AWS in the region.
    pub(super) fn service_label(&self, service: Service, endpoint: Option<&Endpoint>) -> String {
        endpoint.map_or_else(|| format!("{service} in {}", self.region), |endpoint| endpoint.url.clone())
    }

    /// Measures the service's clock where its dates are believed.
    pub(super) fn clock_meter(&self, service: Service, endpoint: Option<&Endpoint>) -> Option<SharedInterceptor> {
        let meter = || SharedInterceptor::new(self.transport.offset.meter(service, self.transport.clock.clone()));
        believes_dates(endpoint).then(meter)
    }

    pub(super) fn sdk_config(&self, endpoint: Option<&Endpoint>, credentials: Option<&Credentials>) -> SdkConfig {
        let provider = credentials.map(|credentials| SharedCredentialsProvider::new(static_credentials(credentials)));
        let mut config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(self.region.clone()))
            .http_client(self.transport.connections.guarded_client(self.allow_plain_http))
            .time_source(SdkClock::new(&self.transport.clock, self.transport.clock_offset()))
            .timeout_config(call_timeouts())
            .retry_config(RetryConfig::disabled()) // `calls` repeats
            .app_name(AppName::new("ebbtide").expect("letters are allowed in an application's name"))
            .disable_clock_skew_correction(!believes_dates(endpoint));
        config.set_credentials_provider(provider);
        config.set_endpoint_url(endpoint.map(|endpoint| endpoint.url.clone()));
        config.set_use_fips(self.use_fips);
        config.set_use_dual_stack(self.use_dual_stack);
        config.build()
    }

    /// For the SDK's own providers of credentials; through the guard like everything else.
    pub(super) fn provider_config(&self) -> ProviderConfig {
        ProviderConfig::without_region()
            .with_region(Some(Region::new(self.region.clone())))
            .with_behavior_version(Some(BehaviorVersion::latest()))
            .with_time_source(SdkClock::new(&self.transport.clock, self.transport.clock_offset()))
            .with_http_client(self.transport.connections.guarded_client(self.allow_plain_http))
            .with_timeout_config(provider_timeouts())
            .with_retry_config(provider_retries())
    }
}

/// Over plain http anybody in between could send a `Date` that makes us sign for another time, or count down to one.
fn believes_dates(endpoint: Option<&Endpoint>) -> bool {
    endpoint.is_none_or(|endpoint| !endpoint.plain || endpoint.loopback)
}

/// Without an expiry: with one the SDK would ask for new credentials by a clock that is not the service's.
fn static_credentials(credentials: &Credentials) -> SdkCredentials {
    SdkCredentials::new(
        credentials.access_key_id.clone(),
        credentials.secret_access_key.expose_secret(),
        credentials.session_token.as_ref().map(|token| token.expose_secret().to_owned()),
        None,
        "ebbtide",
    )
}
