//! A policy as indented JSON.
//!
//! Invariant: short values are on one line; the text means the same as the policy; it has no character that a terminal
//! would act on or hide, because JSON has an escape for each.

use std::fmt::Write;

use serde_json::Value;

use crate::domain::safe_text::acts_or_hides;

/// A line is no longer than this many characters if it can be broken: the JSON stands beside the builder's choices.
const WIDTH: usize = 45;
/// Objects as deep as this are parts of a statement, such as its conditions.
const IN_STATEMENT: usize = 3;

/// `json` over as many lines as it needs, indented by two. It must be JSON.
pub(super) fn pretty_json(json: &str) -> String {
    let document: Value = serde_json::from_str(json).expect("a session policy holds JSON only");
    let mut text = String::new();
    write_value(&document, 0, &mut text);
    let mut harmless = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\n' || !acts_or_hides(c) {
            harmless.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            write!(harmless, "\\u{unit:04x}").expect("writing to a String cannot fail");
        }
    }
    harmless
}

fn write_value(value: &Value, depth: usize, text: &mut String) {
    let compact = value.to_string();
    let may_be_short = depth >= IN_STATEMENT || !holds_objects(value);
    let column = text.len() - text.rfind('\n').map_or(0, |end| end + 1);
    // With a comma after it.
    if may_be_short && column + compact.chars().count() < WIDTH {
        text.push_str(&compact);
        return;
    }
    match value {
        Value::Object(members) if !members.is_empty() => {
            let write_member = |(key, value): &(&String, &Value), text: &mut String| {
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push_str(": ");
                write_value(value, depth + 1, text);
            };
            enclose_items(['{', '}'], &members.iter().collect::<Vec<_>>(), depth, text, write_member);
        }
        Value::Array(elements) if !elements.is_empty() => {
            enclose_items(['[', ']'], elements, depth, text, |value, text| write_value(value, depth + 1, text));
        }
        _ => text.push_str(&compact),
    }
}

fn enclose_items<T>(
    brackets: [char; 2],
    items: &[T],
    depth: usize,
    text: &mut String,
    write: impl Fn(&T, &mut String),
) {
    text.push(brackets[0]);
    for (at, item) in items.iter().enumerate() {
        text.push_str(if at == 0 { "\n" } else { ",\n" });
        text.push_str(&"  ".repeat(depth + 1));
        write(item, text);
    }
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
    text.push(brackets[1]);
}

fn holds_objects(value: &Value) -> bool {
    value.is_object() || value.as_array().is_some_and(|elements| elements.iter().any(Value::is_object))
}
