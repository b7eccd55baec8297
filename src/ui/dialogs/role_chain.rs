//! The panel that shows the roles from keys to a session, where its length is capped, and how to avoid that.
//!
//! Invariant: a cap is marked with a sign and words, never by colour alone.

use ratatui::{
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::panel::{Panel, paragraph, text_width};
use crate::{
    app::Model,
    domain::{
        mint::{SessionChainStep, StepKind},
        safe_text::printable,
    },
    ui::{Theme, wrap},
};

pub(super) fn panel(model: &Model, theme: Theme, area: Rect) -> Panel {
    let Some(route) = model.form.role_chain() else { return Panel::of(vec![Line::raw(" choose a profile first")]) };
    let width = text_width(area);
    let mut lines = vec![];
    for (at, step) in route.steps.iter().enumerate() {
        let capped = route.cap.as_ref().is_some_and(|cap| cap.at == at);
        let style = if capped { theme.warning() } else { theme.strong() };
        for (row, part) in wrap(&step_words(step), width.saturating_sub(4)).into_iter().enumerate() {
            let number = if row == 0 { format!(" {} ", at + 1) } else { "   ".into() };
            lines.push(Line::from(vec![Span::styled(number, theme.dim()), Span::styled(part, style)]));
        }
        if let Some((longest, why)) = step.longest {
            let mark = if capped { "▲ " } else { "" };
            lines.push(Line::styled(format!("     {mark}at most {longest}: {why}"), theme.dim()));
        }
    }
    let remarks = match &route.cap {
        Some(cap) => {
            let none = "not possible, as the chain begins with temporary credentials".to_owned();
            vec![cap.why.to_owned(), format!("To avoid the limit: {}", cap.way_round.clone().unwrap_or(none))]
        }
        None => vec!["nothing in this chain limits the session to one hour".to_owned()],
    };
    for remark in remarks {
        lines.push(Line::raw(""));
        lines.extend(paragraph(&remark, Style::new(), width));
    }
    Panel::of(lines)
}

fn step_words(step: &SessionChainStep) -> String {
    let verb = if step.kind == StepKind::AssumeRole { "AssumeRole " } else { "" };
    format!("{verb}{}", printable(&step.what))
}
