//! Puts the arguments into the order in which clap reads them.
//!
//! Invariant: no argument is dropped or changed. Options before a command are moved after it; a word that is neither a
//! command nor a location is an error that names both.

use std::ffi::{OsStr, OsString};

use clap::{
    Arg, Command,
    error::{ContextKind, ContextValue},
};

use super::problem::Problem;
use crate::domain::name_text::text_of;

/// The command that runs another program, whose arguments stand after `--`.
const EXEC: &str = "exec";

/// The program's arguments, its own name first, as clap reads them for `cli`.
///
/// # Errors
/// Where a word stands in the place of a command or a location and is neither.
pub(super) fn in_order(cli: &Command, typed: Vec<OsString>) -> Result<Vec<OsString>, Problem> {
    let Some(at) = first_word(cli, &typed, 1) else { return Ok(typed) };
    let word = &typed[at];
    let Some(command) = word.to_str().and_then(|word| cli.find_subcommand(word)) else {
        return if is_location(word) { Ok(typed) } else { Err(no_command(cli, word)) };
    };
    let mut ordered = typed;
    ordered[1..=at].rotate_right(1);
    if command.get_name() == EXEC {
        check_words_of_exec(command, &ordered)?;
    }
    Ok(ordered)
}

/// Where the first word stands that is neither an option nor an option's value; `None` if `--` comes first.
fn first_word(command: &Command, arguments: &[OsString], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(argument) = arguments.get(at) {
        let text = argument.to_string_lossy();
        if text == "--" {
            return None;
        }
        if !text.starts_with('-') || text == "-" {
            return Some(at);
        }
        at += if takes_next(command, &text) { 2 } else { 1 };
    }
    None
}

/// Whether the word after this option is its value: `--profile`, `-p`, `-dp`, but not `--profile=x`, `-px`, `-d`.
fn takes_next(command: &Command, option: &str) -> bool {
    let has_value = |arg: &Arg| arg.get_action().takes_values();
    if let Some(long) = option.strip_prefix("--") {
        return command.get_arguments().any(|arg| arg.get_long() == Some(long) && has_value(arg));
    }
    let value_at = option
        .chars()
        .skip(1)
        .position(|letter| command.get_arguments().any(|arg| arg.get_short() == Some(letter) && has_value(arg)));
    value_at.is_some_and(|at| at + 2 == option.chars().count())
}

/// `s3://…`, an ARN or a pasted address. Anything else in its place is more likely a mistyped command.
fn is_location(word: &OsStr) -> bool {
    let text = word.to_string_lossy();
    text.contains("://") || text.starts_with("arn:") || text.is_empty()
}

fn no_command(cli: &Command, word: &OsStr) -> Problem {
    let word = text_of(word.as_encoded_bytes());
    let meant = similar_command(cli, &word).map(|command| format!("; did you mean `{command}`?")).unwrap_or_default();
    Problem::typed(
        format!("no command `{word}`{meant}"),
        format!("`ebbtide --help` lists the commands; a bucket is written as s3://{word}"),
    )
}

/// The command that clap would suggest.
fn similar_command(cli: &Command, word: &str) -> Option<String> {
    // Beside a positional argument clap takes every word for its value, so a command without one is asked.
    let commands: Vec<Command> = cli.get_subcommands().cloned().collect();
    let asked = Command::new("ebbtide").subcommand_required(true).disable_help_subcommand(true).subcommands(commands);
    let error = asked.try_get_matches_from(["ebbtide", word]).err()?;
    match error.get(ContextKind::SuggestedSubcommand)? {
        ContextValue::String(name) => Some(name.clone()),
        ContextValue::Strings(names) => names.first().cloned(),
        _ => None,
    }
}

/// `ebbtide exec aws s3 ls` would take `aws` for a location.
fn check_words_of_exec(exec: &Command, arguments: &[OsString]) -> Result<(), Problem> {
    let mut from = 2;
    while let Some(at) = first_word(exec, arguments, from) {
        if !is_location(&arguments[at]) {
            let typed: Vec<_> = arguments[at..].iter().map(|word| text_of(word.as_encoded_bytes())).collect();
            return Err(Problem::typed(
                format!("exec: \"{}\" is not a location; write -- before the command to run", typed[0]),
                format!("ebbtide exec [OPTIONS] -- {}", typed.join(" ")),
            ));
        }
        from = at + 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::command_line;

    fn words(text: &str) -> Vec<OsString> {
        text.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn options_before_a_command_are_moved_behind_it() {
        for (typed, ordered) in [
            ("ebbtide -p x ls", "ebbtide ls -p x"),
            ("ebbtide -p ls ls -R", "ebbtide ls -p ls -R"),
            ("ebbtide -pls ls", "ebbtide ls -pls"),
            ("ebbtide -d --region=eu-west-1 -dp x ls s3://a", "ebbtide ls -d --region=eu-west-1 -dp x s3://a"),
            ("ebbtide -p x exec -t 2h -- aws -p y", "ebbtide exec -p x -t 2h -- aws -p y"),
            ("ebbtide --no-mouse demo", "ebbtide demo --no-mouse"),
            ("ebbtide -p ls", "ebbtide -p ls"),
            ("ebbtide -p x s3://a", "ebbtide -p x s3://a"),
            ("ebbtide ls -p x", "ebbtide ls -p x"),
            ("ebbtide help ls", "ebbtide help ls"),
            ("ebbtide --policy ls --scope", "ebbtide --policy ls --scope"),
            ("ebbtide -- ls", "ebbtide -- ls"),
            ("ebbtide", "ebbtide"),
        ] {
            assert_eq!(in_order(&command_line(), words(typed)).unwrap(), words(ordered), "{typed}");
        }
    }

    #[test]
    fn a_word_that_is_no_command_is_named_with_the_one_that_was_meant() {
        for (typed, said) in [
            ("ebbtide lss", "no command `lss`; did you mean `ls`?"),
            ("ebbtide -p x cuont s3://a", "no command `cuont`; did you mean `count`?"),
            ("ebbtide my-bucket/logs/", "no command `my-bucket/logs/`"),
            ("ebbtide exec aws s3 ls", "exec: \"aws\" is not a location; write -- before the command to run"),
            (
                "ebbtide -p x exec -t 2h s3://a aws s3 ls",
                "exec: \"aws\" is not a location; write -- before the command to run",
            ),
        ] {
            let Err(Problem::Typed { reasons, .. }) = in_order(&command_line(), words(typed)) else {
                panic!("{typed}: no problem")
            };
            assert_eq!(reasons, [said], "{typed}");
        }
    }
}
