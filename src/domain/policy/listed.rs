//! Words in a row, as a sentence has them.
//!
//! Invariant: nothing is left out, and nothing is added but the joint.

/// Words that are joined as in `a, b and c`; nothing for none.
pub(super) fn listed<T: AsRef<str>>(words: &[T], joint: &str) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} {joint} {last}", rest.join(", ")),
    }
}
