//! S3, STS, IAM and the console's sign-in on loopback, in this process: what `ebbtide demo` and `ebbtide sandbox` serve, and what the tests ask.
//!
//! ```text
//!            serve.rs (HTTP/1.1)      a test's client
//!                       └──────┬────────────┘
//!                              ▼
//!   request.rs ──► mod.rs: answer_request() ──► authentication.rs ──► signature.rs: who signed
//!                       │                               └───────► credentials.rs: with which token
//!                       ├──► sts/   mints into credentials.rs, checks MFA
//!                       ├──► iam/   tells of world/, creates into created_users.rs
//!                       ├──► s3/    reads world/, asking principal.rs, whose policies domain/policy judges
//!                       └──► federation.rs: sign-in URLs for sessions in credentials.rs
//! ```
//!
//! Invariant: nothing is answered before its signature, session token, expiry and rights are checked, and what the
//! sandbox cannot do is refused, never ignored. It reads its world and never changes it; users that are created live in
//! memory.

mod authentication;
mod body;
mod created_users;
mod credentials;
mod error_response;
mod facts;
mod federation;
mod greeting;
mod iam;
mod principal;
mod query;
mod reply;
mod request;
mod revocations;
mod s3;
mod serve;
mod sign_ins;
mod signature;
mod state;
mod sts;
mod used_codes;
mod wire;
mod world;
mod write_timeout;
mod xml;

use std::sync::Arc;

pub use body::ReplyBody;
use bytes::Bytes;
use credentials::{IssuedCredentials, TemporaryCredentials};
use error_response::{ErrorResponse, SandboxService};
pub use greeting::Greeting;
use http::Method;
use jiff::{SignedDuration, Timestamp};
use principal::{Principal, PrincipalKind, SessionContext};
use reply::ServiceReply;
use request::Request;
use signature::ClaimedSignature;
use state::Inner;
pub use state::{Sandbox, Settings};
use world::World;
pub use world::WorldError;

use crate::clock::Clock;

impl Sandbox {
    /// A sandbox over the world that is compiled in. Fails where that world's description is broken.
    pub fn new(clock: Clock, settings: Settings) -> Result<Self, WorldError> {
        let world = World::read_embedded()?;
        let issued = IssuedCredentials::default();
        issued.add_existing(taken_out(&world, clock.now()));
        Ok(Self(Arc::new(Inner::new(clock, settings, world, issued))))
    }

    /// Ends what sessions of `role` may do that were minted before now: they are denied, with time left. A role of no
    /// such name has no sessions.
    pub fn revoke_older_sessions(&self, role: &str) {
        self.0.revocations.revoke_role(role, self.0.clock.now());
    }

    /// Answers one request, after the latency that was set. Never fails: a fault is an answer too.
    pub async fn answer_request(&self, request: http::Request<Bytes>) -> http::Response<ReplyBody> {
        if !self.0.settings.latency.is_zero() {
            tokio::time::sleep(self.0.settings.latency).await;
        }
        self.0.answer_at_once(request)
    }
}

/// The session that the first user took out just before, for as long as one lasts by default.
fn taken_out(world: &World, now: Timestamp) -> Arc<TemporaryCredentials> {
    let session = &world.session;
    let caller = Principal::of_session(PrincipalKind::User(Arc::clone(&world.users[0])), SessionContext::new(now));
    Arc::new(TemporaryCredentials {
        access_key_id: session.access_key_id.clone(),
        secret_access_key: session.secret_access_key.clone().into(),
        session_token: session.session_token.clone().into(),
        expiration: now.saturating_add(SignedDuration::from_hours(12)).unwrap_or(now),
        caller,
    })
}

impl Inner {
    fn answer_at_once(&self, request: http::Request<Bytes>) -> http::Response<ReplyBody> {
        let now = self.clock.now();
        let method = request.method().clone();
        let mut service = SandboxService::S3;
        let request_id = request_id();
        let answered = Request::from_http(request).and_then(|request| {
            if federation::is_asked(&request) {
                service = SandboxService::Sts; // whose replies carry the same headers
                return Ok(federation::answer_request(self, &request, now));
            }
            service = service_of(&request);
            match service {
                SandboxService::S3 => self.answer_s3(&request, now),
                SandboxService::Sts => self.answer_sts(&request, now, &request_id),
                SandboxService::Iam => self.answer_iam(&request, now, &request_id),
            }
        });
        let reply = answered.unwrap_or_else(|refusal| ServiceReply::from_error(refusal, service, &request_id));
        reply.into_http(&method, service, &request_id, now)
    }

    fn answer_s3(&self, request: &Request, now: Timestamp) -> Result<ServiceReply, ErrorResponse> {
        let signed = self.authenticate(request, SandboxService::S3, now)?;
        let signed = signed.ok_or_else(|| s3::refuse_anonymous(self, request))?;
        s3::answer_request(self, request, &signed, now)
    }

    fn answer_sts(&self, request: &Request, now: Timestamp, request_id: &str) -> Result<ServiceReply, ErrorResponse> {
        let signed = self.authenticate(request, SandboxService::Sts, now)?;
        let signed = signed.ok_or_else(|| sts::refuse_anonymous(request))?;
        sts::answer_request(self, request, &signed.caller, now, request_id)
    }

    fn answer_iam(&self, request: &Request, now: Timestamp, request_id: &str) -> Result<ServiceReply, ErrorResponse> {
        let signed = self.authenticate(request, SandboxService::Iam, now)?;
        let signed = signed.ok_or_else(|| ErrorResponse::anonymous_request(SandboxService::Iam))?;
        iam::answer_request(self, request, &signed.caller, now, request_id)
    }
}

/// Calls of STS and IAM are a form posted to `/`, or a query there that names an action; S3 has neither, but on a
/// bucket's own host. Which of the two is meant, the signature says.
fn service_of(request: &Request) -> SandboxService {
    let is_query = request.method == Method::POST || request.parameter("Action").is_some();
    let is_root = request.path == "/" && request.bucket_of_host().is_none();
    match ClaimedSignature::scope_of(request) {
        _ if !(is_root && is_query) => SandboxService::S3,
        Some("iam") => SandboxService::Iam,
        _ => SandboxService::Sts,
    }
}

/// A name for one exchange, in the form of STS's.
fn request_id() -> String {
    let mut chance = [0; 16];
    // Without randomness requests share a name; nothing but a support case would miss it.
    let _none = getrandom::fill(&mut chance);
    let text = hex::encode(chance);
    format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])
}
