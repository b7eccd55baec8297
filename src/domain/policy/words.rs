//! A policy in plain words: what it allows, and which common actions it does not.
//!
//! Invariant: an action, a pattern or a condition without a plain word is quoted, never left out.

use super::{
    actions::{Action, Target, documented},
    condition::Condition,
    facts::{Facts, Text},
    listed::listed,
    pattern::Pattern,
    places::{Place, only_bucket, places, quoted},
    risks::{takes, takes_every_action, takes_every_s3_action},
    session_policy::SessionPolicy,
    statement::{Choice, Effect, Statement},
    truth::Truth,
};
use crate::domain::location::Location;

/// What a person asks first of a session, and the action that tells.
const USUAL: [(&str, &str, Target); 4] = [
    ("list", "s3:listbucket", Target::Bucket),
    ("read", "s3:getobject", Target::Object),
    ("write", "s3:putobject", Target::Object),
    ("delete", "s3:deleteobject", Target::Object),
];

/// Words for one place, under one condition.
struct Told {
    words: Vec<String>,
    place: Place,
    /// Begins with a space, or is empty.
    caveat: String,
}

impl Told {
    fn lists(&self) -> bool {
        self.words.iter().any(|word| word == "list")
    }

    fn whole_place(&self) -> String {
        format!("{}{}", self.place.shown, self.caveat)
    }
}

impl SessionPolicy {
    /// `may list and read s3://tide-logs/app/; may not write, delete or see other buckets`. Names of buckets and keys
    /// are in it: foreign text.
    pub fn in_words(&self) -> String {
        let mut sentences = vec![];
        let may = sentence(&self.told(Effect::Allow));
        sentences.push(if may.is_empty() { "allows nothing".into() } else { format!("may {may}") });
        let never = sentence(&self.told(Effect::Deny));
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
        self.told(Effect::Allow).iter().filter(|fact| fact.lists()).map(Told::whole_place).collect()
    }

    /// The one location that it may list, if it is one.
    pub fn only_listable(&self) -> Option<Location> {
        let told = self.told(Effect::Allow);
        let mut places = told.iter().filter(|told| told.lists());
        match (places.next(), places.next()) {
            (Some(only), None) => only.place.location.clone(),
            _ => None,
        }
    }

    /// What of the usual no statement allows.
    fn may_not(&self) -> Vec<&'static str> {
        let allowing = || self.rules.statements.iter().filter(|statement| statement.effect != Some(Effect::Deny));
        let opens = |statement: &Statement, action: &str, target| {
            statement.actions.takes(Text::Exactly(action), &Facts::partial()) != Truth::No
                && !places(&statement.resources, target, &[]).is_empty()
        };
        let elsewhere = allowing().any(|statement| match &statement.resources {
            Choice::Of(patterns) => patterns.iter().any(|pattern| only_bucket(pattern).is_none()),
            Choice::AllBut(_) | Choice::Unclear => true,
        });
        let shut = |(word, action, target): (&'static str, &str, Target)| {
            (!allowing().any(|statement| opens(statement, action, target))).then_some(word)
        };
        USUAL.into_iter().filter_map(shut).chain((!elsewhere).then_some("see other buckets")).collect()
    }

    fn told(&self, effect: Effect) -> Vec<Told> {
        let mut told: Vec<Told> = vec![];
        for statement in self.rules.statements.iter().filter(|statement| statement.effect == Some(effect)) {
            let caveat = caveat(statement);
            for (word, place) in told_of(statement) {
                match told.iter_mut().find(|told| told.place == place && told.caveat == caveat) {
                    Some(told) if told.words.contains(&word) => {}
                    Some(told) => told.words.push(word),
                    None => told.push(Told { words: vec![word], place, caveat: caveat.clone() }),
                }
            }
        }
        told
    }
}

/// Places of which the same is said are told together.
fn sentence(all: &[Told]) -> String {
    let mut told: Vec<(String, Vec<String>)> = vec![];
    for fact in all {
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
fn told_of(statement: &Statement) -> Vec<(String, Place)> {
    let prefixes: Vec<&Pattern> = statement.conditions.iter().filter_map(Condition::prefixes).flatten().collect();
    let mut told = vec![];
    for (word, target) in words(&statement.actions) {
        for place in places(&statement.resources, target, &prefixes) {
            told.push((word.clone(), place));
        }
    }
    told
}

fn words(actions: &Choice) -> Vec<(String, Target)> {
    let patterns = match actions {
        Choice::Of(patterns) => patterns,
        Choice::AllBut(patterns) => {
            return vec![(format!("do everything but {} on", quoted(patterns)), Target::Any)];
        }
        Choice::Unclear => return vec![("do an unclear Action on".into(), Target::Any)],
    };
    let all: Vec<&Pattern> = patterns.iter().collect();
    if takes_every_action(&all, &[]) {
        return vec![("do everything in every service on".into(), Target::Any)];
    }
    if !takes_every_s3_action(&all, &[]) {
        return unique(patterns.iter().flat_map(words_of));
    }
    let others = patterns.iter().filter(|pattern| !is_of_s3(pattern)).flat_map(words_of);
    unique([("do everything on".to_owned(), Target::Any)].into_iter().chain(others))
}

/// The words of the actions that a pattern takes; and the pattern itself, where it takes others too.
fn words_of(pattern: &Pattern) -> Vec<(String, Target)> {
    let taken: Vec<Action> = documented().filter(|action| takes(pattern, &action.name)).collect();
    let worded = taken.iter().filter_map(|action| action.word.map(|word| (word.to_owned(), action.target)));
    let mut words: Vec<(String, Target)> = worded.filter(|(word, _)| !word.is_empty()).collect();
    if taken.is_empty() || taken.iter().any(|action| action.word.is_none()) {
        words.push((format!("do {} on", pattern.written), Target::Any));
    }
    words
}

fn unique(words: impl IntoIterator<Item = (String, Target)>) -> Vec<(String, Target)> {
    let mut seen = vec![];
    for word in words {
        if !seen.contains(&word) {
            seen.push(word);
        }
    }
    seen
}

fn is_of_s3(pattern: &Pattern) -> bool {
    documented().any(|action| takes(pattern, &action.name))
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
