//! Parses the command line; prints help and usage errors.
//!
//! Invariant: the layout and styles are clap's, and no argument in them can act on a terminal or hide text. A message
//! quotes arguments in many ways (in suggestions, in errors of value parsers), so it is generated from arguments that
//! are already printable, instead of searched for quotes.

use std::{
    ffi::{OsStr, OsString},
    process::ExitCode,
};

use clap::{Command, FromArgMatches, error::ErrorKind};

use super::{exit::Exit, problem};
use crate::domain::safe_text::printable;

/// Reads `args`, the program's name first, as `cli` describes them. After help, version or an error was printed, returns
/// the exit code.
pub(super) fn parse_command_line<C: FromArgMatches>(cli: &Command, mut args: Vec<OsString>) -> Result<C, ExitCode> {
    let shown: Vec<String> = args.iter().map(|argument| printable_argument(argument)).collect();
    // Help and usage call the program by this name, whoever chose it.
    if let (Some(name), Some(shown)) = (args.first_mut(), shown.first()) {
        *name = shown.into();
    }
    try_parse(cli, &args).map_err(|error| report_error::<C>(cli, &error, &args, &shown))
}

fn try_parse<C: FromArgMatches>(cli: &Command, args: &[impl AsRef<OsStr>]) -> clap::error::Result<C> {
    let mut cli = cli.clone();
    let matches = cli.try_get_matches_from_mut(args.iter().map(AsRef::as_ref))?;
    C::from_arg_matches(&matches).map_err(|error| error.format(&mut cli))
}

fn report_error<C: FromArgMatches>(
    cli: &Command,
    error: &clap::Error,
    args: &[OsString],
    shown: &[String],
) -> ExitCode {
    if error.kind() == ErrorKind::InvalidUtf8 {
        let garbled = args.iter().position(|argument| argument.to_str().is_none()).unwrap_or_default();
        let reason = format!("this argument is not UTF-8: {}", shown[garbled]);
        return print_error(
            &reason,
            "bytes that are not UTF-8 are shown as \\x and two digits; write the argument in UTF-8",
        );
    }
    let harmless = args.iter().zip(shown).all(|(argument, shown)| argument.to_str() == Some(shown));
    if harmless {
        return print_clap(error);
    }
    match try_parse::<C>(cli, shown) {
        Err(again) if again.kind() == error.kind() => print_clap(&again),
        // What is refused as it was typed is taken, or refused otherwise, as it is shown: then nothing is quoted.
        _ => print_error(error.kind().as_str().unwrap_or("the arguments are wrong"), "see `ebbtide --help`"),
    }
}

/// To standard error, or for help and version to standard output; with styles where that is a terminal.
fn print_clap(error: &clap::Error) -> ExitCode {
    // If this fails, no error can be printed either.
    let _ = error.print();
    u8::try_from(error.exit_code()).map_or(Exit::Usage.into(), ExitCode::from)
}

/// Two lines that are printable already; made so twice, their backslashes would be doubled.
fn print_error(reason: &str, hint: &str) -> ExitCode {
    problem::write_error_lines(&[format!("error: {reason}"), format!("hint: {hint}")]);
    Exit::Usage.into()
}

/// An argument as it may be printed: bytes that are not UTF-8 as `\xff`.
fn printable_argument(argument: &OsStr) -> String {
    let chunks = argument.as_encoded_bytes().utf8_chunks();
    chunks
        .map(|chunk| {
            let invalid = chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}"));
            printable(chunk.valid()).into_owned() + &invalid.collect::<String>()
        })
        .collect()
}
