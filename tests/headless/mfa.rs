//! Codes of MFA devices without the interface, and the further session options.

use std::{
    fs,
    io::Write,
    process::{Child, Stdio},
};

use ebbtide::{clock::Clock, domain::totp::Seed, sandbox::Sandbox};

use crate::shore::{Ended, Shore, ended};

/// What the sandbox's device shows now.
fn code() -> String {
    let sandbox = Sandbox::new(Clock::system(), ebbtide::sandbox::Settings::default()).unwrap();
    let seed: Seed = sandbox.first_device().unwrap().1.clone();
    seed.code_at(Clock::system().now())
}

/// Runs a line with text on standard input, and without a terminal.
fn with_input(shore: &Shore, line: &str, text: &str) -> Ended {
    let mut command = shore.command(&line.split_whitespace().collect::<Vec<_>>());
    let mut child: Child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    ended(child.wait_with_output().unwrap())
}

#[test]
fn a_role_profiles_device_is_asked_for_by_default_and_its_code_comes_from_standard_input() {
    let shore = Shore::new();
    let code = code();
    let minted = with_input(&shore, "mint -p diver --mfa-code-stdin", &format!("{code}\n"));
    assert_eq!(minted.code, 0, "{}", minted.err);
    assert!(minted.out.contains("assumed-role/diver/") && minted.out.contains("session id"), "{}", minted.out);
    let again = with_input(&shore, "mint -p diver --mfa-code-stdin", &format!("{code}\n"));
    assert_eq!(again.code, 3, "{}", again.err);
    assert!(!again.err.contains(&code) && again.err.contains("next code"), "{}", again.err);
    let without = with_input(&shore, "mint -p diver --no-mfa", "");
    assert_eq!(without.code, 3, "{}", without.err);
}

#[test]
fn a_profiles_mfa_process_gives_the_code() {
    let shore = Shore::new();
    let config = fs::read_to_string(shore.path("config")).unwrap();
    let process = format!("[profile diver]\nmfa_process = echo asked >&2; echo {}\n", code());
    fs::write(shore.path("config"), config.replace("[profile diver]\n", &process)).unwrap();
    let minted = shore.run("mint -p diver");
    assert_eq!(minted.code, 0, "{}", minted.err);
    assert!(minted.err.contains("asked"), "what the command says is seen: {}", minted.err);
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_asked() {
    let shore = Shore::new();
    for (line, input, error) in [
        ("mint --mfa-code 730461", "", "cannot be an argument"),
        ("mint --mfa-token=730461", "", "cannot be an argument"),
        ("mint -p diver --mfa-code-stdin", "73046\n", "six digits"),
        ("mint -m federation --mfa-serial arn:aws:iam::111122223333:mfa/ana", "", "a federated user takes no MFA"),
        ("mint -u ana --tag team", "", "--tag: \"team\" is not KEY=VALUE"),
        ("mint -u ana --tag a=1 --tag A=2", "", "the same key"),
        ("mint --external-id tide", "", "--external-id: only a role"),
    ] {
        let refused = with_input(&shore, line, input);
        assert_eq!(refused.code, 2, "{line}: {}", refused.err);
        assert!(refused.err.contains(error) && !refused.err.contains("730461"), "{line}: {}", refused.err);
    }
}

#[test]
fn whoami_tells_what_sts_told_besides() {
    let shore = Shore::new();
    let role = "arn:aws:iam::111122223333:role/crew";
    let told = shore.json(&format!("whoami -o json --role-arn {role} --tag team=alpha --source-identity ana"));
    assert_eq!(told["session_arn"], "arn:aws:sts::111122223333:assumed-role/crew/ebbtide");
    assert_eq!(told["source_identity"], "ana");
    assert!(told["packed_percent"].as_u64().is_some_and(|percent| percent <= 100), "{told}");
}
