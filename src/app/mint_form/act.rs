//! What keys do in the form, and what happens when it is sent.
//!
//! Invariant: nobody is asked about a profile before the list of profiles is left, and nothing is minted but by the key
//! that mints, pressed twice where the policy is risky.

use super::{MintForm, Profiles};
use crate::{
    app::{
        Action, Edit, Effect, Minting, Model, Overlay, Preflight, Screen, TextInput, Then, browser, iam, mfa,
        policy_builder, preflight, profile_picker, recents,
    },
    domain::{
        duration::SessionDuration,
        failure::Failure,
        mint::{Checked, Field, Mode},
        profile::Profile,
    },
};

pub(in crate::app) fn profiles_loaded(model: &mut Model, outcome: Result<Vec<Profile>, Failure>) {
    let form = &mut model.form;
    match outcome {
        Ok(profiles) => {
            let before = form.chosen().map(Profile::choice);
            let wanted = before.as_ref().unwrap_or(&model.setup.source.profile);
            form.profile = profiles.iter().position(|profile| profile.choice() == *wanted).unwrap_or(0);
            form.profiles = Profiles::Ready(profiles);
            form.prefill(&[]);
            if before.is_none() {
                form.prefill_mode(Mode::Session);
            }
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
    let form = &mut model.form;
    match action {
        Action::NextField => form.move_focus(1),
        Action::PreviousField => form.move_focus(-1),
        Action::Choose(steps) => form.choose(steps),
        Action::Move(rows) => form.move_focus(rows.signum()),
        Action::Edit(edit) => change(model, edit),
        Action::Paste(text) => paste(form, &text),
        Action::Recents => recents::open(model),
        Action::Chain => model.overlay = Some(Overlay::Chain),
        Action::BuildPolicy => policy_builder::open(model),
        Action::Explain if model.failure().is_some() => model.overlay = Some(Overlay::Explanation),
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

/// Edits the field in focus. The key that would go beyond the end of the text takes what is offered there.
fn change(model: &mut Model, edit: Edit) {
    let form = &mut model.form;
    match edit {
        Edit::GoToNextChar if form.complete() => {}
        Edit::GoToNextChar | Edit::GoToEnd if form.offers_serial() => {
            let likely = form.likely_serial(&model.setup.source).unwrap_or_default();
            if let Some(input) = form.focused_text_mut() {
                *input = TextInput::new(&likely);
            }
        }
        edit if form.focus == Field::MfaCode => {
            form.code_refusal = None;
            form.further.code.edit(edit);
        }
        edit => {
            if let Some(input) = form.focused_text_mut() {
                input.edit(edit);
            }
        }
    }
}

fn paste(form: &mut MintForm, text: &str) {
    if form.focus == Field::MfaCode {
        form.further.code.paste(text);
    } else if let Some(input) = form.focused_text_mut() {
        input.paste(text);
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

/// Mints what the form says, for another duration.
pub(in crate::app) fn submit_for(model: &mut Model, duration: SessionDuration) -> Vec<Effect> {
    model.form.duration = TextInput::new(&duration.to_string());
    submit(model)
}

/// Mints, or goes to the first field to fix.
fn submit(model: &mut Model) -> Vec<Effect> {
    if model.minting.is_some() {
        return vec![];
    }
    match model.form.check(&model.setup.source) {
        Ok(checked) if !model.form.confirming && is_risky(&checked) => {
            model.form.confirming = true;
            vec![]
        }
        Ok(checked) => {
            let Ok(code) = mfa::of_form(model, &checked.request) else { return vec![] };
            model.form.confirming = false;
            let source = model.form.source(&model.setup.source);
            let generation = model.next_generation();
            model.mint_failure = None;
            let (draft, then) = (model.form.draft(), Then::StartAt(checked.location));
            model.minting = Some(Minting { generation, since: model.now, source: source.clone(), draft, then });
            vec![Effect::Mint { generation, source, request: checked.request, code }]
        }
        Err(notes) => {
            model.form.focus = notes[0].field;
            vec![]
        }
    }
}

fn is_risky(checked: &Checked) -> bool {
    checked.request.policy().is_some_and(|policy| !policy.risks().is_empty())
}
