//! Choosing a profile: by moving, by clicking, by typing a part of it.
//!
//! Invariant: whoever searches sees only what matches, and what is chosen is among it as long as anything matches; giving
//! a search up changes no choice.

use super::{Action, MintForm, Model, TextInput};
use crate::domain::{mint::Field, profile::Profile};

impl MintForm {
    /// Which profiles are shown, as places among all: those that match what is searched for.
    pub fn shown_profiles(&self) -> Vec<usize> {
        let wanted = self.find.as_ref().map(|find| find.text().to_lowercase()).unwrap_or_default();
        let all = self.profiles.all().iter().enumerate();
        all.filter(|(_, profile)| matches(profile, &wanted)).map(|(at, _)| at).collect()
    }

    /// The first of `shown` that is drawn where there is room for `rows` of them: the chosen one is always among them.
    pub fn first_shown(&self, shown: &[usize], rows: usize) -> usize {
        let chosen = shown.iter().position(|at| *at == self.profile).unwrap_or(0);
        (chosen + 1).saturating_sub(rows)
    }
}

/// Name, kind or account, in any case.
fn matches(profile: &Profile, wanted: &str) -> bool {
    wanted.is_empty()
        || profile.name.to_lowercase().contains(wanted)
        || profile.kind.name().contains(wanted)
        || profile.account.as_ref().is_some_and(|account| account.contains(wanted))
}

/// Rows for profiles on a terminal of so many rows: all but header (2), borders (2), status and hints (2), and what is
/// told of the chosen one.
pub fn profiles_on_screen(rows: u16) -> usize {
    usize::from(rows.saturating_sub(6).saturating_sub(details_rows(rows))).max(1)
}

/// Rows below the list, a line to part them included, for what is told of the chosen profile.
pub fn details_rows(rows: u16) -> u16 {
    if rows < 20 { 0 } else { 6 }
}

/// Does what the picker is there for, if `action` is for it; says whether it was.
pub(super) fn act(model: &mut Model, action: &Action) -> bool {
    let form = &mut model.form;
    let finding = form.find.is_some();
    match action {
        Action::Find => {
            form.focus = Field::Profile;
            form.find = Some(TextInput::default());
        }
        Action::Submit | Action::Dismiss if finding => form.find = None,
        Action::NextField | Action::PreviousField if finding => {
            form.find = None;
            return false;
        }
        Action::Edit(_) | Action::Paste(_) if finding => {
            if let Some(find) = &mut form.find {
                match action {
                    Action::Edit(edit) => find.edit(*edit),
                    Action::Paste(text) => find.paste(text),
                    _ => {}
                }
            }
            to_a_match(model);
        }
        _ if form.focus == Field::Profile || matches!(action, Action::Click(_)) => {
            let Some(at) = chosen_by(form, action, model.size.1) else { return false };
            choose(model, at);
        }
        _ => return false,
    }
    true
}

/// Chooses the first profile that matches, unless the chosen one does.
fn to_a_match(model: &mut Model) {
    let shown = model.form.shown_profiles();
    if let Some(first) = shown.first()
        && !shown.contains(&model.form.profile)
    {
        choose(model, *first);
    }
}

/// Which profile an action chooses on a terminal of `rows` rows, if it chooses one.
fn chosen_by(form: &MintForm, action: &Action, rows: u16) -> Option<usize> {
    let shown = form.shown_profiles();
    let screen = profiles_on_screen(rows);
    let chosen = shown.iter().position(|at| *at == form.profile).unwrap_or(0);
    let wanted = match *action {
        Action::Choose(steps) | Action::Move(steps) => chosen.saturating_add_signed(steps),
        Action::MoveHalfScreens(halves) => chosen.saturating_add_signed(halves * (screen / 2).max(1).cast_signed()),
        Action::Top => 0,
        Action::Bottom => usize::MAX,
        // Below the list is what is told of the chosen one.
        Action::Click(row) if row >= screen => return Some(form.profile),
        Action::Click(row) => form.first_shown(&shown, screen) + row,
        _ => return None,
    };
    Some(shown.get(wanted).or(shown.last()).copied().unwrap_or(form.profile))
}

/// From here on the person's choice counts, not the command line's.
fn choose(model: &mut Model, at: usize) {
    let form = &mut model.form;
    form.focus = Field::Profile;
    form.choose_profile(at, &model.setup.source);
    if let Some(chosen) = form.chosen() {
        model.setup.source.profile = chosen.choice();
    }
}
