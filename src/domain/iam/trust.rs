//! Whether a role's trust policy could admit somebody: a forecast, for AWS alone decides.
//!
//! Invariant: [`Admission::Likely`] is said only where a statement without conditions names the caller, the caller's
//! account or everybody, and no statement denies it; whatever cannot be judged from here is [`Admission::Unknown`] with
//! what it hangs on. <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

use serde_json::{Map, Value};

use crate::domain::identity::Identity;

/// What the trust policy lets expect. The reasons quote it: foreign text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// It names the caller, or whoever the caller's account lets.
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
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Likely => None,
            Self::Unlikely(why) | Self::Unknown(why) => Some(why),
        }
    }
}

/// Judges a trust policy, JSON as IAM keeps it, for somebody who would call `AssumeRole`.
pub fn could_admit(trust_policy: &str, caller: &Identity) -> Admission {
    let caller = match Caller::of(caller) {
        Ok(caller) => caller,
        Err(why) => return Admission::Unlikely(why.into()),
    };
    let Ok(Value::Object(policy)) = serde_json::from_str(trust_policy) else {
        return Admission::Unknown("its trust policy was not given, or cannot be read".into());
    };
    let statements = several(policy.get("Statement"));
    let of_assume_role: Vec<&Map<String, Value>> =
        statements.into_iter().filter_map(Value::as_object).filter(|one| concerns_assume_role(one)).collect();
    let verdicts = |effect: &'static str| {
        let of_effect = move |one: &&&Map<String, Value>| one.get("Effect").and_then(Value::as_str) == Some(effect);
        of_assume_role.iter().filter(of_effect).map(|one| judge(one, &caller))
    };
    for denied in verdicts("Deny") {
        match denied {
            Admission::Likely => return Admission::Unlikely("it denies this identity".into()),
            Admission::Unknown(why) => return Admission::Unknown(format!("it denies some: {why}")),
            Admission::Unlikely(_) => {}
        }
    }
    let allowed: Vec<Admission> = verdicts("Allow").collect();
    let best = |wanted: fn(&Admission) -> bool| allowed.iter().find(|one| wanted(one)).cloned();
    best(|one| matches!(one, Admission::Likely))
        .or_else(|| best(|one| matches!(one, Admission::Unknown(_))))
        .or_else(|| best(|_| true))
        .unwrap_or_else(|| Admission::Unlikely(who_else(&policy)))
}

/// Whether whoever assumes the role has to come with the code of an MFA device: each statement that admits somebody says so.
pub fn asks_for_mfa(trust_policy: &str) -> bool {
    let Ok(Value::Object(policy)) = serde_json::from_str(trust_policy) else { return false };
    let statements = several(policy.get("Statement")).into_iter().filter_map(Value::as_object);
    let admitting = |one: &&Map<String, Value>| {
        concerns_assume_role(one) && one.get("Effect").and_then(Value::as_str) == Some("Allow")
    };
    let mut admits = statements.filter(admitting).peekable();
    let of_mfa = |key: &str| key.to_ascii_lowercase().starts_with("aws:multifactorauth");
    admits.peek().is_some() && admits.all(|one| conditions(one).into_iter().any(of_mfa))
}

/// Who would call, in the forms in which a principal can name them.
struct Caller<'a> {
    identity: &'a Identity,
    /// Of an assumed role, the role's name; its ARN lacks the path.
    role: Option<&'a str>,
}

impl<'a> Caller<'a> {
    /// Root and federated users may not assume roles, whatever a role says.
    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
    fn of(identity: &'a Identity) -> Result<Self, &'static str> {
        let resource = identity.resource();
        if resource == "root" {
            return Err("an account's root user may not assume roles");
        }
        if resource.starts_with("federated-user/") {
            return Err("a federated user may not assume roles");
        }
        let role = resource.strip_prefix("assumed-role/").and_then(|rest| rest.split('/').next());
        Ok(Self { identity, role })
    }

    /// Whether an `AWS` principal is this caller: everybody, the account, its user or role, a session, or a unique id.
    fn is(&self, principal: &str) -> bool {
        let Identity { account, arn, user_id } = self.identity;
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
        let role = resource.strip_prefix("role/").and_then(|path| path.rsplit('/').next());
        resource == "root" || role.is_some() && role == self.role
    }
}

fn concerns_assume_role(statement: &Map<String, Value>) -> bool {
    let matches = |action: &str| fits(action.to_ascii_lowercase().as_bytes(), b"sts:assumerole");
    match (statement.get("Action"), statement.get("NotAction")) {
        (action @ Some(_), _) => several(action).into_iter().filter_map(Value::as_str).any(matches),
        (None, except @ Some(_)) => !several(except).into_iter().filter_map(Value::as_str).any(matches),
        (None, None) => false,
    }
}

/// Whether a pattern with `*` and `?` fits a whole text.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([b'*', rest @ ..], _) => (0..=text.len()).any(|skipped| fits(rest, &text[skipped..])),
        ([b'?', rest @ ..], [_, after @ ..]) => fits(rest, after),
        ([same, rest @ ..], [first, after @ ..]) => same == first && fits(rest, after),
        ([], text) => text.is_empty(),
        (_, []) => false,
    }
}

/// Whether one statement is about the caller: `Likely` is yes.
fn judge(statement: &Map<String, Value>, caller: &Caller<'_>) -> Admission {
    let Some(principal) = statement.get("Principal") else {
        return Admission::Unknown("it names those it is not about (NotPrincipal)".into());
    };
    let named = match principal {
        Value::Object(kinds) => several(kinds.get("AWS")),
        everybody => vec![everybody],
    };
    if !named.into_iter().filter_map(Value::as_str).any(|name| caller.is(name)) {
        return Admission::Unlikely(format!("it admits {}", in_words(principal)));
    }
    match conditions(statement).first() {
        None => Admission::Likely,
        Some(key) => Admission::Unknown(condition_in_words(key)),
    }
}

/// The keys that a statement's conditions look at.
fn conditions(statement: &Map<String, Value>) -> Vec<&str> {
    let operators = statement.get("Condition").and_then(Value::as_object);
    let keys = operators.into_iter().flat_map(Map::values).filter_map(Value::as_object).flat_map(Map::keys);
    keys.map(String::as_str).collect()
}

fn condition_in_words(key: &str) -> String {
    match key.to_ascii_lowercase().as_str() {
        "aws:multifactorauthpresent" | "aws:multifactorauthage" => "it asks for MFA".into(),
        "sts:externalid" => "it asks for an external id".into(),
        "sts:sourceidentity" => "it asks for a source identity".into(),
        "sts:rolesessionname" => "it asks for a certain session name".into(),
        "aws:sourceip" | "aws:vpcsourceip" => "it asks for certain addresses".into(),
        "aws:principalorgid" | "aws:principalorgpaths" => "it asks for a certain organization".into(),
        _ => format!("it has a condition on {key}"),
    }
}

/// `only services: ec2.amazonaws.com`.
fn in_words(principal: &Value) -> String {
    let Value::Object(kinds) = principal else { return "others only".into() };
    let names = |kind: &str| -> Vec<&str> { several(kinds.get(kind)).into_iter().filter_map(Value::as_str).collect() };
    let (others, services, federated) = (names("AWS"), names("Service"), names("Federated"));
    if !others.is_empty() {
        format!("others only: {}", others.join(", "))
    } else if !services.is_empty() {
        format!("services only: {}", services.join(", "))
    } else {
        format!("only those who log in by {}", federated.join(", "))
    }
}

/// Nothing in it is about `AssumeRole`: for whom it is instead.
fn who_else(policy: &Map<String, Value>) -> String {
    let principal = |one: &Value| one.get("Principal").map(in_words);
    let first = several(policy.get("Statement")).into_iter().find_map(principal);
    first.map_or_else(|| "it admits nobody by AssumeRole".into(), |who| format!("it admits {who}"))
}

/// One or a list of them.
fn several(value: Option<&Value>) -> Vec<&Value> {
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
        for (statements, asked) in [
            (vec![&mfa], true),
            (vec![&mfa, &mfa], true),
            (vec![&mfa, &plain], false),
            (vec![&external], false),
            (vec![], false),
        ] {
            let statements: Vec<&str> = statements.into_iter().map(String::as_str).collect();
            let policy = format!(r#"{{"Statement":[{}]}}"#, statements.join(","));
            assert_eq!(asks_for_mfa(&policy), asked, "{policy}");
        }
        assert!(!asks_for_mfa("not json"));
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
            (json!({ "AWS": "arn:aws:iam::999999999999:root" }), ana(), "others only: arn:aws:iam::999999999999:root"),
            (json!({ "AWS": "arn:aws:iam::111122223333:user/ana" }), ana(), "others only"),
            (json!({ "AWS": "arn:aws:iam::111122223333:role/ana" }), ana(), "others only"),
            (json!({ "AWS": "" }), identity("user/x", ""), "others only"),
            (json!({ "Service": "ec2.amazonaws.com" }), ana(), "services only: ec2.amazonaws.com"),
            (json!({ "Federated": "accounts.google.com" }), ana(), "only those who log in by accounts.google.com"),
            (json!("*"), identity("root", "111122223333"), "root user may not assume roles"),
            (json!("*"), identity("federated-user/ana", "111122223333:ana"), "a federated user may not"),
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
            (json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } }), "it asks for MFA"),
            (json!({ "StringEquals": { "sts:ExternalId": "tide 7" } }), "it asks for an external id"),
            (json!({ "StringLike": { "sts:RoleSessionName": "${aws:username}" } }), "a certain session name"),
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
}
