//! Lines of logs, settings and markup, coloured.
//!
//! Invariant: a line is coloured by itself, in time proportional to its length; not one character is added or left out.

use super::{json::is_number, reply::SpanRole, rows::LineBuilder};

/// How the lines of a text are coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineStyle {
    /// Not at all.
    Plain,
    /// By level and time.
    Log,
    /// Sections, keys and values: INI, TOML, properties, environment files.
    Settings,
    /// Keys and values of YAML.
    Yaml,
    /// Tags.
    Markup,
    /// Headings and quotes.
    Markdown,
}

impl LineStyle {
    /// What a text of this style is called.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Plain => "text",
            Self::Log => "log",
            Self::Settings => "settings",
            Self::Yaml => "YAML",
            Self::Markup => "markup",
            Self::Markdown => "Markdown",
        }
    }

    /// Draws one line.
    pub(super) fn draw(self, line: &str, rows: &mut LineBuilder) {
        match self {
            Self::Plain => rows.push(line, SpanRole::Plain),
            Self::Log => draw_log(line, rows),
            Self::Settings => draw_settings(line, rows),
            Self::Yaml => draw_yaml(line, rows),
            Self::Markup => draw_markup(line, rows),
            Self::Markdown => draw_markdown(line, rows),
        }
    }
}

/// The style that fits a text, by the key's ending or by the look of its lines.
pub(super) fn guess_style(text: &str, ending: &str) -> LineStyle {
    match ending {
        "log" | "err" => LineStyle::Log,
        "ini" | "toml" | "cfg" | "conf" | "properties" | "env" | "cnf" | "tf" | "hcl" => LineStyle::Settings,
        "yaml" | "yml" => LineStyle::Yaml,
        "xml" | "html" | "htm" | "svg" | "xhtml" | "rss" | "xsd" | "plist" | "kml" | "gpx" => LineStyle::Markup,
        "md" | "markdown" => LineStyle::Markdown,
        "" | "txt" | "out" => guess_by_lines(text),
        _ if ending.bytes().all(|byte| byte.is_ascii_digit()) => guess_by_lines(text),
        _ => LineStyle::Plain,
    }
}

/// Lines that are looked at to guess a style.
const LOOKED_AT: usize = 50;

fn guess_by_lines(text: &str) -> LineStyle {
    let beginning = text.trim_start();
    if ["<?xml", "<!DOCTYPE", "<!doctype", "<html"].iter().any(|tag| beginning.starts_with(tag)) {
        return LineStyle::Markup;
    }
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(LOOKED_AT).collect();
    let logged = lines.iter().filter(|line| time_length(line) > 0 || find_level(line).is_some()).count();
    if logged > 0 && logged * 2 >= lines.len() { LineStyle::Log } else { LineStyle::Plain }
}

/// The words of levels, as logs write them.
const LEVELS: [(&str, SpanRole); 16] = [
    ("FATAL", SpanRole::Error),
    ("ERROR", SpanRole::Error),
    ("CRITICAL", SpanRole::Error),
    ("PANIC", SpanRole::Error),
    ("ALERT", SpanRole::Error),
    ("EMERG", SpanRole::Error),
    ("SEVERE", SpanRole::Error),
    ("ERR", SpanRole::Error),
    ("WARNING", SpanRole::Warning),
    ("WARN", SpanRole::Warning),
    ("NOTICE", SpanRole::Info),
    ("INFO", SpanRole::Info),
    ("DEBUG", SpanRole::Muted),
    ("TRACE", SpanRole::Muted),
    ("FINE", SpanRole::Muted),
    ("VERBOSE", SpanRole::Muted),
];

/// Bytes of a line in which a level is looked for.
const LEVEL_WITHIN: usize = 120;

/// Where a level stands near the beginning of a line, as a word of its own.
fn find_level(line: &str) -> Option<(usize, usize, SpanRole)> {
    let beginning = &line[..line.floor_char_boundary(LEVEL_WITHIN)];
    let mut start = 0;
    for word in beginning.split(|c: char| !c.is_ascii_alphabetic()) {
        // Lower case is a level where a key names it: `level=warn`, `"level":"warn"`.
        let named = line[..start].trim_end_matches(['"', ' ', ':', '=']).ends_with("level");
        let upper = word.to_ascii_uppercase();
        let is_written_so = word == upper || named || line[..start].ends_with('[');
        if let Some((_, role)) = LEVELS.iter().find(|(level, _)| is_written_so && *level == upper) {
            return Some((start, start + word.len(), *role));
        }
        start += word.len() + 1;
        start = beginning.ceil_char_boundary(start);
    }
    None
}

/// The length of a time at the beginning of a line: digits and what stands between them, eight digits at least.
fn time_length(line: &str) -> usize {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '-' | ':' | '.' | ',' | 'T' | 'Z' | '+' | '/' | '[');
    let mut end = line.find(|c: char| !is_part(c)).unwrap_or(line.len());
    // A date and a time may have a space between them.
    if line[end..].starts_with(' ') {
        let rest = &line[end + 1..];
        let more = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
        if rest[..more].contains(':') {
            end += 1 + more;
        }
    }
    let digits = line[..end].bytes().filter(u8::is_ascii_digit).count();
    if digits >= 6 && line[..end].contains([':', '-', '/']) { end } else { 0 }
}

fn draw_log(line: &str, rows: &mut LineBuilder) {
    let time = time_length(line);
    rows.push(&line[..time], SpanRole::Number);
    match find_level(line).filter(|(start, ..)| *start >= time) {
        Some((start, end, role)) => {
            rows.push(&line[time..start], SpanRole::Plain);
            rows.push(&line[start..end], role);
            let rest = if role == SpanRole::Muted { SpanRole::Muted } else { SpanRole::Plain };
            rows.push(&line[end..], rest);
        }
        None => rows.push(&line[time..], SpanRole::Plain),
    }
}

fn draw_settings(line: &str, rows: &mut LineBuilder) {
    let trimmed = line.trim();
    if trimmed.starts_with(['#', ';']) || trimmed.starts_with("//") {
        rows.push(line, SpanRole::Comment);
    } else if trimmed.starts_with('[') && trimmed.ends_with(']') {
        rows.push(line, SpanRole::Heading);
    } else if let Some(equals) = line.find('=') {
        rows.push(&line[..equals], SpanRole::Key);
        rows.push("=", SpanRole::Punctuation);
        rows.push(&line[equals + 1..], value_role(&line[equals + 1..]));
    } else {
        rows.push(line, SpanRole::Plain);
    }
}

fn draw_yaml(line: &str, rows: &mut LineBuilder) {
    let content = line.trim_start();
    if content.starts_with('#') {
        return rows.push(line, SpanRole::Comment);
    }
    if content.starts_with("---") || content.starts_with("...") {
        return rows.push(line, SpanRole::Heading);
    }
    let dashes = content.len() - content.trim_start_matches(['-', ' ']).len();
    let dashes = if content.starts_with("- ") { dashes } else { 0 };
    let start = line.len() - content.len() + dashes;
    rows.push(&line[..start], SpanRole::Punctuation);
    let rest = &line[start..];
    let colon = rest.find(": ").or_else(|| rest.trim_end().ends_with(':').then(|| rest.trim_end().len() - 1));
    match colon {
        Some(colon) if !rest.starts_with(['"', '\'', '{', '[']) => {
            rows.push(&rest[..colon], SpanRole::Key);
            rows.push(":", SpanRole::Punctuation);
            rows.push(&rest[colon + 1..], value_role(&rest[colon + 1..]));
        }
        _ => rows.push(rest, value_role(rest)),
    }
}

/// The role of a value, whatever language it stands in.
fn value_role(value: &str) -> SpanRole {
    match value.trim() {
        value if is_number(value) => SpanRole::Number,
        "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "~" => SpanRole::Keyword,
        value if value.starts_with(['"', '\'']) => SpanRole::String,
        _ => SpanRole::Plain,
    }
}

fn draw_markup(line: &str, rows: &mut LineBuilder) {
    let mut rest = line;
    while let Some(open) = rest.find('<') {
        rows.push(&rest[..open], SpanRole::Plain);
        let tag = &rest[open..];
        let is_comment = tag.starts_with("<!--");
        let end = if is_comment { tag.find("-->").map(|at| at + 3) } else { tag.find('>').map(|at| at + 1) };
        let end = end.unwrap_or(tag.len());
        rows.push(&tag[..end], if is_comment { SpanRole::Comment } else { SpanRole::Key });
        rest = &tag[end..];
    }
    rows.push(rest, SpanRole::Plain);
}

fn draw_markdown(line: &str, rows: &mut LineBuilder) {
    let role = match line.trim_start() {
        text if text.starts_with('#') => SpanRole::Heading,
        text if text.starts_with('>') => SpanRole::Muted,
        text if text.starts_with("```") => SpanRole::Punctuation,
        _ => SpanRole::Plain,
    };
    rows.push(line, role);
}
