//! JSON cut into tokens, as far as it goes.
//!
//! Invariant: every byte of the input lies in exactly one token or between two of them; nothing is changed: numbers stay as
//! written, strings keep their escapes. No recursion; each byte is looked at a bounded number of times.
//! <https://www.rfc-editor.org/rfc/rfc8259>

/// A piece of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct JsonToken<'a> {
    /// What it is.
    pub(super) kind: JsonTokenKind,
    /// As it is written.
    pub(super) text: &'a str,
    /// Where it begins.
    pub(super) start: usize,
}

/// What a piece of JSON is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JsonTokenKind {
    /// `{` or `[`
    Open,
    /// `}` or `]`
    Close,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// A string with both quotes.
    Text,
    /// A number.
    Number,
    /// `true`, `false`, `null`
    Word,
    /// The beginning of a token that the input's end cut.
    Cut,
    /// Something that JSON has not.
    Invalid,
}

/// The tokens of a text.
pub(super) struct JsonTokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> JsonTokens<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn string_end(&self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = self.at + 1;
        loop {
            at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
            if bytes[at] == b'"' {
                return Some(at + 1);
            }
            at += 2;
        }
    }

    /// The end of a run of characters that a number or a word may have.
    fn run_end(&self) -> usize {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_');
        let rest = &self.text.as_bytes()[self.at..];
        self.at + rest.iter().take_while(|byte| is_part(byte)).count()
    }

    fn invalid_end(&self) -> usize {
        let next = |c: char| c.is_ascii_whitespace() || matches!(c, '{' | '}' | '[' | ']' | ',' | ':' | '"');
        let rest = &self.text[self.at..];
        let first = rest.chars().next().map_or(0, char::len_utf8);
        self.at + first + rest[first..].find(next).unwrap_or(rest.len() - first)
    }
}

impl<'a> Iterator for JsonTokens<'a> {
    type Item = JsonToken<'a>;

    fn next(&mut self) -> Option<JsonToken<'a>> {
        let bytes = self.text.as_bytes();
        while matches!(bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        let start = self.at;
        let (kind, end) = match *bytes.get(start)? {
            b'{' | b'[' => (JsonTokenKind::Open, start + 1),
            b'}' | b']' => (JsonTokenKind::Close, start + 1),
            b',' => (JsonTokenKind::Comma, start + 1),
            b':' => (JsonTokenKind::Colon, start + 1),
            b'"' => match self.string_end() {
                Some(end) => (JsonTokenKind::Text, end),
                None => (JsonTokenKind::Cut, bytes.len()),
            },
            b'-' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                let end = self.run_end();
                (run_kind(&self.text[start..end], end == bytes.len()), end)
            }
            _ => (JsonTokenKind::Invalid, self.invalid_end()),
        };
        self.at = end;
        Some(JsonToken { kind, text: &self.text[start..end], start })
    }
}

fn run_kind(run: &str, at_end: bool) -> JsonTokenKind {
    match run {
        "true" | "false" | "null" => JsonTokenKind::Word,
        _ if is_number(run) => JsonTokenKind::Number,
        _ if at_end && ["true", "false", "null"].iter().any(|word| word.starts_with(run)) => JsonTokenKind::Cut,
        _ if at_end && is_number(&format!("{run}0")) => JsonTokenKind::Cut,
        _ => JsonTokenKind::Invalid,
    }
}

/// Section 6 of the RFC.
pub(crate) fn is_number(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut rest = text.strip_prefix('-').unwrap_or(text);
    let whole = digits(rest);
    if whole == 0 || whole > 1 && rest.starts_with('0') {
        return false;
    }
    rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = &fraction[length..];
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let length = digits(exponent);
        if length == 0 {
            return false;
        }
        rest = &exponent[length..];
    }
    rest.is_empty()
}
