//! What each module may not name.
//!
//! A wall is a row of [`WALLS`]: inside a folder, paths that begin with these names may not be written. The source is
//! read as text; comments and strings do not count, `use` groups and `super::` do.

use std::fs;

use crate::{
    files::{lies_in, relative, sources},
    lexer::tokens,
    paths::{Written, paths},
};

/// Inside the files whose path begins so, these names may not be spoken, except those.
struct Wall {
    inside: &'static str,
    except_inside: &'static [&'static str],
    forbidden: &'static [&'static str],
    allowed: &'static [&'static str],
}

const WALLS: &[Wall] = &[
    Wall {
        inside: "src/domain",
        except_inside: &[],
        forbidden: &[
            "ratatui",
            "crossterm",
            "tokio",
            "std::fs",
            "std::env",
            "crate::app",
            "crate::ui",
            "crate::aws",
            "crate::worker",
            "crate::sandbox",
            "crate::cli",
            "crate::clock",
        ],
        allowed: &[],
    },
    Wall {
        inside: "src/app",
        except_inside: &[],
        forbidden: &["ratatui", "crossterm", "tokio", "crate::ui", "crate::worker", "crate::aws", "crate::clock"],
        allowed: &[],
    },
    // A dialog is read, tested and changed alone: what it wants of others is a wish.
    Wall {
        inside: "src/app/dialogs",
        except_inside: &[],
        forbidden: &[
            "crate::app::Model",
            "crate::app::model",
            "crate::app::Browser",
            "crate::app::browser",
            "crate::app::MintForm",
            "crate::app::mint_form",
            "crate::app::form",
            "crate::app::Ledger",
            "crate::app::ledger",
            "crate::app::sessions",
            "crate::app::session",
            "crate::app::renewal",
            "crate::app::compare",
            "crate::app::fulfil",
        ],
        allowed: &[],
    },
    Wall {
        inside: "src/ui",
        except_inside: &[],
        forbidden: &["tokio", "crate::worker", "crate::aws", "crate::clock"],
        allowed: &[],
    },
    Wall {
        inside: "src/sandbox",
        except_inside: &[],
        forbidden: &["ratatui", "crossterm", "crate::aws", "crate::app", "crate::ui", "crate::worker"],
        allowed: &[],
    },
    Wall {
        inside: "src/aws",
        except_inside: &[],
        forbidden: &["ratatui", "crossterm", "crate::app", "crate::ui", "crate::worker"],
        allowed: &[],
    },
    Wall {
        inside: "src/lister",
        except_inside: &[],
        forbidden: &["ratatui", "crossterm", "crate::app", "crate::ui", "crate::worker", "crate::cli"],
        allowed: &[],
    },
    // Its tests take the time that simulated requests cost.
    Wall { inside: "src/lister", except_inside: &["src/lister/tests"], forbidden: &["crate::clock"], allowed: &[] },
    Wall { inside: "src/worker", except_inside: &[], forbidden: &["ratatui", "crossterm", "crate::ui"], allowed: &[] },
    Wall {
        inside: "src/store",
        except_inside: &[],
        forbidden: &[
            "ratatui",
            "crossterm",
            "tokio",
            "crate::app",
            "crate::ui",
            "crate::aws",
            "crate::worker",
            "crate::clock",
        ],
        allowed: &[],
    },
    Wall {
        inside: "src/handover",
        except_inside: &[],
        forbidden: &[
            "ratatui",
            "crossterm",
            "tokio",
            "std::fs",
            "std::env",
            "crate::app",
            "crate::ui",
            "crate::aws",
            "crate::worker",
            "crate::store",
            "crate::cli",
            "crate::clock",
        ],
        allowed: &["std::env::var_os"], // which shell
    },
    // Runs in a child process without anything but its input.
    Wall {
        inside: "src/preview",
        except_inside: &[],
        forbidden: &[
            "ratatui",
            "crossterm",
            "tokio",
            "std::fs",
            "std::env",
            "std::net",
            "std::process",
            "std::thread",
            "crate::app",
            "crate::ui",
            "crate::aws",
            "crate::worker",
            "crate::sandbox",
            "crate::store",
            "crate::cli",
            "crate::clock",
            "crate::decoder",
            "crate::process",
        ],
        allowed: &[],
    },
    Wall {
        inside: "src/decoder",
        except_inside: &[],
        forbidden: &[
            "ratatui",
            "crossterm",
            "crate::app",
            "crate::ui",
            "crate::aws",
            "crate::worker",
            "crate::store",
            "crate::cli",
            "crate::clock",
        ],
        allowed: &[],
    },
    // What objects contain is parsed in the child alone.
    Wall {
        inside: "src",
        except_inside: &["src/preview"],
        forbidden: &["bzip2", "chardetng", "encoding_rs", "flate2", "infer", "ruzstd", "similar"],
        allowed: &[],
    },
    Wall {
        inside: "src/keymap",
        except_inside: &[],
        forbidden: &["ratatui", "crate::ui", "crate::aws", "crate::worker"],
        allowed: &[],
    },
    // The SDK is spoken in one place; the sandbox checks signatures with the SDK's own arithmetic.
    Wall { inside: "src", except_inside: &["src/aws", "src/sandbox"], forbidden: &["aws_*"], allowed: &[] },
    Wall { inside: "src/sandbox", except_inside: &[], forbidden: &["aws_*"], allowed: &["aws_sigv4"] },
    // Time is asked for in one place. What SDK and signatures are told has to be told in this type.
    Wall {
        inside: "src",
        except_inside: &["src/aws", "src/sandbox"],
        forbidden: &["SystemTime", "std::time::SystemTime"],
        allowed: &[],
    },
    Wall {
        inside: "src",
        except_inside: &["src/clock.rs"],
        forbidden: &["SystemTime::now", "Timestamp::now", "Zoned::now", "Instant::now"],
        allowed: &[],
    },
];

#[test]
fn no_module_speaks_of_what_lies_behind_its_wall() {
    let breaches: Vec<String> =
        sources("src").iter().flat_map(|file| breaches(&relative(file), &fs::read_to_string(file).unwrap())).collect();
    assert!(breaches.is_empty(), "\n{}", breaches.join("\n"));
}

#[test]
fn a_breach_is_seen_however_it_is_written() {
    for (file, source, name) in [
        ("src/domain/a.rs", "use tokio::time;", "tokio::time"),
        ("src/domain/a.rs", "use std::{fmt, fs::{self, File}};", "std::fs::self"),
        ("src/domain/a.rs", "fn f() { let x = std :: env::var(\"A\"); }", "std::env::var"),
        ("src/domain/listing/a.rs", "use super::super::super::app::Model;", "crate::app::Model"),
        ("src/domain/a.rs", "use crate::{domain::mint, ui};", "crate::ui"),
        ("src/app/a.rs", "#[cfg(test)] mod tests { use crate::clock::Clock; }", "crate::clock::Clock"),
        ("src/app.rs", "use crossterm as c;", "crossterm"),
        ("src/app/dialogs/a.rs", "use crate::app::{Action, Model};", "crate::app::Model"),
        ("src/ui/a.rs", "fn f(x: &crate::worker::Worker) {}", "crate::worker::Worker"),
        ("src/sandbox/a.rs", "use aws_sdk_s3::Client;", "aws_sdk_s3::Client"),
        ("src/cli/a.rs", "use ::aws_config::load;", "aws_config::load"),
        ("src/main.rs", "let t = std::time::SystemTime::UNIX_EPOCH;", "std::time::SystemTime::UNIX_EPOCH"),
        ("src/run.rs", "let t = jiff::Timestamp::now();", "jiff::Timestamp::now"),
    ] {
        let seen = breaches(file, source);
        assert!(seen.iter().any(|breach| breach == &format!("{file} speaks of {name}")), "{source}: {seen:?}");
    }
}

#[test]
fn what_is_allowed_is_no_breach() {
    for (file, source) in [
        ("src/domain/a.rs", "// use tokio::time;\n/* crate::ui /* nested */ ratatui::Frame */ use std::fmt;"),
        (
            "src/domain/a.rs",
            r##"const A: &str = "tokio::time \" crate::ui"; const B: &str = r#"ratatui::"x" aws_x::y"#;"##,
        ),
        ("src/domain/a.rs", "fn f<'a>(q: char, x: &'a str) -> bool { q == '\"' || q == '\\'' } // ' tokio::x"),
        ("src/domain/a.rs", "let aws_access_key_id = profile.aws_region; crate::application::x();"),
        ("src/sandbox/a.rs", "use aws_sigv4::http_request; use tokio::net;"),
        ("src/aws/a.rs", "use aws_sdk_s3::Client;"),
        ("src/clock.rs", "Timestamp::now()"),
        ("src/application.rs", "use ratatui::Frame;"),
    ] {
        assert_eq!(breaches(file, source), Vec::<String>::new(), "{source}");
    }
}

/// One line for each path in `source` that `file` may not contain.
fn breaches(file: &str, source: &str) -> Vec<String> {
    let paths: Vec<Vec<String>> = paths(&tokens(source)).into_iter().map(from_crate).collect();
    let walls = WALLS
        .iter()
        .filter(|wall| lies_in(file, wall.inside) && !wall.except_inside.iter().any(|folder| lies_in(file, folder)));
    walls
        .flat_map(|wall| {
            let outside = |path: &&Vec<String>| speaks_of(path, wall.forbidden) && !speaks_of(path, wall.allowed);
            paths.iter().filter(outside).map(|path| format!("{file} speaks of {}", path.join("::")))
        })
        .collect()
}

/// Whether a path begins with one of `names`, `aws_*` being every crate that begins so. A name whose first part is a
/// type (`Instant::now`) may also stand further back.
fn speaks_of(path: &[String], names: &[&str]) -> bool {
    names.iter().any(|name| {
        let name: Vec<&str> = name.split("::").collect();
        let begins = |path: &[String]| path.len() >= name.len() && name.iter().zip(path).all(|(n, p)| part_is(n, p));
        let is_type = name[0].starts_with(char::is_uppercase);
        begins(path) || is_type && (1..path.len()).any(|start| begins(&path[start..]))
    })
}

fn part_is(name: &str, part: &str) -> bool {
    name.strip_suffix('*').map_or(name == part, |beginning| part.starts_with(beginning))
}

/// `super::…::name` as `crate::name`. No module inside a wall is named like one outside, so the depth need not be known.
fn from_crate(Written { path, .. }: Written) -> Vec<String> {
    let supers = path.iter().take_while(|part| *part == "super").count();
    if supers == 0 { path } else { [vec!["crate".to_owned()], path[supers..].to_vec()].concat() }
}
