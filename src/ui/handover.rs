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
    app::{HandOver, Model},
    domain::{
        credentials::{Credentials, ExposeSecret},
        safe_text::printable,
    },
    handover::{Dialect, Form},
};

/// Each form with its key.
const FORMS: [(&str, Form); 5] = [
    ("e", Form::Variables(Dialect::Posix)),
    ("f", Form::Variables(Dialect::Fish)),
    ("p", Form::Variables(Dialect::PowerShell)),
    ("i", Form::Profile),
    ("j", Form::Json),
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
        None => offered(model, panel, theme),
    };
    popup(" hand over ", lines, 0, theme, area, frame);
}

fn offered(model: &Model, panel: &HandOver, theme: Theme) -> Vec<Line<'static>> {
    let row = |key: &'static str, what: String| {
        Line::from(vec![Span::styled(format!(" {key}  "), theme.key()), Span::raw(what)])
    };
    let mut lines = masked(model, panel, theme);
    lines.extend(FORMS.map(|(key, form)| row(key, format!("copy {}", form.name()))));
    lines.push(row("v", "show them here for ten seconds".into()));
    lines.extend([
        Line::raw(""),
        Line::styled(" What is copied holds the secret: whoever reads the clipboard has the", theme.warning()),
        Line::styled(" session until it ends. `ebbtide exec` and `mint -o` need no clipboard.", theme.warning()),
    ]);
    lines
}

/// `key id ••••ABCD`: enough to tell two sessions apart.
fn masked(model: &Model, panel: &HandOver, theme: Theme) -> Vec<Line<'static>> {
    let Some(current) = model.session(panel.session) else { return vec![] };
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
