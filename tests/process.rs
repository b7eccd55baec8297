//! What the process keeps to itself.

use std::{
    env,
    process::{Command, Output},
};

use ebbtide::process;

/// In a process that is to panic.
const INNER: &str = "EBBTIDE_TEST_PANICS";

#[test]
fn a_panic_is_told_by_its_place_and_not_by_what_it_quotes() {
    if env::var_os(INNER).is_some() {
        process::report_faults_by_place();
        panic!("\u{1b}]0;from a service\u{7}");
    }
    let name = "a_panic_is_told_by_its_place_and_not_by_what_it_quotes";
    let Output { stderr, stdout, .. } = Command::new(env::current_exe().expect("a test knows its program"))
        .args([name, "--exact", "--nocapture"])
        .env(INNER, "1")
        .output()
        .expect("a test can be run again");
    let told = String::from_utf8([stderr, stdout].concat()).expect("nothing but text is told");
    let report = "ebbtide: a bug in ebbtide at tests/process.rs:";
    assert!(told.contains(report) && told.contains(": please report it"), "{told:?}");
    assert!(!told.contains("from a service") && !told.contains('\u{1b}'), "{told:?}");
}
