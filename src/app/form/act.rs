//! What keys do in the form, and what happens when it is sent.
//!
//! Invariant: nobody is asked about a profile before the list of profiles is left, and nothing is minted but by the key
//! that mints, pressed twice where the policy is risky.

use super::{Preflight, Profiles, SessionForm, extra_fields};
use crate::{
    app::{
        action::{Action, Edit, FieldAction, FormAction, ListAction, TextAction},
        cx::Cx,
        effect::Effect,
        text_input::TextInput,
        wish::{MintOrder, Wish},
    },
    domain::{
        duration::SessionDuration,
        failure::Failure,
        mint::{Field, Mode},
        profile::Profile,
    },
};

impl SessionForm {
    /// The shared config files were read.
    pub(in crate::app) fn profiles_loaded(&mut self, outcome: Result<Vec<Profile>, Failure>) {
        match outcome {
            Ok(profiles) => {
                let before = self.chosen().map(Profile::choice);
                let wanted = before.as_ref().unwrap_or(&self.options.profile);
                self.profile = profiles.iter().position(|profile| profile.choice() == *wanted).unwrap_or(0);
                self.profiles = Profiles::Ready(profiles);
                self.refill();
            }
            Err(failure) => self.profiles = Profiles::Failed(failure),
        }
        self.recheck();
    }

    /// Does what a key is for.
    pub(in crate::app) fn act(&mut self, cx: &mut Cx<'_>, action: Action) -> Vec<Wish> {
        let before = (self.profile, self.draft());
        let was_choosing = self.focus == Field::Profile;
        self.confirming &= action == Action::Submit;
        let mut wishes = self.act_on_fields(cx, action);
        if was_choosing && self.focus != Field::Profile {
            // Not before: moving through the list asks nobody.
            wishes.extend(self.identify_source(cx));
        }
        if (self.profile, self.draft()) != before {
            // What was refused is no longer what the form says.
            wishes.push(Wish::DismissRefusal);
        }
        wishes.extend(self.learn_of_role());
        wishes.extend(self.learn_of_devices());
        self.recheck();
        wishes
    }

    fn act_on_fields(&mut self, cx: &Cx<'_>, action: Action) -> Vec<Wish> {
        if self.has_no_profiles() && cx.facts.session.is_none() {
            return self.act_without_profiles(&action);
        }
        if self.act_on_picker(cx.size().1, &action) {
            return vec![];
        }
        match action {
            Action::Fields(FieldAction::Next) => self.move_focus(1),
            Action::Fields(FieldAction::Previous) => self.move_focus(-1),
            Action::Fields(FieldAction::Choose(steps)) => self.choose(steps),
            Action::List(ListAction::Move(rows)) => self.move_focus(rows.signum()),
            Action::Text(TextAction::Edit(edit)) => self.edit(edit),
            Action::Text(TextAction::Paste(text)) => self.paste(&text),
            Action::Form(action) => return self.act_on_form(action),
            Action::Explain => return vec![Wish::Explain],
            Action::Submit => return self.submit(cx),
            Action::Refresh => return self.reload(),
            Action::Dismiss if cx.facts.session.is_some() => return vec![Wish::BrowseOn],
            _ => {}
        }
        vec![]
    }

    fn act_on_form(&mut self, action: FormAction) -> Vec<Wish> {
        match action {
            FormAction::Focus(field) if field == self.focus => self.choose(1),
            FormAction::Focus(field) => self.focus = field,
            FormAction::Profiles => self.focus = Field::Profile,
            FormAction::Recents => return vec![Wish::ShowRecents],
            // A federated user's name may be an IAM user's; else a role is chosen.
            FormAction::AskIam if self.mode == Mode::Federation => return vec![Wish::LookUpUser],
            FormAction::AskIam => return vec![Wish::PickRole],
            FormAction::BuildPolicy => return vec![Wish::BuildPolicy],
            FormAction::MoreFields => self.toggle_extra(),
            FormAction::CopyCommand => return vec![self.copy_command()],
            FormAction::FoldCommand => self.shows_command = !self.shows_command,
            // The picker searches; the demo is for where there is no profile.
            FormAction::FindProfile | FormAction::Demo => {}
        }
        vec![]
    }

    /// Without profiles there is nothing to mint: the sandbox can be tried, or the files be read again.
    fn act_without_profiles(&mut self, action: &Action) -> Vec<Wish> {
        match action {
            Action::Form(FormAction::Demo) if self.offers_demo() => vec![Effect::StartDemo.into()],
            Action::Refresh => self.reload(),
            _ => vec![],
        }
    }

    /// Edits the field in focus. The key that would go beyond the end of the text accepts what is offered there.
    fn edit(&mut self, edit: Edit) {
        match edit {
            Edit::GoToNextChar if self.complete() => {}
            Edit::GoToNextChar | Edit::GoToEnd if self.offers_serial() => {
                let likely = self.likely_serial().unwrap_or_default();
                self.change_text(|input| *input = TextInput::new(&likely));
            }
            edit if self.focus == Field::MfaCode => {
                self.code_refusal = None;
                self.extra.code.edit(edit);
            }
            edit => self.change_text(|input| input.edit(edit)),
        }
        self.follow_the_role();
    }

    fn paste(&mut self, text: &str) {
        if self.focus == Field::MfaCode {
            self.extra.code.paste(text);
        } else {
            self.change_text(|input| input.paste(text));
        }
        self.follow_the_role();
    }

    /// What a profile says of its role is not said of another.
    fn follow_the_role(&mut self) {
        if self.focus == Field::RoleArn {
            self.refill();
        }
    }

    /// Shows more fields or fewer; the focus goes to where something is to be filled in.
    fn toggle_extra(&mut self) {
        let first = extra_fields(self.mode).first();
        self.extra.unfolded = !self.extra.unfolded && first.is_some();
        if let (true, Some(first)) = (self.extra.unfolded, first) {
            self.focus = *first;
        } else if !self.fields().contains(&self.focus) {
            self.focus = Field::Location;
        }
    }

    /// The files may hold other keys by now: what was learnt with the old ones is asked for anew.
    fn reload(&mut self) -> Vec<Wish> {
        if self.profiles.all().is_empty() {
            self.profiles = Profiles::Loading;
        }
        self.preflight = Preflight::Unasked;
        self.devices_asked = None;
        self.roles_asked.clear();
        self.roles_missing.clear();
        vec![Effect::LoadProfiles.into()]
    }

    /// Mints what the form says, for another duration.
    pub(in crate::app) fn submit_for(&mut self, cx: &Cx<'_>, duration: SessionDuration) -> Vec<Wish> {
        self.duration = TextInput::new(&duration.to_string());
        self.typed(Field::Duration);
        self.recheck();
        let wishes = self.submit(cx);
        self.recheck();
        wishes
    }

    /// Mints, or goes to the first field to fix.
    fn submit(&mut self, cx: &Cx<'_>) -> Vec<Wish> {
        if cx.facts.minting {
            return vec![];
        }
        match &self.checked {
            Ok(checked) if !self.confirming && !self.risks(checked).is_empty() => {
                self.confirming = true;
                vec![]
            }
            Ok(checked) => {
                let (request, location) = (checked.request.clone(), checked.location.clone());
                self.confirming = false;
                self.code_refusal = None;
                // A code is sent once: the form does not keep it.
                let code = request.mfa_serial().is_some().then(|| std::mem::take(&mut self.extra.code));
                let (source, draft, wishes) = (self.source(), self.draft(), self.wishes());
                vec![Wish::Mint(Box::new(MintOrder { source, request, code, draft, wishes, location }))]
            }
            Err(notes) => {
                self.focus = notes.first().map_or(self.focus, |note| note.field);
                vec![]
            }
        }
    }

    /// Why the code that came with a request to mint was not sent.
    pub(in crate::app) fn refuse_code(&mut self, why: String) {
        self.code_refusal = Some(why);
        self.focus = Field::MfaCode;
        self.recheck();
    }
}
