//! Role chains: the steps from keys through roles to a session, where the limit of one hour applies, and how to avoid
//! it.
//!
//! Invariant: a chain comes from config files only; no request is sent. It ends even if profiles refer to each other in
//! a circle. <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining>

use super::{Draft, Mode};
use crate::domain::{
    duration::SessionDuration,
    failure::{Failure, FailureKind},
    profile::{Profile, ProfileKind},
};

/// What a step of a route is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    /// Long-term keys, as far as files tell.
    Keys,
    /// Temporary credentials that come from elsewhere: SSO, web identity, an instance.
    Temporary,
    /// `AssumeRole`.
    AssumeRole,
    /// The call that mints, if it is another.
    Mint,
}

/// One step of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionChainStep {
    /// What it is.
    pub kind: StepKind,
    /// In words, with names from files: foreign text.
    pub what: String,
    /// The longest session this step gives, and what sets that.
    pub longest: Option<(SessionDuration, &'static str)>,
}

/// Where a route loses its length, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DurationCap {
    /// Which step of the route; the first is 0.
    pub at: usize,
    /// Why.
    pub why: &'static str,
    /// What avoids it, if anything does. Names from files are in it: foreign text.
    pub way_round: Option<String>,
}

/// The way from keys to a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionChain {
    /// In the order in which the calls are made.
    pub steps: Vec<SessionChainStep>,
    /// Where the hour's cap falls, if it does.
    pub cap: Option<DurationCap>,
}

impl SessionChain {
    /// How `draft` is minted with `profile`, one of `all`.
    pub fn of_draft(draft: &Draft, profile: &Profile, all: &[Profile]) -> Self {
        let mut steps = way_to(profile, all);
        let own_role = draft.is_of(profile);
        if !own_role {
            steps.push(last_call(draft));
        }
        let roles: Vec<usize> = (0..steps.len()).filter(|at| matches!(steps[*at].kind, StepKind::AssumeRole)).collect();
        for at in &roles {
            let chained = steps[*at - 1].kind != StepKind::Keys;
            steps[*at].longest = Some(if chained {
                (SessionDuration::HOUR, "role chaining")
            } else {
                (SessionDuration::from_secs(*Mode::Role.allowed_durations().end()), "the role's maximum may be less")
            });
        }
        let last = steps.len() - 1;
        let capped = roles.last() == Some(&last) && steps[last - 1].kind != StepKind::Keys;
        let cap = capped.then(|| DurationCap {
            at: last,
            why: "a role assumed with temporary credentials (role chaining) lasts one hour at most",
            way_round: way_round(draft, profile, all),
        });
        Self { steps, cap }
    }
}

/// What gives the profile's own credentials. Ends after as many steps as there are profiles.
fn way_to(profile: &Profile, all: &[Profile]) -> Vec<SessionChainStep> {
    let mut roles = vec![];
    let mut at = profile;
    for _ in 0..=all.len() {
        let next = at.source_profile.as_ref().and_then(|name| all.iter().find(|other| other.name == *name));
        let Some(role_arn) = at.role_arn.as_ref().filter(|_| at.kind == ProfileKind::Role) else { break };
        roles.push(SessionChainStep { kind: StepKind::AssumeRole, what: role_arn.clone(), longest: None });
        match next {
            Some(next) if next.name != at.name => at = next,
            _ => break,
        }
    }
    let (kind, what) = first_credentials(at, profile.chains_roles && roles.len() == 1, all);
    roles.push(SessionChainStep { kind, what, longest: None });
    roles.reverse();
    roles
}

/// Where a route begins: at a profile whose credentials need no others, or whose role is assumed with such; `temporary`
/// says that these are known to be.
fn first_credentials(at: &Profile, temporary: bool, all: &[Profile]) -> (StepKind, String) {
    let kind = |temporary| if temporary { StepKind::Temporary } else { StepKind::Keys };
    let exported = all.iter().any(|one| one.ambient && one.kind == ProfileKind::Environment && one.has_session_token);
    match (at.kind, &at.credential_source) {
        (ProfileKind::Role, Some(source)) if source.eq_ignore_ascii_case("environment") => {
            (kind(temporary || exported), "keys in the environment".to_owned())
        }
        (ProfileKind::Role, Some(source)) => (StepKind::Temporary, format!("credential_source {source}")),
        (ProfileKind::Environment, _) => (kind(at.is_temporary()), at.in_words()),
        (ProfileKind::Role, None) => (kind(temporary), format!("keys of {}", at.in_words())),
        _ if at.is_temporary() => (StepKind::Temporary, format!("temporary credentials of {}", at.in_words())),
        // What a command prints is known when it has run.
        _ => (StepKind::Keys, format!("keys of {}", at.in_words())),
    }
}

fn last_call(draft: &Draft) -> SessionChainStep {
    match draft.mode {
        Mode::Role => {
            SessionChainStep { kind: StepKind::AssumeRole, what: draft.role_arn.trim().to_owned(), longest: None }
        }
        mode => {
            let what = mode.api().unwrap_or("the credentials as they are").to_owned();
            SessionChainStep { kind: StepKind::Mint, what, longest: None }
        }
    }
}

/// Assuming the last role directly with the keys at the beginning, where there are any: with a code of an MFA device if
/// the role asks for one, for `GetSessionToken` with MFA would be a link of the chain too.
fn way_round(draft: &Draft, profile: &Profile, all: &[Profile]) -> Option<String> {
    let first = way_to(profile, all).into_iter().next().filter(|step| step.kind == StepKind::Keys)?;
    let role = draft.role_arn.trim();
    Some(format!(
        "assume {role} directly with {}, with MFA if the role requires it; its trust policy must allow that",
        first.what
    ))
}

/// The duration to ask for instead, where a call for more than an hour was refused and that may be why: every role grants
/// an hour, and role chaining no more. AWS says so; other services may say no more than a code.
pub fn shorter_duration(failure: &Failure, asked: Option<SessionDuration>) -> Option<SessionDuration> {
    let is_long = asked.is_some_and(|asked| asked > SessionDuration::HOUR);
    (is_long && may_be_about_duration(failure)).then_some(SessionDuration::HOUR)
}

/// Codes that a service refuses a duration with.
const UNSPECIFIC: [&str; 9] = [
    "ValidationError",
    "ValidationException",
    "InvalidParameterValue",
    "InvalidParameter",
    "InvalidArgument",
    "InvalidRequest",
    "BadRequest",
    "AccessDenied",
    "AccessDeniedException",
];

/// Words of refusals that name something else, in lower case.
const SOMETHING_ELSE: [&str; 5] = ["multifactor", "mfa", "sts:tagsession", "sts:setsourceidentity", " at '"];

fn may_be_about_duration(failure: &Failure) -> bool {
    let said = failure.message.to_lowercase();
    if ["durationseconds", "maxsessionduration", "session limit"].iter().any(|words| said.contains(words)) {
        return true;
    }
    let answered = matches!(failure.status, Some(400 | 403))
        && matches!(failure.kind, FailureKind::Invalid | FailureKind::Denied | FailureKind::Other);
    let code = failure.code.as_deref();
    answered
        && code.is_none_or(|code| UNSPECIFIC.contains(&code))
        && !SOMETHING_ELSE.iter().any(|words| said.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(name: &str, kind: ProfileKind, role: Option<&str>, source: Option<&str>) -> Profile {
        Profile {
            name: name.into(),
            kind,
            role_arn: role.map(|role| format!("arn:aws:iam::111122223333:role/{role}")),
            source_profile: source.map(Into::into),
            ..Profile::default()
        }
    }

    fn world() -> Vec<Profile> {
        vec![
            profile("keys", ProfileKind::Keys, None, None),
            profile("sso", ProfileKind::Sso, None, None),
            profile("base", ProfileKind::Role, Some("base"), Some("keys")),
            profile("deep", ProfileKind::Role, Some("deep"), Some("base")),
            profile("cloud", ProfileKind::Role, Some("cloud"), Some("sso")),
            profile("token", ProfileKind::SessionKeys, None, None),
            profile("on-token", ProfileKind::Role, Some("on-token"), Some("token")),
            Profile {
                credential_source: Some("Environment".into()),
                ..profile("env", ProfileKind::Role, Some("env"), None)
            },
            Profile {
                has_session_token: true,
                ambient: true,
                ..profile("environment", ProfileKind::Environment, None, None)
            },
            profile("web", ProfileKind::WebIdentity, None, None),
            profile("box", ProfileKind::Container, None, None),
            profile("machine", ProfileKind::Instance, None, None),
            Profile { chains_roles: true, ..profile("own", ProfileKind::Role, Some("own"), Some("own")) },
            profile("one", ProfileKind::Role, Some("one"), Some("two")),
            profile("two", ProfileKind::Role, Some("two"), Some("one")),
        ]
    }

    fn route(name: &str, role: Option<&str>) -> SessionChain {
        let all = world();
        let profile = all.iter().find(|profile| profile.name == name).unwrap();
        let role_arn = role.map(|role| format!("arn:aws:iam::111122223333:role/{role}")).unwrap_or_default();
        let mode = if role.is_some() { Mode::Role } else { Mode::Session };
        SessionChain::of_draft(&Draft { mode, role_arn, ..Draft::default() }, profile, &all)
    }

    #[test]
    fn the_cap_falls_where_temporary_credentials_assume_a_role() {
        for (name, role, steps, capped, way_round) in [
            ("keys", Some("x"), 2, false, false),
            ("base", Some("base"), 2, false, false),
            ("deep", Some("deep"), 3, true, true),
            ("base", Some("x"), 3, true, true),
            ("sso", Some("x"), 2, true, false),
            ("cloud", Some("cloud"), 2, true, false),
            ("keys", None, 2, false, false),
            ("token", Some("x"), 2, true, false),
            ("on-token", Some("on-token"), 2, true, false),
            ("env", Some("env"), 2, true, false),
            ("environment", Some("x"), 2, true, false),
            ("web", Some("x"), 2, true, false),
            ("box", Some("x"), 2, true, false),
            ("machine", Some("x"), 2, true, false),
            ("own", Some("own"), 2, true, false),
        ] {
            let route = route(name, role);
            assert_eq!(route.steps.len(), steps, "{name} {role:?}: {route:?}");
            assert_eq!(route.cap.is_some(), capped, "{name} {role:?}");
            assert_eq!(route.cap.is_some_and(|cap| cap.way_round.is_some()), way_round, "{name} {role:?}");
        }
    }

    #[test]
    fn profiles_that_name_one_another_end_too() {
        assert!(route("one", Some("one")).steps.len() <= world().len() + 3);
    }

    #[test]
    fn a_refusal_that_may_be_about_the_duration_has_a_shorter_one() {
        const LONG: &str = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
        const CHAINED: &str =
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";
        const ELSEWHERE: &str =
            "1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint";
        const MFA: &str = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
        let denied = (Some("AccessDenied"), Some(403), FailureKind::Denied);
        let invalid = (Some("ValidationError"), Some(400), FailureKind::Invalid);
        for ((code, status, kind), message, asked, hour) in [
            (invalid, LONG, "2h", true),
            (invalid, CHAINED, "12h", true),
            (invalid, LONG, "1h", false),
            (invalid, "1 validation error detected", "2h", true),
            (invalid, ELSEWHERE, "2h", false),
            (denied, "", "2h", true),
            (denied, "Access denied", "1h 1s", true),
            (denied, "", "1h", false),
            (denied, MFA, "2h", false),
            ((None, Some(400), FailureKind::Other), "", "2h", true),
            ((None, Some(403), FailureKind::Denied), "no", "2h", true),
            ((None, Some(500), FailureKind::Other), "", "2h", false),
            ((None, None, FailureKind::Network), "no route", "2h", false),
            ((Some("ExpiredToken"), Some(400), FailureKind::Expired), "", "2h", false),
            ((Some("InvalidClientTokenId"), Some(403), FailureKind::InvalidCredentials), "", "2h", false),
            ((Some("MalformedPolicyDocument"), Some(400), FailureKind::Invalid), "", "2h", false),
        ] {
            let local = Failure::local(kind, "assume the role", "", message);
            let failure = Failure { code: code.map(Into::into), status, ..local };
            let asked = asked.replace(' ', "").parse().ok();
            assert_eq!(shorter_duration(&failure, asked).is_some(), hour, "{code:?} {status:?} {message} {asked:?}");
        }
    }
}
