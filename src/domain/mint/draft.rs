//! What somebody typed, and what is wrong with it.
//!
//! Invariant: a draft is checked whole: every field that cannot be is named, not only the first.

use super::{
    AssumeRole, FederationToken, Field, Known, Limits, MintRequest, Mode, Most, Note, SessionToken, SourceKind,
    Verdict, field::Notes, further,
};
use crate::domain::{
    duration::SessionDuration,
    location::Location,
    policy::{SessionPolicy, Verbs},
    profile::Profile,
};

/// What somebody typed, unchecked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// How to mint.
    pub mode: Mode,
    /// As in [`SessionDuration`]'s text form.
    pub duration: String,
    /// Federated user or role session name.
    pub name: String,
    /// Used by [`Mode::Role`].
    pub role_arn: String,
    /// `s3://BUCKET/PREFIX`, `BUCKET/PREFIX`, or nothing.
    pub location: String,
    /// `None` sends no session policy.
    pub verbs: Option<Verbs>,
    /// A session policy as JSON, which then stands instead of the scope's.
    pub policy: Option<String>,
    /// Managed policies, by ARN.
    pub policy_arns: Vec<String>,
    /// Session tags, each `KEY=VALUE`.
    pub tags: Vec<String>,
    /// Keys of those that go on.
    pub transitive_tags: Vec<String>,
    /// Nothing sends none.
    pub external_id: String,
    /// Nothing sends none.
    pub source_identity: String,
    /// Nothing asks for no code.
    pub mfa_serial: String,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            mode: Mode::Session,
            duration: SessionDuration::HOUR.to_string(),
            name: "ebbtide".into(),
            role_arn: String::new(),
            location: String::new(),
            verbs: None,
            policy: None,
            policy_arns: vec![],
            tags: vec![],
            transitive_tags: vec![],
            external_id: String::new(),
            source_identity: String::new(),
            mfa_serial: String::new(),
        }
    }
}

/// A draft that can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What to ask STS for.
    pub request: MintRequest,
    /// Where browsing begins.
    pub location: Location,
    /// What AWS would refuse or might, where that is not for us to decide.
    pub advice: Vec<Note>,
}

impl Draft {
    /// A request, or every reason why not.
    pub fn check(&self, limits: Limits, known: Known) -> Result<Checked, Vec<Note>> {
        let mut notes = Notes::under(limits);
        let most = self.check_mode(known, &mut notes);
        let location = self.check_location(&mut notes);
        let duration = self.check_duration(most, &mut notes);
        let name = self.check_name(&mut notes);
        let role_arn = self.check_role_arn(&mut notes);
        let policy = self.check_policy(&location, &mut notes);
        let policy_arns = further::policy_arns(self, &mut notes);
        let tags = further::tags(self, &mut notes);
        let transitive_tags = further::transitive_tags(self, &tags, &mut notes);
        let external_id = further::external_id(self, &mut notes);
        let source_identity = further::source_identity(self, &mut notes);
        let mfa_serial = further::mfa_serial(self, &mut notes);
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
        notes.settle().map(|advice| Checked { request, location, advice })
    }

    /// Whether it asks for the very role that `profile` names, which then says more about it.
    pub fn is_of(&self, profile: &Profile) -> bool {
        self.mode == Mode::Role && profile.role_arn.as_deref().is_some_and(|arn| arn == self.role_arn.trim())
    }

    /// A scoped prefix ends in `/`: a policy for `team` would also cover `team-secret/`.
    fn check_location(&self, notes: &mut Notes) -> Location {
        match Location::typed(&self.location) {
            Ok(mut location) => {
                let scoped = self.mode.takes_policy() && self.verbs.is_some() && self.policy.is_none();
                if scoped && !location.prefix.is_empty() && !location.prefix.ends_with('/') {
                    location.prefix.push('/');
                }
                location
            }
            Err(refusal) => {
                notes.refuse(Field::Location, refusal.to_string());
                Location::buckets()
            }
        }
    }

    /// What the mode grants to this source at most; `None` if the mode is closed to it.
    fn check_mode(&self, known: Known, notes: &mut Notes) -> Option<Most> {
        if known.role_needs_mfa && self.mode == Mode::Role && self.mfa_serial.trim().is_empty() {
            notes.limit(Field::MfaSerial, "the role's trust policy asks for the code of an MFA device".into());
        }
        let has_no_device = matches!(known.source, Some(SourceKind::AssumedRole | SourceKind::FederatedUser));
        if has_no_device && self.mode.takes_mfa() && !self.mfa_serial.trim().is_empty() {
            notes.limit(Field::MfaSerial, "only a user has MFA devices, and these credentials are none's".into());
        }
        match known.verdict(self.mode) {
            Verdict::Open(most) => Some(most),
            Verdict::Closed(reason) => {
                notes.limit(Field::Mode, reason.into());
                None
            }
        }
    }

    fn check_duration(&self, most: Option<Most>, notes: &mut Notes) -> SessionDuration {
        if self.mode == Mode::Direct {
            return SessionDuration::HOUR;
        }
        let duration = match self.duration.parse::<SessionDuration>() {
            Ok(duration) => duration,
            Err(refusal) => {
                notes.refuse(Field::Duration, refusal.to_string());
                return SessionDuration::HOUR;
            }
        };
        let allowed = self.mode.durations();
        if !allowed.contains(&duration.as_secs()) {
            let [least, longest] = [allowed.start(), allowed.end()].map(|limit| SessionDuration::from_secs(*limit));
            notes.limit(
                Field::Duration,
                match most {
                    Some(Most { duration, because: Some(because), .. }) => {
                        format!("AWS grants {least} to {duration} ({because})")
                    }
                    _ => format!("AWS takes {least} to {longest}"),
                },
            );
        } else if let Some(Most { duration: longest, because: Some(because), clamps }) = most
            && duration > longest
        {
            if clamps {
                notes.advise(Field::Duration, format!("{because}: AWS grants {longest}"));
            } else {
                notes.limit(Field::Duration, format!("{because}: at most {longest}"));
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
            notes.refuse(Field::Name, "a name is needed".into());
        } else if let Some(odd) = self.name.chars().find(|c| !(c.is_ascii_alphanumeric() || "_+=,.@-".contains(*c))) {
            notes.refuse(Field::Name, format!("{odd:?} is not allowed; use letters, digits and _+=,.@-"));
        } else if !lengths.contains(&self.name.len()) {
            notes.limit(
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
                notes.refuse(Field::RoleArn, "which role? arn:aws:iam::ACCOUNT:role/NAME".into());
            } else if parts[0] != "arn" || role_name.is_none_or(str::is_empty) || arn.contains(char::is_whitespace) {
                notes.refuse(Field::RoleArn, "not a role ARN: arn:aws:iam::ACCOUNT:role/NAME".into());
            } else if !(20..=2048).contains(&arn.len()) {
                notes.limit(Field::RoleArn, format!("20 to 2048 characters, not {}", arn.len()));
            }
        }
        arn.to_owned()
    }

    fn check_policy(&self, location: &Location, notes: &mut Notes) -> Option<SessionPolicy> {
        if !self.mode.takes_policy() {
            let why = match self.mode {
                Mode::Session => "a session token cannot be narrowed: choose federation or role",
                _ => "direct credentials cannot be narrowed: choose federation or role",
            };
            if self.policy.is_some() {
                notes.refuse(Field::Policy, why.into());
            }
            if self.verbs.is_some() {
                notes.refuse(Field::Scope, why.into());
            }
            return None;
        }
        let policy = match (&self.policy, self.verbs) {
            (Some(text), _) => match SessionPolicy::parse(text) {
                Ok(policy) => policy,
                Err(refusal) => {
                    notes.refuse(Field::Policy, refusal.to_string());
                    return None;
                }
            },
            (None, Some(Verbs::NONE)) => {
                notes.refuse(Field::Scope, "nothing would be allowed: choose at least one verb".into());
                return None;
            }
            (None, Some(verbs)) => {
                if let Some(text) = escaped_characters(&location.prefix) {
                    notes.advise(Field::Location, text);
                }
                SessionPolicy::for_scope(verbs, location)
            }
            (None, None) => return None,
        };
        if policy.as_json().len() > SessionPolicy::MOST_CHARACTERS {
            let most = SessionPolicy::MOST_CHARACTERS;
            let text = format!("{} characters; AWS takes {most}", policy.as_json().len());
            // The limit is documented for both, but only GetFederationToken's request is held to it; a role's policy is
            // judged by its packed size, which nobody else can know.
            if self.mode == Mode::Role { notes.advise(Field::Policy, text) } else { notes.limit(Field::Policy, text) }
        }
        Some(policy)
    }
}

/// What is said of a prefix with characters that STS takes in no policy: they are sent as JSON's escapes.
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html>
fn escaped_characters(prefix: &str) -> Option<String> {
    let taken = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{ff}');
    let odd = prefix.chars().find(|c| !taken(*c))?;
    Some(format!("{odd:?} is not taken in a policy as it is, so JSON's escape of it is sent"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str = "arn:aws:iam::111122223333:role/reader";

    fn draft(mode: Mode) -> Draft {
        Draft { mode, role_arn: ROLE.into(), verbs: mode.default_verbs(), ..Draft::default() }
    }

    #[test]
    fn each_mode_has_a_draft_that_needs_nothing_more() {
        for mode in Mode::ALL {
            assert_eq!(draft(mode).check(Limits::Enforced, Known::default()).unwrap().request.mode(), mode);
        }
    }

    #[test]
    fn a_bad_field_is_named_with_the_reason() {
        let rows: [(Draft, Field, &str); 12] = [
            (Draft { duration: "soon".into(), ..draft(Mode::Session) }, Field::Duration, "not a duration"),
            (Draft { duration: "14m".into(), ..draft(Mode::Session) }, Field::Duration, "15m to 36h"),
            (Draft { duration: "37h".into(), ..draft(Mode::Federation) }, Field::Duration, "15m to 36h"),
            (Draft { duration: "13h".into(), ..draft(Mode::Role) }, Field::Duration, "15m to 12h"),
            (Draft { name: String::new(), ..draft(Mode::Federation) }, Field::Name, "needed"),
            (Draft { name: "ana laptop".into(), ..draft(Mode::Federation) }, Field::Name, "' '"),
            (Draft { name: "x".repeat(33), ..draft(Mode::Federation) }, Field::Name, "2 to 32"),
            (Draft { role_arn: String::new(), ..draft(Mode::Role) }, Field::RoleArn, "which role"),
            (Draft { role_arn: "reader".into(), ..draft(Mode::Role) }, Field::RoleArn, "not a role ARN"),
            (Draft { location: "https://x".into(), ..draft(Mode::Role) }, Field::Location, "not an S3 location"),
            (Draft { verbs: Some(Verbs::READ), ..draft(Mode::Session) }, Field::Scope, "cannot be narrowed"),
            (Draft { policy: Some("{".into()), ..draft(Mode::Role) }, Field::Policy, "line 1"),
        ];
        for (draft, field, reason) in rows {
            let notes = draft.check(Limits::Enforced, Known::default()).unwrap_err();
            assert_eq!(notes.len(), 1, "{notes:?}");
            assert_eq!(notes[0].field, field);
            assert!(notes[0].text.contains(reason), "{}", notes[0]);
        }
    }

    #[test]
    fn what_is_known_of_the_source_limits_the_draft_before_the_call() {
        use crate::domain::mint::SourceKind::{AssumedRole, FederatedUser, Root, SessionToken, User};
        let of = |mode, duration: &str| Draft { duration: duration.into(), ..draft(mode) };
        for (source, draft, verdict) in [
            (User, of(Mode::Session, "36h"), Ok(None)),
            (Root, of(Mode::Session, "2h"), Ok(Some("root keys: AWS grants 1h"))),
            (Root, of(Mode::Role, "1h"), Err((Field::Mode, "root keys cannot assume"))),
            (SessionToken, of(Mode::Session, "1h"), Err((Field::Mode, "long-term keys"))),
            (AssumedRole, of(Mode::Federation, "1h"), Err((Field::Mode, "long-term keys"))),
            (AssumedRole, of(Mode::Role, "1h"), Ok(None)),
            (AssumedRole, of(Mode::Role, "2h"), Err((Field::Duration, "role chaining: at most 1h"))),
            (FederatedUser, of(Mode::Role, "1h"), Err((Field::Mode, "only who it is"))),
        ] {
            let known = Known { source: Some(source), ..Known::default() };
            match (draft.check(Limits::Enforced, known), verdict) {
                (Ok(checked), Ok(advice)) => assert_eq!(checked.advice.first().map(|note| note.text.as_str()), advice),
                (Err(notes), Err((field, reason))) => {
                    assert!(notes[0].field == field && notes[0].text.contains(reason), "{source:?}: {notes:?}");
                    let advised = draft.check(Limits::Advised, known).unwrap();
                    assert_eq!(advised.advice, notes, "elsewhere the same is advice");
                }
                (checked, verdict) => panic!("{source:?}: {checked:?} instead of {verdict:?}"),
            }
        }
    }

    #[test]
    fn another_endpoint_decides_about_its_own_limits() {
        let short = Draft { duration: "10s".into(), ..draft(Mode::Session) };
        let checked = short.check(Limits::Advised, Known::default()).unwrap();
        assert_eq!(checked.request.duration(), Some(SessionDuration::from_secs(10)));
        assert_eq!(checked.advice[0].field, Field::Duration);
    }

    #[test]
    fn a_long_policy_is_refused_for_federation_and_left_to_aws_for_a_role() {
        let long = r#"{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":""#.to_owned()
            + &"x".repeat(2048)
            + r#""}]}"#;
        let of = |mode| Draft { policy: Some(long.clone()), ..draft(mode) };
        let refused = of(Mode::Federation).check(Limits::Enforced, Known::default()).unwrap_err();
        assert_eq!((refused.len(), refused[0].field), (1, Field::Policy));
        for (mode, limits) in [(Mode::Role, Limits::Enforced), (Mode::Federation, Limits::Advised)] {
            let checked = of(mode).check(limits, Known::default()).unwrap();
            assert!(checked.advice[0].text.contains("AWS takes 2048"), "{mode}: {}", checked.advice[0]);
        }
    }

    #[test]
    fn the_last_character_that_fits_is_counted() {
        for (length, fits) in [(2047, true), (2048, true), (2049, false)] {
            let empty = r#"{"Statement":{"Sid":""}}"#;
            let policy = empty.replace("\"\"", &format!("\"{}\"", "x".repeat(length - empty.len())));
            let checked =
                Draft { policy: Some(policy), ..draft(Mode::Federation) }.check(Limits::Enforced, Known::default());
            assert_eq!(checked.is_ok(), fits, "{length}");
        }
    }

    #[test]
    fn a_scope_that_allows_nothing_is_refused_and_an_escaped_prefix_is_said() {
        let none = Draft { verbs: Some(Verbs::NONE), ..draft(Mode::Role) };
        assert_eq!(none.check(Limits::Advised, Known::default()).unwrap_err()[0].field, Field::Scope);
        for (prefix, said) in [("é/", false), ("漢/", true)] {
            let draft = Draft { location: format!("tide-logs/{prefix}"), ..draft(Mode::Federation) };
            let advice = draft.check(Limits::Enforced, Known::default()).unwrap().advice;
            assert_eq!(advice.iter().any(|note| note.field == Field::Location), said, "{prefix}");
        }
    }

    #[test]
    fn a_scoped_prefix_ends_in_its_delimiter() {
        for (mode, typed, taken) in [
            (Mode::Federation, "tide-logs/team", "s3://tide-logs/team/"),
            (Mode::Federation, "s3://tide-logs/team/", "s3://tide-logs/team/"),
            (Mode::Role, "s3://tide-logs/team", "s3://tide-logs/team"),
            (Mode::Session, "s3://tide-logs/team", "s3://tide-logs/team"),
        ] {
            let draft = Draft { location: typed.into(), ..draft(mode) };
            assert_eq!(
                draft.check(Limits::Enforced, Known::default()).unwrap().location.to_string(),
                taken,
                "{mode} {typed}"
            );
        }
    }
}
