//! What stands in the place of content: it is on its way, or why there is none.
//!
//! Invariant: each says in one line what is so, and below it what a key does about it.

use ratatui::{
    Frame,
    layout::{Alignment, Constraint, Margin, Rect},
    style::Style,
    text::Line,
    widgets::Paragraph,
};

use crate::{
    app::{LookRefusal, LookState, LookTarget, Model, ObjectTab, Screen},
    domain::{
        failure::{Failure, FailureKind},
        safe_text::printable,
    },
    ui::{Theme, spinner, wrap},
};

pub(super) fn draw(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let cells = usize::from(area.width.saturating_sub(4));
    let (said, style) = sentence(model, theme);
    let mut lines: Vec<Line> = wrap(&said, cells).into_iter().map(|line| Line::styled(line, style)).collect();
    if let Some(keys) = keys(model) {
        lines.push(Line::raw(""));
        lines.extend(wrap(keys, cells).into_iter().map(|line| Line::styled(line, theme.key())));
    }
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let middle = area.inner(Margin::new(2, 0)).centered_vertically(Constraint::Length(height));
    frame.render_widget(Paragraph::new(lines).alignment(Alignment::Center), middle);
}

/// What is so, and how it looks.
fn sentence(model: &Model, theme: Theme) -> (String, Style) {
    match &model.object.look.state {
        LookState::Asked { since, .. } => (format!("{} reading", spinner(model, *since)), Style::new()),
        LookState::Refused(refusal) if refusal.is_harmless() => (format!("○ {refusal}"), theme.dim()),
        LookState::Refused(refusal) => (format!("✗ {refusal}"), theme.bad()),
        LookState::Failed(failure) => failed(failure, call_in_front(model), theme),
        LookState::NotAsked | LookState::Answered => (String::new(), Style::new()),
    }
}

/// The call that what is in front is asked for with.
pub(super) fn call_in_front(model: &Model) -> &'static str {
    match (model.object.tab, &model.object.look.target) {
        (ObjectTab::Versions, _) => "ListObjectVersions",
        (ObjectTab::Look | ObjectTab::Details, LookTarget::Annotation(_)) => "GetObjectAnnotation",
        (ObjectTab::Look | ObjectTab::Details, _) => "GetObject",
    }
}

/// Why a call was refused, in one line.
pub(super) fn failed(failure: &Failure, call: &str, theme: Theme) -> (String, Style) {
    let code = failure.code.as_deref().unwrap_or_default();
    let message = failure.message.to_ascii_lowercase();
    if failure.status == Some(412) || message.contains("another etag") {
        return ("▲ changed since it was listed (ETag)".into(), theme.warning());
    }
    if code == "InvalidObjectState" {
        return ("✗ archived: restore it first".into(), theme.bad());
    }
    // <https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html>
    if code == "InvalidRequest" && message.contains("server side encryption") {
        return ("○ encrypted with a customer's key: cannot be read without it".into(), theme.warning());
    }
    let text = match failure.kind {
        FailureKind::Denied => match (code, failure.status) {
            // Refused on this machine: nothing was sent.
            ("", None) => format!("✗ {}", failure.in_one_line()),
            ("", Some(status)) => format!("✗ refused: HTTP status {status} on {call}"),
            (code, _) => format!("✗ refused: {} on {call}", printable(code)),
        },
        FailureKind::NotFound if code == "NoSuchVersion" => "✗ gone: this version was removed".into(),
        FailureKind::NotFound if code == "NoSuchBucket" => "✗ gone: the bucket does not exist any more".into(),
        // A reply without a code is one of a proxy as likely as one of the service.
        FailureKind::NotFound if call == "GetObject" && matches!(code, "NoSuchKey" | "NotFound" | "404") => {
            "✗ gone: deleted or renamed since it was listed".into()
        }
        FailureKind::NotFound if code == "NoSuchKey" => "✗ gone: the object was deleted or renamed".into(),
        FailureKind::NotFound if !code.is_empty() => format!("✗ not found: {} on {call}", printable(code)),
        FailureKind::Expired if code.is_empty() => format!("✗ {}", failure.in_one_line()),
        FailureKind::Expired => "✗ the session has expired".into(),
        _ if call == "ListObjectVersions" => format!("✗ not listed: {}", failure.in_one_line()),
        _ => format!("✗ not read: {}", failure.in_one_line()),
    };
    (text, theme.bad())
}

/// What can be done about it.
fn keys(model: &Model) -> Option<&'static str> {
    let on_screen = model.screen == Screen::Object;
    match &model.object.look.state {
        LookState::Refused(LookRefusal::OwnPolicy(_)) if on_screen => {
            Some("p mints a session that may · r asks all the same")
        }
        LookState::Refused(LookRefusal::OwnPolicy(_)) => Some("p mints a session that may"),
        LookState::Refused(LookRefusal::Archived(_)) if on_screen => {
            Some("i details tell of a restore · r asks all the same")
        }
        LookState::Refused(LookRefusal::SessionOver) => Some("R renews it and looks again"),
        LookState::Failed(failure) if failure.kind == FailureKind::Expired => Some("R renews and looks again"),
        LookState::Failed(failure) if failure.kind == FailureKind::Denied => Some("e explains · i details"),
        LookState::Failed(_) if on_screen => Some("r looks again · e explains"),
        LookState::Failed(_) => Some("Enter opens it · e explains"),
        _ => None,
    }
}
