//! The builder of a session policy: on the left what it is made from and what it means, on the right its JSON.
//!
//! Invariant: what is shown is what would be sent; the JSON is the only thing that scrolls.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Margin, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Paragraph,
};

use super::{
    policy_editor,
    policy_meaning::{meaning, styled},
};
use crate::{
    app::{BuilderRow, Origin, PolicyBuilder},
    domain::policy::{SessionPolicy, Template, Verb},
    ui::{Theme, block, clear, foreign, form::window, titled, wrap},
};

/// Cells of a row's label.
const LABEL: usize = 10;
/// Cells of the left side, at most.
const LEFT: u16 = 44;

pub(super) fn draw(builder: &PolicyBuilder, theme: Theme, area: Rect, frame: &mut Frame) {
    clear(area, frame);
    if let Some(editor) = &builder.editor {
        return policy_editor::draw(editor, theme, area, frame);
    }
    let [left, right] =
        Layout::horizontal([Constraint::Length((area.width * 5 / 12).min(LEFT)), Constraint::Min(0)]).areas(area);
    let policy = builder.policy();
    choices(builder, &policy, theme, left, frame);
    json(builder, &policy, theme, right, frame);
}

fn choices(
    builder: &PolicyBuilder,
    policy: &Result<SessionPolicy, String>,
    theme: Theme,
    area: Rect,
    frame: &mut Frame,
) {
    let frame_around = titled("session policy", true, theme);
    let inner = frame_around.inner(area).inner(Margin::new(1, 0));
    frame.render_widget(frame_around, area);
    let width = usize::from(inner.width);
    let mut lines: Vec<Line> = PolicyBuilder::rows().map(|row| row_line(builder, row, width, theme)).collect();
    if let Origin::Template(at) = builder.origin {
        let remark = wrap(Template::ALL[at].sentence, width.saturating_sub(2));
        lines.splice(2..2, remark.into_iter().map(|part| Line::styled(format!("  {part}"), theme.dim())));
    }
    lines.push(Line::raw(""));
    match policy {
        Ok(policy) => lines.extend(meaning(policy, width, theme)),
        Err(reason) => lines.extend(styled(&format!("▲ {reason}"), width, theme.warning())),
    }
    frame.render_widget(Paragraph::new(lines), inner);
    if builder.focus == BuilderRow::Location {
        let (_, cursor) = window(&builder.location, width.saturating_sub(LABEL));
        let x = inner.x.saturating_add(u16::try_from(LABEL + cursor).unwrap_or(u16::MAX));
        frame.set_cursor_position((x, inner.y));
    }
}

fn row_line(builder: &PolicyBuilder, row: BuilderRow, width: usize, theme: Theme) -> Line<'static> {
    let focused = builder.focus == row;
    let (mark, style) = if focused { ("▌", theme.focus()) } else { (" ", Style::new()) };
    let label_style = if focused { style } else { theme.dim() };
    let label = |text: &str| Span::styled(format!("{mark}{text:<width$}", width = LABEL - 1), label_style);
    match row {
        BuilderRow::Location => {
            let room = width.saturating_sub(LABEL);
            let mut spans = vec![label("Bucket")];
            if focused {
                spans.push(Span::styled(window(&builder.location, room).0, theme.strong()));
            } else {
                spans.extend(foreign(builder.location.text(), room, Style::new(), theme));
            }
            Line::from(spans)
        }
        BuilderRow::Origin => {
            let origin = match &builder.origin {
                Origin::Scope => "the verbs below",
                Origin::Template(at) => Template::ALL[*at].title,
                Origin::Own(_) => "JSON of your own",
            };
            Line::from(vec![label("Template"), Span::styled(format!("‹ {origin} ›"), style)])
        }
        BuilderRow::Verb(verb) => {
            let checked = if builder.verbs.contains(verb) { 'x' } else { ' ' };
            let style = if focused || builder.origin == Origin::Scope { style } else { theme.dim() };
            Line::styled(format!("{mark}[{checked}] {}", box_label(verb)), style)
        }
    }
}

const fn box_label(verb: Verb) -> &'static str {
    match verb {
        Verb::List => "list keys",
        Verb::Get => "read objects",
        Verb::GetVersion => "read single versions",
        Verb::Put => "write objects",
        Verb::Delete => "delete objects",
        Verb::Tags => "read and change tags",
    }
}

fn json(builder: &PolicyBuilder, policy: &Result<SessionPolicy, String>, theme: Theme, area: Rect, frame: &mut Frame) {
    let text = match (policy, &builder.origin) {
        (Ok(policy), _) => policy.pretty_json(),
        (Err(_), Origin::Own(text)) => text.clone(),
        (Err(_), _) => String::new(),
    };
    let mut frame_around = block(false, theme).title(Span::styled(" JSON ", theme.strong()));
    let inner = frame_around.inner(area);
    let (rows, width) = (usize::from(inner.height), usize::from(inner.width));
    let lines: Vec<String> = text.lines().flat_map(|line| policy_editor::folded(line, width)).collect();
    let count = lines.len();
    let first = builder.scrolled.min(count.saturating_sub(rows));
    if count > rows {
        let last = count.min(first + rows);
        frame_around = frame_around.title_bottom(Line::raw(format!(" {last} of {count} · PgDn ")).right_aligned());
    }
    let visible: Vec<Line> = lines.into_iter().skip(first).take(rows).map(Line::raw).collect();
    frame.render_widget(Paragraph::new(visible).block(frame_around), area);
}
