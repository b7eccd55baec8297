//! A policy in plain words: what it allows, and which common actions it does not.
//!
//! Invariant: an action, a pattern or a condition without a plain word is quoted, never left out.

use super::{
    actions::{ActionTarget, S3Action, documented_actions},
    condition::Condition,
    facts::{ConditionFacts, FactText},
    listed::join_words,
    pattern::Pattern,
    places::{ResourcePlace, find_places, only_bucket, quote_patterns},
    risks::{takes_action, takes_every_action, takes_every_s3_action},
    session_policy::SessionPolicy,
    statement::{PatternChoice, Statement, StatementEffect},
    truth::Truth,
};
use crate::domain::location::Location;

/// What a person asks first of a session, and the action that tells.
const USUAL: [(&str, &str, ActionTarget); 4] = [
    ("list", "s3:listbucket", ActionTarget::Bucket),
    ("read", "s3:getobject", ActionTarget::Object),
    ("write", "s3:putobject", ActionTarget::Object),
    ("delete", "s3:deleteobject", ActionTarget::Object),
];

/// Words for one place, under one condition.
struct PlaceWords {
    words: Vec<String>,
    place: ResourcePlace,
    /// Begins with a space, or is empty.
    caveat: String,
}

impl PlaceWords {
    fn is_listing(&self) -> bool {
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
        let may = join_sentences(&self.place_words(StatementEffect::Allow));
        sentences.push(if may.is_empty() { "allows nothing".into() } else { format!("may {may}") });
        let never = join_sentences(&self.place_words(StatementEffect::Deny));
        if !never.is_empty() {
            sentences.push(format!("never: {never}"));
        }
        let may_not = self.may_not();
        if !may.is_empty() && !may_not.is_empty() {
            sentences.push(format!("may not {}", join_words(&may_not, "or")));
        }
        sentences.join("; ")
    }

    /// The places that it may list, and when: `s3://tide-logs/app/`. Foreign text.
    pub fn listable_places(&self) -> Vec<String> {
        self.place_words(StatementEffect::Allow)
            .iter()
            .filter(|fact| fact.is_listing())
            .map(PlaceWords::whole_place)
            .collect()
    }

    /// The one location that it may list, if it is one.
    pub fn only_listable(&self) -> Option<Location> {
        let described = self.place_words(StatementEffect::Allow);
        let mut places = described.iter().filter(|described| described.is_listing());
        match (places.next(), places.next()) {
            (Some(only), None) => only.place.location.clone(),
            _ => None,
        }
    }

    /// What of the usual no statement allows.
    fn may_not(&self) -> Vec<&'static str> {
        let allowing =
            || self.rules.statements.iter().filter(|statement| statement.effect != Some(StatementEffect::Deny));
        let opens = |statement: &Statement, action: &str, target| {
            statement.actions.matches_choice(FactText::Exactly(action), &ConditionFacts::partial()) != Truth::No
                && !find_places(&statement.resources, target, &[]).is_empty()
        };
        let elsewhere = allowing().any(|statement| match &statement.resources {
            PatternChoice::Of(patterns) => patterns.iter().any(|pattern| only_bucket(pattern).is_none()),
            PatternChoice::AllBut(_) | PatternChoice::Unclear => true,
        });
        let shut = |(word, action, target): (&'static str, &str, ActionTarget)| {
            (!allowing().any(|statement| opens(statement, action, target))).then_some(word)
        };
        USUAL.into_iter().filter_map(shut).chain((!elsewhere).then_some("see other buckets")).collect()
    }

    fn place_words(&self, effect: StatementEffect) -> Vec<PlaceWords> {
        let mut described: Vec<PlaceWords> = vec![];
        for statement in self.rules.statements.iter().filter(|statement| statement.effect == Some(effect)) {
            let caveat = caveat_of(statement);
            for (word, place) in told_of(statement) {
                match described.iter_mut().find(|described| described.place == place && described.caveat == caveat) {
                    Some(described) if described.words.contains(&word) => {}
                    Some(described) => described.words.push(word),
                    None => described.push(PlaceWords { words: vec![word], place, caveat: caveat.clone() }),
                }
            }
        }
        described
    }
}

/// Places with the same statement are listed together.
fn join_sentences(all: &[PlaceWords]) -> String {
    let mut described: Vec<(String, Vec<String>)> = vec![];
    for fact in all {
        let words = join_words(&fact.words, "and");
        match described.iter_mut().find(|(said, _)| *said == words) {
            Some((_, places)) => places.push(fact.whole_place()),
            None => described.push((words, vec![fact.whole_place()])),
        }
    }
    let parts: Vec<String> = described
        .into_iter()
        .map(|(words, places)| format!("{words} {}", join_words(&places, "and")).trim_end().to_owned())
        .collect();
    join_words(&parts, "and")
}

/// Each word of a statement with each place it is about.
fn told_of(statement: &Statement) -> Vec<(String, ResourcePlace)> {
    let prefixes: Vec<&Pattern> =
        statement.conditions.iter().filter_map(Condition::listing_prefixes).flatten().collect();
    let mut described = vec![];
    for (word, target) in action_words(&statement.actions) {
        for place in find_places(&statement.resources, target, &prefixes) {
            described.push((word.clone(), place));
        }
    }
    described
}

fn action_words(actions: &PatternChoice) -> Vec<(String, ActionTarget)> {
    let patterns = match actions {
        PatternChoice::Of(patterns) => patterns,
        PatternChoice::AllBut(patterns) => {
            return vec![(format!("do everything but {} on", quote_patterns(patterns)), ActionTarget::Any)];
        }
        PatternChoice::Unclear => return vec![("do an unclear Action on".into(), ActionTarget::Any)],
    };
    let all: Vec<&Pattern> = patterns.iter().collect();
    if takes_every_action(&all, &[]) {
        return vec![("do everything in every service on".into(), ActionTarget::Any)];
    }
    if !takes_every_s3_action(&all, &[]) {
        return unique_words(patterns.iter().flat_map(words_of));
    }
    let others = patterns.iter().filter(|pattern| !is_of_s3(pattern)).flat_map(words_of);
    unique_words([("do everything on".to_owned(), ActionTarget::Any)].into_iter().chain(others))
}

/// The words of the actions that a pattern takes; and the pattern itself, where it takes others too.
fn words_of(pattern: &Pattern) -> Vec<(String, ActionTarget)> {
    let taken: Vec<S3Action> = documented_actions().filter(|action| takes_action(pattern, &action.name)).collect();
    let worded = taken.iter().filter_map(|action| action.word.map(|word| (word.to_owned(), action.target)));
    let mut words: Vec<(String, ActionTarget)> = worded.filter(|(word, _)| !word.is_empty()).collect();
    if taken.is_empty() || taken.iter().any(|action| action.word.is_none()) {
        words.push((format!("do {} on", pattern.written), ActionTarget::Any));
    }
    words
}

fn unique_words(words: impl IntoIterator<Item = (String, ActionTarget)>) -> Vec<(String, ActionTarget)> {
    let mut seen = vec![];
    for word in words {
        if !seen.contains(&word) {
            seen.push(word);
        }
    }
    seen
}

fn is_of_s3(pattern: &Pattern) -> bool {
    documented_actions().any(|action| takes_action(pattern, &action.name))
}

/// When a statement holds, beyond the prefixes that it holds a listing to.
fn caveat_of(statement: &Statement) -> String {
    let others = statement.conditions.iter().filter(|condition| condition.listing_prefixes().is_none());
    let described: Vec<String> = others.map(condition_words).collect();
    if described.is_empty() { String::new() } else { format!(" {}", described.join(" and ")) }
}

fn condition_words(condition: &Condition) -> String {
    let values = join_words(&condition.values, "or");
    match (condition.operator.as_str(), condition.key.to_ascii_lowercase().as_str()) {
        ("DateLessThan" | "DateLessThanEquals", "aws:currenttime") => format!("until {values}"),
        ("DateGreaterThan" | "DateGreaterThanEquals", "aws:currenttime") => format!("from {values} on"),
        _ => format!("if {} {} {values}", condition.key, condition.operator),
    }
}
