//! The lines that ask: where to go, for a prefix, for a code.
//!
//! Invariant: what is asked for, and why it was refused, stands below the line that is typed in.

use ratatui::{
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::panel::{Panel, paragraph, text_width};
use crate::{
    app::{AskCode, AskPrefix, AskTime, Browser, GoTo, Model, ProposedText, TextInput},
    domain::location::Location,
    ui::{
        Theme, foreign,
        form::{self, window},
    },
};

/// The line that asks where to go: also to a bucket that may not be listed among all.
pub(super) fn go_to(line: &GoTo, theme: Theme, area: Rect) -> Panel {
    let remark = if let Some(refusal) = &line.refusal {
        paragraph(&format!("▲ {refusal}"), theme.warning(), text_width(area))
    } else {
        let forms = "BUCKET, s3://BUCKET/PREFIX, an ARN or a web address; s3:// is the list of buckets";
        paragraph(forms, theme.dim(), text_width(area))
    };
    proposing(&line.input, remark, theme, area)
}

/// The line that asks S3 for a prefix; it says below what.
pub(super) fn ask_prefix(line: &AskPrefix, model: &Model, theme: Theme, area: Rect) -> Panel {
    const CASE: &str = " · S3 is case-sensitive";
    let room = text_width(area).saturating_sub(CASE.len() + 8);
    let here = model.browser().map(Browser::location).cloned().unwrap_or_else(Location::all_buckets);
    let below = Location { prefix: here.directory().to_owned(), ..here };
    let mut remark = vec![Span::styled(" under ", theme.dim())];
    remark.extend(foreign(&below.in_words(), room, theme.dim(), theme));
    remark.push(Span::styled(CASE, theme.dim()));
    asking(&line.input, Style::new(), vec![Line::from(remark)], area)
}

/// The line that asks as of which time a location is listed.
pub(super) fn ask_time(line: &AskTime, model: &Model, theme: Theme, area: Rect) -> Panel {
    let width = text_width(area);
    let mut remark = paragraph(&line.location.in_words(), theme.dim(), width);
    let zone = model.now.to_zoned(model.setup.time_zone.clone()).strftime("%Z").to_string();
    let forms = format!("1d ago, 2026-11-01, \"2026-11-01 12:00\" ({zone}), 2026-11-01T12:00:00Z");
    let refusal = line.refusal.as_ref().map(|refusal| format!("▲ {refusal}"));
    let style = if refusal.is_some() { theme.warning() } else { theme.dim() };
    remark.extend(paragraph(&refusal.unwrap_or(forms), style, width));
    remark.extend(paragraph("versions that were removed since then cannot be known", theme.dim(), width));
    proposing(&line.input, remark, theme, area)
}

/// The line that asks for a code before a session is renewed.
pub(super) fn ask_code(line: &AskCode, model: &Model, theme: Theme, area: Rect) -> Panel {
    let serial = line.request.mfa_serial().unwrap_or_default();
    let (remark, style) = form::code_remark(model, serial, line.refusal.as_deref(), theme);
    let width = text_width(area);
    let typed = Line::from(vec![Span::raw(" "), Span::styled(form::masked(&line.input), theme.strong())]);
    let head = [paragraph(&format!("device {serial}"), theme.dim(), width), vec![typed]].concat();
    let cursor = Some((1 + line.input.len(), u16::try_from(head.len()).unwrap_or(1).saturating_sub(1)));
    Panel { head, foot: paragraph(&remark, style, width), cursor, ..Panel::default() }
}

fn proposing(input: &ProposedText, remark: Vec<Line<'static>>, theme: Theme, area: Rect) -> Panel {
    asking(input.line(), if input.is_untouched() { theme.selected() } else { Style::new() }, remark, area)
}

fn asking(input: &TextInput, style: Style, remark: Vec<Line<'static>>, area: Rect) -> Panel {
    let cells = text_width(area);
    let (text, cursor) = window(input, cells);
    // As wide as there is room, whatever is typed.
    let rest = " ".repeat((cells + 1).saturating_sub(Span::raw(&text).width()));
    let head = vec![Line::from(vec![Span::raw(" "), Span::styled(text, style), Span::raw(rest)])];
    Panel { head, foot: remark, cursor: Some((1 + cursor, 0)), ..Panel::default() }
}
