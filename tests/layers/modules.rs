//! The modules of the crate, and where the paths in their files lead.
//!
//! A path leads to the file of the innermost module that it names. It begins with `crate`, `super` or `self`, with a module
//! that the file declares, or with a name that one of the file's `use`s brought.

use std::collections::BTreeMap;

use crate::{
    lexer::{tokens, without_tests},
    paths::{Written, paths},
};

/// The names that files hand on, by module and name.
pub(crate) type HandedOn = BTreeMap<Vec<String>, Vec<String>>;

/// The files by the modules that they are.
pub(crate) type Modules<'a> = BTreeMap<Vec<String>, &'a str>;

/// A file that is looked at.
pub(crate) struct Source<'a> {
    pub(crate) file: &'a str,
    pub(crate) module: Vec<String>,
    pub(crate) written: Vec<Written>,
    /// What its `use`s named, by the names that they gave.
    names: BTreeMap<String, Vec<String>>,
    /// How often each word stands in it.
    words: BTreeMap<String, usize>,
}

impl<'a> Source<'a> {
    pub(crate) fn read(file: &'a str, text: &str, modules: &Modules) -> Option<Self> {
        let module = module(file).filter(|module| !is_test(module))?;
        let tokens = without_tests(&tokens(text));
        let mut words = BTreeMap::new();
        for token in &tokens {
            *words.entry(token.clone()).or_default() += 1;
        }
        let mut source = Self { file, module, written: paths(&tokens), names: BTreeMap::new(), words };
        let named = source.written.iter().filter_map(|one| Some((one.name.clone()?, source.absolute(one, modules)?)));
        source.names = named.collect();
        Some(source)
    }

    /// Whether what is handed on is also used here.
    pub(crate) fn uses(&self, one: &Written, modules: &Modules) -> bool {
        one.name.as_ref().is_some_and(|name| {
            let is_module = modules.contains_key(&[self.module.as_slice(), std::slice::from_ref(name)].concat());
            !is_module && self.words.get(name).is_some_and(|times| *times > 1)
        })
    }

    pub(crate) fn handed_on(&self, modules: &Modules) -> Vec<(Vec<String>, Vec<String>)> {
        let handed_on = self.written.iter().filter(|one| one.handed_on);
        let pairs = handed_on.filter_map(|one| {
            let place = [self.module.as_slice(), &one.within, &[one.name.clone()?]].concat();
            Some((place, self.absolute(one, modules)?))
        });
        // A module and what it is handed on with may be called the same.
        pairs.filter(|(place, _)| !modules.contains_key(place)).collect()
    }

    /// The file that a path leads to, and what it is there.
    pub(crate) fn target(&self, one: &Written, modules: &Modules, handed_on: &HandedOn) -> Option<(String, String)> {
        let path = self.origin(one, modules, handed_on)?;
        let (length, file) =
            (0..=path.len()).rev().find_map(|length| Some((length, *modules.get(&path[..length])?)))?;
        Some((file.to_owned(), path.get(length).map_or("itself", String::as_str).to_owned()))
    }

    /// A path from the crate's root to where what it names is from, whoever hands it on.
    pub(crate) fn origin(&self, one: &Written, modules: &Modules, handed_on: &HandedOn) -> Option<Vec<String>> {
        let mut path = self.absolute(one, modules)?;
        while let Some((length, origin)) =
            (1..=path.len()).find_map(|length| Some((length, handed_on.get(&path[..length])?)))
        {
            path = [origin.as_slice(), &path[length..]].concat();
        }
        Some(path)
    }

    /// A path from the crate's root, if it leads into the crate.
    pub(crate) fn absolute(&self, one: &Written, modules: &Modules) -> Option<Vec<String>> {
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
pub(crate) fn module(file: &str) -> Option<Vec<String>> {
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
