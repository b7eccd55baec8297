//! Reads an MFA code without the interface: from standard input, from the profile's `mfa_process`, or from the terminal.
//!
//! Invariant: a code is read once and never shown. Echo is on again before this returns, even after `Ctrl-C` and
//! signals.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    os::fd::AsFd,
};

use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use secrecy::{ExposeSecret, zeroize::Zeroizing};

use super::{
    further_args::{FurtherArgs, THREE_WAYS},
    problem::Problem,
    signals::Signals,
};
use crate::{
    domain::{
        failure::{Failure, FailureKind},
        mint::MfaCode,
        profile::Profile,
        safe_text::printable,
    },
    process::command::{self, Complaints, NoAnswer},
};

/// Longer than any line that is a code.
const LONGEST_ANSWER: usize = 64;

/// The code that device `serial` shows now.
pub(super) async fn code(args: &FurtherArgs, profile: &Profile, serial: &str) -> Result<MfaCode, Problem> {
    if args.mfa_code_stdin {
        let line = tokio::task::spawn_blocking(|| line_of(&io::stdin())).await.map_err(io::Error::other)?;
        let text = line.map_err(|error| Problem::typed(format!("--mfa-code-stdin: {error}"), THREE_WAYS))?;
        return MfaCode::read(&text).map_err(|refusal| {
            Problem::typed(format!("--mfa-code-stdin: {refusal}"), "send six digits and a line break")
        });
    }
    if let Some(command) = &profile.mfa_process {
        return Ok(from_process(command, &profile.name).await?);
    }
    ask(serial).await
}

/// One line, byte by byte: the input after it belongs to the next reader, such as a command of `ebbtide exec`.
fn line_of(input: &impl AsFd) -> io::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::with_capacity(2 * LONGEST_ANSWER));
    let mut byte = [0];
    while line.len() < LONGEST_ANSWER && rustix::io::read(input, &mut byte)? == 1 && byte[0] != b'\n' {
        line.push(char::from(byte[0]));
    }
    Ok(line)
}

/// Runs the command that the profile names; what it says on standard error is seen as it comes.
async fn from_process(line: &str, profile: &str) -> Result<MfaCode, Failure> {
    let fault = |kind, message: &str| {
        Failure::local(kind, "get an MFA code from the mfa_process of", format!("profile {profile}"), message)
            .with_hint("run the command yourself, it must print six digits; or pass the code with --mfa-code-stdin")
    };
    let said = command::run(line, Complaints::Seen).await.map_err(|why| match why {
        NoAnswer::NotRun(error) => fault(FailureKind::Other, &error),
        NoAnswer::Hung => fault(FailureKind::Timeout, "no output within 60 s; ebbtide ended it"),
        NoAnswer::Failed(how) => fault(FailureKind::Other, &format!("it ended with {how}")),
        NoAnswer::Garbled(why) => fault(FailureKind::Invalid, why),
    })?;
    MfaCode::read(said.expose_secret()).map_err(|_| fault(FailureKind::Invalid, "it did not print six digits"))
}

/// Asks on the controlling terminal, even if standard input and output are redirected.
async fn ask(serial: &str) -> Result<MfaCode, Problem> {
    let no_terminal = |_| {
        Problem::typed(format!("an MFA code of {serial} is needed, and there is no terminal to ask for it"), THREE_WAYS)
    };
    let mut terminal = OpenOptions::new().read(true).write(true).open("/dev/tty").map_err(no_terminal)?;
    let mut signals = Signals::listen()?;
    let silent = Silent::enter(&terminal).map_err(no_terminal)?;
    write!(terminal, "MFA code of {}: ", printable(serial))?;
    let reader = terminal.try_clone()?;
    let typed = tokio::task::spawn_blocking(move || line_of(&reader));
    let typed = tokio::select! {
        typed = typed => Ok(typed.map_err(io::Error::other)?),
        number = signals.next() => Err(Problem::Ended(number)),
    };
    drop(silent);
    let _ = writeln!(terminal); // which may be gone
    let typed = typed?;
    signals.end_the_program();
    let typed = typed.map_err(|_| Problem::typed("no MFA code was given", THREE_WAYS))?;
    MfaCode::read(&typed).map_err(|refusal| Problem::typed(format!("the MFA code: {refusal}"), THREE_WAYS))
}

/// A terminal that does not show what is typed, until dropped.
struct Silent {
    terminal: File,
    before: Termios,
}

impl Silent {
    fn enter(terminal: &File) -> io::Result<Self> {
        let before = tcgetattr(terminal)?;
        let mut silent = before.clone();
        silent.local_modes -= LocalModes::ECHO;
        // Stopped with Ctrl-Z, the shell's own input would stay invisible.
        silent.special_codes[SpecialCodeIndex::VSUSP] = 0;
        tcsetattr(terminal, OptionalActions::Flush, &silent)?;
        Ok(Self { terminal: terminal.try_clone()?, before })
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        let _ = tcsetattr(&self.terminal, OptionalActions::Flush, &self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_process_gives_exactly_six_digits_or_a_reason() {
        assert_eq!(from_process("echo 730461", "ana").await, Ok(MfaCode::read("730461").unwrap()));
        for (command, reason) in [
            ("echo 73046", "did not print six digits"),
            ("printf 'code: 730461'", "did not print six digits"),
            ("exit 3", "exit status: 3"),
        ] {
            let failure = from_process(command, "ana").await.unwrap_err();
            assert!(failure.to_string().contains(reason), "{command}: {failure}");
            assert!(!failure.to_string().contains("730461"));
        }
    }

    #[test]
    fn a_line_is_read_and_no_byte_behind_it() {
        let (reader, mut writer) = io::pipe().unwrap();
        writer.write_all(b"730461\nrest").unwrap();
        drop(writer);
        assert_eq!(line_of(&reader).unwrap().as_str(), "730461");
        assert_eq!(line_of(&reader).unwrap().as_str(), "rest");
    }
}
