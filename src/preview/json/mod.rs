//! JSON laid out anew, and JSON lines.
//!
//! Invariant: what was read is shown, all of it: keys that stand twice, numbers as they are written, the beginning of what
//! was cut. What is no JSON is shown as it is, marked.

mod pretty;
mod tokens;
mod walk;

pub(super) use pretty::{JsonShape, guess_json, show_json, show_json_lines};
pub(super) use tokens::is_number;
