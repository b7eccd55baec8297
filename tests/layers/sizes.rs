//! How long files and functions may be.
//!
//! A function is counted from its `fn` to its closing brace, as rustfmt lays it out; a signature without a body is none, and
//! nor is a test, which may be a table of many rows.

use std::{fs, path::PathBuf};

use crate::files::{relative, sources};

/// Lines of a file.
const LONGEST_FILE: usize = 410;

/// Lines of a function.
const LONGEST_FUNCTION: usize = 60;

/// Files that are still longer: being taken apart, and out of this list.
const NOT_YET: &[&str] = &[];

#[test]
fn no_file_and_no_function_is_long() {
    let read = |file: &PathBuf| (relative(file), fs::read_to_string(file).unwrap());
    let files: Vec<(String, String)> = sources("src").iter().map(read).collect();
    let finished = files.iter().filter(|(file, _)| !NOT_YET.contains(&file.as_str()));
    let long: Vec<String> = finished.flat_map(|(file, text)| too_long(file, text)).collect();
    assert!(long.is_empty(), "\n{}", long.join("\n"));
}

fn too_long(file: &str, text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut long = vec![];
    if lines.len() > LONGEST_FILE {
        long.push(format!("{file} has {} lines, more than {LONGEST_FILE}", lines.len()));
    }
    let is_tests = file.split(['/', '.']).any(|part| part == "tests");
    let tests = lines.iter().position(|line| *line == "mod tests {").unwrap_or(lines.len());
    for (start, line) in lines[..tests].iter().enumerate().filter(|_| !is_tests) {
        let Some(name) = function(line) else { continue };
        let length = length(&lines[start..]);
        if length > LONGEST_FUNCTION {
            long.push(format!("{file}, line {}: {name} has {length} lines, more than {LONGEST_FUNCTION}", start + 1));
        }
    }
    long
}

/// The name of the function that begins on a line.
fn function(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace().skip_while(|word| {
        word.starts_with("pub") || word.ends_with(')') || ["const", "async", "unsafe", "in"].contains(word)
    });
    (words.next() == Some("fn")).then(|| words.next()?.split(['(', '<']).next()).flatten()
}

/// How many lines the function at the start of `lines` takes.
fn length(lines: &[&str]) -> usize {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let depth = indent(lines[0]);
    let is_end = |(at, line): &(usize, &&str)| {
        let line = line.trim_end();
        let ends = line.ends_with('}') && (*at > 0 || line.matches('{').count() == line.matches('}').count());
        indent(line) == depth && (ends || line.ends_with(';'))
    };
    lines.iter().enumerate().find(is_end).map_or(lines.len(), |(at, _)| at + 1)
}

#[test]
fn what_is_too_long_is_seen() {
    let body = |lines: usize| "    1;\n".repeat(lines);
    for (text, seen) in [
        (body(LONGEST_FILE), 0),
        (body(LONGEST_FILE + 1), 1),
        (format!("fn f() {{\n{}}}\n", body(58)), 0),
        (format!("fn f() {{\n{}}}\n", body(59)), 1),
        (format!("pub(in crate::a) const fn f<T>() {{\n{}}}\n", body(59)), 1),
        (format!("impl A {{\n    async fn f(\n        a: A,\n    ) {{\n{}    }}\n}}\n", "        1;\n".repeat(60)), 1),
        (format!("trait A {{\n    fn f(\n        a: A,\n    ) -> B;\n}}\n{}", body(80)), 0),
        (format!("fn f() {{}}\n{}", body(80)), 0),
        (format!("mod tests {{\n    fn f() {{\n{}    }}\n}}\n", body(80)), 0),
    ] {
        assert_eq!(too_long("a.rs", &text).len(), seen, "{text}");
    }
}
