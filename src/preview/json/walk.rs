//! The grammar over the tokens: what each token is at its place, and where the text stops being JSON.
//!
//! Invariant: nesting is a bit for each open bracket, not a call: a million levels cost 125 KB.

use super::tokens::{JsonToken, JsonTokenKind};
use crate::preview::reply::SpanRole;

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum JsonExpectation {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
    Nothing,
}

/// Follows JSON token by token.
#[derive(Debug)]
pub(super) struct JsonWalk {
    /// The open brackets: whether each is an object.
    open: BitStack,
    expected: JsonExpectation,
    deepest: usize,
}

/// What a token is at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JsonPlace {
    /// The beginning of an object or array.
    Opens,
    /// Its end; whether it was empty.
    Closes {
        /// Whether nothing stood in it.
        empty: bool,
    },
    /// The key of a value.
    Key,
    /// A value, with its role.
    Value(SpanRole),
    /// Between key and value.
    Colon,
    /// Between two values.
    Comma,
    /// The last token, which is not whole.
    Cut(SpanRole),
    /// Not JSON from here on.
    Invalid,
}

impl JsonWalk {
    pub(super) fn new() -> Self {
        Self { open: BitStack::default(), expected: JsonExpectation::Value, deepest: 0 }
    }

    /// How many brackets are open.
    pub(super) fn depth(&self) -> usize {
        self.open.length
    }

    /// How many were open at most.
    pub(super) fn deepest(&self) -> usize {
        self.deepest
    }

    /// Whether a whole document came.
    pub(super) fn is_complete(&self) -> bool {
        self.expected == JsonExpectation::Nothing
    }

    pub(super) fn take(&mut self, token: JsonToken<'_>) -> JsonPlace {
        use JsonExpectation as E;
        match (token.kind, self.expected) {
            (JsonTokenKind::Open, E::Value | E::ValueOrEnd) => {
                let is_object = token.text == "{";
                self.open.push(is_object);
                self.deepest = self.deepest.max(self.depth());
                self.expected = if is_object { E::KeyOrEnd } else { E::ValueOrEnd };
                JsonPlace::Opens
            }
            (JsonTokenKind::Close, E::ValueOrEnd | E::KeyOrEnd | E::CommaOrEnd)
                if self.open.last() == Some(token.text == "}") =>
            {
                let empty = self.expected != E::CommaOrEnd;
                self.open.pop();
                self.end_value();
                JsonPlace::Closes { empty }
            }
            (JsonTokenKind::Text, E::Key | E::KeyOrEnd) => {
                self.expected = E::Colon;
                JsonPlace::Key
            }
            (JsonTokenKind::Colon, E::Colon) => {
                self.expected = E::Value;
                JsonPlace::Colon
            }
            (JsonTokenKind::Comma, E::CommaOrEnd) => {
                self.expected = if self.open.last() == Some(true) { E::Key } else { E::Value };
                JsonPlace::Comma
            }
            (JsonTokenKind::Text | JsonTokenKind::Number | JsonTokenKind::Word, E::Value | E::ValueOrEnd) => {
                self.end_value();
                JsonPlace::Value(role_of(token.kind))
            }
            (JsonTokenKind::Cut, E::Key | E::KeyOrEnd) if token.text.starts_with('"') => JsonPlace::Cut(SpanRole::Key),
            (JsonTokenKind::Cut, E::Value | E::ValueOrEnd) => JsonPlace::Cut(match token.text.as_bytes()[0] {
                b'"' => SpanRole::String,
                b'-' | b'0'..=b'9' => SpanRole::Number,
                _ => SpanRole::Keyword,
            }),
            _ => JsonPlace::Invalid,
        }
    }

    fn end_value(&mut self) {
        let done = self.open.length == 0;
        self.expected = if done { JsonExpectation::Nothing } else { JsonExpectation::CommaOrEnd };
    }
}

fn role_of(kind: JsonTokenKind) -> SpanRole {
    match kind {
        JsonTokenKind::Text => SpanRole::String,
        JsonTokenKind::Number => SpanRole::Number,
        _ => SpanRole::Keyword,
    }
}

/// A stack of bits.
#[derive(Debug, Default)]
struct BitStack {
    bits: Vec<u64>,
    length: usize,
}

impl BitStack {
    fn push(&mut self, bit: bool) {
        let (word, place) = (self.length / 64, self.length % 64);
        if word == self.bits.len() {
            self.bits.push(0);
        }
        self.bits[word] = self.bits[word] & !(1 << place) | u64::from(bit) << place;
        self.length += 1;
    }

    fn pop(&mut self) {
        self.length = self.length.saturating_sub(1);
    }

    fn last(&self) -> Option<bool> {
        let last = self.length.checked_sub(1)?;
        Some(self.bits[last / 64] >> (last % 64) & 1 == 1)
    }
}
