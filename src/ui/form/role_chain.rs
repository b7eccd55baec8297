//! The panel that shows the role chain, where the session is limited to an hour, and what avoids that.
//!
//! Invariant: a limit is marked with a sign and words, never by colour alone.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{Theme, wrap};
use crate::{
    app::Model,
    domain::{
        mint::{Step, StepKind},
        safe_text::printable,
    },
    ui::{overlay::text_width, popup},
};

pub(in crate::ui) fn draw(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let Some(route) = model.form.role_chain() else {
        return popup(" role chain ", vec![Line::raw(" choose a profile first")], 0, theme, area, frame);
    };
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
            let none = "the chain begins with temporary credentials: no call to STS avoids it".to_owned();
            vec![cap.why.to_owned(), format!("Instead: {}", cap.way_round.clone().unwrap_or(none))]
        }
        None => vec!["nothing in this chain limits the session to an hour".to_owned()],
    };
    for remark in remarks {
        lines.push(Line::raw(""));
        lines.extend(wrap(&printable(&remark), width).into_iter().map(|part| Line::raw(format!(" {part}"))));
    }
    lines.extend([Line::raw(""), Line::styled(" Esc closes", theme.dim())]);
    popup(" role chain ", lines, 0, theme, area, frame);
}

fn step_words(step: &Step) -> String {
    let verb = if step.kind == StepKind::AssumeRole { "AssumeRole " } else { "" };
    format!("{verb}{}", printable(&step.what))
}
