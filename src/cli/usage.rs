//! Parses the command line; prints help and usage errors.
//!
//! Invariant: the layout and styles are clap's, and no argument in them can act on a terminal or hide text. A message
//! quotes arguments in many ways (in suggestions, in errors of value parsers), so it is generated from arguments that
//! are already printable, instead of searched for quotes.

use std::{
    ffi::{OsStr, OsString},
    process::ExitCode,
};

use clap::{Parser, error::ErrorKind};

use super::{exit::Exit, problem};
use crate::domain::safe_text::printable;

/// What `args` say, the program's name first; or the code to end with, after help, version or an error were printed.
pub(super) fn read<C: Parser>(args: impl IntoIterator<Item = OsString>) -> Result<C, ExitCode> {
    let mut args: Vec<OsString> = args.into_iter().collect();
    let shown: Vec<String> = args.iter().map(|argument| shown(argument)).collect();
    // Help and usage call the program by this name, whoever chose it.
    if let (Some(name), Some(shown)) = (args.first_mut(), shown.first()) {
        *name = shown.into();
    }
    C::try_parse_from(&args).map_err(|error| tell::<C>(&error, &args, &shown))
}

fn tell<C: Parser>(error: &clap::Error, args: &[OsString], shown: &[String]) -> ExitCode {
    if error.kind() == ErrorKind::InvalidUtf8 {
        let garbled = args.iter().position(|argument| argument.to_str().is_none()).unwrap_or_default();
        let reason = format!("this argument is not UTF-8: {}", shown[garbled]);
        return said(&reason, "bytes that are not UTF-8 are shown as \\x and two digits; write the argument in UTF-8");
    }
    let harmless = args.iter().zip(shown).all(|(argument, shown)| argument.to_str() == Some(shown));
    if harmless {
        return printed(error);
    }
    match C::try_parse_from(shown) {
        Err(again) if again.kind() == error.kind() => printed(&again),
        // What is refused as it was typed is taken, or refused otherwise, as it is shown: then nothing is quoted.
        _ => said(error.kind().as_str().unwrap_or("the arguments are wrong"), "see `ebbtide --help`"),
    }
}

/// To standard error, or for help and version to standard output; with styles where that is a terminal.
fn printed(error: &clap::Error) -> ExitCode {
    // Nobody can be told if that fails.
    let _ = error.print();
    u8::try_from(error.exit_code()).map_or(Exit::Usage.into(), ExitCode::from)
}

/// Two lines that are printable already; made so twice, their backslashes would be doubled.
fn said(reason: &str, hint: &str) -> ExitCode {
    problem::say(&[format!("error: {reason}"), format!("hint: {hint}")]);
    Exit::Usage.into()
}

/// An argument as it may be printed: bytes that are not UTF-8 as `\xff`.
fn shown(argument: &OsStr) -> String {
    let chunks = argument.as_encoded_bytes().utf8_chunks();
    chunks
        .map(|chunk| {
            let invalid = chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}"));
            printable(chunk.valid()).into_owned() + &invalid.collect::<String>()
        })
        .collect()
}
