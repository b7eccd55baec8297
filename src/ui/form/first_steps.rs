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

/// What a file needs: a section, the lines below it, and the same in few words.
struct NeededFile {
    name: &'static str,
    section: &'static str,
    lines: &'static [&'static str],
    briefly: &'static str,
}

const FILES: [NeededFile; 2] = [
    NeededFile {
        name: "~/.aws/config",
        section: "[profile dev]",
        lines: &["region = eu-central-1"],
        briefly: "with a region",
    },
    NeededFile {
        name: "~/.aws/credentials",
        section: "[dev]",
        lines: &["aws_access_key_id = …", "aws_secret_access_key = …"],
        briefly: "with its keys",
    },
];

/// A command, and what it signs in with.
const SIGN_IN: [(&str, &str); 3] =
    [("aws configure sso", "Identity Center"), ("aws login", "console sign-in"), ("aws configure", "access key")];

/// Rows that hold each file's lines below its section.
const ROOMY: u16 = 11;

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
    for NeededFile { name, section, lines: below, briefly } in FILES {
        if inner.height >= ROOMY {
            lines.push(row(name, section.to_owned()));
            lines.extend(below.iter().map(|line| row("", (*line).to_owned())));
        } else {
            lines.push(row(name, format!("{section} {briefly}")));
        }
    }
    frame.render_widget(Paragraph::new(lines), inner);
}
