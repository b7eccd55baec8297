//! What to do where there is no profile at all.
//!
//! Invariant: nothing here is needed to try the program: the demo needs no account, where the program has it.

use ratatui::{
    Frame,
    layout::{Margin, Rect},
    text::{Line, Span},
    widgets::Paragraph,
};

use super::{Theme, titled};

/// What the files need: the section of each, and what stands below it.
const FILES: [(&str, &str, &str); 2] = [
    ("~/.aws/config", "[profile dev]", "region = eu-central-1"),
    ("~/.aws/credentials", "[dev]", "aws_access_key_id = …, aws_secret_access_key = …"),
];

/// A command, and what it signs in with.
const SIGN_IN: [(&str, &str); 3] =
    [("aws configure sso", "Identity Center"), ("aws login", "console sign-in"), ("aws configure", "access key")];

/// Rows with each file's text below its section.
const ROOMY: u16 = 10;

pub(super) fn draw(demo: bool, theme: Theme, area: Rect, frame: &mut Frame) {
    let around = titled("no AWS profile on this machine", false, theme);
    let inner = around.inner(area).inner(Margin::new(1, 0));
    frame.render_widget(around, area);
    let row = |left: &'static str, right: String| {
        Line::from(vec![Span::styled(format!(" {left:<19}"), theme.strong()), Span::styled(right, theme.dim())])
    };
    let key = |key: &'static str, does: &'static str| {
        Line::from(vec![Span::styled(format!("{key:<3}"), theme.key()), Span::raw(does)])
    };
    let demo = demo.then(|| key("d", "try the demo: no account, no cost"));
    let mut lines: Vec<Line> = demo.into_iter().chain([key("F5", "reload the config files")]).collect();
    lines.push(Line::raw("In another terminal sign in, or write:"));
    lines.extend(SIGN_IN.iter().map(|(command, what)| row(command, (*what).to_owned())));
    for (file, section, below) in FILES {
        if inner.height >= ROOMY {
            lines.extend([row(file, section.to_owned()), row("", below.to_owned())]);
        } else {
            lines.push(row(file, format!("{section}  {below}")));
        }
    }
    frame.render_widget(Paragraph::new(lines), inner);
}
