//! Where a module's files lie: one rule for the whole crate.
//!
//! A module of one file is `name.rs`. One of several is a folder, `name/mod.rs` and its parts; there is never a `name.rs`
//! beside `name/`. Its tests stand at the end of the file, or in `tests.rs` of the folder where they are long, which is a
//! folder in turn where they are several files. A test program of one file is `tests/name.rs`, one of several is
//! `tests/name/main.rs`; what several programs share lies in `tests/support`.

use std::collections::BTreeSet;

use crate::files::{relative, sources};

#[test]
fn a_module_of_several_files_is_a_folder_with_one_that_is_called_mod() {
    let files: Vec<String> = ["src", "tests"].into_iter().flat_map(sources).map(|file| relative(&file)).collect();
    assert_eq!(misplaced(&files), Vec::<String>::new());
}

/// What lies where the rule does not put it.
fn misplaced(files: &[String]) -> Vec<String> {
    let folders: BTreeSet<&str> = files.iter().filter_map(|file| Some(file.rsplit_once('/')?.0)).collect();
    let beside = files.iter().filter(|file| folders.contains(file.trim_end_matches(".rs"))).cloned();
    let has = |folder: &str, name: &str| files.iter().any(|file| *file == format!("{folder}/{name}.rs"));
    let names = |folder: &str| match folder {
        "src" => ["lib", "main"],
        // What programs share, and the benchmark's parts.
        "tests" | "tests/support" | "tests/bench" => ["", ""],
        _ => ["mod", "main"],
    };
    let headless = folders.iter().filter(|folder| {
        let names = names(folder);
        names != ["", ""] && !names.iter().any(|name| has(folder, name))
    });
    let headless = headless.map(|folder| format!("{folder} has no mod.rs"));
    beside.chain(headless).collect()
}

#[test]
fn another_layout_is_seen() {
    let misplaced = |files: &[&str]| misplaced(&files.iter().map(ToString::to_string).collect::<Vec<_>>());
    for (files, seen) in [
        (vec!["src/lib.rs", "src/a/mod.rs", "src/a/b.rs", "src/a/tests.rs", "tests/x/main.rs", "tests/y.rs"], vec![]),
        (vec!["src/lib.rs", "src/a.rs", "src/a/b.rs"], vec!["src/a.rs", "src/a has no mod.rs"]),
        (vec!["src/lib.rs", "src/a.rs", "src/a/mod.rs"], vec!["src/a.rs"]),
        (vec!["tests/x.rs", "tests/x/one.rs"], vec!["tests/x.rs", "tests/x has no mod.rs"]),
    ] {
        assert_eq!(misplaced(&files), seen, "{files:?}");
    }
}
