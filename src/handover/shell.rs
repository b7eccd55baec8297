//! Environment variables in the syntax of shells.
//!
//! Invariant: whatever a value holds (except NUL, which no variable can), the shell reads back exactly that value. Each
//! line starts with a space: shells with `HISTCONTROL=ignorespace`, and fish, keep such lines out of their history.

use std::fmt::{self, Display, Write};

/// What a line is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// sh, bash, zsh, ksh and their kin.
    Posix,
    /// fish.
    Fish,
    /// `PowerShell`.
    PowerShell,
}

/// The line that sets a variable, or unsets it where there is no value, for this session and its children.
pub struct ShellLine<'a> {
    /// For which shell.
    pub dialect: Dialect,
    /// Letters, digits and `_`.
    pub name: &'a str,
    /// `None` unsets it.
    pub value: Option<&'a str>,
}

impl Display for ShellLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { dialect, name, value } = *self;
        match (dialect, value) {
            (Dialect::Posix, Some(value)) => write!(f, " export {name}={}", Quoted(dialect, value)),
            (Dialect::Posix, None) => write!(f, " unset {name}"),
            (Dialect::Fish, Some(value)) => write!(f, " set -gx {name} {}", Quoted(dialect, value)),
            (Dialect::Fish, None) => write!(f, " set -eg {name}"),
            (Dialect::PowerShell, Some(value)) => write!(f, " $Env:{name}={}", Quoted(dialect, value)),
            (Dialect::PowerShell, None) => write!(f, " $Env:{name}=$null"),
        }
    }
}

/// A value between single quotes, where each of these shells takes all but a few characters as they are. Written
/// character by character, so that no second copy of a secret stands in memory.
struct Quoted<'a>(Dialect, &'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('\'')?;
        for c in self.1.chars() {
            match (self.0, c) {
                // There is no escape inside: end, a quote on its own, begin again.
                (Dialect::Posix, '\'') => f.write_str("'\\''")?,
                (Dialect::Fish, '\'' | '\\') => write!(f, "\\{c}")?,
                // Typographic quotes end a string as well.
                (Dialect::PowerShell, '\'' | '\u{2018}'..='\u{201b}') => write!(f, "{c}{c}")?,
                _ => f.write_char(c)?,
            }
        }
        f.write_char('\'')
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    fn line(dialect: Dialect, value: Option<&str>) -> String {
        ShellLine { dialect, name: "TIDE", value }.to_string()
    }

    #[test]
    fn each_shell_is_told_in_its_own_words() {
        for (dialect, set, unset) in [
            (Dialect::Posix, r" export TIDE='a'\''b\c$d’e'", " unset TIDE"),
            (Dialect::Fish, r" set -gx TIDE 'a\'b\\c$d’e'", " set -eg TIDE"),
            (Dialect::PowerShell, r" $Env:TIDE='a''b\c$d’’e'", " $Env:TIDE=$null"),
        ] {
            assert_eq!(line(dialect, Some(r"a'b\c$d’e")), set);
            assert_eq!(line(dialect, None), unset);
        }
    }

    #[test]
    fn a_shell_forgets_what_it_is_told_to_unset() {
        let script = format!("{}\nprintf '%s' \"${{TIDE-unset}}\"", line(Dialect::Posix, None));
        let output = Command::new("sh").args(["-c", &script]).env("TIDE", "old").output().unwrap();
        assert_eq!(output.stdout, b"unset");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_shell_reads_back_any_value(value in r#"([^\x00]|['"\\$`!*~#;& \n\t]){0,40}"#) {
            let script = format!("{}\nprintf '%s' \"$TIDE\"", line(Dialect::Posix, Some(&value)));
            let output = Command::new("sh").args(["-c", &script]).output().unwrap();
            prop_assert_eq!(String::from_utf8(output.stdout).unwrap(), value);
        }
    }
}
