//! The paths that a source names: groups of a `use` spread out, each by the name it goes by afterwards.
//!
//! Invariant: a path that is written is found, however it is written.

/// A path as it is written, and the name that a `use` gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    /// Its parts.
    pub(crate) path: Vec<String>,
    /// What it is called from there on, where it stands in a `use`.
    pub(crate) name: Option<String>,
    /// Whether it stands in a `pub use`, which hands it on.
    pub(crate) handed_on: bool,
    /// The modules within the file around it.
    pub(crate) within: Vec<String>,
}

/// Every path of two parts or more, and every single name in a `use`.
pub(crate) fn paths(tokens: &[String]) -> Vec<Written> {
    let (mut found, mut at) = (vec![], 0);
    let (mut depth, mut modules) = (0_usize, Vec::<(String, usize)>::new());
    while at < tokens.len() {
        match tokens[at].as_str() {
            "{" => depth += 1,
            "}" => {
                depth = depth.saturating_sub(1);
                modules.retain(|(_, opened)| *opened <= depth);
            }
            "mod" if tokens.get(at + 2).is_some_and(|token| token == "{") => {
                modules.push((tokens[at + 1].clone(), depth + 1));
            }
            _ => {}
        }
        let in_use = tokens[at] == "use";
        // Nothing but a visibility can stand before it.
        let handed_on = in_use && at > 0 && (tokens[at - 1] == "pub" || tokens[at - 1] == ")");
        let start = if in_use { at + 1 } else { at };
        if tokens[at] == "in" && at > 0 && tokens[at - 1] == "(" {
            // `pub(in crate::name)` needs nothing of there.
            at = tree(tokens, at + 1, &[], &mut vec![]).max(at + 1);
            continue;
        }
        let mut here = vec![];
        at = tree(tokens, start, &[], &mut here).max(at + 1);
        let counts = |(path, _): &(Vec<String>, String)| in_use || path.len() > 1 || path[0] == "SystemTime";
        let within: Vec<String> = modules.iter().map(|(module, _)| module.clone()).collect();
        found.extend(here.into_iter().filter(counts).map(|(path, name)| Written {
            path,
            name: in_use.then_some(name),
            handed_on,
            within: within.clone(),
        }));
    }
    found
}

/// Reads one path, or one tree of a `use`, from `at` and returns where it ends.
fn tree(tokens: &[String], mut at: usize, before: &[String], found: &mut Vec<(Vec<String>, String)>) -> usize {
    let mut path = before.to_vec();
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token == text);
    if is(at, "::") {
        at += 1;
    }
    while let Some(part) = tokens.get(at) {
        if part == "{" && !path.is_empty() {
            at += 1;
            while at < tokens.len() && !is(at, "}") {
                at = if is(at, ",") { at + 1 } else { tree(tokens, at, &path, found).max(at + 1) };
            }
            return at + 1;
        }
        if !part.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '*') {
            break;
        }
        path.push(part.clone());
        at += 1;
        if !is(at, "::") {
            break;
        }
        at += 1;
    }
    if path.len() > before.len() {
        let renamed = is(at, "as").then(|| tokens.get(at + 1)).flatten();
        at += if renamed.is_some() { 2 } else { 0 };
        let last = path.iter().rfind(|part| *part != "self").or(path.last()).cloned().unwrap_or_default();
        found.push((path, renamed.cloned().unwrap_or(last)));
    }
    at
}
