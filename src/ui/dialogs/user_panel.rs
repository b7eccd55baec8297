//! Whether IAM has a user, as it looks.
//!
//! Invariant: what a refusal leaves undone is said with what to do instead.

use ratatui::{layout::Rect, style::Style};

use super::panel::{Panel, paragraph, text_width};
use crate::{
    app::{Model, UserPanel, UserState},
    domain::{safe_text::printable, translator},
    ui::{Theme, spinner},
};

pub(super) fn panel(user: &UserPanel, model: &Model, theme: Theme, area: Rect) -> Panel {
    let name = printable(&user.name);
    let plain = |text: String, style: Style| paragraph(&text, style, text_width(area));
    Panel::of(match &user.state {
        UserState::Asking(since) => {
            plain(format!("{} asking IAM for the user {name} …", spinner(model, *since)), theme.focus())
        }
        UserState::Missing => [
            plain(format!("IAM has no user {name} in this account."), theme.strong()),
            plain("A federated user does not need one: any name will do.".into(), Style::new()),
            plain(format!("`ebbtide user {name} --create` creates it; it stays until you delete it."), Style::new()),
        ]
        .concat(),
        UserState::Exists(found) => plain(format!("✓ exists: {}", found.arn), theme.good()),
        UserState::Failed(failure) => {
            let next = translator::explain_failure(failure, &model.standing(failure)).next;
            [plain(format!("✗ {}", failure.in_one_line()), theme.bad()), plain(next, theme.strong())].concat()
        }
    })
}
