//! The options of commands that mint nothing: whose credentials, against which service.
//!
//! Invariant: what is asked with them is asked with the profile's own credentials, as they are.

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
    /// Profile of the shared AWS config files [default: the environment's keys, `AWS_PROFILE`, `default`]
    #[arg(short, long, value_name = "NAME")]
    profile: Option<String>,

    /// AWS region [default: `AWS_REGION`, the profile's, us-west-2]
    #[arg(short, long)]
    region: Option<String>,

    /// Ask this service instead of AWS [default: the environment's, the profile's]
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,

    /// Consent to an http:// endpoint on another machine
    #[arg(long)]
    allow_plain_http: bool,

    /// Write a log file; its name is said on standard error
    #[arg(short, long)]
    pub(super) debug: bool,
}

impl SourceArgs {
    /// The profile, resolved. No service is asked.
    pub(super) async fn source(&self) -> Result<Source, Failure> {
        let options = SourceOptions {
            profile: self.profile.clone().map_or(ProfileChoice::Unsaid, ProfileChoice::Named),
            region: self.region.clone(),
            endpoint_url: self.endpoint_url.clone(),
            allow_plain_http: self.allow_plain_http,
            ..SourceOptions::default()
        };
        clock_doubt::aws().source(&options).await
    }
}
