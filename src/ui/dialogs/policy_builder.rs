//! The builder of a session policy: on the left what it is made from and what it means, on the right its JSON.
//!
//! Invariant: what is shown is what would be sent; the JSON is the only thing that scrolls.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Margin, Position, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Paragraph,
};

use super::{
    policy_editor,
    policy_meaning::{meaning, styled},
};
use crate::{
    app::{Action, BuilderRow, DialogAction, ListAction, Origin, PolicyBuilder},
    domain::policy::{Template, Verb},
    ui::{Theme, block, clear, foreign, form::window, titled, wrap},
};

/// Cells of a row's label.
const LABEL: usize = 10;
/// Cells of the left side, at most.
const LEFT: u16 = 44;

/// The choices and the JSON.
fn sides(area: Rect) -> [Rect; 2] {
    Layout::horizontal([Constraint::Length((area.width * 5 / 12).min(LEFT)), Constraint::Min(0)]).areas(area)
}

/// The cells of the choices within their side.
fn choices_area(left: Rect) -> Rect {
    left.inner(Margin::new(2, 1))
}

pub(super) fn draw(builder: &PolicyBuilder, theme: Theme, area: Rect, frame: &mut Frame) {
    clear(area, frame);
    if let Some(editor) = &builder.editor {
        return policy_editor::draw(editor, theme, area, frame);
    }
    let [left, right] = sides(area);
    draw_choices(builder, theme, left, frame);
    draw_json(builder, theme, right, frame);
}

/// The row that lies there, by its place among [`PolicyBuilder::rows`].
pub(super) fn hit(builder: &PolicyBuilder, area: Rect, click: Position) -> Option<usize> {
    let inner = choices_area(sides(area)[0]);
    if builder.editor.is_some() || !inner.contains(click) {
        return None;
    }
    let lines = choices(builder, usize::from(inner.width), Theme::plain());
    lines.get(usize::from(click.y - inner.y)).and_then(|(_, row)| *row)
}

/// The JSON is scrolled by the keys for whole screens, and by the wheel.
pub(super) fn scroll(builder: &PolicyBuilder, area: Rect, action: Action) -> Action {
    let json = JsonView::of(builder, sides(area)[1]);
    let half = (json.rows / 2).max(1).cast_signed();
    let lines = match action {
        Action::List(ListAction::Move(lines)) => lines,
        Action::List(ListAction::MoveHalfScreens(halves)) => halves * half,
        other => return other,
    };
    if builder.editor.is_some() {
        return action;
    }
    Action::Dialog(DialogAction::ScrollTo(json.first.saturating_add_signed(lines).min(json.hidden())))
}

/// The lines on the left, and of which row each is.
fn choices(builder: &PolicyBuilder, width: usize, theme: Theme) -> Vec<(Line<'static>, Option<usize>)> {
    let mut lines = vec![];
    for (at, row) in PolicyBuilder::rows().enumerate() {
        lines.push((row_line(builder, row, width, theme), Some(at)));
        if let (BuilderRow::Origin, Origin::Template(template)) = (row, &builder.origin) {
            let remark = wrap(Template::ALL[*template].sentence, width.saturating_sub(2));
            lines.extend(remark.into_iter().map(|part| (Line::styled(format!("  {part}"), theme.dim()), Some(at))));
        }
    }
    lines
}

fn draw_choices(builder: &PolicyBuilder, theme: Theme, area: Rect, frame: &mut Frame) {
    frame.render_widget(titled("session policy", true, theme), area);
    let inner = choices_area(area);
    let width = usize::from(inner.width);
    let mut lines: Vec<Line> = choices(builder, width, theme).into_iter().map(|(line, _)| line).collect();
    lines.push(Line::raw(""));
    match builder.policy() {
        Ok(policy) => lines.extend(meaning(&policy, width, theme)),
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
                Origin::Scope => "the actions below",
                Origin::Template(at) => Template::ALL[*at].title,
                Origin::Own(_) => "your own JSON",
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

/// The JSON as it is folded, and which of its lines are drawn.
struct JsonView {
    lines: Vec<String>,
    /// How many there is room for.
    rows: usize,
    /// The first that is drawn.
    first: usize,
}

impl JsonView {
    fn of(builder: &PolicyBuilder, area: Rect) -> Self {
        let text = match (builder.policy(), &builder.origin) {
            (Ok(policy), _) => policy.pretty_json(),
            (Err(_), Origin::Own(text)) => text.clone(),
            (Err(_), _) => String::new(),
        };
        let inner = area.inner(Margin::new(1, 1));
        let (rows, width) = (usize::from(inner.height), usize::from(inner.width));
        let lines: Vec<String> = text.lines().flat_map(|line| policy_editor::folded(line, width)).collect();
        let first = builder.scrolled.min(lines.len().saturating_sub(rows));
        Self { lines, rows, first }
    }

    /// How many lines are not drawn.
    fn hidden(&self) -> usize {
        self.lines.len().saturating_sub(self.rows)
    }
}

fn draw_json(builder: &PolicyBuilder, theme: Theme, area: Rect, frame: &mut Frame) {
    let json = JsonView::of(builder, area);
    let mut around = block(false, theme).title(Span::styled(" JSON ", theme.strong()));
    if json.hidden() > 0 {
        let last = json.first + json.rows;
        let count = json.lines.len();
        around = around.title_bottom(Line::raw(format!(" {last} of {count} · PgDn ")).right_aligned());
    }
    let visible: Vec<Line> = json.lines.into_iter().skip(json.first).take(json.rows).map(Line::raw).collect();
    frame.render_widget(Paragraph::new(visible).block(around), area);
}
