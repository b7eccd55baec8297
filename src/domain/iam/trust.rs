//! Whether a role's trust policy is likely to admit a caller: a forecast, because only AWS decides.
//!
//! Invariant: [`Admission::Likely`] needs a statement without conditions for the caller, the caller's account or
//! everybody, and no statement that denies. Whatever cannot be judged from here is [`Admission::Unknown`], with what it
//! depends on. <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

use serde_json::{Map, Value};

use crate::domain::{
    identity::Identity,
    policy::{ConditionFacts, Doubt, Fact, Policy, PolicyKind, PrincipalNames, RequestContext, Ruling},
};

/// What the trust policy lets expect. The reasons quote it: foreign text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// It names the caller, or the caller's account.
    Likely,
    /// It names others only, or the caller is of a kind that assumes no roles; why.
    Unlikely(String),
    /// It depends on what is not known here; on what.
    Unknown(String),
}

impl Admission {
    /// The word for it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Likely => "likely",
            Self::Unlikely(_) => "unlikely",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Why it is not plainly likely.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Likely => None,
            Self::Unlikely(why) | Self::Unknown(why) => Some(why),
        }
    }
}

/// Judges a trust policy, JSON as IAM keeps it, for a caller of `AssumeRole`.
pub fn could_admit(trust_policy: &str, caller: &Identity) -> Admission {
    if let Some(why) = assumes_no_roles(caller) {
        return Admission::Unlikely(why.into());
    }
    let Some((document, policy)) = parse_policy(trust_policy) else {
        return Admission::Unknown("IAM did not return the trust policy, or it cannot be read".into());
    };
    let names: Vec<&str> = policy.named_principals().filter(|principal| names_caller(principal, caller)).collect();
    let facts = ConditionFacts::partial()
        .with_fact("aws:principalaccount", caller.account.as_str())
        .with_fact("aws:userid", caller.user_id.as_str());
    let ask = RequestContext::new(ASSUME_ROLE, "*", facts).by_principal(PrincipalNames::These(&names));
    match policy.rule_on(&ask) {
        Ruling::Allowed(_) => Admission::Likely,
        Ruling::Denied(_) => Admission::Unlikely("it denies this identity".into()),
        Ruling::NotAllowed => Admission::Unlikely(who_else(&document)),
        Ruling::Unclear { by, why } => {
            let why = doubt_in_words(why);
            let denies = by.is_some_and(|statement| policy.is_denial(statement));
            Admission::Unknown(if denies { format!("it has a Deny statement: {why}") } else { why })
        }
    }
}

const ASSUME_ROLE: &str = "sts:AssumeRole";

/// From whom assuming a role asks for the code of an MFA device.
///
/// To requests signed with long-term keys the keys of MFA are absent, and to those of a session without MFA they say
/// "false"; a `Bool` on "false" does not match what is absent, which a `BoolIfExists` does.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MfaNeed {
    /// From callers with long-term keys.
    pub of_keys: bool,
    /// From callers with a session that was minted without MFA.
    pub of_sessions: bool,
}

impl MfaNeed {
    /// Whether a code has to come along from credentials that are temporary or not; where that is not known, whether it
    /// has to in either case.
    pub const fn holds_for(self, temporary: Option<bool>) -> bool {
        match temporary {
            Some(true) => self.of_sessions,
            Some(false) => self.of_keys,
            None => self.of_keys && self.of_sessions,
        }
    }
}

/// Whether the role requires an MFA code: without one, no caller is admitted; with one,
/// a caller may be.
pub fn asks_for_mfa(trust_policy: &str) -> MfaNeed {
    let Some((_, policy)) = parse_policy(trust_policy) else { return MfaNeed::default() };
    let admits = |present: Fact<'static>, age: Fact<'static>| {
        let facts = ConditionFacts::partial()
            .with_fact("aws:multifactorauthpresent", present)
            .with_fact("aws:multifactorauthage", age);
        !policy
            .rule_on(&RequestContext::new(ASSUME_ROLE, "*", facts).by_principal(PrincipalNames::Unknown))
            .is_refused()
    };
    let with_code = admits(true.into(), "0".into());
    MfaNeed {
        of_keys: with_code && !admits(Fact::Absent, Fact::Absent),
        of_sessions: with_code && !admits(false.into(), Fact::Absent),
    }
}

/// Whether an external ID is required to assume the role: without one nobody is admitted, with one somebody may be.
pub fn asks_for_external_id(trust_policy: &str) -> bool {
    let Some((_, policy)) = parse_policy(trust_policy) else { return false };
    let admits = |facts: ConditionFacts<'static>| {
        !policy
            .rule_on(&RequestContext::new(ASSUME_ROLE, "*", facts).by_principal(PrincipalNames::Unknown))
            .is_refused()
    };
    admits(ConditionFacts::partial()) && !admits(ConditionFacts::partial().with_fact("sts:externalid", Fact::Absent))
}

fn parse_policy(trust_policy: &str) -> Option<(Map<String, Value>, Policy)> {
    let Ok(Value::Object(document)) = serde_json::from_str(trust_policy) else { return None };
    let policy = Policy::from_document(&Value::Object(document.clone()), PolicyKind::Trust);
    Some((document, policy))
}

/// Root and federated users may not assume roles, whatever a role says.
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
fn assumes_no_roles(caller: &Identity) -> Option<&'static str> {
    let resource = caller.arn_resource();
    if resource == "root" {
        Some("the root user cannot assume a role")
    } else if resource.starts_with("federated-user/") {
        Some("a federated user cannot assume a role")
    } else {
        None
    }
}

/// Whether an `AWS` principal is this caller: everybody, the account, its user or role, a session, or a unique id. The
/// ARN of an assumed role's session lacks the role's path.
fn names_caller(principal: &str, caller: &Identity) -> bool {
    let Identity { account, arn, user_id } = caller;
    // The unique id of a role is the first part of its sessions' ids.
    let id = user_id.split(':').next().unwrap_or_default();
    if !principal.is_empty() && ["*", account, arn, user_id, id].contains(&principal) {
        return true;
    }
    let parts: Vec<&str> = principal.splitn(6, ':').collect();
    let [_, _, "iam", _, of_account, resource] = parts[..] else { return false };
    if of_account != account {
        return false;
    }
    let of_caller = caller.arn_resource().strip_prefix("assumed-role/").and_then(|rest| rest.split('/').next());
    let role = resource.strip_prefix("role/").and_then(|path| path.rsplit('/').next());
    resource == "root" || role.is_some() && role == of_caller
}

fn doubt_in_words(doubt: Doubt<'_>) -> String {
    match doubt {
        Doubt::Key(key) => condition_in_words(key),
        Doubt::Element(what) if what.contains("NotPrincipal") => "it has a NotPrincipal".into(),
        other => format!("it depends on {other}"),
    }
}

fn condition_in_words(key: &str) -> String {
    match key.to_ascii_lowercase().as_str() {
        "aws:multifactorauthpresent" | "aws:multifactorauthage" => "it requires MFA".into(),
        "sts:externalid" => "it requires an external ID".into(),
        "sts:sourceidentity" => "it requires a source identity".into(),
        "sts:rolesessionname" => "it requires a certain role session name".into(),
        "aws:sourceip" | "aws:vpcsourceip" => "it requires certain IP addresses".into(),
        "aws:principalorgid" | "aws:principalorgpaths" => "it requires a certain organization".into(),
        _ => format!("it has a condition on {key}"),
    }
}

/// `only services: ec2.amazonaws.com`.
fn in_words(principal: &Value) -> String {
    let Value::Object(kinds) = principal else { return "only others".into() };
    let names = |kind: &str| -> Vec<&str> {
        as_list(kinds.get(kind)).into_iter().filter_map(Value::as_str).filter(|name| !name.is_empty()).collect()
    };
    let (others, services, federated) = (names("AWS"), names("Service"), names("Federated"));
    if !others.is_empty() {
        format!("only {}", others.join(", "))
    } else if !services.is_empty() {
        format!("only the services {}", services.join(", "))
    } else if !federated.is_empty() {
        format!("only users signed in with {}", federated.join(", "))
    } else {
        "only others".into()
    }
}

/// It is not for the caller: for whom it is instead.
fn who_else(policy: &Map<String, Value>) -> String {
    let principal = |one: &Value| one.get("Principal").map(in_words);
    let admits = |one: &&Value| one.get("Effect").and_then(Value::as_str) != Some("Deny");
    let first = as_list(policy.get("Statement")).into_iter().filter(admits).find_map(principal);
    first.map_or_else(|| "no statement allows AssumeRole".into(), |who| format!("it allows {who}"))
}

/// One or a list of them.
fn as_list(value: Option<&Value>) -> Vec<&Value> {
    match value {
        None => vec![],
        Some(Value::Array(values)) => values.iter().collect(),
        Some(value) => vec![value],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn identity(resource: &str, user_id: &str) -> Identity {
        let service = if resource.starts_with("user/") || resource == "root" { "iam" } else { "sts" };
        let arn = format!("arn:aws:{service}::111122223333:{resource}");
        Identity { account: "111122223333".into(), arn, user_id: user_id.into() }
    }

    fn ana() -> Identity {
        identity("user/crew/ana", "AIDAANA")
    }

    fn allow(principal: &Value) -> Value {
        json!({ "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole" })
    }

    fn verdict(statements: &Value, caller: &Identity) -> Admission {
        could_admit(&json!({ "Version": "2012-10-17", "Statement": statements }).to_string(), caller)
    }

    #[test]
    fn mfa_is_asked_for_where_no_statement_admits_without() {
        let statement = |condition: &str| {
            format!(r#"{{"Effect":"Allow","Principal":{{"AWS":"*"}},"Action":"sts:AssumeRole"{condition}}}"#)
        };
        let mfa = statement(r#","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#);
        let external = statement(r#","Condition":{"StringEquals":{"sts:ExternalId":"tide"}}"#);
        let plain = statement("");
        let deny = |rest: &str| format!(r#"{{"Effect":"Deny","Principal":"*"{rest}}}"#);
        let all = r#","Action":"sts:*","Condition":"#;
        let if_exists = deny(&format!(r#"{all}{{"BoolIfExists":{{"aws:MultiFactorAuthPresent":"false"}}}}"#));
        let bool_alone = deny(&format!(r#"{all}{{"Bool":{{"aws:MultiFactorAuthPresent":false}}}}"#));
        let null = deny(&format!(r#"{all}{{"Null":{{"aws:MultiFactorAuthAge":"true"}}}}"#));
        let but_tags = deny(
            r#","NotAction":["sts:TagSession"],"Condition":{"BoolIfExists":{"AWS:multifactorauthpresent":"false"}}"#,
        );
        let tags_alone =
            deny(r#","Action":"sts:TagSession","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}"#);
        let not_too_old =
            deny(&format!(r#"{all}{{"NumericGreaterThanIfExists":{{"aws:MultiFactorAuthAge":"3600"}}}}"#));
        let young = statement(r#","Condition":{"NumericLessThan":{"aws:MultiFactorAuthAge":"3600"}}"#);
        let not_null = statement(r#","Condition":{"Null":{"aws:MultiFactorAuthPresent":"false"}}"#);
        let named = plain.replace(r#"{"AWS":"*"}"#, r#"{"AWS":"arn:aws:iam::111122223333:user/ana"}"#);
        let always = MfaNeed { of_keys: true, of_sessions: true };
        for (statements, asked) in [
            (vec![&mfa], always),
            (vec![&mfa, &mfa], always),
            (vec![&young], always),
            (vec![&mfa, &plain], MfaNeed::default()),
            (vec![&external], MfaNeed::default()),
            (vec![], MfaNeed::default()),
            (vec![&plain, &if_exists], always),
            (vec![&named, &if_exists], always),
            (vec![&plain, &null], always),
            (vec![&plain, &but_tags], always),
            (vec![&plain, &tags_alone], MfaNeed::default()),
            (vec![&plain, &not_too_old], always),
            (vec![&plain, &bool_alone], MfaNeed { of_keys: false, of_sessions: true }),
            (vec![&not_null], MfaNeed { of_keys: true, of_sessions: false }),
        ] {
            let statements: Vec<&str> = statements.into_iter().map(String::as_str).collect();
            let policy = format!(r#"{{"Statement":[{}]}}"#, statements.join(","));
            assert_eq!(asks_for_mfa(&policy), asked, "{policy}");
        }
        assert_eq!(asks_for_mfa("not json"), MfaNeed::default());
        for (temporary, needed) in [(Some(true), true), (Some(false), false), (None, false)] {
            assert_eq!(MfaNeed { of_keys: false, of_sessions: true }.holds_for(temporary), needed);
        }
    }

    #[test]
    fn whoever_is_named_is_likely_admitted() {
        let session = identity("assumed-role/berth/ana", "AROABERTH:ana");
        for (principal, caller) in [
            (json!("*"), ana()),
            (json!({ "AWS": "*" }), ana()),
            (json!({ "AWS": "111122223333" }), ana()),
            (json!({ "AWS": "arn:aws:iam::111122223333:root" }), ana()),
            (json!({ "AWS": ["arn:aws:iam::999999999999:root", "arn:aws:iam::111122223333:user/crew/ana"] }), ana()),
            (json!({ "AWS": "AIDAANA" }), ana()),
            (json!({ "AWS": "arn:aws:iam::111122223333:role/teams/tide/berth" }), session.clone()),
            (json!({ "AWS": "arn:aws:sts::111122223333:assumed-role/berth/ana" }), session.clone()),
            (json!({ "AWS": "AROABERTH" }), session),
        ] {
            assert_eq!(verdict(&allow(&principal), &caller), Admission::Likely, "{principal}");
        }
    }

    #[test]
    fn whoever_is_not_named_is_told_who_is() {
        for (principal, caller, why) in [
            (json!({ "AWS": "arn:aws:iam::999999999999:root" }), ana(), "only arn:aws:iam::999999999999:root"),
            (json!({ "AWS": "arn:aws:iam::111122223333:user/ana" }), ana(), "only arn:aws:iam::111122223333:user/ana"),
            (json!({ "AWS": "arn:aws:iam::111122223333:role/ana" }), ana(), "only arn:aws:iam::111122223333:role/ana"),
            (json!({ "AWS": "" }), identity("user/x", ""), "only others"),
            (json!({ "Service": "ec2.amazonaws.com" }), ana(), "only the services ec2.amazonaws.com"),
            (json!({ "Federated": "accounts.google.com" }), ana(), "only users signed in with accounts.google.com"),
            (json!("*"), identity("root", "111122223333"), "root user cannot assume a role"),
            (json!("*"), identity("federated-user/ana", "111122223333:ana"), "a federated user cannot"),
        ] {
            let verdict = verdict(&allow(&principal), &caller);
            let Admission::Unlikely(said) = &verdict else { panic!("{principal}: {verdict:?}") };
            assert!(said.contains(why), "{principal}: {said}");
        }
    }

    #[test]
    fn a_condition_leaves_it_open_and_is_named() {
        let statement = |condition: Value| {
            let mut statement = allow(&json!({ "AWS": "*" }));
            statement["Condition"] = condition;
            statement
        };
        for (condition, why) in [
            (json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } }), "it requires MFA"),
            (json!({ "StringEquals": { "sts:ExternalId": "tide 7" } }), "it requires an external ID"),
            (json!({ "StringLike": { "sts:RoleSessionName": "${aws:username}" } }), "a certain role session name"),
            (json!({ "ArnLike": { "aws:PrincipalArn": "x" } }), "it has a condition on aws:PrincipalArn"),
        ] {
            let verdict = verdict(&statement(condition), &ana());
            let Admission::Unknown(said) = &verdict else { panic!("{verdict:?}") };
            assert!(said.contains(why), "{said}");
        }
        let either =
            json!([statement(json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } })), allow(&json!("*"))]);
        assert_eq!(verdict(&either, &ana()), Admission::Likely);
    }

    #[test]
    fn a_denial_counts_more_and_other_actions_count_nothing() {
        let deny = json!({ "Effect": "Deny", "Principal": "*", "Action": "sts:*" });
        let mut denies_some = deny.clone();
        denies_some["Condition"] = json!({ "BoolIfExists": { "aws:MultiFactorAuthPresent": "false" } });
        let of = |actions: Value| json!({ "Effect": "Allow", "Principal": "*", "Action": actions });
        for (statements, word) in [
            (json!([of(json!("sts:AssumeRole")), deny]), "unlikely"),
            (json!([of(json!("sts:AssumeRole")), denies_some]), "unknown"),
            (of(json!(["sts:TagSession", "STS:assumerole"])), "likely"),
            (of(json!("sts:Assume*")), "likely"),
            (of(json!("sts:AssumeRol?")), "likely"),
            (of(json!("sts:AssumeRoleWithSAML")), "unlikely"),
            (json!({ "Effect": "Allow", "Principal": "*", "NotAction": "sts:TagSession" }), "likely"),
            (json!({ "Effect": "Allow", "NotPrincipal": { "AWS": "x" }, "Action": "sts:AssumeRole" }), "unknown"),
            (json!([]), "unlikely"),
        ] {
            assert_eq!(verdict(&statements, &ana()).word(), word, "{statements}");
        }
    }

    #[test]
    fn what_is_no_policy_is_unknown() {
        for text in ["", "[]", "{", "<xml/>"] {
            assert_eq!(could_admit(text, &ana()).word(), "unknown", "{text}");
        }
    }

    #[test]
    fn an_action_made_of_wildcards_is_judged_at_once() {
        for (action, expected) in [
            ("*".repeat(2000), Admission::Likely),
            (format!("{}x", "*".repeat(2000)), Admission::Unlikely("it allows only others".into())),
            ("STS:Assume?ole".into(), Admission::Likely),
        ] {
            let statement = json!({ "Effect": "Allow", "Principal": "*", "Action": action });
            assert_eq!(verdict(&statement, &ana()), expected, "{}", &action[..10]);
        }
    }

    #[test]
    fn an_external_id_is_asked_for_where_no_statement_admits_without() {
        let account = r#""Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"111122223333"}"#;
        let needs = r#","Condition":{"StringEquals":{"sts:ExternalId":"tide"}}"#;
        let denies = r#"{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"Null":{"sts:ExternalId":"true"}}}"#;
        for (statements, asked) in [
            (format!("{{{account}{needs}}}"), true),
            (format!("{{{account}}}"), false),
            (format!("{{{account}{needs}}},{{{account}}}"), false),
            (format!("{{{account}}},{denies}"), true),
            (format!(r#"{{{account},"Condition":{{"Bool":{{"aws:MultiFactorAuthPresent":"true"}}}}}}"#), false),
            (format!(r#"{{{account},"Condition":{{"StringEqualsIfExists":{{"sts:ExternalId":"tide"}}}}}}"#), false),
        ] {
            let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
            assert_eq!(asks_for_external_id(&policy), asked, "{policy}");
        }
        assert!(!asks_for_external_id("not json"));
    }
}
