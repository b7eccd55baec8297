//! No two files of the crate need each other, neither at once nor by way of others.
//!
//! A file needs another when it names something of there. What is handed on by a `pub use` is needed from the file that it
//! comes from; handing it on needs nothing, unless it is used there too, nor does `mod name;`. Tests are left out: they may
//! look at everything.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use crate::{
    files::{lies_in, relative, sources},
    modules::{HandedOn, Modules, Source, module},
};

/// Which file needs which, and for what.
type Needs = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// Folders whose `mod.rs` holds a type or a trait that the other files of the folder complete: those need each other.
const COMPLETED_BY_THEIR_FILES: &[&str] =
    &["src/app/browser", "src/app/dialogs", "src/app/form", "src/app/object", "src/ui"];

#[test]
fn no_files_need_each_other() {
    let files: Vec<(String, String)> =
        sources("src").iter().map(|file| (relative(file), fs::read_to_string(file).unwrap())).collect();
    let needs = needs(&files);
    let circles = circles(&needs);
    let is_known =
        |circle: &Circle| COMPLETED_BY_THEIR_FILES.iter().any(|folder| circle.iter().all(|file| lies_in(file, folder)));
    let new: Vec<String> = circles.iter().filter(|circle| !is_known(circle)).map(|c| told(&needs, c)).collect();
    assert!(new.is_empty(), "\n{}", new.join("\n"));
}

/// Who needs whom among `files`, each given by its path and its text.
fn needs(files: &[(String, String)]) -> Needs {
    let modules: Modules = files.iter().filter_map(|(file, _)| Some((module(file)?, file.as_str()))).collect();
    let sources: Vec<Source> = files.iter().filter_map(|(file, text)| Source::read(file, text, &modules)).collect();
    let handed_on: HandedOn = sources.iter().flat_map(|source| source.handed_on(&modules)).collect();
    let mut needs = Needs::new();
    for source in &sources {
        for one in source.written.iter().filter(|one| !one.handed_on || source.uses(one, &modules)) {
            let Some((target, what)) = source.target(one, &modules, &handed_on) else { continue };
            if target != source.file {
                needs.entry(source.file.to_owned()).or_default().entry(target).or_default().insert(what);
            }
        }
    }
    needs
}

/// Files that need each other.
type Circle<'a> = BTreeSet<&'a str>;

fn circles(needs: &Needs) -> Vec<Circle<'_>> {
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        needs.keys().map(|file| (file.as_str(), reached(needs, file))).collect();
    let mut left: BTreeSet<&str> = reached.keys().copied().collect();
    let mut circles = vec![];
    while let Some(file) = left.pop_first() {
        let back = |other: &&str| reached.get(other).is_some_and(|there| there.contains(file));
        let circle: Circle = reached[file].iter().copied().filter(back).collect();
        left.retain(|other| !circle.contains(other));
        if circle.len() > 1 {
            circles.push(circle);
        }
    }
    circles
}

/// Every file that `file` needs, at once or by way of others.
fn reached<'a>(needs: &'a Needs, file: &str) -> BTreeSet<&'a str> {
    let mut open: Vec<&str> = needs.get(file).into_iter().flat_map(BTreeMap::keys).map(String::as_str).collect();
    let mut reached = BTreeSet::new();
    while let Some(next) = open.pop() {
        if reached.insert(next) {
            open.extend(needs.get(next).into_iter().flat_map(BTreeMap::keys).map(String::as_str));
        }
    }
    reached
}

/// Who is in a circle, and what they need of each other.
fn told(needs: &Needs, circle: &Circle) -> String {
    let within = circle.iter().flat_map(|file| {
        let needed = needs[*file].iter().filter(|(target, _)| circle.contains(target.as_str()));
        needed.map(move |(target, what)| {
            let what: Vec<&str> = what.iter().map(String::as_str).collect();
            format!("  {file} needs of {target}: {}", what.join(", "))
        })
    });
    format!("a circle of {} files:\n{}", circle.len(), within.collect::<Vec<_>>().join("\n"))
}

#[test]
fn a_circle_is_seen_however_its_paths_are_written() {
    for (one, other) in [
        ("use crate::b::B;", "use crate::a::A;"),
        ("use super::b::{self, B as Other};", "fn f() { crate::a::f() }"),
        ("use crate::b;\nfn f() { b::c::f() }", "fn g(x: super::a::A) {}"),
        ("mod inner { use super::super::b::B; }", "use crate::{a::{A}, c};"),
        // Handed on by somebody else.
        ("use crate::c::B;", "use crate::a;"),
        ("pub use crate::b::B;\nfn f(b: B) {}", "use crate::a;"),
    ] {
        let files = [("a", one), ("b", other), ("c", "pub use super::b::B;")]
            .map(|(name, text)| (format!("src/{name}.rs"), text.to_owned()));
        let needs = needs(&files);
        let found = circles(&needs);
        assert_eq!(found, [BTreeSet::from(["src/a.rs", "src/b.rs"])], "{one} {other}");
    }
}

#[test]
fn what_is_no_circle_is_not_taken_for_one() {
    for (one, other) in [
        ("use crate::b::B;", "// use crate::a::A;\nconst A: &str = \"crate::a::A\";"),
        ("use crate::b::B;", "#[cfg(test)] mod tests { use crate::a::A; }"),
        ("use crate::b::B;", "fn f(a: A) { a.b(); other::a::A }"),
        ("mod b;", "use super::b::B;"),
        ("pub(in crate::b) fn f() {}\npub use crate::b::B;", "use crate::a;"),
    ] {
        let files = [("a", one), ("b", other)].map(|(name, text)| (format!("src/{name}.rs"), text.to_owned()));
        assert_eq!(circles(&needs(&files)), Vec::<Circle>::new(), "{one} {other}");
    }
}
