//! Minting, and `GetCallerIdentity`.
//!
//! Invariant: [`Source::mint`] makes one call to STS (and its retries). The reply is checked before it is used, because
//! the countdown depends on it.

use aws_sdk_sts::{
    Client,
    types::{self, Credentials as Granted, PolicyDescriptorType},
};
use jiff::{SignedDuration, Timestamp};

use super::{
    calls::{CallContext, RetryMode},
    deadline::Deadline,
    failure::Attempt,
    grant::{Minted, check_grant},
    offset::{ClockReading, LatestReading},
    source::Source,
};
use crate::domain::{
    credentials::Credentials,
    duration::SessionDuration,
    failure::{Failure, FailureKind, Service},
    identity::{Caller, Identity},
    lifetime::Lifetime,
    mint::{AssumeRole, FederationToken, Limits, MfaCode, MintRequest, SessionTag, SessionToken, closed_to_temporary},
    moment::{Moment, TOLERATED},
    policy::SessionPolicy,
    session::Grant,
};

/// An answer takes no longer.
const LATENESS: SignedDuration = SignedDuration::from_mins(1);

/// A reply of any of the three calls.
type MintReply = (Option<Granted>, Grant);

impl Source {
    /// Asks STS for the session, with `code` where an MFA device is named; for [`MintRequest::Direct`], takes the
    /// profile's own credentials as they are.
    ///
    /// # Errors
    /// Whatever STS says, or what kept the profile from giving its credentials; `Malformed` for a grant that cannot be
    /// right, which is not used.
    pub async fn mint_session(&self, request: &MintRequest, code: Option<&MfaCode>) -> Result<Minted, Failure> {
        tracing::info!(mode = %request.mode(), profile = ?self.profile(), region = self.region(), "minting");
        let own = self.minting_credentials(request).get().await?;
        self.mint_with(own, request, code).await
    }

    /// As [`mint`](Self::mint); but credentials that turn out to be temporary already, and so create no session token,
    /// are taken as they are. Says what the session came of.
    ///
    /// # Errors
    /// Those of [`mint`](Self::mint).
    pub async fn mint_or_take(
        &self,
        request: &MintRequest,
        code: Option<&MfaCode>,
    ) -> Result<(MintRequest, Minted), Failure> {
        let own = self.minting_credentials(request).get().await?;
        let takes = own.are_temporary() && closed_to_temporary(request.mode()).is_some();
        let request = if takes { MintRequest::Direct } else { request.clone() };
        let minted = self.mint_with(own, &request, code).await?;
        Ok((request, minted))
    }

    async fn mint_with(
        &self,
        own: Credentials,
        request: &MintRequest,
        code: Option<&MfaCode>,
    ) -> Result<Minted, Failure> {
        let asked = self.service_label(Service::Sts);
        let (action, subject) = match request {
            MintRequest::AssumeRole(call) => {
                ("assume the role", format!("{} with {}", call.role_arn, self.profile.in_words()))
            }
            _ => ("mint a", format!("{} with {}", request.mode().noun(), self.profile.in_words())),
        };
        let attempt = Attempt { service: Service::Sts, action, subject: &subject, asked: &asked };
        if let Some(why) = closed_to_temporary(request.mode())
            && self.limits() == Limits::Enforced
            && own.are_temporary()
        {
            return Err(Failure::local(FailureKind::Invalid, action, &subject, why)
                .with_hint("use --mode direct or --mode role, or a profile with long-term keys"));
        }
        let deadline = Deadline::of_credentials(&self.transport, &own);
        if *request == MintRequest::Direct {
            let issued = self.transport.moment().by_the_services();
            return Ok(Minted { issued, lifetime: deadline.lifetime(), credentials: own, grant: Grant::default() });
        }
        let reading = LatestReading::default();
        // A code of an MFA device is refused the second time.
        let (repeating, offset) = match code {
            Some(_) => (RetryMode::Never, self.read_clock(&own, attempt).await?),
            None => (RetryMode::Patiently, self.transport.clock_offset()),
        };
        let client = self.way.sts_read_by(&own, &reading, offset);
        let minting = MintAttempt { client, calls: self.transport.call_context(), attempt, repeating, code };
        let sent = self.transport.clock.now();
        let reply = match request {
            MintRequest::Direct => Ok((None, Grant::default())),
            MintRequest::SessionToken(call) => minting.session_token(call).await,
            MintRequest::FederationToken(call) => minting.federation_token(call).await,
            MintRequest::AssumeRole(call) => minting.assume_role(call).await,
        };
        let (granted, grant) = reply.map_err(|failure| deadline.judge_failure(failure))?;
        let ahead = self.clock_of_the_grant(granted.as_ref(), reading.get(), sent, request.duration());
        let received = self.transport.clock.now();
        let now = Moment { local: received, offset: ahead }.by_the_services();
        let credentials = check_grant(granted, now, request.duration()).map_err(|why| attempt.malformed_reply(why))?;
        let asked = Moment { local: sent, ..self.transport.moment() };
        let lifetime =
            credentials.expiration.map(|end| Lifetime::of_grant(end, asked, ahead, received.duration_since(sent)));
        let issued = Moment { local: sent, offset: ahead }.by_the_services();
        Ok(Minted { credentials, issued, lifetime, grant })
    }

    /// How far the clock of STS is ahead of ours, read by a call that carries no code: a signature for a wrong time is
    /// refused, and a code is sent once.
    async fn read_clock(&self, own: &Credentials, attempt: Attempt<'_>) -> Result<Option<SignedDuration>, Failure> {
        let (reading, known) = (LatestReading::default(), self.transport.clock_offset());
        let client = self.way.sts_read_by(own, &reading, known);
        let answer = self
            .transport
            .call_context()
            .make_call(attempt, RetryMode::Patiently, || client.get_caller_identity().send())
            .await;
        match (reading.get(), answer.map_err(Failure::from)) {
            // Whoever has no answer to this has none for the code either.
            (_, Err(failure)) if has_no_answer(failure.kind) => Err(failure),
            (None, _) => Ok(known),
            (Some(seen), _) => {
                self.transport.offset.observe_reply(seen);
                Ok(Some(seen.signing_offset()))
            }
        }
    }

    /// How far the clock is ahead that an `Expiration` was computed with: as the reply's `Date` says, unless by what was
    /// known before, or by this machine's own clock, what was granted is much closer to what was requested.
    fn clock_of_the_grant(
        &self,
        granted: Option<&Granted>,
        reading: Option<ClockReading>,
        sent: Timestamp,
        asked: Option<SessionDuration>,
    ) -> SignedDuration {
        let known = self.clock_offset();
        let Some(seen) = reading else { return known };
        let expiration = granted.and_then(|granted| Timestamp::from_second(granted.expiration.secs()).ok());
        let likeliest = match (expiration, asked) {
            (Some(expiration), Some(asked)) => {
                let length = expiration.duration_since(sent);
                likeliest_offset(
                    [seen.offset(), known, seen.if_wrong()],
                    length - SignedDuration::from_secs(asked.as_secs().into()),
                )
            }
            _ => seen.offset(),
        };
        self.transport.offset.observe_grant(seen, likeliest);
        likeliest
    }

    /// The identity that would mint: for a profile with a role, the one that would assume it.
    ///
    /// # Errors
    /// What kept the profile from giving its credentials, or whatever STS says.
    pub async fn get_caller(&self) -> Result<Caller, Failure> {
        let own = self.first_credentials().get().await?;
        let identity = self.caller_identity(&own).await?;
        Ok(Caller { identity, temporary: own.are_temporary() })
    }

    /// Who these credentials are. Needs no permission, so it also tells whether they are alive.
    ///
    /// # Errors
    /// Any failure of STS; `Malformed` for a response without an identity.
    pub async fn caller_identity(&self, credentials: &Credentials) -> Result<Identity, Failure> {
        self.get_identity(credentials, Deadline::of_credentials(&self.transport, credentials)).await
    }

    /// Who a session is, likewise.
    ///
    /// # Errors
    /// As [`caller_identity`](Self::caller_identity).
    pub async fn session_identity(&self, minted: &Minted) -> Result<Identity, Failure> {
        self.get_identity(&minted.credentials, Deadline::new(&self.transport, minted.lifetime)).await
    }

    async fn get_identity(&self, credentials: &Credentials, deadline: Deadline) -> Result<Identity, Failure> {
        let asked = self.service_label(Service::Sts);
        let action = "get the caller's identity";
        let attempt = Attempt { service: Service::Sts, action, subject: "", asked: &asked };
        let client = self.way.sts_client(Some(credentials));
        let answer = self
            .transport
            .call_context()
            .make_call(attempt, RetryMode::Patiently, || client.get_caller_identity().send())
            .await;
        let output = answer.map_err(|call_error| deadline.judge_failure(call_error.into()))?;
        match (output.arn, output.account, output.user_id) {
            (Some(arn), Some(account), user_id) => Ok(Identity { arn, account, user_id: user_id.unwrap_or_default() }),
            _ => Err(attempt.malformed_reply("the response has no identity")),
        }
    }

    /// How far the service's clock is ahead of ours, as far as is known.
    pub fn clock_offset(&self) -> SignedDuration {
        self.transport.clock_offset().unwrap_or_default()
    }

    /// Now, and what is known of the services' clock.
    pub fn moment(&self) -> Moment {
        self.transport.moment()
    }
}

/// Whether a service cannot be reached, or answers nothing now.
const fn has_no_answer(kind: FailureKind) -> bool {
    matches!(kind, FailureKind::Network | FailureKind::Timeout | FailureKind::Throttled)
}

/// Of the offsets that may be right the first, unless by another one what was granted is what was requested, or is
/// closer to it by more than clocks are apart that agree. `excess` is how much longer it is where there is no offset.
fn likeliest_offset(offsets: [SignedDuration; 3], excess: SignedDuration) -> SignedDuration {
    let error = |offset: SignedDuration| (excess - offset).abs();
    let [dated, others @ ..] = offsets;
    let best = others.into_iter().min_by_key(|offset| error(*offset)).unwrap_or(dated);
    let fits = error(best) <= LATENESS && error(dated) > LATENESS;
    if fits || error(best) + TOLERATED < error(dated) { best } else { dated }
}

fn duration_seconds(duration: u32) -> i32 {
    duration.try_into().unwrap_or(i32::MAX)
}

/// One call of STS that mints.
struct MintAttempt<'a> {
    client: Client,
    calls: CallContext,
    attempt: Attempt<'a>,
    repeating: RetryMode,
    code: Option<&'a MfaCode>,
}

impl MintAttempt<'_> {
    fn token_code(&self) -> Option<String> {
        self.code.map(|code| code.expose().to_owned())
    }

    async fn session_token(&self, call: &SessionToken) -> Result<MintReply, Failure> {
        let send = || {
            let mint = self.client.get_session_token();
            mint.duration_seconds(duration_seconds(call.duration.as_secs()))
                .set_serial_number(call.mfa_serial.clone())
                .set_token_code(self.token_code())
                .send()
        };
        let output = self.calls.make_call(self.attempt, self.repeating, send).await?;
        let grant = Grant {
            packed_percent: positive_number(output.session_token_utilization),
            token_size: positive_number(output.session_token_size),
            ..Grant::default()
        };
        Ok((output.credentials, grant))
    }

    async fn federation_token(&self, call: &FederationToken) -> Result<MintReply, Failure> {
        let send = || {
            let federate = self.client.get_federation_token();
            federate
                .name(&call.name)
                .duration_seconds(duration_seconds(call.duration.as_secs()))
                .set_policy(policy_json(call.policy.as_ref()))
                .set_policy_arns(policy_arns(&call.policy_arns))
                .set_tags(sdk_tags(&call.tags))
                .send()
        };
        let output = self.calls.make_call(self.attempt, self.repeating, send).await?;
        #[expect(deprecated, reason = "services that are not AWS, and older Regions, tell only this one")]
        let packed = output.packed_policy_size;
        let (user_id, arn) = output.federated_user.map(|user| (user.federated_user_id, user.arn)).unzip();
        let grant = Grant {
            user_id: non_empty(user_id),
            arn: non_empty(arn),
            packed_percent: positive_number(output.session_token_utilization.or(packed)),
            token_size: positive_number(output.session_token_size),
            source_identity: None,
        };
        Ok((output.credentials, grant))
    }

    async fn assume_role(&self, call: &AssumeRole) -> Result<MintReply, Failure> {
        let send = || {
            let assume = self.client.assume_role();
            assume
                .role_arn(&call.role_arn)
                .role_session_name(&call.session_name)
                .duration_seconds(duration_seconds(call.duration.as_secs()))
                .set_policy(policy_json(call.policy.as_ref()))
                .set_policy_arns(policy_arns(&call.policy_arns))
                .set_tags(sdk_tags(&call.tags))
                .set_transitive_tag_keys(non_empty_list(&call.transitive_tags))
                .set_external_id(call.external_id.clone())
                .set_source_identity(call.source_identity.clone())
                .set_serial_number(call.mfa_serial.clone())
                .set_token_code(self.token_code())
                .send()
        };
        let output = self.calls.make_call(self.attempt, self.repeating, send).await?;
        #[expect(deprecated, reason = "services that are not AWS, and older Regions, tell only this one")]
        let packed = output.packed_policy_size;
        let (user_id, arn) = output.assumed_role_user.map(|user| (user.assumed_role_id, user.arn)).unzip();
        let grant = Grant {
            user_id: non_empty(user_id),
            arn: non_empty(arn),
            packed_percent: positive_number(output.session_token_utilization.or(packed)),
            token_size: positive_number(output.session_token_size),
            source_identity: non_empty(output.source_identity),
        };
        Ok((output.credentials, grant))
    }
}

/// What a service leaves empty it does not tell.
fn non_empty(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn positive_number(number: Option<i32>) -> Option<u32> {
    number.and_then(|number| number.try_into().ok())
}

/// A list as a call takes it: an empty one is not sent.
fn non_empty_list(list: &[String]) -> Option<Vec<String>> {
    (!list.is_empty()).then(|| list.to_vec())
}

fn policy_arns(arns: &[String]) -> Option<Vec<PolicyDescriptorType>> {
    non_empty_list(arns)
        .map(|arns| arns.into_iter().map(|arn| PolicyDescriptorType::builder().arn(arn).build()).collect())
}

fn sdk_tags(tags: &[SessionTag]) -> Option<Vec<types::Tag>> {
    let tag = |tag: &SessionTag| {
        let tag = types::Tag::builder().key(&tag.key).value(&tag.value);
        tag.build().expect("a tag that has a key and a value can be built")
    };
    (!tags.is_empty()).then(|| tags.iter().map(tag).collect())
}

fn policy_json(policy: Option<&SessionPolicy>) -> Option<String> {
    policy.map(|policy| policy.as_json().to_owned())
}

#[cfg(test)]
mod tests;
