//! The options of commands that mint nothing: profile, region, endpoint.
//!
//! Invariant: such a command sends its requests with the profile's own credentials.

use clap::Args;

use super::clock_doubt;
use crate::{
    aws::Source,
    domain::{
        failure::Failure,
        profile::{ProfileChoice, SourceOptions},
    },
};

/// Whose credentials, against which service.
#[derive(Debug, Clone, Args)]
pub struct SourceArgs {
    /// Profile in the AWS config files [default: keys in the environment, `AWS_PROFILE`, `default`]
    #[arg(short, long, value_name = "NAME")]
    profile: Option<String>,

    /// AWS region [default: `AWS_REGION`, the profile's region, us-west-2]
    #[arg(short, long)]
    region: Option<String>,

    /// Service endpoint instead of AWS [default: from the environment, the profile]
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,

    /// Allow plain http:// to a remote endpoint
    #[arg(long)]
    allow_plain_http: bool,

    /// Write a debug log; its path is printed on standard error
    #[arg(short, long)]
    pub(super) debug: bool,
}

impl SourceArgs {
    /// The profile, resolved. No request is sent.
    pub(super) async fn resolve_source(&self) -> Result<Source, Failure> {
        let options = SourceOptions {
            profile: self.profile.clone().map_or(ProfileChoice::Unsaid, ProfileChoice::Named),
            region: self.region.clone(),
            endpoint_url: self.endpoint_url.clone(),
            allow_plain_http: self.allow_plain_http,
            ..SourceOptions::default()
        };
        clock_doubt::aws_with_doubts().source(&options).await
    }
}
