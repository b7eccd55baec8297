//! A type's name stands for one thing in the whole crate.
//!
//! Tests are left out, and so are associated types, which are named by their trait.

use std::{collections::BTreeMap, fs};

use crate::{
    files::{relative, sources},
    lexer::{tokens, without_tests},
};

/// Names that still stand for more than one thing: being replaced, and taken out of this list.
const NOT_YET: &[&str] = &[
    "Action",
    "Answer",
    "Ask",
    "Asked",
    "Bucket",
    "Call",
    "Caller",
    "Condition",
    "Effect",
    "Facts",
    "Files",
    "Form",
    "Group",
    "Kind",
    "Known",
    "Line",
    "Loaded",
    "Minting",
    "Names",
    "Narrow",
    "Object",
    "Open",
    "Order",
    "Origin",
    "Page",
    "Piece",
    "Place",
    "Problem",
    "Progress",
    "Reading",
    "Refusal",
    "Renewal",
    "Reply",
    "Role",
    "Root",
    "Route",
    "Row",
    "Rows",
    "Run",
    "Sent",
    "Service",
    "Session",
    "Shape",
    "Shown",
    "Source",
    "Step",
    "Tag",
    "Told",
    "User",
    "Variable",
    "Wait",
    "Wish",
];

#[test]
fn no_type_is_called_like_another() {
    let files: Vec<(String, String)> =
        sources("src").iter().map(|file| (relative(file), fs::read_to_string(file).unwrap())).collect();
    let doubled: Vec<String> = doubled(&files)
        .into_iter()
        .filter(|(name, _)| !NOT_YET.contains(&name.as_str()))
        .map(|(name, files)| format!("{name}: {}", files.join(", ")))
        .collect();
    assert!(doubled.is_empty(), "\n{}", doubled.join("\n"));
}

/// The names that are defined more than once, with the files that do.
fn doubled(files: &[(String, String)]) -> BTreeMap<String, Vec<&str>> {
    let mut defined = BTreeMap::<String, Vec<&str>>::new();
    let is_test = |file: &str| file.split(['/', '.']).any(|part| part == "tests");
    for (file, text) in files.iter().filter(|(file, _)| !is_test(file)) {
        for name in types(&without_tests(&tokens(text))) {
            defined.entry(name).or_default().push(file);
        }
    }
    defined.retain(|_, files| files.len() > 1);
    defined
}

/// The names of the types that a source defines.
fn types(tokens: &[String]) -> Vec<String> {
    let (mut depth, mut found) = (0_usize, vec![]);
    for (at, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "{" => depth += 1,
            "}" => depth = depth.saturating_sub(1),
            "struct" | "enum" | "trait" | "union" => found.extend(tokens.get(at + 1).cloned()),
            "type" if depth == 0 => found.extend(tokens.get(at + 1).cloned()),
            _ => {}
        }
    }
    found.retain(|name| name.starts_with(char::is_uppercase));
    found
}

#[test]
fn a_name_that_is_given_twice_is_seen() {
    for (one, other, seen) in [
        ("struct A;", "pub enum A {}", true),
        ("trait A {}", "pub(crate) type A = u8;", true),
        ("struct A;", "#[cfg(test)] mod tests { struct A; }", false),
        ("impl X for Y { type A = u8; }", "impl X for Z { type A = u8; }", false),
        ("struct A;", "// struct A;\nconst A: &str = \"struct A\";", false),
    ] {
        let files = [("src/a.rs", one), ("src/b.rs", other)].map(|(file, text)| (file.to_owned(), text.to_owned()));
        assert_eq!(doubled(&files).contains_key("A"), seen, "{one} {other}");
    }
}
