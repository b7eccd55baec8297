//! Dialogs that are opened because a part wants them.
//!
//! Invariant: a dialog that cannot be of use is not opened; why not is said instead.

use super::{
    cx::cx,
    dialogs::{
        AskCode, AskPrefix, AskRenewal, Details, Explanation, Export, PolicyBuilder, RecentList, RolePicker, UserPanel,
    },
    effect::Effect,
    export_replies::no_console,
    model::Model,
    notice::Tone,
    sessions::{RenewalChoice, other_choice},
    wish::Wish,
};
use crate::domain::iam::is_name;

/// Opens what a wish wants to be opened; the effect brings what it shows.
pub(super) fn open_dialog(model: &mut Model, wish: Wish) -> Option<Effect> {
    match wish {
        Wish::ShowDetails => model.dialogs.open(Details),
        Wish::Explain if model.failure().is_some() => model.dialogs.open(Explanation),
        Wish::AskForPrefix(typed) => model.dialogs.open(AskPrefix::from(&typed)),
        Wish::AskForCode { session, request } => model.dialogs.open(AskCode::of(session, *request, None)),
        Wish::AskForRenewal(row) => ask_for_renewal(model, row),
        Wish::ShowRecents if model.form.recents.all.is_empty() => {
            model.say(Tone::Warning, "no recent requests yet: what you mint is listed here");
        }
        Wish::ShowRecents => model.dialogs.open(RecentList::of(model.form.recents.all.clone())),
        Wish::BuildPolicy => build_policy(model),
        Wish::PickRole => {
            let source = model.form.source();
            let (picker, effect) = RolePicker::asking(&mut cx!(model), source);
            model.dialogs.open(picker);
            return Some(effect);
        }
        Wish::LookUpUser => return look_up_user(model),
        _ => {}
    }
    None
}

/// Opens the policy builder over the form, where the mode takes a policy.
fn build_policy(model: &mut Model) {
    let form = &model.form;
    if !form.mode.takes_policy() {
        return model.say(Tone::Warning, "a session policy needs the mode federation or role");
    }
    let (location, verbs, own) = (form.location.clone(), form.verbs, form.policy.clone());
    let builder = PolicyBuilder::of(location, verbs, own, model.kept_policy.clone(), model.service_now());
    model.dialogs.open(builder);
}

/// Opens the panel about the user that the form names.
fn look_up_user(model: &mut Model) -> Option<Effect> {
    let name = model.form.name.text().to_owned();
    if !is_name(&name) {
        model.say(Tone::Warning, "fill in Name first: 1 to 64 letters, digits and _+=,.@-");
        return None;
    }
    let source = model.form.source();
    let (panel, effect) = UserPanel::asking(&mut cx!(model), source, &name);
    model.dialogs.open(panel);
    Some(effect)
}

/// Opens the panel that exports the session in use.
pub(super) fn export_credentials(model: &mut Model) {
    let Some(stored) = model.sessions.in_use() else { return };
    let (session, lasting) = (stored.held.session.id, !stored.held.session.temporary);
    let no_console = no_console(&stored.held);
    let export = Export::of(session, lasting, no_console, stored.view.location().clone());
    model.dialogs.open(export);
}

/// Asks whether to switch how a session is renewed; says why there is no choice where there is none.
pub(super) fn ask_for_renewal(model: &mut Model, row: usize) {
    let Some(held) = model.sessions.row(row) else { return };
    match other_choice(held) {
        Ok((choice, means)) => {
            let question = AskRenewal::of(held.session.id, choice == RenewalChoice::Automatic, means);
            model.dialogs.open(question);
        }
        Err(why) => model.say(Tone::Warning, why),
    }
}
