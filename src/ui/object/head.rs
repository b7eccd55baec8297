//! The lines above the content: which object, what it is, what it cost, and its sides.

use ratatui::text::{Line, Span};

use crate::{
    app::{LookState, LookTarget, Model, ObjectSubject, ObjectTab, ShownLook},
    domain::{lifetime::Phase, safe_text::printable},
    preview::PreviewView,
    ui::{Theme, cells_of, foreign, format, line_width, spinner},
};

/// ` s3://tide-archive/…/gateway.log.gz · version 3sL4kqt `, and of when it is once the session is over.
pub(super) fn title(model: &Model, subject: &ObjectSubject, cells: u16, theme: Theme) -> Line<'static> {
    let room = usize::from(cells).saturating_sub(6);
    let behind = behind_title(model, subject, room / 2, theme);
    let address = format!("s3://{}/{}", subject.address.bucket, subject.address.key);
    let mut spans = vec![Span::raw(" ")];
    spans.extend(foreign(&address, room.saturating_sub(usize::from(line_width(&behind))), theme.strong(), theme));
    spans.extend(behind);
    spans.push(Span::raw(" "));
    Line::from(spans)
}

fn behind_title(model: &Model, subject: &ObjectSubject, cells: usize, theme: Theme) -> Line<'static> {
    let mut spans = vec![];
    match (&model.object.look.target, model.object.tab) {
        (LookTarget::Difference(older), ObjectTab::Look) => {
            let name = |id: &Option<String>| id.as_deref().map_or_else(|| "null".into(), str::to_owned);
            let [old, new] = [&older.address.version_id, &subject.address.version_id].map(name);
            let ids = cells.saturating_sub(16) / 2;
            spans.push(Span::raw(" · "));
            spans.extend(foreign(&old, ids, theme.focus(), theme));
            spans.push(Span::raw(" → "));
            spans.extend(foreign(&new, ids, theme.focus(), theme));
        }
        (LookTarget::Annotation(name), ObjectTab::Look) => {
            spans.push(Span::raw(" · annotation "));
            spans.extend(foreign(name, cells.saturating_sub(14), theme.focus(), theme));
        }
        _ => {
            if let Some(version) = &subject.address.version_id {
                spans.push(Span::raw(" · version "));
                spans.extend(foreign(version, cells.saturating_sub(11), theme.focus(), theme));
            }
        }
    }
    if let (Phase::Expired, Some(shown)) = (model.phase(), &model.object.look.shown) {
        let at = format::clock_time(shown.reply.read_at, &model.setup.time_zone);
        spans.push(Span::styled(format!(" as of {at}"), theme.bad()));
    }
    Line::from(spans)
}

/// ` text in gzip · utf-8 · 64 KiB of 11.4 MiB read in 1 request`.
pub(super) fn kind(model: &Model, theme: Theme, cells: u16) -> Line<'static> {
    let look = &model.object.look;
    let sign = match look.state {
        LookState::Asked { since, .. } => spinner(model, since),
        _ => ' ',
    };
    let Some(shown) = &look.shown else { return Line::raw(String::new()) };
    let mut kind = printable(&shown.reply.preview.kind).into_owned();
    if shown.is_end() {
        kind.push_str(" · its end");
    }
    let in_all = look.target != LookTarget::Content;
    let whole = format!(" · {}", cost(shown, in_all, false));
    let fits = cells_of(&kind) + cells_of(&whole) + 2 <= usize::from(cells);
    let behind = if fits { whole } else { format!(" · {}", cost(shown, in_all, true)) };
    let room = usize::from(cells).saturating_sub(2 + cells_of(&behind));
    let mut spans = vec![Span::raw(format!("{sign}"))];
    spans.push(Span::styled(cut_kind(&kind, room), theme.strong()));
    spans.push(Span::raw(behind));
    Line::from(spans)
}

/// Text that is safe already, cut to its room.
fn cut_kind(text: &str, cells: usize) -> String {
    if cells_of(text) <= cells {
        return text.to_owned();
    }
    format!("{}…", text.chars().take(cells.saturating_sub(1)).collect::<String>())
}

/// `64 KiB of 16.4 MiB read in 1 request`, `all 3.7 KiB read in 1 request`; `all 3.7 KiB · 1 request` in a few cells.
fn cost(shown: &ShownLook, in_all: bool, is_brief: bool) -> String {
    let cost = shown.reply.cost;
    let read = format::size(cost.bytes);
    let of = match shown.reply.size {
        _ if in_all => read,
        Some(size) if shown.reply.is_whole && cost.bytes <= size => format!("all {read}"),
        // Some of it was read more than once.
        Some(size) if shown.reply.is_whole => format!("{read} for all {}", format::size(size)),
        Some(size) => format!("{read} of {}", format::size(size)),
        None => read,
    };
    let requests = if cost.requests == 1 { "1 request".into() } else { format!("{} requests", cost.requests) };
    if is_brief { format!("{of} · {requests}") } else { format!("{of} read in {requests}") }
}

const TABS: [(ObjectTab, &str, &str); 3] =
    [(ObjectTab::Look, "v", "look"), (ObjectTab::Details, "i", "details"), (ObjectTab::Versions, "V", "versions")];

/// ` ▸ v look   i details   V versions`, and how the content is shown where it can be shown in several ways.
pub(super) fn tabs(model: &Model, theme: Theme, cells: u16) -> Line<'static> {
    let mut spans = vec![];
    for (tab, key, name) in TABS {
        let is_open = tab == model.object.tab;
        spans.push(Span::raw(if is_open { " ▸ " } else { "   " }));
        spans.push(Span::styled(key, theme.key()));
        spans.push(Span::styled(format!(" {name}"), if is_open { theme.strong() } else { theme.dim() }));
    }
    let shown = model.object.look.shown.as_ref().filter(|_| model.object.tab == ObjectTab::Look);
    if let Some(preview) = shown.map(|shown| &shown.reply.preview).filter(|preview| preview.views.len() > 1) {
        spans.extend([Span::raw("     "), Span::styled("f", theme.key()), Span::styled(" as", theme.dim())]);
        let all = preview.views.iter().flat_map(|view| view_name(*view, *view == preview.view, theme));
        let whole = Line::from(spans.iter().cloned().chain(all).collect::<Vec<_>>());
        if line_width(&whole) <= cells {
            return whole;
        }
        // Where there is no room for all, the one that is shown is named.
        spans.extend(view_name(preview.view, true, theme));
        let at = preview.views.iter().position(|view| *view == preview.view).map_or(0, |at| at + 1);
        spans.push(Span::styled(format!(" {at}/{}", preview.views.len()), theme.dim()));
    }
    Line::from(spans)
}

fn view_name(view: PreviewView, is_shown: bool, theme: Theme) -> [Span<'static>; 2] {
    let style = if is_shown { theme.strong() } else { theme.dim() };
    [Span::raw(if is_shown { " ▸ " } else { "   " }), Span::styled(view.label(), style)]
}

/// The side whose name stands in this cell of the line.
pub(super) fn tab_at(cell: usize) -> Option<ObjectTab> {
    let mut end = 0;
    TABS.into_iter().find_map(|(tab, key, name)| {
        end += 3 + key.len() + 1 + name.len();
        (cell < end).then_some(tab)
    })
}
