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
    // What was asked for is in sight; what is only to be known may be scrolled to.
    if export.asked.is_some() || export.asked_to_look {
        return Panel { foot: warning, ..Panel::of(offered) };
    }
    Panel::of(offered.into_iter().chain([Line::raw("")]).chain(warning).collect())
}

fn offered(model: &Model, export: &Export, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = masked(model, export, theme);
    for (key, offer) in OFFERS {
        let why_not = export.no_console.filter(|_| offer == Offer::SignInUrl);
        let what = if export.signing_in && offer == Offer::SignInUrl { "asking for" } else { "copy" };
        let style = if why_not.is_some() { theme.dim() } else { Style::new() };
        lines.push(row(key, format!("{what} {}", offer.name()), style, theme));
        let note = why_not.map(str::to_owned).or_else(|| stand_in(model, export).filter(|_| offer == Offer::SignInUrl));
        let note = note.map(|note| wrap(&printable(&note), width.saturating_sub(5))).unwrap_or_default();
        lines.extend(note.into_iter().map(|part| Line::styled(format!("    {part}"), theme.dim())));
    }
    lines.push(row("v", "show them here for ten seconds".into(), Style::new(), theme));
    lines.push(row("s", "open a shell with only these credentials; exit returns here".into(), Style::new(), theme));
    lines
}

/// Where a session signs in that AWS did not mint.
fn stand_in(model: &Model, export: &Export) -> Option<String> {
    let endpoint = model.sessions.find(export.session)?.session.sign_in_endpoint.as_ref()?;
    Some(format!("asked of {endpoint}, which minted the session, not of AWS"))
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
            "whoever reads the clipboard has the profile's own keys, which do not expire, until they are deactivated"
        }
        Offer::Credentials(_) => match model.sessions.find(export.session).and_then(|current| current.session.lifetime)
        {
            Some(_) => "whoever reads the clipboard has the session until it ends",
            None => "whoever reads the clipboard has the session; its expiration is unknown",
        },
        Offer::SignInUrl => "whoever opens it within 15 minutes is signed in as this session",
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
