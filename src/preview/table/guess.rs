//! Whether a text is a table, and how its fields are set apart.

use super::parse::{TableDialect, TableReader};
use crate::preview::request::PreviewRequest;

/// Bytes of a text that are read for a guess.
const GUESSED_FROM: usize = 32 * 1024;

/// Records that are read for a guess.
const GUESSED_RECORDS: usize = 100;

/// How the fields of a text are set apart, if it is a table: by what it is called, and by what it contains.
pub(crate) fn guess_table(text: &str, request: &PreviewRequest) -> Option<TableDialect> {
    let sample = &text[..text.floor_char_boundary(GUESSED_FROM)];
    let with = |delimiter| TableDialect { delimiter, quote: Some(guess_quote(sample, delimiter)) };
    if let Some(delimiter) = request.delimiter {
        return Some(with(delimiter));
    }
    let named = named_delimiters(request);
    let candidates = [',', '\t', ';', '|'];
    let score = |delimiter: char| score_delimiter(sample, with(delimiter));
    let best = candidates.into_iter().map(|delimiter| (score(delimiter), delimiter)).max_by_key(|(score, _)| *score);
    match (named, best) {
        // What is called a table is one, even with a single column or ragged.
        (Some(usual), best) => Some(with(best.filter(|(score, _)| *score > 0).map_or(usual, |(_, found)| found))),
        (None, Some((score, delimiter))) if score >= SURE && may_be_table(request) && !is_prose(sample, delimiter) => {
            Some(with(delimiter))
        }
        _ => None,
    }
}

/// A score from which a text is taken to be a table whatever it is called: three records, all of the same length.
const SURE: usize = 3 * EVEN;

/// What a record counts whose length all others have too.
const EVEN: usize = 1000;

/// The usual delimiter of what is called a table.
fn named_delimiters(request: &PreviewRequest) -> Option<char> {
    let of_type = |name: &str| request.content_type.as_deref().is_some_and(|given| given.starts_with(name));
    match request.ending().as_str() {
        "csv" => Some(','),
        "tsv" | "tab" => Some('\t'),
        "psv" => Some('|'),
        _ if of_type("text/csv") => Some(','),
        _ if of_type("text/tab-separated-values") => Some('\t'),
        _ => None,
    }
}

/// Whether the key's ending leaves open that this is a table.
fn may_be_table(request: &PreviewRequest) -> bool {
    matches!(request.ending().as_str(), "" | "txt" | "dat" | "data" | "out" | "asc" | "prn" | "part") || {
        let ending = request.ending();
        ending.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// Whether what would be a delimiter is punctuation: spaces follow it.
fn is_prose(sample: &str, delimiter: char) -> bool {
    let all = sample.matches(delimiter).count();
    sample.matches(&format!("{delimiter} ")).count() * 2 > all
}

/// How well a delimiter fits: records of the most frequent length, if they have more than one field; a length that all
/// of them have counts for more than any number of others.
fn score_delimiter(sample: &str, dialect: TableDialect) -> usize {
    let records = TableReader::of(sample, dialect).take(GUESSED_RECORDS);
    let lengths: Vec<usize> = records.filter(|record| record.ended || record.start == 0).map(|r| r.count).collect();
    let most = lengths.iter().copied().max_by_key(|length| lengths.iter().filter(|other| *other == length).count());
    let Some(usual) = most.filter(|usual| *usual > 1) else { return 0 };
    let alike = lengths.iter().filter(|length| **length == usual).count();
    if alike == lengths.len() {
        alike * EVEN + usual.min(EVEN - 1)
    } else if alike * 2 > lengths.len() {
        alike
    } else {
        0
    }
}

/// Single quotes only where fields begin and end with them and double ones do not occur.
fn guess_quote(sample: &str, delimiter: char) -> char {
    let single = |edge: String| sample.matches(edge.as_str()).count();
    let opening = single(format!("{delimiter}'")) + single("\n'".into()) + usize::from(sample.starts_with('\''));
    let closing = single(format!("'{delimiter}")) + single("'\n".into()) + single("'\r".into());
    let is_single = !sample.contains('"') && opening >= 2 && closing >= 2 && opening.abs_diff(closing) <= 1;
    if is_single { '\'' } else { '"' }
}
