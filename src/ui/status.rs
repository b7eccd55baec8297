//! The two lines at the bottom: what is happening, and what can be done now.
//!
//! Invariant: one thing at a time, the most urgent; what a key would do about it stands before what may be cut off.

use jiff::Timestamp;
use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    style::Style,
    text::{Line, Span},
};

use super::{
    Theme,
    browser::{finding, past_time},
    cells_of, format, line_width, object, policy_hints, spinner,
};
use crate::{
    app::{Browser, Everything, Model, PolicyBuilder, RenewalChoice, Screen, Then},
    domain::{
        failure::{Failure, Service},
        lifetime::{Phase, format_countdown},
        listing::{Entry, Rest},
        mint::{MintRequest, Note},
        policy::SessionPolicy,
        safe_text::printable,
    },
    keymap,
};

pub(super) fn draw(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let [status, hints] = Layout::vertical([Constraint::Length(1), Constraint::Length(1)]).areas(area);
    let filtering = model.browser().filter(|_| model.is_filtering());
    if let Some((browser, line)) = filtering.and_then(|browser| Some((browser, browser.filter_line.as_ref()?))) {
        finding::line(line, &browser.place, model.dialogs.is_empty(), theme, status, frame);
    } else if let Some(input) = model.object.look.finding.line.as_ref().filter(|_| model.is_finding()) {
        object::find_line(model, input, theme, status, frame);
    } else {
        let (text, style) = what_happens(model, theme);
        frame.render_widget(Line::styled(format!(" {text}"), style), status);
    }
    draw_hints(model, theme, hints, frame);
}

/// The most urgent thing first: work under way, news, trouble, the session's end, then the listing.
fn what_happens(model: &Model, theme: Theme) -> (String, Style) {
    if model.asks_to_quit {
        let (key, live) = (keymap::quit_key(model), model.live_sessions());
        return (
            format!("▲ {key} again quits: {live} live sessions will be lost · any other key cancels"),
            theme.warning(),
        );
    }
    if let Some(call) = model.sessions.minting.waiting() {
        let what = if matches!(call.then, Then::Replace(_)) { "renewing the session" } else { "minting" };
        let elapsed = model.now.duration_since(call.since).as_secs();
        let waiting = if elapsed > 1 { format!(" · {elapsed} s · Esc stops waiting") } else { String::new() };
        let wait = again(model, Service::Sts);
        return (format!("{} {what}{waiting}{wait}", spinner(model, call.since)), theme.focus());
    }
    if let Some(builder) = model.dialogs.builder().filter(|_| model.notice.is_none()) {
        return builder_status(builder, theme);
    }
    let loading =
        model.browser().and_then(Browser::loading_since).filter(|since| model.spinner_turns(*since).is_some());
    let shows_list = matches!(model.screen, Screen::Browser | Screen::Compare);
    if let Some(notice) = model.notice.as_ref().filter(|_| !shows_list || loading.is_none()) {
        return (notice.text.clone(), theme.tone(notice.tone));
    }
    if let Some(failure) = model.sessions.minting.failure() {
        return (not_minted(model, failure), theme.bad());
    }
    match model.screen {
        Screen::MintForm => form_status(model, theme),
        Screen::Browser => {
            model.browser().map_or_else(Default::default, |browser| browser_status(model, browser, theme))
        }
        Screen::Object => object::status(model, theme),
        Screen::Compare => compare_status(model, theme),
    }
}

/// What and why, as the explanation begins, cut so that the keys behind it are not.
fn not_minted(model: &Model, failure: &Failure) -> String {
    let less = if model.shorter_duration().is_some() { " · F9 retries with 1h" } else { "" };
    let keys = format!("{less} · {} explains", explain_key(model));
    let room = usize::from(model.size.0).saturating_sub(3 + cells_of(&keys));
    let whole = failure.to_string();
    let said = match (&failure.code, failure.status) {
        _ if cells_of(&whole) <= room => whole,
        // Who said so is left out where there is no room for it.
        (Some(code), Some(status)) => {
            format!("not minted: {} ({status}): {}", printable(code), printable(&failure.message))
        }
        _ => format!("not minted: {}", failure.reason_in(&model.setup.time_zone)),
    };
    format!("✗ {}{keys}", cut(&said, room))
}

/// The beginning of text that is safe already, in so many cells.
fn cut(text: &str, cells: usize) -> String {
    if cells_of(text) <= cells {
        return text.to_owned();
    }
    let mut taken = 0;
    let fits = |c: &char| {
        taken += unicode_width::UnicodeWidthChar::width(*c).unwrap_or(0);
        taken < cells
    };
    let mut text: String = text.chars().take_while(fits).collect();
    text.push('…');
    text
}

fn explain_key(model: &Model) -> &'static str {
    if model.screen == Screen::MintForm { "F2" } else { "e" }
}

fn builder_status(builder: &PolicyBuilder, theme: Theme) -> (String, Style) {
    if let Some(editor) = &builder.editor {
        return match SessionPolicy::parse_typed(&editor.text()) {
            Ok(_) => ("✓ Ctrl-s accepts · Esc keeps it for later".into(), theme.good()),
            Err(fault) => (format!("▲ {}", printable(&fault.to_string())), theme.warning()),
        };
    }
    match builder.policy() {
        Ok(policy) => (format!("✓ Enter accepts: {}", printable(&policy.summary_line())), theme.good()),
        Err(reason) => (format!("▲ {}", printable(&reason)), theme.warning()),
    }
}

fn form_status(model: &Model, theme: Theme) -> (String, Style) {
    match model.form.checked() {
        Ok(checked) if model.form.confirming => {
            let risks = model.form.risks(checked);
            let risk = risks.first().map_or("risky", String::as_str);
            (format!("▲ {}: Enter again to mint", printable(risk)), theme.warning())
        }
        Ok(_) if model.form.lacking().is_some() => {
            let lacking = model.form.lacking().map(Note::in_words).unwrap_or_default();
            (format!("▲ {} · Enter tries without it", printable(&lacking)), theme.warning())
        }
        Ok(checked) => {
            let does = if checked.request == MintRequest::Direct { "browses with" } else { "mints" };
            (format!("✓ Enter {does}: {}", printable(&checked.request.rights_in_words())), theme.good())
        }
        Err(notes) => (format!("▲ {}", printable(&notes[0].in_words())), theme.warning()),
    }
}

fn browser_status(model: &Model, browser: &Browser, theme: Theme) -> (String, Style) {
    let listing = &browser.place.listing;
    if let (Phase::Expired, Some(failure)) = (model.phase(), model.failure()) {
        return (format!("✗ session expired · R renews it · e explains · {}", briefly(failure)), theme.bad());
    }
    if model.phase() == Phase::Expired {
        // The demo proposes half a minute, so that a whole session can be watched.
        let longer = if model.setup.sandbox { " · n: mint for 15m" } else { "" };
        let as_of = listing
            .read_at
            .map(|at| format!(" · rows as of {}", format::clock_time(at, &model.setup.time_zone)))
            .unwrap_or_default();
        return (format!("✗ session expired{as_of} · R renews it{longer}"), theme.bad());
    }
    if let Rest::Failed { failure, .. } = &listing.rest {
        return (format!("✗ not listed · r retries · e explains · {}", briefly(failure)), theme.bad());
    }
    if let Some(failure) = &browser.refresh_failure {
        return (format!("✗ reload failed, rows kept · e explains · {}", briefly(failure)), theme.bad());
    }
    let rows = format::rows(listing.rows.len());
    if let Some(everything) = &browser.everything {
        return (progress(model, everything), Style::new());
    }
    if let Some(since) = browser.loading_since() {
        let page = if browser.refreshing.is_some() { 1 } else { listing.pages + 1 };
        let (spinner, page, wait) = (spinner(model, since), format::count(page), again(model, Service::S3));
        let text = format!("{spinner} listing page {page} · {rows} so far · Esc stops{wait}");
        return (text, Style::new());
    }
    if let (Phase::Expiring | Phase::Critical, Some(lifetime)) = (model.phase(), model.lifetime()) {
        let left = format_countdown(lifetime.remaining(model.moment()));
        let choice = model.in_use().map(|held| held.renewal.choice).unwrap_or_default();
        let text = match choice {
            RenewalChoice::Manual => format!("▲ the session ends in {left} · R renews it in place"),
            RenewalChoice::Automatic if model.failure().is_some() => {
                format!("▲ the session ends in {left} · not renewed yet, e explains · R renews now")
            }
            RenewalChoice::Automatic => {
                format!("▲ the session ends in {left} · it is renewed automatically · R renews it now")
            }
        };
        return (text, theme.phase(model.phase()));
    }
    if let Rest::Stopped(_) = &listing.rest {
        return (format!("{rows} · stopped, more to load · ↓ past the last row loads more"), theme.dim());
    }
    at_rest(model, browser, theme)
}

/// Where nothing happens: of which time the rows are, or what the columns have no room for.
fn at_rest(model: &Model, browser: &Browser, theme: Theme) -> (String, Style) {
    if model.shows_pane() && model.object.look.shown.is_some() {
        return object::status(model, theme);
    }
    let filtered = if browser.place.wanted.filter.is_empty() { "" } else { "filtered, Esc shows all · " };
    if let Some(past) = &browser.place.past {
        let at = past_time(past.at, model);
        let undated = match past.undated {
            0 => String::new(),
            count => format!(" · {} without a time left out", format::count(count)),
        };
        let text = format!("{filtered}as of {at} · read-only · {REMOVED}{undated}");
        return (text, theme.warning());
    }
    let entry = browser.place.entry().map(|entry| selected(&entry, model)).unwrap_or_default();
    (format!("{filtered}{entry}"), theme.dim())
}

/// What no listing of versions tells.
const REMOVED: &str = "versions removed since cannot be known";

/// `⠹ listing all · 90,000 rows a second · 130 requests · Esc stops`. How many rows there are stands in the frame: those that
/// wait for others before them are not among them, and a second count would contradict the first.
fn progress(model: &Model, everything: &Everything) -> String {
    let rate = everything.rate(model.now).map(|rate| format!(" · {} rows a second", format::count(rate)));
    let (rate, requests) = (rate.unwrap_or_default(), format::count(everything.requests));
    let spinner = spinner(model, everything.since);
    let wait = again(model, Service::S3);
    if !wait.is_empty() {
        // What it did before matters less than what it waits for.
        return format!("{spinner} listing all · Esc stops{wait}");
    }
    format!("{spinner} listing all{rate} · {requests} requests · Esc stops")
}

/// ` · SlowDown (503), attempt 3 in 4 s` where a call waits before it is made again; the one that waits least.
fn again(model: &Model, service: Service) -> String {
    let waits = model.waits.iter().filter(|wait| wait.service == service);
    waits.min_by_key(|wait| wait.until).map(|wait| format!(" · {}", wait.in_words(model.now))).unwrap_or_default()
}

fn compare_status(model: &Model, theme: Theme) -> (String, Style) {
    let refused = model.comparison.as_ref().and_then(|comparison| {
        comparison.sides.iter().zip(["A", "B"]).find_map(|(side, name)| match &side.listing.rest {
            Rest::Failed { failure, .. } => {
                Some(format!("✗ {name} not listed · r reloads both · {}", briefly(failure)))
            }
            _ => None,
        })
    });
    let text = "each side with its own session · ✓ present · — missing · … not loaded";
    refused.map_or_else(|| (text.to_owned(), theme.dim()), |text| (text, theme.bad()))
}

/// What the columns have no room for.
fn selected(entry: &Entry, model: &Model) -> String {
    let time = |at: Option<Timestamp>| at.map(|at| format::second(at, &model.setup.time_zone));
    if policy_hints::is_out_of_reach(model, entry) {
        return "✗ outside the session policy · p opens the form for this location".into();
    }
    let parts = match entry {
        Entry::Prefix(_) => vec![Some("common prefix".to_owned())],
        Entry::Bucket(bucket) => vec![bucket.region.clone(), time(bucket.created)],
        Entry::Object(object) => vec![
            object.etag.as_ref().map(|etag| format!("etag {etag}")),
            object.size.map(|size| format!("{} bytes", format::count(size))),
            time(object.modified),
        ],
    };
    printable(&parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")).into_owned()
}

/// The service's code where it gave one: the whole story is a key away. It stands last, where a line may be cut.
fn briefly(failure: &Failure) -> String {
    if let (Some(code), Some(status)) = (&failure.code, failure.status) {
        return format!("{} ({status})", printable(code));
    }
    failure.in_one_line()
}

/// As many hints as fit; help and quit, the last two, always do.
fn draw_hints(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let hints = keymap::hints(model);
    let (near, always) = hints.split_at(hints.len().saturating_sub(2));
    let right = hint_line(always, theme);
    let [left_area, right_area] =
        Layout::horizontal([Constraint::Min(0), Constraint::Length(line_width(&right))]).areas(area);
    let mut fitting = near.len();
    while fitting > 0 && line_width(&hint_line(&near[..fitting], theme)) > left_area.width {
        fitting -= 1;
    }
    frame.render_widget(hint_line(&near[..fitting], theme), left_area);
    frame.render_widget(right, right_area);
}

fn hint_line(hints: &[(&'static str, &'static str)], theme: Theme) -> Line<'static> {
    let mut spans = vec![Span::raw(" ")];
    for (key, help) in hints {
        spans.extend([Span::styled(*key, theme.key()), Span::raw(format!(" {help}  "))]);
    }
    Line::from(spans)
}
