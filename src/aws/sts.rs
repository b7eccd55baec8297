//! Minting, and asking who somebody is.
//!
//! Invariant: one call of [`Source::mint`] is one call of STS (and its retries); what STS grants is checked before it is
//! believed, for the countdown rests on it.

use aws_sdk_sts::{
    Client,
    types::{self, Credentials as Granted, PolicyDescriptorType},
};
use jiff::{SignedDuration, Timestamp};

use super::{Source, failure::Attempt};
use crate::domain::{
    credentials::Credentials,
    duration::SessionDuration,
    failure::{Failure, FailureKind, Service},
    identity::{Caller, Identity},
    mint::{AssumeRole, FederationToken, Limits, MfaCode, MintRequest, SessionToken, Tag, closed_to_temporary},
    policy::SessionPolicy,
    session::Grant,
};

/// What STS grants at most, unless more was asked for: then the service is not AWS.
const LONGEST_LIFE: SignedDuration = SignedDuration::from_hours(36);

/// How far a service's clock may be from the one that its `Expiration` was computed with.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(15);

/// How long a reply may be on its way: a session of seconds can be over when it arrives, and is then shown as that.
const LATENESS: SignedDuration = SignedDuration::from_mins(1);

/// A fresh session.
#[derive(Debug, Clone)]
pub struct Minted {
    /// What signs its requests.
    pub credentials: Credentials,
    /// When it was asked for, by the service's clock: not later than it was granted, however slow the answer.
    pub issued: Timestamp,
    /// What STS told besides.
    pub grant: Grant,
}

/// A reply of any of the three calls.
type Reply = (Option<Granted>, Grant);

impl Source {
    /// Asks STS for the session, with `code` where an MFA device is named; for [`MintRequest::Direct`], takes the
    /// profile's own credentials as they are.
    ///
    /// # Errors
    /// Whatever STS says, or what kept the profile from giving its credentials; `Malformed` for a grant that cannot be
    /// right, which is not used.
    pub async fn mint(&self, request: &MintRequest, code: Option<&MfaCode>) -> Result<Minted, Failure> {
        tracing::info!(mode = %request.mode(), profile = ?self.profile(), region = self.region(), "minting");
        let own = self.minter(request).get().await?;
        self.mint_with(own, request, code).await
    }

    /// As [`mint`](Self::mint); but credentials that turn out to be temporary already, and so create no session token, are
    /// taken as they are. Says what the session came of.
    ///
    /// # Errors
    /// Those of [`mint`](Self::mint).
    pub async fn mint_or_take(
        &self,
        request: &MintRequest,
        code: Option<&MfaCode>,
    ) -> Result<(MintRequest, Minted), Failure> {
        let own = self.minter(request).get().await?;
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
        let asked = self.asked(Service::Sts);
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
                .with_hint("use mode direct or role, or a profile with long-term keys"));
        }
        let client = if code.is_some() { self.sts_asked_once(&own) } else { self.sts(&own) };
        let sent = self.aws.clock.now();
        // On the heap, for the SDK's futures are kilobytes.
        let reply = match request {
            MintRequest::Direct => {
                return Ok(Minted { credentials: own, issued: self.service_time(sent), grant: Grant::default() });
            }
            MintRequest::SessionToken(call) => Box::pin(session_token(&client, call, code, &attempt)).await,
            MintRequest::FederationToken(call) => Box::pin(federation_token(&client, call, &attempt)).await,
            MintRequest::AssumeRole(call) => Box::pin(assume_role(&client, call, code, &attempt)).await,
        };
        let (granted, grant) = reply?;
        let now = self.service_time(self.aws.clock.now());
        let credentials = believable(granted, now, request.duration()).map_err(|why| attempt.malformed(why))?;
        // Only the answer told how far the service's clock is from ours.
        Ok(Minted { credentials, issued: self.service_time(sent), grant })
    }

    /// Who would mint: of a profile that names a role, whoever would assume it.
    ///
    /// # Errors
    /// What kept the profile from giving its credentials, or whatever STS says.
    pub async fn caller(&self) -> Result<Caller, Failure> {
        let own = self.first_credentials().get().await?;
        let identity = self.caller_identity(&own).await?;
        Ok(Caller { identity, temporary: own.are_temporary() })
    }

    /// Who these credentials are. Needs no permission, so it also tells whether they are alive.
    ///
    /// # Errors
    /// Whatever STS says; `Malformed` for an answer that names nobody.
    pub async fn caller_identity(&self, credentials: &Credentials) -> Result<Identity, Failure> {
        let asked = self.asked(Service::Sts);
        let action = "get the caller's identity";
        let attempt = Attempt { service: Service::Sts, action, subject: "", asked: &asked };
        let output = self.sts(credentials).get_caller_identity().send().await.map_err(|e| attempt.failure(&e))?;
        match (output.arn, output.account, output.user_id) {
            (Some(arn), Some(account), user_id) => Ok(Identity { arn, account, user_id: user_id.unwrap_or_default() }),
            _ => Err(attempt.malformed("the answer names nobody")),
        }
    }

    /// How far the service's clock is ahead of ours, as far as is known.
    pub fn clock_offset(&self) -> SignedDuration {
        self.aws.clock_offset().unwrap_or_default()
    }

    /// What the service's clock showed when ours showed `at`.
    pub fn service_time(&self, at: Timestamp) -> Timestamp {
        at.checked_add(self.clock_offset()).unwrap_or(at)
    }
}

fn seconds(duration: u32) -> i32 {
    duration.try_into().unwrap_or(i32::MAX)
}

async fn session_token(
    client: &Client,
    call: &SessionToken,
    code: Option<&MfaCode>,
    attempt: &Attempt<'_>,
) -> Result<Reply, Failure> {
    let output = client
        .get_session_token()
        .duration_seconds(seconds(call.duration.as_secs()))
        .set_serial_number(call.mfa_serial.clone())
        .set_token_code(code.map(|code| code.expose().to_owned()))
        .send()
        .await
        .map_err(|error| attempt.failure(&error))?;
    let grant = Grant {
        packed_percent: positive(output.session_token_utilization),
        token_size: positive(output.session_token_size),
        ..Grant::default()
    };
    Ok((output.credentials, grant))
}

async fn federation_token(client: &Client, call: &FederationToken, attempt: &Attempt<'_>) -> Result<Reply, Failure> {
    let output = client
        .get_federation_token()
        .name(&call.name)
        .duration_seconds(seconds(call.duration.as_secs()))
        .set_policy(json(call.policy.as_ref()))
        .set_policy_arns(policy_arns(&call.policy_arns))
        .set_tags(tags(&call.tags))
        .send()
        .await
        .map_err(|error| attempt.failure(&error))?;
    #[expect(deprecated, reason = "services that are not AWS, and older Regions, tell only this one")]
    let packed = output.packed_policy_size;
    let (user_id, arn) = output.federated_user.map(|user| (user.federated_user_id, user.arn)).unzip();
    let grant = Grant {
        user_id: told(user_id),
        arn: told(arn),
        packed_percent: positive(output.session_token_utilization.or(packed)),
        token_size: positive(output.session_token_size),
        source_identity: None,
    };
    Ok((output.credentials, grant))
}

async fn assume_role(
    client: &Client,
    call: &AssumeRole,
    code: Option<&MfaCode>,
    attempt: &Attempt<'_>,
) -> Result<Reply, Failure> {
    let output = client
        .assume_role()
        .role_arn(&call.role_arn)
        .role_session_name(&call.session_name)
        .duration_seconds(seconds(call.duration.as_secs()))
        .set_policy(json(call.policy.as_ref()))
        .set_policy_arns(policy_arns(&call.policy_arns))
        .set_tags(tags(&call.tags))
        .set_transitive_tag_keys(given(&call.transitive_tags))
        .set_external_id(call.external_id.clone())
        .set_source_identity(call.source_identity.clone())
        .set_serial_number(call.mfa_serial.clone())
        .set_token_code(code.map(|code| code.expose().to_owned()))
        .send()
        .await
        .map_err(|error| attempt.failure(&error))?;
    #[expect(deprecated, reason = "services that are not AWS, and older Regions, tell only this one")]
    let packed = output.packed_policy_size;
    let (user_id, arn) = output.assumed_role_user.map(|user| (user.assumed_role_id, user.arn)).unzip();
    let grant = Grant {
        user_id: told(user_id),
        arn: told(arn),
        packed_percent: positive(output.session_token_utilization.or(packed)),
        token_size: positive(output.session_token_size),
        source_identity: told(output.source_identity),
    };
    Ok((output.credentials, grant))
}

/// What a service leaves empty it does not tell.
fn told(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn positive(number: Option<i32>) -> Option<u32> {
    number.and_then(|number| number.try_into().ok())
}

/// A list as a call takes it: an empty one is not sent.
fn given(list: &[String]) -> Option<Vec<String>> {
    (!list.is_empty()).then(|| list.to_vec())
}

fn policy_arns(arns: &[String]) -> Option<Vec<PolicyDescriptorType>> {
    given(arns).map(|arns| arns.into_iter().map(|arn| PolicyDescriptorType::builder().arn(arn).build()).collect())
}

fn tags(tags: &[Tag]) -> Option<Vec<types::Tag>> {
    let tag = |tag: &Tag| {
        let tag = types::Tag::builder().key(&tag.key).value(&tag.value);
        tag.build().expect("a tag that has a key and a value can be built")
    };
    (!tags.is_empty()).then(|| tags.iter().map(tag).collect())
}

fn json(policy: Option<&SessionPolicy>) -> Option<String> {
    policy.map(|policy| policy.as_json().to_owned())
}

/// A grant that can be right at `now`, the service's time, for so long as was asked; or why it cannot.
pub(super) fn believable(
    granted: Option<Granted>,
    now: Timestamp,
    asked: Option<SessionDuration>,
) -> Result<Credentials, String> {
    let granted = granted.ok_or("the answer grants no credentials")?;
    let visible = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if !visible(&granted.access_key_id) || !visible(&granted.secret_access_key) || !visible(&granted.session_token) {
        return Err("the credentials granted are implausible, not used: a key or token is empty or garbled".into());
    }
    let longest =
        asked.map_or(LONGEST_LIFE, |asked| LONGEST_LIFE.max(SignedDuration::from_secs(asked.as_secs().into())));
    let expiration = Timestamp::from_second(granted.expiration.secs())
        .ok()
        .filter(|expiration| {
            let left = expiration.duration_since(now);
            left > -LATENESS && left <= longest + TOLERANCE
        })
        .ok_or_else(|| format!("the expiration granted, {}, is implausible, not used", granted.expiration))?;
    Ok(Credentials {
        access_key_id: granted.access_key_id,
        secret_access_key: granted.secret_access_key.into(),
        session_token: Some(granted.session_token.into()),
        expiration: Some(expiration),
    })
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::DateTime;

    use super::*;
    use crate::{
        aws::{Aws, Setting, parrot::Parrot},
        clock::Clock,
        domain::{mint::SessionToken, profile::SourceOptions},
    };

    fn granted(key: &str, token: &str, expiration: i64) -> Granted {
        Granted::builder()
            .access_key_id(key)
            .secret_access_key("canarySECRET")
            .session_token(token)
            .expiration(DateTime::from_secs(expiration))
            .build()
            .unwrap()
    }

    #[test]
    fn a_plausible_grant_is_used() {
        let now = Timestamp::from_second(1_000_000).unwrap();
        for life in [-2, 1, 3600, 36 * 3600, 36 * 3600 + 900] {
            let credentials = believable(Some(granted("ASIAX", "t", 1_000_000 + life)), now, None).unwrap();
            assert_eq!(credentials.expiration, Some(now + SignedDuration::from_secs(life)));
        }
    }

    #[test]
    fn a_grant_as_long_as_was_asked_for_is_used_and_a_longer_one_is_not() {
        let now = Timestamp::from_second(1_000_000).unwrap();
        let asked = "40h".parse().ok();
        for (life, used) in [(40 * 3600, true), (41 * 3600, false)] {
            let grant = Some(granted("ASIAX", "t", 1_000_000 + life));
            assert_eq!(believable(grant, now, asked).is_ok(), used, "{life} s");
        }
    }

    #[test]
    fn an_implausible_grant_is_not_used() {
        let now = Timestamp::from_second(1_000_000).unwrap();
        for grant in [
            None,
            Some(granted("ASIAX", "t", 1_000_000 - 60)),
            Some(granted("ASIAX", "t", 0)),
            Some(granted("ASIAX", "t", 1_000_000 + 37 * 3600)),
            Some(granted("ASIAX", "t", i64::MAX)),
            Some(granted("", "t", 1_003_600)),
            Some(granted("ASIA\u{1b}[2J", "t", 1_003_600)),
            Some(granted("ASIAX", "", 1_003_600)),
        ] {
            let why = believable(grant, now, Some(SessionDuration::HOUR)).unwrap_err();
            assert!(why.contains("not used") || why.contains("no credentials"), "{why}");
            assert!(!why.contains("canary"));
        }
    }

    /// How often STS is asked for a session whose first answer is lost, with a code of a device and without.
    async fn asked_of_a_faltering_service(code: Option<&MfaCode>) -> usize {
        let parrot = Parrot::saying_in_turn(&[(500, ""), (500, ""), (500, "")]);
        let shared_config = "[default]\naws_access_key_id = AKIA\naws_secret_access_key = s\n".into();
        let aws = Aws::new(Clock::system(), Setting::Fixed { shared_config }).with_http_client(parrot.client());
        let serial = code.map(|_| "arn:aws:iam::111122223333:mfa/ana".to_owned());
        let request =
            MintRequest::SessionToken(SessionToken { mfa_serial: serial, ..SessionToken::new(SessionDuration::HOUR) });
        let source = aws.source(&SourceOptions::default()).await.unwrap();
        source.mint(&request, code).await.unwrap_err();
        let asked = parrot.asked();
        assert!(asked.iter().all(|asked| asked.body.contains("TokenCode=730461") == code.is_some()));
        asked.len()
    }

    #[tokio::test(start_paused = true)]
    async fn a_code_is_sent_once_whatever_becomes_of_it() {
        assert_eq!(asked_of_a_faltering_service(Some(&MfaCode::read("730461").unwrap())).await, 1);
        assert_eq!(asked_of_a_faltering_service(None).await, 3, "what needs no code is asked again");
    }
}
