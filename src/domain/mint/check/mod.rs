//! What is wrong with a draft, or the request that it makes.
//!
//! Invariant: a draft is checked as a whole: every wrong field is named, not only the first.

use super::{
    draft::Draft,
    extra_fields,
    field::{Field, Note, Notes},
    limits::Limits,
    mode::Mode,
    preflight::{LongestSession, MintFacts, SourceKind, Verdict},
    request::{AssumeRole, FederationToken, MintRequest, SessionToken},
};
use crate::domain::{
    duration::SessionDuration,
    location::Location,
    policy::{SessionPolicy, Verbs},
};

/// A draft that can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What to ask STS for.
    pub request: MintRequest,
    /// Where browsing begins.
    pub location: Location,
    /// What was requested instead, where the scope does not let that be listed: names that begin with a prefix which
    /// ends within a name.
    pub narrowed_from: Option<Location>,
    /// What AWS would refuse or might, where that is not for us to decide.
    pub advice: Vec<Note>,
}

impl Draft {
    /// A request, or every reason why not.
    pub fn check_fields(&self, limits: Limits, facts: MintFacts) -> Result<Checked, Vec<Note>> {
        let mut notes = Notes::under_limits(limits);
        for field in Field::OPTIONAL.into_iter().filter(|field| self.asks_for(*field) && !self.mode.takes_field(*field))
        {
            notes.add_refusal(field, self.mode.refuse_field(field).into());
        }
        let most = self.check_mode(facts, &mut notes);
        let (location, narrowed_from) = self.check_location(&mut notes);
        let duration = self.check_duration(most, &mut notes);
        let name = self.check_name(&mut notes);
        let role_arn = self.check_role_arn(&mut notes);
        let policy = self.check_policy(&location, &mut notes);
        let (location, narrowed_from) = match (&policy, narrowed_from) {
            (Some(policy), None) => to_where_it_may_list(location, policy, &mut notes),
            (_, narrowed_from) => (location, narrowed_from),
        };
        let policy_arns = extra_fields::policy_arns(self, &mut notes);
        let tags = extra_fields::check_tags(self, &mut notes);
        let transitive_tags = extra_fields::transitive_tags(self, &tags, &mut notes);
        let external_id = extra_fields::external_id(self, &mut notes);
        let source_identity = extra_fields::source_identity(self, &mut notes);
        let mfa_serial = extra_fields::mfa_serial(self, &mut notes);
        let request = match self.mode {
            Mode::Session => MintRequest::SessionToken(SessionToken { duration, mfa_serial }),
            Mode::Federation => {
                MintRequest::FederationToken(Box::new(FederationToken { name, duration, policy, policy_arns, tags }))
            }
            Mode::Role => MintRequest::AssumeRole(Box::new(AssumeRole {
                role_arn,
                session_name: name,
                duration,
                policy,
                policy_arns,
                tags,
                transitive_tags,
                external_id,
                source_identity,
                mfa_serial,
            })),
            Mode::Direct => MintRequest::Direct,
        };
        notes.into_result().map(|advice| Checked { request, location, narrowed_from, advice })
    }

    /// What the session is narrowed by: a policy or none.
    ///
    /// # Errors
    ///
    /// Says why that is unknown, whatever else is wrong with the draft.
    pub fn session_policy(&self) -> Result<Option<SessionPolicy>, Vec<Note>> {
        // What is wrong with the policy is asked, not whether AWS would take it.
        let mut notes = Notes::under_limits(Limits::Advised);
        let by_scope = self.mode.takes_policy() && self.verbs.is_some() && self.policy.is_none();
        let location = if by_scope { self.check_location(&mut notes).0 } else { Location::all_buckets() };
        let policy = self.check_policy(&location, &mut notes);
        notes.into_result().map(|_| policy)
    }

    /// A scoped prefix ends in `/`: a policy for `team` would also cover `team-secret/`. What is not listed for that is
    /// said.
    fn check_location(&self, notes: &mut Notes) -> (Location, Option<Location>) {
        let location = Location::parse_typed(&self.location).unwrap_or_else(|refusal| {
            notes.add_refusal(Field::Location, refusal.to_string());
            Location::all_buckets()
        });
        let scoped = self.mode.takes_policy() && self.verbs.is_some() && self.policy.is_none();
        if !scoped || !location.asks_for_names() {
            return (location, None);
        }
        let below = below_prefix(&location);
        notes.add_advice(
            Field::Location,
            format!("a scope ends at a /, so this is {below} and not other names like it"),
        );
        (below, Some(location))
    }

    /// What the mode grants to this source at most; `None` if the mode is closed to it.
    fn check_mode(&self, facts: MintFacts, notes: &mut Notes) -> Option<LongestSession> {
        if facts.role_needs_mfa && self.mode == Mode::Role && self.mfa_serial.trim().is_empty() {
            notes.add_limit(Field::MfaSerial, "the role's trust policy requires MFA".into());
        }
        if facts.role_needs_external_id && self.mode == Mode::Role && self.external_id.trim().is_empty() {
            notes.add_limit(Field::ExternalId, "the role's trust policy asks for an external ID".into());
        }
        let has_no_device = matches!(facts.source, Some(SourceKind::AssumedRole | SourceKind::FederatedUser));
        if has_no_device && self.mode.takes_mfa() && !self.mfa_serial.trim().is_empty() {
            notes.add_limit(
                Field::MfaSerial,
                "only an IAM user has MFA devices, and these are not a user's credentials".into(),
            );
        }
        match facts.judge_mode(self.mode) {
            Verdict::Open(most) => Some(most),
            Verdict::Closed(reason) => {
                notes.add_limit(Field::Mode, reason.into());
                None
            }
        }
    }

    fn check_duration(&self, most: Option<LongestSession>, notes: &mut Notes) -> SessionDuration {
        if self.mode == Mode::Direct {
            return SessionDuration::HOUR;
        }
        let duration = match self.duration.parse::<SessionDuration>() {
            Ok(duration) => duration,
            Err(refusal) => {
                notes.add_refusal(Field::Duration, refusal.to_string());
                return SessionDuration::HOUR;
            }
        };
        let allowed = self.mode.allowed_durations();
        if !allowed.contains(&duration.as_secs()) {
            let [least, longest] = [allowed.start(), allowed.end()].map(|limit| SessionDuration::from_secs(*limit));
            notes.add_limit(
                Field::Duration,
                match most {
                    Some(LongestSession { duration, because: Some(because), .. }) => {
                        format!("AWS grants {least} to {duration} ({because})")
                    }
                    _ => format!("AWS allows {least} to {longest}"),
                },
            );
        } else if let Some(LongestSession { duration: longest, because: Some(because), clamps }) = most
            && duration > longest
        {
            if clamps {
                notes.add_advice(Field::Duration, format!("{because}: AWS grants {longest}"));
            } else {
                notes.add_limit(Field::Duration, format!("{because}: at most {longest}"));
            }
        }
        duration
    }

    fn check_name(&self, notes: &mut Notes) -> String {
        if !self.mode.takes_name() {
            return String::new();
        }
        let lengths = self.mode.name_lengths();
        if self.name.is_empty() {
            notes.add_refusal(Field::Name, "a name is needed".into());
        } else if let Some(odd) = self.name.chars().find(|c| !(c.is_ascii_alphanumeric() || "_+=,.@-".contains(*c))) {
            notes.add_refusal(Field::Name, format!("{odd:?} is not allowed; use letters, digits and _+=,.@-"));
        } else if !lengths.contains(&self.name.len()) {
            notes.add_limit(
                Field::Name,
                format!("{} to {} characters, not {}", lengths.start(), lengths.end(), self.name.len()),
            );
        }
        self.name.clone()
    }

    fn check_role_arn(&self, notes: &mut Notes) -> String {
        let arn = self.role_arn.trim();
        if self.mode == Mode::Role {
            let parts: Vec<&str> = arn.splitn(6, ':').collect();
            let role_name = parts.get(5).and_then(|resource| resource.strip_prefix("role/"));
            if arn.is_empty() {
                notes.add_refusal(Field::RoleArn, "required: arn:aws:iam::ACCOUNT:role/NAME".into());
            } else if parts[0] != "arn" || role_name.is_none_or(str::is_empty) || arn.contains(char::is_whitespace) {
                notes.add_refusal(Field::RoleArn, "not a role ARN: arn:aws:iam::ACCOUNT:role/NAME".into());
            } else if !(20..=2048).contains(&arn.len()) {
                notes.add_limit(Field::RoleArn, format!("20 to 2048 characters, not {}", arn.len()));
            }
        }
        arn.to_owned()
    }

    fn check_policy(&self, location: &Location, notes: &mut Notes) -> Option<SessionPolicy> {
        if !self.mode.takes_policy() {
            return None;
        }
        let policy = match (&self.policy, self.verbs) {
            (Some(text), _) => match SessionPolicy::parse_typed(text) {
                Ok(policy) => policy,
                Err(refusal) => {
                    notes.add_refusal(Field::Policy, refusal.to_string());
                    return None;
                }
            },
            (None, Some(Verbs::NONE)) => {
                notes.add_refusal(Field::Scope, "nothing would be allowed: choose at least one action".into());
                return None;
            }
            (None, Some(verbs)) => {
                if let Some(text) = escaped_characters(&location.prefix) {
                    notes.add_advice(Field::Location, text);
                }
                SessionPolicy::for_scope(verbs, location)
            }
            (None, None) => return None,
        };
        if policy.as_json().len() > SessionPolicy::MOST_CHARACTERS {
            let most = SessionPolicy::MOST_CHARACTERS;
            let text = format!("{} characters; AWS allows {most}", policy.as_json().len());
            // The limit is documented for both, but only GetFederationToken's request is held to it; a role's policy is
            // judged by its packed size, which nobody else can know.
            if self.mode == Mode::Role {
                notes.add_advice(Field::Policy, text);
            } else {
                notes.add_limit(Field::Policy, text);
            }
        }
        Some(policy)
    }
}

/// The same prefix with a `/` after it.
fn below_prefix(location: &Location) -> Location {
    Location { prefix: format!("{}/", location.prefix), ..location.clone() }
}

/// A template ends its prefix in `/` as a scope does: what its policy lets be listed is listed, and that is said.
fn to_where_it_may_list(location: Location, policy: &SessionPolicy, notes: &mut Notes) -> (Location, Option<Location>) {
    let below = below_prefix(&location);
    if !location.asks_for_names() || policy.only_listable().as_ref() != Some(&below) {
        return (location, None);
    }
    notes.add_advice(Field::Location, format!("the policy only allows to list {below}, not other names like it"));
    (below, Some(location))
}

/// What is said of a prefix with characters that STS takes in no policy: they are sent as JSON's escapes.
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html>
fn escaped_characters(prefix: &str) -> Option<String> {
    let taken = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{ff}');
    let odd = prefix.chars().find(|c| !taken(*c))?;
    Some(format!("AWS does not accept {odd:?} in a policy, so its JSON escape is sent"))
}

#[cfg(test)]
mod tests;
