//! AWS as this program uses it: profiles, minting, listing.
//!
//! Invariant: this is the only module that names an `aws_*` crate. Domain values go in, domain values or a
//! [`Failure`] come out; no raw SDK error leaves [`failure`], because some replies echo the session token.
//!
//! | file | what it does |
//! |---|---|
//! | `transport` | shared by every client: clock, connections, measured clock offset, retries in progress |
//! | `files`, `lines` | reads the AWS config files; the line of each setting |
//! | `sections`, `file_keys` | the settings of a profile from both files; the keys in one of them |
//! | `loaded`, `variables` | files and environment, read once, with one profile selected |
//! | `profiles`, `environment`, `settings` | files and environment, read like the AWS CLI reads them |
//! | `route`, `fault` | the first source of a profile's credentials, the roles assumed from there, or why there is none |
//! | `problems` | what is wrong with a profile, as far as the files show |
//! | `endpoint`, `addresses` | which addresses requests may go to |
//! | `guard` | what every request and reply passes: allowed addresses, length of replies |
//! | `http` | the connection pools and the timeouts that every client shares |
//! | `calls`, `waits` | makes calls and retries; reports the waits in between |
//! | `whole_answers`, `xml` | responses of STS and IAM, read strictly before the SDK reads them |
//! | `offset` | how far the service's clock is from ours |
//! | `deadline` | the expiration of the session that signs, to judge a refusal |
//! | `own`, `no_credentials` | a profile's own credentials, and why there are none |
//! | `command`, `login`, `metadata` | their sources: a process, a cached login, an instance or container |
//! | `way` | what every client of a source is made from |
//! | `source` | a profile, region and endpoint, resolved: the start of minting |
//! | `sts`, `s3`, `iam`, `console` | the calls |
//! | `grant` | what STS granted, checked before it is used |
//! | `keys` | keys on the wire |
//! | `failure`, `errors`, `refusal` | the one translation of SDK errors, and replies that the SDK cannot read |
//! | `answer_fault`, `looks` | what is wrong with a response that has a success status, and what it is instead |

mod addresses;
mod calls;
mod client_settings;
mod command;
mod console;
mod credential_chain;
mod deadline;
mod document;
mod endpoint;
mod environment;
#[cfg(test)]
mod error_shapes;
mod errors;
mod failure;
mod fault;
mod file_keys;
mod files;
mod grant;
mod guard;
mod http;
mod iam;
mod keys;
mod lines;
mod loaded;
mod login;
mod looks;
mod metadata;
mod no_credentials;
mod offset;
mod problems;
mod profile_credentials;
mod profiles;
mod read_body;
mod refusal;
mod reply_checker;
mod reply_fault;
mod s3;
#[cfg(test)]
mod scripted_server;
mod sections;
mod settings;
mod source;
mod sts;
mod transport;
mod variables;
mod waits;
mod xml;

pub use files::Setting;
pub use grant::Minted;
pub use iam::{Iam, RolePages};
pub use s3::{ObjectProbe, ObjectStream, PresignedLink, ReadBytes, ReadRequest, S3};
pub use source::{Source, check_options};

/// Carries requests; another one can be put in its place by [`Aws::with_http_client`].
pub use aws_smithy_runtime_api::client::http::SharedHttpClient;

use std::sync::Arc;

use jiff::SignedDuration;

use crate::{
    clock::Clock,
    domain::{
        clock_doubt::ClockDoubt,
        failure::Failure,
        moment::Moment,
        patience::Wait,
        profile::{Profile, SourceOptions},
    },
};

/// The way to AWS: settings, clock and connections, shared by everything made from it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Aws {
    files: files::ConfigFiles,
    transport: transport::Transport,
}

impl Aws {
    /// Reads no file and opens no connection yet.
    pub fn new(clock: Clock, setting: Setting) -> Self {
        let connections = match setting {
            Setting::Process => http::Connections::of_the_process(),
            Setting::Fixed { .. } => http::Connections::without_tls(),
        };
        Self { files: files::ConfigFiles::new(setting), transport: transport::Transport::new(clock, connections) }
    }

    /// The same, over connections of its own: what was sent and received stays in their buffers until they go.
    #[must_use]
    pub fn with_own_connections(&self) -> Self {
        let connections = self.transport.connections.reopened();
        self.clone().over_transport(|transport| transport.connections = connections)
    }

    /// With this environment instead of the process's own.
    #[cfg(test)]
    fn with_environment(clock: Clock, env: &[(&str, &str)]) -> Self {
        let aws = Self::new(clock, Setting::Process);
        let env = aws_types::os_shim_internal::Env::from_slice(env);
        Self { files: files::ConfigFiles { env, ..aws.files }, ..aws }
    }

    fn over_transport(mut self, change: impl FnOnce(&mut transport::Transport)) -> Self {
        change(&mut self.transport);
        self
    }

    /// The same, with every request carried by `client`.
    #[must_use]
    pub fn with_http_client(self, client: SharedHttpClient) -> Self {
        self.over_transport(|transport| transport.connections = http::Connections::through_client(client))
    }

    /// The same; `listener` is called with the waits before calls are retried.
    #[must_use]
    pub fn telling_waits(self, listener: impl Fn(&[Wait]) + Send + Sync + 'static) -> Self {
        self.over_transport(|transport| transport.waits = waits::Waits::told_to(Arc::new(listener)))
    }

    /// Every profile: keys in the environment first if there are any, then what is used when nothing is said, then by
    /// name.
    ///
    /// # Errors
    /// If a shared config file cannot be read or parsed; the subject names file and line.
    pub async fn profiles(&self) -> Result<Vec<Profile>, Failure> {
        let loaded = self.files.load_files(None).await?;
        let mut profiles = loaded.profiles();
        if let Some(home) = self.files.home_directory() {
            let mut logins = login::Logins::new(home, self.transport.clock.now());
            for profile in &mut profiles {
                if let Ok(route) = loaded.role_chain(profile) {
                    problems::look_up_login(&route, &mut logins, profile).await;
                }
            }
        }
        Ok(profiles)
    }

    /// A profile with its region and endpoint, ready to mint. Always made anew, so that rotated keys are noticed.
    ///
    /// # Errors
    /// `NotFound` for a profile that is not configured, `Invalid` for a config file that cannot be read or parsed or an
    /// endpoint to which nothing may be sent. No request is sent.
    pub async fn source(&self, options: &SourceOptions) -> Result<Source, Failure> {
        // On the heap: what reads the files is large, and part of every command.
        Box::pin(Source::resolve_profile(&self.files, &self.transport, options)).await
    }

    /// The same, where `listener` hears of each reply whose `Date` is not followed. It must not wait.
    #[must_use]
    pub fn telling_doubts(self, listener: impl Fn(ClockDoubt) + Send + Sync + 'static) -> Self {
        self.over_transport(|transport| transport.offset = offset::ClockOffset::with_listener(Arc::new(listener)))
    }

    /// Now, and what is known of the services' clock.
    pub fn moment(&self) -> Moment {
        self.transport.moment()
    }

    /// How far the service's clock is ahead of ours, by the `Date` headers seen so far.
    pub fn clock_offset(&self) -> Option<SignedDuration> {
        self.transport.clock_offset()
    }
}
