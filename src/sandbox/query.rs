//! Parameters of a call in the query protocol, which STS and IAM speak, checked as AWS checks them: every constraint
//! that is broken is listed, in one refusal.
//!
//! Invariant: what the sandbox cannot honour is refused by name, never ignored.

use std::ops::RangeInclusive;

use super::{error_response::ErrorResponse, request::Request};

/// The form of a call.
pub(crate) struct Parameters(Vec<(String, String)>);

/// Constraints that were broken so far.
#[derive(Default)]
pub(crate) struct Violations(Vec<String>);

/// What the characters of a parameter may be, as a regular expression for the refusal and as a test.
pub(crate) struct Characters {
    pattern: &'static str,
    allowed: fn(char) -> bool,
}

/// Names of users and sessions.
pub(crate) const NAME: Characters = Characters {
    pattern: r"[\w+=,.@-]*",
    allowed: |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '=' | ',' | '.' | '@' | '-'),
};
/// `AssumeRole`'s external id.
pub(crate) const EXTERNAL_ID: Characters =
    Characters { pattern: r"[\w+=,.@:\/-]*", allowed: |c| (NAME.allowed)(c) || matches!(c, ':' | '/') };
/// Serial numbers of MFA devices, of which virtual ones have an ARN.
pub(crate) const SERIAL: Characters =
    Characters { pattern: r"[\w+=/:,.@-]*", allowed: |c| (NAME.allowed)(c) || matches!(c, ':' | '/') };
/// Keys and values of tags.
pub(crate) const TAG: Characters = Characters {
    pattern: r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*",
    allowed: |c| c.is_alphanumeric() || c == ' ' || "_.:/=+-@".contains(c),
};
/// Access key ids.
pub(crate) const KEY: Characters = Characters { pattern: r"[\w]*", allowed: |c| c.is_ascii_alphanumeric() || c == '_' };
/// Codes of MFA devices.
pub(crate) const DIGITS: Characters = Characters { pattern: r"[\d]*", allowed: |c| c.is_ascii_digit() };
/// ARNs.
pub(crate) const PRINTABLE: Characters = Characters {
    pattern: r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+",
    allowed: |c| matches!(c, '\t' | '\n' | '\r' | '\u{85}') || !c.is_control(),
};
/// Paths of users and roles.
pub(crate) const PATH: Characters =
    Characters { pattern: r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)", allowed: |c| matches!(c, '!'..='~') };
/// What continues a listing.
pub(crate) const MARKER: Characters =
    Characters { pattern: r"[\u0020-\u00FF]+", allowed: |c| matches!(c, ' '..='\u{ff}') };
const POLICY: Characters = Characters {
    pattern: r"[\u0009\u000A\u000D\u0020-\u00FF]+",
    allowed: |c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{ff}'),
};

impl Parameters {
    /// Reads the form in the body, and the query of a presigned call.
    pub(crate) fn from_request(request: &Request) -> Self {
        let mut pairs: Vec<_> = form_urlencoded::parse(&request.body).into_owned().collect();
        pairs.extend(request.query.iter().cloned());
        Self(pairs)
    }

    /// A parameter as sent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The action that is called, one of `known` in this version of the service.
    pub(crate) fn action(&self, version: &str, known: &[&'static str]) -> Result<&'static str, ErrorResponse> {
        let Some(action) = self.get("Action") else {
            let message = "The request is missing an action or a required parameter.";
            return Err(ErrorResponse::bad_request("MissingAction", message));
        };
        let asked = self.get("Version").unwrap_or(version);
        let found = known.iter().find(|one| **one == action && asked == version);
        found.copied().ok_or_else(|| {
            ErrorResponse::bad_request(
                "InvalidAction",
                format!("Could not find operation {action} for version {asked}"),
            )
        })
    }

    /// `DurationSeconds`, or what is granted to somebody who does not say.
    pub(crate) fn duration_seconds(
        &self,
        allowed: RangeInclusive<u32>,
        default: u32,
        broken: &mut Violations,
    ) -> Result<u32, ErrorResponse> {
        let default = default.max(*allowed.start());
        self.whole_number("DurationSeconds", allowed, default, broken)
    }

    /// A whole number, or what stands for it where there is none.
    pub(crate) fn whole_number(
        &self,
        name: &str,
        allowed: RangeInclusive<u32>,
        default: u32,
        broken: &mut Violations,
    ) -> Result<u32, ErrorResponse> {
        let Some(text) = self.get(name) else { return Ok(default) };
        let number: i64 = text
            .parse()
            .map_err(|_| ErrorResponse::bad_request("MalformedInput", format!("{name} is not an integer")))?;
        let fitting = u32::try_from(number).ok().filter(|number| allowed.contains(number));
        if fitting.is_none() {
            let (bound, which) = if number < i64::from(*allowed.start()) {
                (allowed.start(), "greater")
            } else {
                (allowed.end(), "less")
            };
            broken.add(text, name, &format!("Member must have value {which} than or equal to {bound}"));
        }
        Ok(fitting.unwrap_or(default))
    }

    /// A parameter that must be there.
    pub(crate) fn required_text(
        &self,
        name: &str,
        lengths: RangeInclusive<usize>,
        characters: &Characters,
        broken: &mut Violations,
    ) -> String {
        if self.get(name).is_none() {
            broken.0.push(format!(
                "Value null at '{}' failed to satisfy constraint: Member must not be null",
                lower_camel_case(name)
            ));
        }
        self.optional_text(name, lengths, characters, broken).unwrap_or_default()
    }

    /// A parameter that may be there.
    pub(crate) fn optional_text(
        &self,
        name: &str,
        lengths: RangeInclusive<usize>,
        characters: &Characters,
        broken: &mut Violations,
    ) -> Option<String> {
        let value = self.get(name)?;
        broken.check_value(value, name, lengths, characters);
        Some(value.into())
    }

    /// The names under which the members of a list were sent: `Tags.member.1` and so on, at most `most`.
    pub(crate) fn list_members(&self, list: &str, most: usize, broken: &mut Violations) -> Vec<String> {
        let is_sent = |member: &String| {
            let rest = |key: &str| {
                key.strip_prefix(member.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            self.0.iter().any(|(key, _)| rest(key))
        };
        let members: Vec<_> =
            (1..=self.0.len()).map(|number| format!("{list}.member.{number}")).take_while(is_sent).collect();
        if members.len() > most {
            broken.add("[…]", list, &format!("Member must have length less than or equal to {most}"));
        }
        members
    }

    /// The session policy's text, at most `most` characters of it.
    pub(crate) fn session_policy(&self, most: usize, broken: &mut Violations) -> Option<String> {
        self.optional_text("Policy", 1..=most, &POLICY, broken)
    }

    /// Refuses parameters that the operation does not know here: they would ask for something else than it gives.
    pub(crate) fn refuse_unknown(&self, known: &[&str]) -> Result<(), ErrorResponse> {
        let mut names = self.0.iter().map(|(key, _)| key.split('.').next().unwrap_or(key));
        // A presigned call carries its signature here.
        let is_known = |name: &str| matches!(name, "Action" | "Version") || name.starts_with("X-Amz-");
        match names.find(|name| !is_known(name) && !known.contains(name)) {
            Some(name) => {
                Err(ErrorResponse::bad_request("ValidationError", format!("The sandbox does not support {name}")))
            }
            None => Ok(()),
        }
    }

    /// Refuses MFA where the call has none, which AWS leaves unread.
    pub(crate) fn refuse_mfa(&self) -> Result<(), ErrorResponse> {
        match ["SerialNumber", "TokenCode"].into_iter().find(|name| self.get(name).is_some()) {
            Some(name) => {
                Err(ErrorResponse::bad_request("ValidationError", format!("The sandbox does not support {name} here")))
            }
            None => Ok(()),
        }
    }

    /// Refuses what would change what is minted in ways the sandbox does not know.
    pub(crate) fn refuse_unsupported(&self) -> Result<(), ErrorResponse> {
        if self.0.iter().any(|(key, _)| key.starts_with("ProvidedContexts.")) {
            return Err(ErrorResponse::bad_request("ValidationError", "The sandbox does not support ProvidedContexts"));
        }
        Ok(())
    }
}

impl Violations {
    /// Checks length and characters of a value.
    fn check_value(&mut self, value: &str, name: &str, lengths: RangeInclusive<usize>, characters: &Characters) {
        let length = value.chars().count();
        if length < *lengths.start() {
            let bound = lengths.start();
            self.add(value, name, &format!("Member must have length greater than or equal to {bound}"));
        }
        if length > *lengths.end() {
            let bound = lengths.end();
            self.add(value, name, &format!("Member must have length less than or equal to {bound}"));
        }
        if !value.chars().all(characters.allowed) {
            let pattern = characters.pattern;
            self.add(value, name, &format!("Member must satisfy regular expression pattern: {pattern}"));
        }
    }

    /// Notes a constraint that was broken.
    pub(crate) fn add(&mut self, value: &str, name: &str, constraint: &str) {
        let member = lower_camel_case(name);
        self.0.push(format!("Value '{value}' at '{member}' failed to satisfy constraint: {constraint}"));
    }

    /// The refusal for everything that was broken, if anything was.
    pub(crate) fn into_result(self) -> Result<(), ErrorResponse> {
        let (count, plural) = (self.0.len(), if self.0.len() == 1 { "" } else { "s" });
        if count == 0 {
            return Ok(());
        }
        let message = format!("{count} validation error{plural} detected: {}", self.0.join("; "));
        Err(ErrorResponse::bad_request("ValidationError", message))
    }
}

/// A parameter as AWS names it in refusals: `RoleArn` as `roleArn`.
fn lower_camel_case(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase().to_string() + letters.as_str()).unwrap_or_default()
}
