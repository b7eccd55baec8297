//! The panel that exports credentials: a key for each form, and the credentials, masked unless they are looked at.
//!
//! Invariant: without an explicit key there are four characters of the key id here, and nothing of a secret.

use ratatui::{
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::panel::{Panel, labelled, paragraph, text_width};
use crate::{
    app::{Export, Model},
    domain::{
        credentials::{Credentials, ExposeSecret},
        safe_text::printable,
    },
    handover::{Dialect, ExportForm, Offer},
    ui::{Theme, format, wrap},
};

/// What can be copied, each with its key.
const OFFERS: [(&str, Offer); 6] = [
    ("e", Offer::Credentials(ExportForm::Variables(Dialect::Posix))),
    ("f", Offer::Credentials(ExportForm::Variables(Dialect::Fish))),
    ("p", Offer::Credentials(ExportForm::Variables(Dialect::PowerShell))),
    ("i", Offer::Credentials(ExportForm::Profile)),
    ("j", Offer::Credentials(ExportForm::Json)),
    ("w", Offer::SignInUrl),
];

pub(super) fn panel(export: &Export, model: &Model, theme: Theme, area: Rect) -> Panel {
    let width = text_width(area);
    if let Some(revealed) = &export.revealed {
        let until = format::clock_time(revealed.until, &model.setup.time_zone);
        let foot = vec![Line::styled(format!(" masked again at {until} · v masks now"), theme.warning())];
        return Panel { foot, ..Panel::of(shown(&revealed.credentials, width, theme)) };
    }
    let warning = paragraph(&warning(model, export), theme.warning(), width);
    let offered = offered(model, export, width, theme);
    let fits = offered.len() + warning.len() + 2 < usize::from(area.height);
    if fits {
        return Panel::of(offered.into_iter().chain([Line::raw("")]).chain(warning).collect());
    }
    // Every key and the warning are in sight; why one of them does nothing may be scrolled to.
    Panel { foot: warning, ..Panel::of(grid(model, export, width, theme)) }
}

/// Where there is little room: the keys in two columns, as the hints name them.
fn grid(model: &Model, export: &Export, width: usize, theme: Theme) -> Vec<Line<'static>> {
    const SHORT: [(&str, &str); 8] = [
        ("e", "sh variables"),
        ("i", "profile for a file"),
        ("f", "fish variables"),
        ("j", "JSON"),
        ("p", "PowerShell variables"),
        ("w", "console sign-in URL"),
        ("v", "show for 10 s"),
        ("s", "open a shell"),
    ];
    let mut lines = masked(model, export, theme);
    for pair in SHORT.chunks(2) {
        let cells = pair.iter().flat_map(|(key, what)| {
            let closed = *key == "w" && export.no_console.is_some();
            let [key_style, style] = if closed { [theme.dim(); 2] } else { [theme.key(), Style::new()] };
            [Span::styled(format!(" {key}  "), key_style), Span::styled(format!("{what:<22}"), style)]
        });
        lines.push(Line::from(cells.collect::<Vec<_>>()));
    }
    lines.extend(sign_in_note(model, export, width, theme));
    lines
}

fn offered(model: &Model, export: &Export, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = masked(model, export, theme);
    for (key, offer) in OFFERS {
        let why_not = export.no_console.filter(|_| offer == Offer::SignInUrl);
        let what = if export.signing_in && offer == Offer::SignInUrl { "requesting" } else { "copy" };
        let style = if why_not.is_some() { theme.dim() } else { Style::new() };
        lines.push(row(key, format!("{what} {}", offer.name()), style, theme));
        if offer == Offer::SignInUrl {
            lines.extend(sign_in_note(model, export, width, theme));
        }
    }
    lines.push(row("v", "show them here for ten seconds".into(), Style::new(), theme));
    lines.push(row("s", "open a shell with only these credentials; exit returns here".into(), Style::new(), theme));
    lines
}

/// Why there is no sign-in URL, or where it comes from.
fn sign_in_note(model: &Model, export: &Export, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let note = export.no_console.map(str::to_owned).or_else(|| stand_in(model, export));
    let note = note.map(|note| wrap(&printable(&note), width.saturating_sub(5))).unwrap_or_default();
    note.into_iter().map(|part| Line::styled(format!("    {part}"), theme.dim())).collect()
}

/// Where a session signs in that AWS did not mint.
fn stand_in(model: &Model, export: &Export) -> Option<String> {
    let endpoint = model.sessions.find(export.session)?.session.sign_in_endpoint.as_ref()?;
    Some(format!("from {endpoint}, which minted the session, not from AWS"))
}

fn row(key: &'static str, what: String, style: Style, theme: Theme) -> Line<'static> {
    let key_style = if style == Style::new() { theme.key() } else { style };
    Line::from(vec![Span::styled(format!(" {key}  "), key_style), Span::styled(what, style)])
}

/// What follows from a copy or a look, before it is made.
fn warning(model: &Model, export: &Export) -> String {
    let lasting = export.lasting;
    if export.asked_to_look {
        return format!("Press v again to show them: {LASTING}");
    }
    let Some(offer) = export.asked else {
        if lasting {
            return format!("{LASTING} Every program can read what is in the clipboard.");
        }
        return "What you copy is a secret, and every program can read the clipboard. \
                `ebbtide exec` and `mint -o` need no clipboard."
            .into();
    };
    let key = OFFERS.iter().find(|(_, offered)| *offered == offer).map_or("", |(key, _)| *key);
    let who = match offer {
        Offer::Credentials(_) if lasting => {
            "anyone who reads the clipboard can use the profile's own keys, which do not expire"
        }
        Offer::Credentials(_) => match model.sessions.find(export.session).and_then(|current| current.session.lifetime)
        {
            Some(_) => "anyone who reads the clipboard can use the session until it expires",
            None => "anyone who reads the clipboard can use the session; its expiration is unknown",
        },
        Offer::Link(_) => "anyone who has the link can use it",
        Offer::SignInUrl => "anyone who opens it within 15 minutes is signed in as this session",
    };
    format!("Press {key} again to copy {}: {who}. It stays there until you copy something else.", offer.name())
}

/// What is to be known of a profile's own keys.
const LASTING: &str = "These are the profile's own long-term keys, not a session: they do not expire, \
                       and allow all that the profile may.";

/// `key id ••••ABCD`: enough to tell two sessions apart.
fn masked(model: &Model, export: &Export, theme: Theme) -> Vec<Line<'static>> {
    let Some(current) = model.sessions.find(export.session) else { return vec![] };
    let session = &current.session;
    let token = if session.temporary { "••••" } else { "none: these are long-term keys" };
    let value = |label: &str, value: String| [Span::styled(format!(" {label} "), theme.dim()), Span::raw(value)];
    let key_id = format!("••••{}", printable(&session.key_id_end));
    let told = [value("key id", key_id), value(" secret key", "••••".into()), value(" token", token.into())];
    vec![Line::from(told.concat()), Line::raw("")]
}

fn shown(credentials: &Credentials, cells: usize, theme: Theme) -> Vec<Line<'static>> {
    let token = credentials.session_token.as_ref().map_or("none", ExposeSecret::expose_secret);
    let values = [
        ("key id", credentials.access_key_id.as_str()),
        ("secret key", credentials.secret_access_key.expose_secret()),
        ("token", token),
    ];
    let mut lines = vec![];
    for (label, value) in values {
        lines.extend(labelled(label, value, Style::new(), theme, cells));
    }
    lines
}
