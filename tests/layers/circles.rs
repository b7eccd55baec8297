//! No two files of the crate need each other, neither at once nor by way of others.
//!
//! A file needs another when it names something by a path that leads there: `crate::`, `super::`, `self::`, a module
//! that the file declares, or a name that one of its `use`s brought. A path leads to the file of the innermost module
//! that it names; what is handed on by a `pub use` is needed from the file that hands it on. `mod name;` alone needs
//! nothing. Tests are left out: they may look at everything.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use crate::{
    files::{relative, sources},
    lexer::tokens,
    lies_in,
    paths::{Written, paths},
};

/// Which file needs which, and for what.
type Needs = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// Folders in which files still need each other.
const NOT_YET: &[&str] = &[
    "src/app",
    "src/aws",
    "src/cli",
    "src/domain",
    "src/lister",
    "src/sandbox",
    "src/terminal",
    "src/ui",
    "src/worker",
];

#[test]
fn no_files_need_each_other() {
    let files: Vec<(String, String)> =
        sources("src").iter().map(|file| (relative(file), fs::read_to_string(file).unwrap())).collect();
    let needs = needs(&files);
    let circles = circles(&needs);
    let folder = |circle: &Circle| NOT_YET.iter().position(|folder| circle.iter().all(|file| lies_in(file, folder)));
    let new: Vec<String> = circles.iter().filter(|circle| folder(circle).is_none()).map(|c| told(&needs, c)).collect();
    assert!(new.is_empty(), "\n{}", new.join("\n"));
    let left: BTreeSet<usize> = circles.iter().filter_map(folder).collect();
    assert_eq!(left.len(), NOT_YET.len(), "a folder of NOT_YET has no circle any more: take it out");
}

/// The names that files hand on, by module and name.
type HandedOn = BTreeMap<Vec<String>, Vec<String>>;

/// Who needs whom among `files`, each given by its path and its text.
fn needs(files: &[(String, String)]) -> Needs {
    let modules: Modules = files.iter().filter_map(|(file, _)| Some((module(file)?, file.as_str()))).collect();
    let sources: Vec<Source> = files.iter().filter_map(|(file, text)| Source::read(file, text, &modules)).collect();
    let handed_on: HandedOn = sources.iter().flat_map(|source| source.handed_on(&modules)).collect();
    let mut needs = Needs::new();
    for source in &sources {
        for one in source.written.iter().filter(|one| !one.handed_on) {
            let Some((target, what)) = source.target(one, &modules, &handed_on) else { continue };
            if target != source.file {
                needs.entry(source.file.to_owned()).or_default().entry(target).or_default().insert(what);
            }
        }
    }
    needs
}

/// The files by the modules that they are.
type Modules<'a> = BTreeMap<Vec<String>, &'a str>;

/// A file that is looked at.
struct Source<'a> {
    file: &'a str,
    module: Vec<String>,
    written: Vec<Written>,
    /// What its `use`s named, by the names that they gave.
    names: BTreeMap<String, Vec<String>>,
}

impl<'a> Source<'a> {
    fn read(file: &'a str, text: &str, modules: &Modules) -> Option<Self> {
        let module = module(file).filter(|module| !is_test(module))?;
        let written = paths(&without_tests(&tokens(text)));
        let mut source = Self { file, module, written, names: BTreeMap::new() };
        let named = source.written.iter().filter_map(|one| Some((one.name.clone()?, source.absolute(one, modules)?)));
        source.names = named.collect();
        Some(source)
    }

    fn handed_on(&self, modules: &Modules) -> Vec<(Vec<String>, Vec<String>)> {
        let handed_on = self.written.iter().filter(|one| one.handed_on);
        let pairs = handed_on.filter_map(|one| {
            let place = [self.module.as_slice(), &one.within, &[one.name.clone()?]].concat();
            Some((place, self.absolute(one, modules)?))
        });
        // A module and what it is handed on with may be called the same.
        pairs.filter(|(place, _)| !modules.contains_key(place)).collect()
    }

    /// The file that a path leads to, and what it is there.
    fn target(&self, one: &Written, modules: &Modules, handed_on: &HandedOn) -> Option<(String, String)> {
        let mut path = self.absolute(one, modules)?;
        while let Some((length, origin)) =
            (1..=path.len()).find_map(|length| Some((length, handed_on.get(&path[..length])?)))
        {
            path = [origin.as_slice(), &path[length..]].concat();
        }
        let (length, file) =
            (0..=path.len()).rev().find_map(|length| Some((length, *modules.get(&path[..length])?)))?;
        Some((file.to_owned(), path.get(length).map_or("itself", String::as_str).to_owned()))
    }

    /// A path from the crate's root, if it leads into the crate.
    fn absolute(&self, one: &Written, modules: &Modules) -> Option<Vec<String>> {
        let mut base = [self.module.as_slice(), &one.within].concat();
        let mut parts = one.path.iter().map(String::as_str).filter(|part| *part != "self").peekable();
        match *parts.peek()? {
            "crate" => {
                parts.next();
                base.clear();
            }
            "super" => {
                while parts.next_if_eq(&"super").is_some() {
                    base.pop()?;
                }
            }
            first if modules.contains_key(&[self.module.as_slice(), &[first.to_owned()]].concat()) => {
                base.clone_from(&self.module);
            }
            first => {
                base.clone_from(self.names.get(first)?);
                parts.next();
            }
        }
        base.extend(parts.map(str::to_owned));
        Some(base)
    }
}

/// The module that a file is: `src/a/mod.rs` and `src/a.rs` are `a`. A program's own file is none.
fn module(file: &str) -> Option<Vec<String>> {
    let name = file.strip_prefix("src/")?.strip_suffix(".rs")?;
    let name = name.strip_suffix("/mod").unwrap_or(name);
    match name {
        "main" => None,
        "lib" => Some(vec![]),
        _ => Some(name.split('/').map(str::to_owned).collect()),
    }
}

fn is_test(module: &[String]) -> bool {
    module.iter().any(|part| part == "tests")
}

/// What is left where every `#[cfg(test)] mod … { … }` is taken out.
fn without_tests(tokens: &[String]) -> Vec<String> {
    let marked = ["#", "[", "cfg", "(", "test", ")", "]", "mod"];
    let (mut left, mut at) = (vec![], 0);
    while at < tokens.len() {
        if tokens[at..].iter().zip(marked).filter(|(token, mark)| token == mark).count() == marked.len() {
            at = after_block(tokens, at);
        } else {
            left.push(tokens[at].clone());
            at += 1;
        }
    }
    left
}

/// Where the item that begins at `at` is over: at its semicolon, or behind its braces.
fn after_block(tokens: &[String], mut at: usize) -> usize {
    let mut depth = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token.as_str() {
            "{" => depth += 1,
            "}" if depth == 1 => return at,
            "}" => depth -= 1,
            ";" if depth == 0 => return at,
            _ => {}
        }
    }
    at
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
    ] {
        let files = [("a", one), ("b", other)].map(|(name, text)| (format!("src/{name}.rs"), text.to_owned()));
        assert_eq!(circles(&needs(&files)), Vec::<Circle>::new(), "{one} {other}");
    }
}
