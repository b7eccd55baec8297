//! A policy in plain words: what it allows, and what of the usual it does not.
//!
//! Invariant: what has no plain word is quoted, and never left out: an action, a pattern, a condition.

use super::{
    SessionPolicy,
    condition::Condition,
    pattern::{Pattern, Text, Truth},
    rules::{Choice, Effect, Statement},
};
use crate::domain::location::Location;

/// Words that are joined as in `a, b and c`; nothing for none.
pub(super) fn listed<T: AsRef<str>>(words: &[T], joint: &str) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} {joint} {last}", rest.join(", ")),
    }
}

/// What an action is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Bucket,
    Object,
    /// The account, whatever resource is named.
    Account,
    /// Not known here.
    Any,
}

/// The plain words of actions. Those that only help others to work have none.
const ACTIONS: &[(&str, Target, &str)] = &[
    ("s3:listallmybuckets", Target::Account, "see the names of all buckets"),
    ("s3:listbucket", Target::Bucket, "list"),
    ("s3:getbucketlocation", Target::Bucket, ""),
    ("s3:listbucketversions", Target::Bucket, "list old versions of"),
    ("s3:getobject", Target::Object, "read"),
    ("s3:getobjectversion", Target::Object, "read old versions of"),
    ("s3:putobject", Target::Object, "write"),
    ("s3:abortmultipartupload", Target::Object, ""),
    ("s3:listmultipartuploadparts", Target::Object, ""),
    ("s3:deleteobject", Target::Object, "delete"),
    ("s3:deleteobjectversion", Target::Object, "delete old versions of"),
    ("s3:getobjecttagging", Target::Object, "read the tags of"),
    ("s3:putobjecttagging", Target::Object, "tag"),
    ("s3:deleteobjecttagging", Target::Object, "untag"),
];

/// What a person asks first of a session, and the action that tells.
const USUAL: [(&str, &str); 4] =
    [("list", "s3:listbucket"), ("read", "s3:getobject"), ("write", "s3:putobject"), ("delete", "s3:deleteobject")];

const S3: &str = "arn:aws:s3:::";

/// Words for one place, under one condition.
struct Fact {
    words: Vec<String>,
    place: String,
    /// Begins with a space, or is empty.
    caveat: String,
}

impl Fact {
    fn lists(&self) -> bool {
        self.words.iter().any(|word| word == "list")
    }

    fn whole_place(&self) -> String {
        format!("{}{}", self.place, self.caveat)
    }
}

impl SessionPolicy {
    /// `may list and read s3://tide-logs/app/; may not write, delete or see other buckets`. Names of buckets and keys
    /// are in it: foreign text.
    pub fn in_words(&self) -> String {
        let mut sentences = vec![];
        let may = sentence(&self.facts(Effect::Allow));
        sentences.push(if may.is_empty() { "allows nothing".into() } else { format!("may {may}") });
        let never = sentence(&self.facts(Effect::Deny));
        if !never.is_empty() {
            sentences.push(format!("never: {never}"));
        }
        let may_not = self.may_not();
        if !may.is_empty() && !may_not.is_empty() {
            sentences.push(format!("may not {}", listed(&may_not, "or")));
        }
        sentences.join("; ")
    }

    /// The places that it may list, and when: `s3://tide-logs/app/`. Foreign text.
    pub fn listable(&self) -> Vec<String> {
        self.facts(Effect::Allow).iter().filter(|fact| fact.lists()).map(Fact::whole_place).collect()
    }

    /// The one place that it may list, if it is one in one bucket.
    pub fn only_listable(&self) -> Option<Location> {
        let facts = self.facts(Effect::Allow);
        let mut places = facts.iter().filter(|fact| fact.lists());
        match (places.next(), places.next()) {
            (Some(only), None) => only.place.parse().ok(),
            _ => None,
        }
    }

    /// What of the usual no statement allows.
    fn may_not(&self) -> Vec<&'static str> {
        let allowing = || self.rules.statements.iter().filter(|statement| statement.effect != Some(Effect::Deny));
        let shut = |action: &str| allowing().all(|it| it.actions.takes(Text::Exactly(action)) == Truth::No);
        let elsewhere = allowing().any(|statement| match &statement.resources {
            Choice::Of(patterns) => patterns.iter().any(|pattern| bucket(pattern).is_none()),
            Choice::AllBut(_) | Choice::Unclear => true,
        });
        let usual = USUAL.iter().filter(|(_, action)| shut(action)).map(|(word, _)| *word);
        usual.chain((!elsewhere).then_some("see other buckets")).collect()
    }

    fn facts(&self, effect: Effect) -> Vec<Fact> {
        let mut facts: Vec<Fact> = vec![];
        for statement in self.rules.statements.iter().filter(|statement| statement.effect == Some(effect)) {
            let caveat = caveat(statement);
            for (word, place) in facts_of(statement) {
                match facts.iter_mut().find(|fact| fact.place == place && fact.caveat == caveat) {
                    Some(fact) if fact.words.contains(&word) => {}
                    Some(fact) => fact.words.push(word),
                    None => facts.push(Fact { words: vec![word], place, caveat: caveat.clone() }),
                }
            }
        }
        facts
    }
}

/// Places of which the same is said are told together.
fn sentence(facts: &[Fact]) -> String {
    let mut told: Vec<(String, Vec<String>)> = vec![];
    for fact in facts {
        let words = listed(&fact.words, "and");
        match told.iter_mut().find(|(said, _)| *said == words) {
            Some((_, places)) => places.push(fact.whole_place()),
            None => told.push((words, vec![fact.whole_place()])),
        }
    }
    let parts: Vec<String> = told
        .into_iter()
        .map(|(words, places)| format!("{words} {}", listed(&places, "and")).trim_end().to_owned())
        .collect();
    listed(&parts, "and")
}

/// Each word of a statement with each place it is about.
fn facts_of(statement: &Statement) -> Vec<(String, String)> {
    let prefixes: Vec<&Pattern> = statement.conditions.iter().filter_map(Condition::prefixes).flatten().collect();
    let mut facts = vec![];
    for (word, target) in words(&statement.actions) {
        for place in places(&statement.resources, target, &prefixes) {
            facts.push((word.clone(), place));
        }
    }
    facts
}

fn words(actions: &Choice) -> Vec<(String, Target)> {
    let known = |pattern: &Pattern| {
        let found = ACTIONS.iter().find(|(action, ..)| *action == pattern.written);
        match (found, pattern.written.as_str()) {
            (Some((_, target, word)), _) => ((*word).to_owned(), *target),
            (None, "*") => ("do everything in every service on".into(), Target::Any),
            (None, "s3:*") => ("do everything on".into(), Target::Any),
            (None, action) => (format!("do {action} on"), Target::Any),
        }
    };
    match actions {
        Choice::Of(patterns) => patterns.iter().map(known).filter(|(word, _)| !word.is_empty()).collect(),
        Choice::AllBut(patterns) => vec![(format!("do everything but {} on", quoted(patterns)), Target::Any)],
        Choice::Unclear => vec![("do what its Action does not say clearly on".into(), Target::Any)],
    }
}

fn places(resources: &Choice, target: Target, prefixes: &[&Pattern]) -> Vec<String> {
    if target == Target::Account {
        return vec![String::new()];
    }
    match resources {
        Choice::Of(patterns) => patterns.iter().flat_map(|pattern| places_of(pattern, target, prefixes)).collect(),
        Choice::AllBut(patterns) => vec![format!("everything but {}", quoted(patterns))],
        Choice::Unclear => vec!["what its Resource does not say clearly".into()],
    }
}

fn places_of(pattern: &Pattern, target: Target, prefixes: &[&Pattern]) -> Vec<String> {
    let Some(name) = pattern.written.strip_prefix(S3) else {
        let everything = if pattern.written == "*" { "everything" } else { &pattern.written };
        return vec![everything.to_owned()];
    };
    let (of_objects, ends_open) = (name.contains('/'), name.ends_with('*'));
    match target {
        Target::Bucket if of_objects => vec![],
        Target::Object if !of_objects && !ends_open => vec![],
        Target::Bucket if !prefixes.is_empty() => {
            prefixes.iter().map(|prefix| address(&format!("{name}/{}", prefix.written))).collect()
        }
        _ => vec![address(name)],
    }
}

/// `s3://tide-logs/app/` for `tide-logs/app/*`; a wildcard that is not at the end stays to be seen.
fn address(name: &str) -> String {
    match name {
        "*" | "*/*" => return "every bucket".into(),
        _ => {}
    }
    let name = ["*", "?", "$"].iter().fold(name.to_owned(), |name, c| name.replace(&format!("${{{c}}}"), c));
    let name = name.strip_suffix("/*").map(|above| format!("{above}/")).unwrap_or(name);
    if name.contains('/') { format!("s3://{name}") } else { format!("s3://{name}/") }
}

/// The one bucket that a resource is about or in.
fn bucket(pattern: &Pattern) -> Option<&str> {
    let name = pattern.written.strip_prefix(S3)?.split('/').next()?;
    let escaped = name.replace("${*}", "").replace("${?}", "");
    (!escaped.contains(['*', '?'])).then_some(name)
}

/// When a statement holds, beyond the prefixes that it holds a listing to.
fn caveat(statement: &Statement) -> String {
    let others = statement.conditions.iter().filter(|condition| condition.prefixes().is_none());
    let told: Vec<String> = others.map(when).collect();
    if told.is_empty() { String::new() } else { format!(" {}", told.join(" and ")) }
}

fn when(condition: &Condition) -> String {
    let values = listed(&condition.values, "or");
    match (condition.operator.as_str(), condition.key.to_ascii_lowercase().as_str()) {
        ("DateLessThan" | "DateLessThanEquals", "aws:currenttime") => format!("until {values}"),
        ("DateGreaterThan" | "DateGreaterThanEquals", "aws:currenttime") => format!("from {values} on"),
        _ => format!("if {} {} {values}", condition.key, condition.operator),
    }
}

fn quoted(patterns: &[Pattern]) -> String {
    let written = patterns.iter().map(|pattern| pattern.written.as_str());
    listed(&written.map(|text| text.strip_prefix(S3).unwrap_or(text)).collect::<Vec<_>>(), "and")
}
