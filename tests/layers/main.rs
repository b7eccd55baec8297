//! What holds for every file, and for all of them together.
//!
//! | file | what it keeps |
//! |---|---|
//! | `walls` | what each module may not name |
//! | `circles` | that no two files need each other |
//! | `layout` | where a module's files lie |
//! | `sizes` | how long files and functions may be |
//! | `names` | that a type's name stands for one thing |
//! | `parts` | that a part of the interface names no other |
//! | `files`, `lexer`, `paths`, `modules` | the source, as it is read for that |

mod circles;
mod files;
mod layout;
mod lexer;
mod modules;
mod names;
mod parts;
mod paths;
mod sizes;
mod walls;

use std::fs;

use files::{relative, root, sources};

/// What may lie at the top, besides dotfiles.
const TOP_LEVEL: &[&str] =
    &["Cargo.lock", "Cargo.toml", "LICENSE", "README.md", "assets", "screenshots", "src", "target", "tests"];

#[test]
fn every_file_opens_with_what_it_is_for() {
    let silent: Vec<String> = ["src", "tests", "screenshots"]
        .into_iter()
        .flat_map(sources)
        .filter(|file| !fs::read_to_string(file).unwrap().starts_with("//! "))
        .map(|file| relative(&file))
        .collect();
    assert!(silent.is_empty(), "no `//!` at the top of {silent:?}");
}

#[test]
fn nothing_stray_lies_at_the_top() {
    let stray: Vec<String> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.') && !TOP_LEVEL.contains(&name.as_str()))
        .collect();
    assert!(stray.is_empty(), "{stray:?}");
}
