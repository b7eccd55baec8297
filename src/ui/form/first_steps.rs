//! What to do where there is no profile at all.
//!
//! Invariant: nothing here is needed to try the program: the demo needs no account.

use ratatui::{
    Frame,
    layout::{Margin, Rect},
    text::{Line, Span},
    widgets::Paragraph,
};

use super::{Theme, titled};

/// A command or a file, and what it is for.
const SIGN_IN: [(&str, &str); 3] = [
    ("aws configure sso", "IAM Identity Center"),
    ("aws login", "your console sign-in"),
    ("aws configure", "an access key"),
];

/// Two lines of each file.
const FILES: [(&str, &str); 4] = [
    ("~/.aws/config", "[profile dev]"),
    ("", "region = eu-central-1"),
    ("~/.aws/credentials", "[dev]"),
    ("", "aws_access_key_id = … and aws_secret_access_key = …"),
];

pub(super) fn draw(theme: Theme, area: Rect, frame: &mut Frame) {
    let around = titled("no AWS profile on this machine", false, theme);
    let inner = around.inner(area).inner(Margin::new(1, 0));
    frame.render_widget(around, area);
    let row = |left: &str, right: &str| {
        Line::from(vec![
            Span::styled(format!("  {left:<19}"), theme.strong()),
            Span::styled(right.to_owned(), theme.dim()),
        ])
    };
    let key = |key: &'static str, does: &'static str| {
        Line::from(vec![Span::styled(format!("{key:<3}"), theme.key()), Span::raw(does)])
    };
    let mut lines = vec![key("d", "try the demo: a sandbox, no account, no cost")];
    lines.extend([Line::raw(""), Line::raw("Sign in, in another terminal:")]);
    lines.extend(SIGN_IN.iter().map(|(command, what)| row(command, what)));
    lines.push(Line::raw("or write:"));
    lines.extend(FILES.iter().map(|(file, text)| row(file, text)));
    lines.push(key("F5", "reads the files again"));
    frame.render_widget(Paragraph::new(lines), inner);
}
