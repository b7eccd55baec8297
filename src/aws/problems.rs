//! What is wrong with a profile, as far as the files show.
//!
//! Invariant: no request is sent and no command is run. Problems that block a profile come before mere remarks; each is
//! named with its file and line.

use super::{
    endpoint::{self, check_region},
    fault::Fault,
    lines::Kind,
    loaded::Loaded,
    login::Logins,
    route::{Base, Route},
};
use crate::domain::{
    mint::Mode,
    profile::{Problem, Profile},
};

/// The first thing that is wrong, the gravest first.
pub(super) fn first(loaded: &Loaded, profile: &Profile, route: &Result<Route, Fault>) -> Option<Problem> {
    let route = match route {
        Ok(route) => route,
        Err(fault) => return Some(loaded.problem(fault)),
    };
    let blocking = |(key, text)| at(loaded, profile, Some(key), text, true);
    let telling = |(key, text)| at(loaded, profile, Some(key), text, false);
    base_is_missing(loaded, route)
        .map(blocking)
        .or_else(|| role_is_odd(route, profile).map(blocking))
        .or_else(|| services_are_missing(loaded, profile).map(blocking))
        .or_else(|| left_out(loaded, profile))
        .or_else(|| profile.unreadable_end.clone())
        .or_else(|| mfa_is_midway(route).map(telling))
        .or_else(|| settings_are_odd(loaded, profile).map(telling))
        .or_else(|| variables_are_odd(loaded, profile))
}

/// Adds that a login has to be renewed first, where one is at the start of the route; nothing keeps a person from that.
pub(super) async fn look_up_login(route: &Route, logins: &mut Logins, profile: &mut Profile) {
    if profile.problem.is_none()
        && let Base::Sso(login) = &route.base
        && let Some(text) = logins.state(login).await.problem(login)
    {
        profile.problem = Some(Problem { text, place: None, blocks: false });
    }
}

fn at(loaded: &Loaded, profile: &Profile, key: Option<&str>, text: String, blocks: bool) -> Problem {
    let place = if profile.ambient { None } else { loaded.lines.place(Kind::Profile, &profile.name, key) };
    Problem { text, place, blocks }
}

/// A complaint, and the key it is about.
type Complaint = (&'static str, String);

fn base_is_missing(loaded: &Loaded, route: &Route) -> Option<Complaint> {
    let text = match route.base {
        Base::Environment => match loaded.environment_keys() {
            None => "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set".into(),
            Some(keys) => keys.err()?,
        },
        Base::Container => loaded.metadata().container().err()?.message,
        Base::Instance => loaded.metadata().instance().err()?.message,
        _ => return None,
    };
    Some(("credential_source", text))
}

fn role_is_odd(route: &Route, profile: &Profile) -> Option<Complaint> {
    let odd = route.roles.iter().find(|hop| !is_role_arn(&hop.role_arn))?;
    let form = "arn:aws:iam::ACCOUNT:role/NAME";
    Some(if odd.profile == profile.name {
        ("role_arn", format!("not a role ARN: {form}"))
    } else {
        ("source_profile", format!("the role_arn of profile {} is not a role ARN: {form}", odd.profile))
    })
}

fn is_role_arn(arn: &str) -> bool {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    matches!(parts.as_slice(), ["arn", _, "iam", "", _, resource] if resource.strip_prefix("role/").is_some_and(|name| !name.is_empty()))
}

/// Settings of the same name that stand where they do not count.
fn left_out(loaded: &Loaded, profile: &Profile) -> Option<Problem> {
    let (_, problem) = loaded.lines.ignored().iter().find(|(name, _)| !profile.ambient && *name == profile.name)?;
    Some(Problem { blocks: false, ..problem.clone() })
}

/// A services section that a profile names and that is not there, as the AWS CLI and boto3 refuse it: what it should
/// have said is unknown, and requests would go to AWS instead.
fn services_are_missing(loaded: &Loaded, profile: &Profile) -> Option<Complaint> {
    // What the environment has goes where the selected profile's settings lead.
    let name = if profile.ambient { &loaded.sections.selected } else { &profile.name };
    let services = loaded.section(name)?.said("services")?;
    let there = loaded.lines.place(Kind::Services, services, None).is_some();
    let whose = if profile.ambient { format!(", which profile {name} refers to") } else { String::new() };
    (!there && loaded.heeds_services(name))
        .then(|| ("services", format!("there is no section [services {services}]{whose}")))
}

/// Two variables that contradict each other: neither is a line of the profile.
fn variables_are_odd(loaded: &Loaded, profile: &Profile) -> Option<Problem> {
    let concerns = profile.name == loaded.sections.selected || profile.ambient;
    let text = loaded.contradiction().filter(|_| concerns)?;
    Some(Problem { text, place: None, blocks: false })
}

fn mfa_is_midway(route: &Route) -> Option<Complaint> {
    let hop = route.mfa_midway()?;
    let text = format!(
        "profile {0} in this role chain has an mfa_serial, but only the last role can take an MFA code: if its role requires one, mint with {0} first",
        hop.profile
    );
    Some(("source_profile", text))
}

fn settings_are_odd(loaded: &Loaded, profile: &Profile) -> Option<Complaint> {
    if let Some(failure) = profile.region.as_deref().and_then(|region| check_region(region).err()) {
        return Some(("region", format!("{:?} is {}", failure.subject, failure.message)));
    }
    let endpoints =
        [(&profile.sts_endpoint, &profile.sts_endpoint_origin), (&profile.s3_endpoint, &profile.s3_endpoint_origin)];
    for endpoint in endpoints {
        if let (Some(url), Some(origin)) = endpoint
            && let Err(failure) = endpoint::check(url, origin, true)
        {
            return Some(("endpoint_url", failure.message));
        }
    }
    let section = loaded.section(&profile.name).filter(|_| !profile.ambient)?;
    let complaint = |key, odd: fn(&str) -> Option<String>| Some((key, odd(section.said(key)?)?));
    complaint("duration_seconds", odd_duration).or_else(|| complaint("mfa_serial", odd_serial))
}

fn odd_duration(text: &str) -> Option<String> {
    let limits = Mode::Role.durations();
    match text.parse::<u32>() {
        Err(_) => Some(format!("{text:?} is not a number of seconds")),
        Ok(seconds) if !limits.contains(&seconds) => {
            Some(format!("{seconds} seconds; AWS allows {} to {} for a role", limits.start(), limits.end()))
        }
        Ok(_) => None,
    }
}

/// A device's ARN, or the number printed on it.
fn odd_serial(serial: &str) -> Option<String> {
    if let Some(resource) = serial.strip_prefix("arn:").and_then(|arn| arn.split(':').nth(4)) {
        let is_device = ["mfa/", "sms-mfa/", "u2f/"].iter().any(|kind| resource.starts_with(kind));
        return (!is_device)
            .then(|| format!("{serial} is not the ARN of an MFA device: arn:aws:iam::ACCOUNT:mfa/NAME"));
    }
    let is_number = (9..=256).contains(&serial.len())
        && serial.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=/:,.@-".contains(&byte));
    (!is_number).then(|| format!("{serial:?} is neither the ARN nor the serial number of an MFA device"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        aws::{Aws, Setting, parrot::Parrot, profiles::tests::loaded_from},
        clock::Clock,
        domain::{
            failure::FailureKind,
            profile::{ProfileChoice, SourceOptions},
        },
    };

    const ROLE: &str = "role_arn = arn:aws:iam::111122223333:role/r";
    const SSO: &str = "sso_account_id = 111122223333\nsso_role_name = r";

    /// A config whose profile `p` begins on line 1, with others beside it.
    fn beside_others(profile: &str) -> String {
        format!(
            "[profile p]\n{profile}\n[profile q]\n{ROLE}\nsource_profile = p\n[profile s]\n{SSO}\nsso_session = foo\n\
             [profile m]\n{ROLE}\nsource_profile = k\nmfa_serial = arn:aws:iam::111122223333:mfa/ana\n\
             [profile k]\naws_access_key_id = A\naws_secret_access_key = canary\n\
             [sso-session half]\nsso_region = us-west-2\n\
             [sso-session whole]\nsso_region = us-west-2\nsso_start_url = https://sso.example\n"
        )
    }

    #[tokio::test]
    async fn a_profile_that_cannot_be_right_is_refused_by_file_and_line_and_nobody_is_asked() {
        for (profile, line, message) in [
            (format!("{ROLE}\nsource_profile = gone"), 3, "there is no profile gone"),
            (format!("{ROLE}\nsource_profile = q"), 3, "the source profiles form a circle: p, q, p"),
            (ROLE.into(), 2, "role_arn needs a source_profile or a credential_source"),
            (
                format!("{ROLE}\nsource_profile = k\ncredential_source = Environment"),
                4,
                "source_profile and credential_source exclude each other",
            ),
            (format!("{ROLE}\ncredential_source = Moon"), 3, "Moon is not one of Environment"),
            (
                format!("{ROLE}\ncredential_source = environment"),
                3,
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set",
            ),
            (format!("{ROLE}\ncredential_source = EcsContainer"), 3, "are not set"),
            ("role_arn = reader\nsource_profile = k".into(), 2, "not a role ARN"),
            ("aws_access_key_id = A".into(), 2, "incomplete keys: aws_secret_access_key is missing"),
            ("region = x\naws_secret_access_key = canary".into(), 3, "incomplete keys: aws_access_key_id is missing"),
            ("aws_session_token = canary".into(), 2, "without its keys"),
            ("web_identity_token_file = /x".into(), 2, "needs a role_arn"),
            (format!("{SSO}\nsso_session = foo"), 4, "there is no section [sso-session foo]"),
            ("sso_session = whole".into(), 2, "sso_account_id and sso_role_name are needed"),
            (
                "login_session = arn:aws:iam::111122223333:user/ana".into(),
                2,
                "aws configure export-credentials --profile p",
            ),
            ("output = json".into(), 1, "it has no credentials"),
            (format!("{ROLE}\nsource_profile = p"), 3, "names the profile itself, which has no keys"),
            (format!("{ROLE}\nsource_profile = k\nrole_session_name = a\u{1}"), 4, "role_session_name cannot be used"),
            (format!("{ROLE}\nsource_profile = k\nexternal_id = a\n  b"), 4, "external_id cannot be used"),
            (format!("{SSO}\nsso_start_url = https://x\nsso_region = evil.example/"), 5, "not a region"),
            (format!("{SSO}\nsso_session = whole\nsso_region = eu-west-1"), 5, "but us-west-2 in its sso-session"),
        ] {
            let parrot = Parrot::default();
            let setting = Setting::Fixed { shared_config: beside_others(&profile) };
            let aws = Aws::new(Clock::system(), setting).with_http_client(parrot.client());
            let options = SourceOptions { profile: ProfileChoice::Named("p".into()), ..SourceOptions::default() };
            let failure = aws.source(&options).await.unwrap_err();
            assert_eq!((failure.kind, failure.subject.as_str()), (FailureKind::Invalid, "profile p"), "{profile}");
            assert!(failure.message.starts_with(&format!("the AWS config, line {line}: ")), "{profile}: {failure}");
            assert!(failure.message.contains(message) && !failure.message.contains("canary"), "{profile}: {failure}");
            // The list says the same.
            let listed = aws.profiles().await.unwrap();
            let problem = listed.iter().find(|listed| listed.name == "p").and_then(Profile::obstacle).unwrap();
            assert_eq!(problem.to_string(), failure.message);
            assert!(parrot.asked().is_empty());
        }
    }

    #[tokio::test]
    async fn a_fault_elsewhere_on_the_way_is_told_where_it_is() {
        for (profile, place) in [
            (format!("{SSO}\nsso_session = half"), "the AWS config, line 22: sso_start_url is missing"),
            (format!("{ROLE}\nsource_profile = s"), "the AWS config, line 10: there is no section [sso-session foo]"),
        ] {
            let loaded = loaded_from(&beside_others(&profile), &[], Some("p")).await.unwrap();
            let problem = loaded.choose(&ProfileChoice::Named("p".into())).unwrap_err().message;
            let words = place.split_once(": ").unwrap().1;
            assert!(problem.ends_with(words), "{problem}");
            assert!(problem.starts_with("the AWS config, line "), "{problem}");
        }
    }

    #[tokio::test]
    async fn what_is_only_worth_knowing_keeps_nobody_from_minting() {
        let keys = "aws_access_key_id = A\naws_secret_access_key = s";
        for (profile, line, message) in [
            (keys.to_owned(), 0, ""),
            (format!("{keys}\nregion = eu west"), 4, "\"eu west\" is not a region"),
            (format!("{keys}\nduration_seconds = soon"), 4, "\"soon\" is not a number of seconds"),
            (format!("{keys}\nduration_seconds = 60"), 4, "AWS allows 900 to 43200"),
            (format!("{keys}\nmfa_serial = arn:aws:iam::111122223333:user/ana"), 4, "not the ARN of an MFA device"),
            (format!("{keys}\nmfa_serial = x y"), 4, "neither the ARN nor the serial number of an MFA device"),
            (format!("{keys}\nmfa_serial = GAHT12345678\nduration_seconds = 900"), 0, ""),
            (format!("{keys}\nendpoint_url = http://169.254.169.254"), 4, "metadata addresses are not allowed"),
            (format!("{ROLE}\nsource_profile = m"), 3, "profile m in this role chain has an mfa_serial"),
            (format!("{keys}\n[p]\nregion = x"), 4, "[p] is ignored here: write [profile p]"),
        ] {
            let loaded = loaded_from(&beside_others(&profile), &[], Some("p")).await.unwrap();
            let chosen = loaded.choose(&ProfileChoice::Named("p".into())).unwrap();
            let told = chosen.problem.map(|problem| problem.to_string()).unwrap_or_default();
            let place = if line == 0 { String::new() } else { format!("the AWS config, line {line}: ") };
            assert!(told.starts_with(&place) && told.contains(message), "{profile}: {told}");
            assert_eq!(told.is_empty(), line == 0, "{profile}: {told}");
        }
    }

    #[tokio::test]
    async fn a_section_that_the_parser_leaves_out_is_listed_as_what_it_is() {
        let config = "[ops]\nregion = x\n[profile a b]\nregion = x\n[profile k]\naws_access_key_id = A\naws_secret_access_key = s\n";
        let loaded = loaded_from(config, &[], Some("ops")).await.unwrap();
        let listed = loaded.profiles();
        let told: Vec<_> = listed
            .iter()
            .map(|p| (p.name.as_str(), p.problem.as_ref().map(|p| p.place.as_ref().unwrap().line)))
            .collect();
        assert_eq!(told, [("ops", Some(1)), ("a b", Some(3)), ("k", None)]);
        let failure = loaded.choose(&ProfileChoice::Named("ops".into())).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Invalid);
        assert!(failure.message.contains("line 1: [ops] is ignored here: write [profile ops]"), "{failure}");
    }
}
