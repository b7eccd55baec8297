//! What keys do in the form, and what happens when it is sent.
//!
//! Invariant: nobody is asked about a profile before the list of profiles is left, and nothing is minted but by the key
//! that mints, pressed twice where the policy is risky.

use super::{MintForm, Profiles};
use crate::{
    app::{
        Action, Edit, Effect, Minting, Model, Preflight, Screen, TextInput, Then, Tone, browser, fulfil, iam, mfa,
        preflight, profile_picker, wish::Wish,
    },
    domain::{
        duration::SessionDuration,
        failure::Failure,
        mint::{Field, Wishes},
        profile::{Profile, ProfileChoice, SourceOptions},
    },
};

pub(in crate::app) fn profiles_loaded(model: &mut Model, outcome: Result<Vec<Profile>, Failure>) {
    let (form, told) = (&mut model.form, &model.setup.source);
    match outcome {
        Ok(profiles) => {
            let before = form.chosen().map(Profile::choice);
            let wanted = before.as_ref().unwrap_or(&told.profile);
            form.profile = profiles.iter().position(|profile| profile.choice() == *wanted).unwrap_or(0);
            form.profiles = Profiles::Ready(profiles);
            form.refill(told);
        }
        Err(failure) => form.profiles = Profiles::Failed(failure),
    }
}

pub(in crate::app) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let before = (model.form.profile, model.form.draft());
    let was_choosing = model.form.focus == Field::Profile;
    model.form.confirming &= action == Action::Submit;
    let mut effects = act_on_fields(model, action);
    if was_choosing && model.form.focus != Field::Profile {
        // Not before: moving through the list asks nobody.
        effects.extend(preflight::ask(model));
    }
    if (model.form.profile, model.form.draft()) != before {
        // What was refused is no longer what the form says.
        model.mint_failure = None;
    }
    effects.extend(iam::learn_of_role(model));
    effects
}

fn act_on_fields(model: &mut Model, action: Action) -> Vec<Effect> {
    if profile_picker::act(model, &action) {
        return vec![];
    }
    let (form, told) = (&mut model.form, &model.setup.source);
    match action {
        Action::NextField => form.move_focus(1),
        Action::PreviousField => form.move_focus(-1),
        Action::Choose(steps) => form.choose(steps, told),
        Action::Move(rows) => form.move_focus(rows.signum()),
        Action::Edit(edit) => change(model, edit),
        Action::Paste(text) => paste(model, &text),
        Action::Recents => return fulfil(model, vec![Wish::ListRecents]),
        Action::BuildPolicy => return build_policy(model),
        Action::Explain => return fulfil(model, vec![Wish::Explain]),
        Action::MoreFields => return more_fields(model),
        Action::Submit => return submit(model),
        Action::AskIam => return iam::open(model),
        Action::Refresh => return read_again(&mut model.form),
        Action::Dismiss if model.current.is_some() => {
            model.mint_failure = None;
            model.screen = Screen::Browser;
            return browser::go_on(model);
        }
        _ => {}
    }
    vec![]
}

/// Opens the policy builder, where the mode takes a policy.
fn build_policy(model: &mut Model) -> Vec<Effect> {
    let form = &model.form;
    if !form.mode.takes_policy() {
        model.say(Tone::Warning, "only a federated user or a role takes a session policy: choose that mode");
        return vec![];
    }
    let (location, verbs) = (form.location.clone(), form.verbs);
    let (own, kept) = (form.policy.clone(), form.kept_policy.clone());
    fulfil(model, vec![Wish::BuildPolicy { location, verbs, own, kept }])
}

/// Edits the field in focus. The key that would go beyond the end of the text takes what is offered there.
fn change(model: &mut Model, edit: Edit) {
    let (form, told) = (&mut model.form, &model.setup.source);
    match edit {
        Edit::GoToNextChar if form.complete() => {}
        Edit::GoToNextChar | Edit::GoToEnd if form.offers_serial() => {
            let likely = form.likely_serial(told).unwrap_or_default();
            form.change_text(|input| *input = TextInput::new(&likely));
        }
        edit if form.focus == Field::MfaCode => {
            form.code_refusal = None;
            form.further.code.edit(edit);
        }
        edit => form.change_text(|input| input.edit(edit)),
    }
    follow_the_role(form, told);
}

fn paste(model: &mut Model, text: &str) {
    let form = &mut model.form;
    if form.focus == Field::MfaCode {
        form.further.code.paste(text);
    } else {
        form.change_text(|input| input.paste(text));
    }
    follow_the_role(form, &model.setup.source);
}

/// What a profile says of its role is not said of another.
fn follow_the_role(form: &mut MintForm, told: &SourceOptions) {
    if form.focus == Field::RoleArn {
        form.refill(told);
    }
}

/// Shows more fields or fewer. Devices are looked for as soon as there is a field for one.
fn more_fields(model: &mut Model) -> Vec<Effect> {
    let form = &mut model.form;
    form.toggle_further();
    let asks = form.further.unfolded && form.mode.takes_mfa() && form.mfa_devices.is_empty();
    if asks { vec![Effect::FindMfaDevices { source: form.source(&model.setup.source) }] } else { vec![] }
}

/// The files may hold other keys by now: what was learnt with the old ones is asked for anew.
fn read_again(form: &mut MintForm) -> Vec<Effect> {
    if form.profiles.all().is_empty() {
        form.profiles = Profiles::Loading;
    }
    form.preflight = Preflight::Unasked;
    form.roles_asked.clear();
    form.roles_missing.clear();
    vec![Effect::LoadProfiles]
}

/// Fills the form in with what was typed for another session, and takes that profile from now on.
pub(in crate::app) fn fill(model: &mut Model, wishes: &Wishes, profile: &ProfileChoice) {
    model.form.fill(wishes, profile, &model.setup.source);
    if let Some(chosen) = model.form.chosen() {
        model.setup.source.profile = chosen.choice();
    }
    model.mint_failure = None;
}

/// Mints what the form says, for another duration.
pub(in crate::app) fn submit_for(model: &mut Model, duration: SessionDuration) -> Vec<Effect> {
    model.form.duration = TextInput::new(&duration.to_string());
    model.form.typed(Field::Duration);
    submit(model)
}

/// Mints, or goes to the first field to fix.
fn submit(model: &mut Model) -> Vec<Effect> {
    if model.minting.is_some() {
        return vec![];
    }
    match model.form.check(&model.setup.source) {
        Ok(checked) if !model.form.confirming && !model.form.risks(&checked).is_empty() => {
            model.form.confirming = true;
            vec![]
        }
        Ok(checked) => {
            let Ok(code) = mfa::of_form(model, &checked.request) else { return vec![] };
            model.form.confirming = false;
            let source = model.form.source(&model.setup.source);
            let generation = model.next_generation();
            model.mint_failure = None;
            let (draft, wishes) = (Some(model.form.draft()), model.form.wishes());
            let (since, then) = (model.now, Then::StartAt(checked.location));
            model.minting = Some(Minting { generation, since, source: source.clone(), draft, wishes, then });
            vec![Effect::Mint { generation, source, request: checked.request, code }]
        }
        Err(notes) => {
            model.form.focus = notes[0].field;
            vec![]
        }
    }
}
