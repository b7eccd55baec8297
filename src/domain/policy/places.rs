//! What the resources of a statement mean: everything, every bucket, one place, or what only a pattern can say.
//!
//! Invariant: a place with a [`Location`] is exactly that location; what a wildcard leaves open has none, and is shown
//! with its wildcard.

use super::{
    actions::Target,
    facts::{Facts, Text},
    family::{Family, PARTITIONS},
    listed::listed,
    pattern::{Pattern, Piece},
    statement::Choice,
    truth::Truth,
};
use crate::domain::location::Location;

/// Where something may be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// For sentences; may be empty. Foreign text.
    pub(super) shown: String,
    /// Where it is, if it is one location.
    pub(super) location: Option<Location>,
}

impl Place {
    pub(super) fn shown(text: impl Into<String>) -> Self {
        Self { shown: text.into(), location: None }
    }
}

/// A resource of S3 in its parts.
struct Resource<'p> {
    pattern: &'p Pattern,
    bucket: &'p [Piece],
    /// What follows the first `/`; `None` where there is none.
    key: Option<&'p [Piece]>,
}

impl<'p> Resource<'p> {
    /// Reads `arn:PARTITION:s3:::BUCKET/KEY`, whatever the partition; `None` for anything else.
    fn of(pattern: &'p Pattern) -> Option<Self> {
        let pieces = &pattern.pieces;
        let colons: Vec<usize> = (0..pieces.len()).filter(|at| pieces[*at] == Piece::Char(':')).take(5).collect();
        let [first, second, third, fourth, fifth] = colons[..] else { return None };
        let is = |from: usize, to: usize, text: &str| literal(&pieces[from..to]).is_some_and(|part| part == text);
        let named = is(0, first, "arn") && is(second + 1, third, "s3") && is(third + 1, fourth, "");
        if !named || !is(fourth + 1, fifth, "") {
            return None;
        }
        let name = &pieces[fifth + 1..];
        let slash = name.iter().position(|piece| *piece == Piece::Char('/'));
        Some(match slash {
            Some(at) => Self { pattern, bucket: &name[..at], key: Some(&name[at + 1..]) },
            None => Self { pattern, bucket: name, key: None },
        })
    }
}

/// The text that pieces stand for, if they stand for one.
fn literal(pieces: &[Piece]) -> Option<String> {
    pieces.iter().map(|piece| if let Piece::Char(c) = piece { Some(*c) } else { None }).collect()
}

/// The text with which whatever pieces match begins, if any text may follow.
fn beginning(pieces: &[Piece]) -> Option<String> {
    let runs = pieces.iter().rev().take_while(|piece| **piece == Piece::Run).count();
    literal(&pieces[..pieces.len() - runs]).filter(|_| runs > 0)
}

/// Where a statement is about something of a kind. `prefixes` are those that its conditions hold a listing to.
pub(super) fn places(resources: &Choice, target: Target, prefixes: &[&Pattern]) -> Vec<Place> {
    if target == Target::Account {
        // As AWS asks for it: on every bucket.
        let is_every = |partition: &str| {
            let all = format!("arn:{partition}:s3:::*");
            resources.takes(Text::Exactly(&all), &Facts::partial()) != Truth::No
        };
        return PARTITIONS.into_iter().any(is_every).then(|| Place::shown("")).into_iter().collect();
    }
    match resources {
        Choice::Of(patterns) => patterns.iter().flat_map(|pattern| places_of(pattern, target, prefixes)).collect(),
        Choice::AllBut(patterns) => vec![Place::shown(format!("everything but {}", quoted(patterns)))],
        Choice::Unclear => vec![Place::shown("an unclear Resource")],
    }
}

fn places_of(pattern: &Pattern, target: Target, prefixes: &[&Pattern]) -> Vec<Place> {
    let is_met = PARTITIONS.iter().any(|partition| match target {
        Target::Bucket => Family::of_buckets(partition).meets(pattern),
        Target::Object => Family::of_objects(partition).meets(pattern),
        Target::Account | Target::Other | Target::Any => true,
    });
    if !is_met {
        return vec![];
    }
    let listing = target == Target::Bucket && !prefixes.is_empty();
    let resource = Resource::of(pattern);
    match resource {
        Some(Resource { bucket, .. }) if listing => match literal(bucket) {
            Some(bucket) => prefixes.iter().map(|prefix| prefix_of(&bucket, prefix)).collect(),
            None => prefixes
                .iter()
                .map(|prefix| {
                    Place::shown(format!("{}{}", address(&pattern.shown(bucket)), below(prefix, &prefix.pieces)))
                })
                .collect(),
        },
        _ if takes_everything(pattern) => vec![Place::shown("everything")],
        _ if reaches_every_bucket(&[pattern], &[]) => vec![Place::shown("every bucket")],
        Some(resource) => vec![place_of(&resource, target)],
        None => vec![Place::shown(&pattern.written)],
    }
}

fn place_of(resource: &Resource<'_>, target: Target) -> Place {
    let key = resource.key.unwrap_or_default();
    let bucket = literal(resource.bucket);
    let whole = resource.key.is_none();
    let prefix = if whole { Some(String::new()) } else { beginning(key) };
    match (bucket, prefix) {
        (Some(bucket), Some(prefix)) => located(Location::new(bucket, prefix)),
        (Some(bucket), None) => Place::shown(format!("{}{}", address(&bucket), below(resource.pattern, key))),
        // `tide*` is also about the objects of such buckets.
        (None, _) if whole && target != Target::Bucket => {
            Place::shown(format!("s3://{}", resource.pattern.shown(resource.bucket)))
        }
        (None, _) => Place::shown(format!(
            "{}{}",
            address(&resource.pattern.shown(resource.bucket)),
            below(resource.pattern, key)
        )),
    }
}

fn prefix_of(bucket: &str, prefix: &Pattern) -> Place {
    match beginning(&prefix.pieces).or_else(|| literal(&prefix.pieces)) {
        Some(prefix) => located(Location::new(bucket, prefix)),
        None => Place::shown(format!("{}{}", address(bucket), below(prefix, &prefix.pieces))),
    }
}

/// `s3://tide-logs/app/`, and with a `*` where the prefix ends within a name.
fn located(location: Location) -> Place {
    let within = location.asks_for_names();
    Place { shown: format!("{location}{}", if within { "*" } else { "" }), location: Some(location) }
}

fn address(bucket: &str) -> String {
    format!("s3://{bucket}/")
}

/// What lies below a pattern that ends in `/*` is shown without the `*`, as a location is.
fn below(pattern: &Pattern, pieces: &[Piece]) -> String {
    let pieces = match pieces {
        [above @ .., Piece::Char('/'), Piece::Run] => &pieces[..=above.len()],
        _ => pieces,
    };
    pattern.shown(pieces)
}

/// The one bucket that a resource is about or in.
pub(super) fn only_bucket(pattern: &Pattern) -> Option<String> {
    literal(Resource::of(pattern)?.bucket)
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
pub(super) fn quoted(patterns: &[Pattern]) -> String {
    let written = patterns.iter().map(|pattern| pattern.written.as_str());
    listed(&written.map(|text| text.strip_prefix("arn:aws:s3:::").unwrap_or(text)).collect::<Vec<_>>(), "and")
}
