//! Choosing a profile: by moving, by clicking, by typing a part of it.
//!
//! Invariant: whoever searches sees only what matches, and what is chosen is among it as long as anything matches; giving
//! a search up changes no choice.

use super::SessionForm;
use crate::{
    app::{
        action::{Action, FieldAction, FormAction, ListAction},
        layout::profiles_on_screen,
        text_input::TextInput,
    },
    domain::{mint::Field, profile::Profile},
};

impl SessionForm {
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

impl SessionForm {
    /// Does what the picker is there for on a terminal of `rows` rows, if `action` is for it; says whether it was.
    pub(super) fn act_on_picker(&mut self, rows: u16, action: &Action) -> bool {
        let finding = self.find.is_some();
        match action {
            Action::Form(FormAction::FindProfile) => {
                self.focus = Field::Profile;
                self.find = Some(TextInput::default());
            }
            Action::Submit | Action::Dismiss if finding => self.find = None,
            Action::Fields(_) | Action::Form(FormAction::Focus(_)) if finding => {
                self.find = None;
                return false;
            }
            Action::Text(action) if finding => {
                if let Some(find) = &mut self.find {
                    find.act(action);
                }
                self.choose_a_match();
            }
            _ if self.focus == Field::Profile || matches!(action, Action::List(ListAction::Click(_))) => {
                let Some(at) = self.chosen_by(action, rows) else { return false };
                self.pick(at);
            }
            _ => return false,
        }
        true
    }

    fn pick(&mut self, at: usize) {
        self.focus = Field::Profile;
        self.choose_profile(at);
    }

    /// Chooses the first profile that matches, unless the chosen one does.
    fn choose_a_match(&mut self) {
        let shown = self.shown_profiles();
        if let Some(first) = shown.first()
            && !shown.contains(&self.profile)
        {
            self.pick(*first);
        }
    }

    /// Which profile an action chooses on a terminal of `rows` rows, if it chooses one.
    fn chosen_by(&self, action: &Action, rows: u16) -> Option<usize> {
        let shown = self.shown_profiles();
        let screen = profiles_on_screen(rows);
        let chosen = shown.iter().position(|at| *at == self.profile).unwrap_or(0);
        let wanted = match *action {
            Action::Fields(FieldAction::Choose(steps)) | Action::List(ListAction::Move(steps)) => {
                chosen.saturating_add_signed(steps)
            }
            Action::List(ListAction::MoveHalfScreens(halves)) => {
                chosen.saturating_add_signed(halves * (screen / 2).max(1).cast_signed())
            }
            Action::List(ListAction::Top) => 0,
            Action::List(ListAction::Bottom) => usize::MAX,
            // Below the list is what is told of the chosen one.
            Action::List(ListAction::Click(row)) if row >= screen => return Some(self.profile),
            Action::List(ListAction::Click(row)) => self.first_shown(&shown, screen) + row,
            _ => return None,
        };
        Some(shown.get(wanted).or(shown.last()).copied().unwrap_or(self.profile))
    }
}
