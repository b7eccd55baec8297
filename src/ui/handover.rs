//! The panel that hands credentials over: a key for each form, and the credentials, masked unless they are looked at.
//!
//! Invariant: without an explicit key there are four characters of the key id here, and nothing of a secret.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::{Theme, format, overlay::text_width, popup, wrap};
use crate::{
    app::{HandOver, Model, is_lasting, no_console},
    domain::{
        credentials::{Credentials, ExposeSecret},
        safe_text::printable,
    },
    handover::{Dialect, Form, Offer},
};

/// What can be copied, each with its key.
const OFFERS: [(&str, Offer); 6] = [
    ("e", Offer::Credentials(Form::Variables(Dialect::Posix))),
    ("f", Offer::Credentials(Form::Variables(Dialect::Fish))),
    ("p", Offer::Credentials(Form::Variables(Dialect::PowerShell))),
    ("i", Offer::Credentials(Form::Profile)),
    ("j", Offer::Credentials(Form::Json)),
    ("w", Offer::SignInUrl),
];

pub(super) fn draw(model: &Model, panel: &HandOver, theme: Theme, area: Rect, frame: &mut Frame) {
    let lines = match &panel.revealed {
        Some(revealed) => {
            let mut lines = shown(&revealed.credentials, text_width(area), theme);
            let until = format::clock_time(revealed.until, &model.setup.time_zone);
            let masked = format!(" masked again at {until} · v masks now · Esc closes");
            lines.extend([Line::raw(""), Line::styled(masked, theme.warning())]);
            lines
        }
        None => offered(model, panel, text_width(area), theme),
    };
    popup(" hand over ", lines, 0, theme, area, frame);
}

fn offered(model: &Model, panel: &HandOver, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = masked(model, panel, theme);
    let no_console = model.sessions.find(panel.session).and_then(no_console);
    for (key, offer) in OFFERS {
        let why_not = no_console.filter(|_| offer == Offer::SignInUrl);
        let what = if panel.signing_in && offer == Offer::SignInUrl { "asking for" } else { "copy" };
        let style = if why_not.is_some() { theme.dim() } else { Style::new() };
        lines.push(row(key, format!("{what} {}", offer.name()), style, theme));
        let note = why_not.map(str::to_owned).or_else(|| stand_in(model, panel).filter(|_| offer == Offer::SignInUrl));
        let note = note.map(|note| wrap(&note, width.saturating_sub(5))).unwrap_or_default();
        lines.extend(note.into_iter().map(|part| Line::styled(format!("    {part}"), theme.dim())));
    }
    lines.push(row("v", "show them here for ten seconds".into(), Style::new(), theme));
    lines.push(row("s", "a shell with only these credentials; its end leads back here".into(), Style::new(), theme));
    lines.push(Line::raw(""));
    let warning = wrap(&warning(model, panel), width.saturating_sub(2));
    lines.extend(warning.into_iter().map(|part| Line::styled(format!(" {part}"), theme.warning())));
    lines
}

/// Where a session signs in that AWS did not mint.
fn stand_in(model: &Model, panel: &HandOver) -> Option<String> {
    let endpoint = model.sessions.find(panel.session)?.session.sign_in_endpoint.as_ref()?;
    Some(format!("asked of {}, which minted the session, not of AWS", printable(endpoint)))
}

fn row(key: &'static str, what: String, style: Style, theme: Theme) -> Line<'static> {
    let key_style = if style == Style::new() { theme.key() } else { style };
    Line::from(vec![Span::styled(format!(" {key}  "), key_style), Span::styled(what, style)])
}

/// What follows from a copy or a look, before it is made.
fn warning(model: &Model, panel: &HandOver) -> String {
    let lasting = is_lasting(model, panel.session);
    if panel.asked_to_look {
        return format!("Press v again to show them: {LASTING}");
    }
    let Some(offer) = panel.asked else {
        if lasting {
            return format!("{LASTING} What is copied lies in the clipboard for all to read.");
        }
        return "What is copied is as secret as the session, and lies in the clipboard for all to read. \
                `ebbtide exec` and `mint -o` need no clipboard."
            .into();
    };
    let key = OFFERS.iter().find(|(_, offered)| *offered == offer).map_or("", |(key, _)| *key);
    let who = match offer {
        Offer::Credentials(_) if lasting => {
            "whoever reads the clipboard has the profile's own keys, which do not expire, until they are deactivated"
        }
        Offer::Credentials(_) => {
            match model.sessions.find(panel.session).and_then(|current| current.session.lifetime) {
                Some(_) => "whoever reads the clipboard has the session until it ends",
                None => "whoever reads the clipboard has the session until it ends, nobody knows when",
            }
        }
        Offer::SignInUrl => "whoever opens it within 15 minutes is signed in as this session",
    };
    format!("Press {key} again to copy {}: {who}. It stays there until you copy something else.", offer.name())
}

/// What is to be known of a profile's own keys.
const LASTING: &str = "These are the profile's own long-term keys, not a session: they do not expire, \
                       and allow all that the profile may.";

/// `key id ••••ABCD`: enough to tell two sessions apart.
fn masked(model: &Model, panel: &HandOver, theme: Theme) -> Vec<Line<'static>> {
    let Some(current) = model.sessions.find(panel.session) else { return vec![] };
    let session = &current.session;
    let key_id = printable(&session.key_id_end).into_owned();
    let row = |label: &str, value: String| {
        Line::from(vec![Span::styled(format!(" {label:<11}"), theme.dim()), Span::raw(value)])
    };
    let token = if session.temporary { "••••" } else { "none: these are long-term keys" };
    vec![
        row("key id", format!("••••{key_id}")),
        row("secret key", "••••".into()),
        row("token", token.into()),
        Line::raw(""),
    ]
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
        for (at, part) in wrap(&printable(value), cells.saturating_sub(12)).into_iter().enumerate() {
            let label = if at == 0 { label } else { "" };
            lines.push(Line::from(vec![
                Span::styled(format!(" {label:<11}"), theme.dim()),
                Span::styled(part, Style::new()),
            ]));
        }
    }
    lines
}
