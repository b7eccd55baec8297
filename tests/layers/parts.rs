//! A part of the interface can be read, tested and changed alone.
//!
//! A part is a folder of [`PARTS`] below `src/app`. It names no other part, and not the model that holds them all: what it
//! wants of others it says, and `app/mod.rs` sees to it.

use std::fs;

use crate::{
    files::{relative, sources},
    modules::{HandedOn, Modules, Source, module},
};

const PARTS: [&str; 6] = ["browser", "dialogs", "form", "object", "sessions", "transfers"];

#[test]
fn a_part_names_no_other_part_and_not_the_model() {
    let files: Vec<(String, String)> =
        sources("src").iter().map(|file| (relative(file), fs::read_to_string(file).unwrap())).collect();
    let named = named(&files);
    assert!(named.is_empty(), "\n{}", named.join("\n"));
}

/// One line for each path from a part to another, or to the model.
fn named(files: &[(String, String)]) -> Vec<String> {
    let modules: Modules = files.iter().filter_map(|(file, _)| Some((module(file)?, file.as_str()))).collect();
    let sources: Vec<Source> = files.iter().filter_map(|(file, text)| Source::read(file, text, &modules)).collect();
    let handed_on: HandedOn = sources.iter().flat_map(|source| source.handed_on(&modules)).collect();
    let mut lines: Vec<String> = sources
        .iter()
        .filter_map(|source| Some((source, part(&source.module)?)))
        .flat_map(|(source, own)| {
            let paths = source.written.iter().filter_map(|one| source.origin(one, &modules, &handed_on));
            let outside = paths.filter(move |path| is_model(path) || part(path).is_some_and(|other| other != own));
            outside.map(|path| format!("{} names {}", source.file, path.join("::")))
        })
        .collect();
    lines.sort();
    lines.dedup();
    lines
}

/// The part that a path lies in.
fn part(path: &[String]) -> Option<&str> {
    let [app, part, ..] = path else { return None };
    PARTS.into_iter().find(|name| app == "app" && part == name)
}

fn is_model(path: &[String]) -> bool {
    path.first().is_some_and(|first| first == "app") && path.iter().any(|part| part == "Model")
}

#[test]
fn a_part_that_names_another_is_seen_however_that_is_written() {
    for (text, seen) in [
        ("use crate::app::form::Form;", true),
        ("use super::super::form;", true),
        ("use super::super::{Model, Effect};", true),
        ("fn f(model: &crate::app::model::Model) {}", true),
        ("use super::super::Handed;", true),
        ("use super::super::Effect;\nuse super::Row;\nuse crate::domain::Model;", false),
        ("#[cfg(test)] mod tests { use crate::app::Model; }", false),
    ] {
        let files = [
            ("src/app/mod.rs", "pub use form::Handed;\npub use model::Model;"),
            ("src/app/model.rs", ""),
            ("src/app/form/mod.rs", ""),
            ("src/app/browser/mod.rs", ""),
            ("src/app/browser/row.rs", text),
        ]
        .map(|(file, text)| (file.to_owned(), text.to_owned()));
        assert_eq!(!named(&files).is_empty(), seen, "{text}");
    }
}
