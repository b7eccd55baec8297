//! What the resources of a statement mean: everything, every bucket, one place, or what only a pattern can say.
//!
//! Invariant: a place with a [`Location`] is exactly that location; what a wildcard leaves open has none, and is shown
//! with its wildcard.

use super::{
    actions::ActionTarget,
    facts::{ConditionFacts, FactText},
    family::{Family, PARTITIONS},
    listed::join_words,
    pattern::{Pattern, PatternPiece},
    statement::PatternChoice,
    truth::Truth,
};
use crate::domain::location::Location;

/// Where something may be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ResourcePlace {
    /// For sentences; may be empty. Foreign text.
    pub(super) shown: String,
    /// Where it is, if it is one location.
    pub(super) location: Option<Location>,
}

impl ResourcePlace {
    pub(super) fn from_text(text: impl Into<String>) -> Self {
        Self { shown: text.into(), location: None }
    }
}

/// A resource of S3 in its parts.
struct Resource<'p> {
    pattern: &'p Pattern,
    bucket: &'p [PatternPiece],
    /// What follows the first `/`; `None` where there is none.
    key: Option<&'p [PatternPiece]>,
}

impl<'p> Resource<'p> {
    /// Reads `arn:PARTITION:s3:::BUCKET/KEY`, whatever the partition; `None` for anything else.
    fn parse_arn(pattern: &'p Pattern) -> Option<Self> {
        let pieces = &pattern.pieces;
        let colons: Vec<usize> =
            (0..pieces.len()).filter(|at| pieces[*at] == PatternPiece::Char(':')).take(5).collect();
        let [first, second, third, fourth, fifth] = colons[..] else { return None };
        let is = |from: usize, to: usize, text: &str| literal_text(&pieces[from..to]).is_some_and(|part| part == text);
        let named = is(0, first, "arn") && is(second + 1, third, "s3") && is(third + 1, fourth, "");
        if !named || !is(fourth + 1, fifth, "") {
            return None;
        }
        let name = &pieces[fifth + 1..];
        let slash = name.iter().position(|piece| *piece == PatternPiece::Char('/'));
        Some(match slash {
            Some(at) => Self { pattern, bucket: &name[..at], key: Some(&name[at + 1..]) },
            None => Self { pattern, bucket: name, key: None },
        })
    }
}

/// The text that pieces stand for, if they stand for one.
fn literal_text(pieces: &[PatternPiece]) -> Option<String> {
    pieces.iter().map(|piece| if let PatternPiece::Char(c) = piece { Some(*c) } else { None }).collect()
}

/// The text with which whatever pieces match begins, if any text may follow.
fn literal_beginning(pieces: &[PatternPiece]) -> Option<String> {
    let runs = pieces.iter().rev().take_while(|piece| **piece == PatternPiece::Run).count();
    literal_text(&pieces[..pieces.len() - runs]).filter(|_| runs > 0)
}

/// Where a statement is about something of a kind. `prefixes` are those that its conditions hold a listing to.
pub(super) fn find_places(
    resources: &PatternChoice,
    target: ActionTarget,
    prefixes: &[&Pattern],
) -> Vec<ResourcePlace> {
    if target == ActionTarget::Account {
        // As AWS asks for it: on every bucket.
        let is_every = |partition: &str| {
            let all = format!("arn:{partition}:s3:::*");
            resources.matches_choice(FactText::Exactly(&all), &ConditionFacts::partial()) != Truth::No
        };
        return PARTITIONS.into_iter().any(is_every).then(|| ResourcePlace::from_text("")).into_iter().collect();
    }
    match resources {
        PatternChoice::Of(patterns) => {
            patterns.iter().flat_map(|pattern| places_of(pattern, target, prefixes)).collect()
        }
        PatternChoice::AllBut(patterns) => {
            vec![ResourcePlace::from_text(format!("everything but {}", quote_patterns(patterns)))]
        }
        PatternChoice::Unclear => vec![ResourcePlace::from_text("an unclear Resource")],
    }
}

fn places_of(pattern: &Pattern, target: ActionTarget, prefixes: &[&Pattern]) -> Vec<ResourcePlace> {
    let is_met = PARTITIONS.iter().any(|partition| match target {
        ActionTarget::Bucket => Family::of_buckets(partition).may_match(pattern),
        ActionTarget::Object => Family::of_objects(partition).may_match(pattern),
        ActionTarget::Account | ActionTarget::Other | ActionTarget::Any => true,
    });
    if !is_met {
        return vec![];
    }
    let listing = target == ActionTarget::Bucket && !prefixes.is_empty();
    let resource = Resource::parse_arn(pattern);
    match resource {
        Some(Resource { bucket, .. }) if listing => match literal_text(bucket) {
            Some(bucket) => prefixes.iter().map(|prefix| prefix_of(&bucket, prefix)).collect(),
            None => prefixes
                .iter()
                .map(|prefix| {
                    ResourcePlace::from_text(format!(
                        "{}{}",
                        bucket_address(&pattern.show_pieces(bucket)),
                        show_below(prefix, &prefix.pieces)
                    ))
                })
                .collect(),
        },
        _ if takes_everything(pattern) => vec![ResourcePlace::from_text("everything")],
        _ if reaches_every_bucket(&[pattern], &[]) => vec![ResourcePlace::from_text("every bucket")],
        Some(resource) => vec![place_of(&resource, target)],
        None => vec![ResourcePlace::from_text(&pattern.written)],
    }
}

fn place_of(resource: &Resource<'_>, target: ActionTarget) -> ResourcePlace {
    let key = resource.key.unwrap_or_default();
    let bucket = literal_text(resource.bucket);
    let whole = resource.key.is_none();
    let prefix = if whole { Some(String::new()) } else { literal_beginning(key) };
    match (bucket, prefix) {
        (Some(bucket), Some(prefix)) => place_of_location(Location::new(bucket, prefix)),
        (Some(bucket), None) => {
            ResourcePlace::from_text(format!("{}{}", bucket_address(&bucket), show_below(resource.pattern, key)))
        }
        // `tide*` is also about the objects of such buckets.
        (None, _) if whole && target != ActionTarget::Bucket => {
            ResourcePlace::from_text(format!("s3://{}", resource.pattern.show_pieces(resource.bucket)))
        }
        (None, _) => ResourcePlace::from_text(format!(
            "{}{}",
            bucket_address(&resource.pattern.show_pieces(resource.bucket)),
            show_below(resource.pattern, key)
        )),
    }
}

fn prefix_of(bucket: &str, prefix: &Pattern) -> ResourcePlace {
    match literal_beginning(&prefix.pieces).or_else(|| literal_text(&prefix.pieces)) {
        Some(prefix) => place_of_location(Location::new(bucket, prefix)),
        None => ResourcePlace::from_text(format!("{}{}", bucket_address(bucket), show_below(prefix, &prefix.pieces))),
    }
}

/// `s3://tide-logs/app/`, and with a `*` where the prefix ends within a name.
fn place_of_location(location: Location) -> ResourcePlace {
    let within = location.asks_for_names();
    ResourcePlace { shown: format!("{location}{}", if within { "*" } else { "" }), location: Some(location) }
}

fn bucket_address(bucket: &str) -> String {
    format!("s3://{bucket}/")
}

/// What lies below a pattern that ends in `/*` is shown without the `*`, as a location is.
fn show_below(pattern: &Pattern, pieces: &[PatternPiece]) -> String {
    let pieces = match pieces {
        [above @ .., PatternPiece::Char('/'), PatternPiece::Run] => &pieces[..=above.len()],
        _ => pieces,
    };
    pattern.show_pieces(pieces)
}

/// The one bucket that a resource is about or in.
pub(super) fn only_bucket(pattern: &Pattern) -> Option<String> {
    literal_text(Resource::parse_arn(pattern)?.bucket)
}

/// Whether it is every ARN there is.
fn takes_everything(pattern: &Pattern) -> bool {
    Family::of_arns().is_covered(&[pattern], &[])
}

/// Whether patterns reach every bucket, or every object, but those that `left_out` takes: in the partition that they
/// name, or else in AWS's first.
pub(super) fn reaches_every_bucket(patterns: &[&Pattern], left_out: &[&Pattern]) -> bool {
    let is_named = |partition: &str| {
        let start = format!("arn:{partition}:");
        patterns.iter().chain(left_out).any(|pattern| pattern.written.starts_with(&start))
    };
    let named: Vec<&str> = PARTITIONS.into_iter().filter(|partition| is_named(partition)).collect();
    let partitions = if named.is_empty() { &PARTITIONS[..1] } else { &named };
    partitions.iter().any(|partition| {
        Family::of_buckets(partition).is_covered(patterns, left_out)
            || Family::of_objects(partition).is_covered(patterns, left_out)
    })
}

/// Patterns as they are written, without what all ARNs of S3 begin with.
pub(super) fn quote_patterns(patterns: &[Pattern]) -> String {
    let written = patterns.iter().map(|pattern| pattern.written.as_str());
    join_words(&written.map(|text| text.strip_prefix("arn:aws:s3:::").unwrap_or(text)).collect::<Vec<_>>(), "and")
}
