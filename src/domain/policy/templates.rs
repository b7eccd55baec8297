//! Policy templates.
//!
//! Invariant: each is a complete policy once `BUCKET`, `PREFIX` and `DEADLINE` are filled in; names are taken literally,
//! as in a scope.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{scope, session_policy::SessionPolicy};
use crate::domain::location::Location;

/// A policy to begin with.
#[derive(Debug, PartialEq, Eq)]
pub struct Template {
    /// The word for it on the command line.
    pub name: &'static str,
    /// What it is called on screen.
    pub title: &'static str,
    /// What it is for, in a sentence without an end.
    pub sentence: &'static str,
    json: &'static str,
}

macro_rules! templates {
    ($($name:literal $title:literal $sentence:literal;)+) => {
        &[$(Template {
            name: $name,
            title: $title,
            sentence: $sentence,
            json: include_str!(concat!("../../../assets/policies/", $name, ".json")),
        }),+]
    };
}

/// How long a deadline is away unless somebody edits it.
const DEADLINE: SignedDuration = SignedDuration::from_hours(1);

impl Template {
    /// Every template, the narrowest first.
    pub const ALL: &'static [Self] = templates! {
        "list-only" "list only" "list keys with size and date, but no content";
        "read-prefix" "read a prefix" "list and read everything below a prefix";
        "read-versions" "single versions" "list and read all object versions below a prefix";
        "read-until" "until a deadline" "list and read, for one hour at most, even if the session lasts longer";
        "drop-box" "drop box" "upload objects, without listing or reading";
        "tag-steward" "tag steward" "list objects, read and change their tags, but no content";
        "no-deletes" "deny deletes" "list, read and write; deletes are always denied";
    };

    /// The template of this name, or which there are.
    ///
    /// # Errors
    /// If there is none of the name.
    pub fn named(name: &str) -> Result<&'static Self, String> {
        Self::ALL.iter().find(|template| template.name == name).ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|template| template.name).collect();
            format!("no template is called {name:?}: there are {}", names.join(", "))
        })
    }

    /// The policy for the keys at and below `location`; a deadline is an hour after `now`, to the minute.
    pub fn fill(&self, location: &Location, now: Timestamp) -> SessionPolicy {
        let mut document = self.document();
        let prefix = scope::delimited(&location.prefix);
        let deadline = now.checked_add(DEADLINE).unwrap_or(now).strftime("%Y-%m-%dT%H:%M:00Z").to_string();
        let bucket = location.bucket.as_deref().map_or_else(|| "*".into(), scope::literal);
        fill(&mut document, &[("BUCKET", &bucket), ("PREFIX", &scope::literal(&prefix)), ("DEADLINE", &deadline)]);
        if prefix.is_empty() {
            widen_listing(&mut document);
        }
        SessionPolicy::of(&document)
    }

    fn document(&self) -> Value {
        serde_json::from_str(self.json).expect("a test reads every template")
    }
}

/// Puts names in the place of their words, in every string; what was put in is not looked at again.
fn fill(value: &mut Value, names: &[(&str, &str)]) {
    match value {
        Value::String(text) => {
            let (mut filled, mut rest) = (String::new(), text.as_str());
            while let Some(c) = rest.chars().next() {
                if let Some((word, name)) = names.iter().find(|(word, _)| rest.starts_with(word)) {
                    filled.push_str(name);
                    rest = &rest[word.len()..];
                } else {
                    filled.push(c);
                    rest = &rest[c.len_utf8()..];
                }
            }
            *text = filled;
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| fill(element, names)),
        Value::Object(members) => members.values_mut().for_each(|member| fill(member, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Every listing is below no prefix at all: the condition would only keep out clients that send no prefix.
fn widen_listing(document: &mut Value) {
    for statement in document["Statement"].as_array_mut().into_iter().flatten() {
        let Some(conditions) = statement.get_mut("Condition").and_then(Value::as_object_mut) else { continue };
        conditions.retain(|_, keys| keys.get("s3:prefix").is_none());
        if conditions.is_empty()
            && let Some(statement) = statement.as_object_mut()
        {
            statement.shift_remove("Condition");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::{SessionRights, Verb};

    #[test]
    fn every_template_is_a_policy_that_does_what_it_says_and_no_more() {
        use Verb::{Get, GetVersion, List, Put, Tags};
        let now: Timestamp = "2026-11-22T14:00:31Z".parse().unwrap();
        let rows: [(&str, &[Verb]); 7] = [
            ("list-only", &[List]),
            ("read-prefix", &[List, Get]),
            ("read-versions", &[List, Get, GetVersion]),
            ("read-until", &[List, Get]),
            ("drop-box", &[Put]),
            ("tag-steward", &[List, Tags]),
            ("no-deletes", &[List, Get, Put]),
        ];
        assert_eq!(rows.map(|(name, _)| name), *Template::ALL.iter().map(|it| it.name).collect::<Vec<_>>());
        for (name, allowed) in rows {
            for prefix in ["team", "", "BUCKET/${aws:username}*"] {
                let policy = Template::named(name).unwrap().fill(&Location::new("tide-logs", prefix), now);
                assert_eq!(SessionPolicy::parse(policy.as_json()).unwrap(), policy, "{name}");
                assert!(policy.as_json().len() < SessionPolicy::MOST_CHARACTERS && policy.risks().is_empty());
                let inside = format!("{}x", scope::delimited(prefix));
                let rights = SessionRights::new(Some(&policy), &[], now).unwrap();
                for verb in Verb::ALL {
                    let ruling = rights.may(verb, "tide-logs", &inside);
                    assert_eq!(ruling.is_allowed(), allowed.contains(&verb), "{name} {prefix} {verb:?}");
                    for (bucket, key) in [("tide-eu", inside.as_str()), ("tide-logs", "team-secret/x")] {
                        let outside = bucket == "tide-eu" || !prefix.is_empty();
                        let ruling = rights.may(verb, bucket, key);
                        assert!(!outside || ruling.is_refused(), "{name} {verb:?} {bucket}/{key}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_deadline_is_an_hour_away_and_ends_the_rights() {
        let now: Timestamp = "2026-11-22T14:00:31Z".parse().unwrap();
        let policy = Template::named("read-until").unwrap().fill(&Location::new("tide-logs", ""), now);
        assert!(policy.in_words().contains("until 2026-11-22T15:00:00Z"), "{}", policy.in_words());
        let later = now + SignedDuration::from_hours(1);
        assert!(SessionRights::new(Some(&policy), &[], later).unwrap().may(Verb::Get, "tide-logs", "x").is_refused());
    }
}
