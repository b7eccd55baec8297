//! IAM in the form: a role to choose from all there are, a user to look for, a role's longest session.
//!
//! Invariant: nothing here is needed to mint, and nothing is created: a user that stays is made by a command of its own.
//! An answer to a panel that was closed changes nothing.

use super::{Effect, Model, Tone, fulfil, wish::Wish};
use crate::domain::{
    failure::Failure,
    iam::{OfferedRole, Role, RoleFacts, RoleName, is_name},
    mint::{Field, Mode},
    profile::{Profile, ProfileKind, SourceOptions},
};

/// Opens the panel that fits the mode: a federated user's name may be an IAM user's; else roles are offered.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if model.form.mode == Mode::Federation { open_user(model) } else { open_roles(model) }
}

fn open_roles(model: &mut Model) -> Vec<Effect> {
    let source = model.form.source(&model.setup.source);
    fulfil(model, vec![Wish::OfferRoles(source)])
}

/// Looks for the user that the form names.
pub(super) fn open_user(model: &mut Model) -> Vec<Effect> {
    let name = model.form.name.text().to_owned();
    if !is_name(&name) {
        model.say(Tone::Warning, "the Name field first: 1 to 64 letters, digits and _+=,.@-");
        return vec![];
    }
    let source = model.form.source(&model.setup.source);
    fulfil(model, vec![Wish::FindUser { source, name }])
}

/// Puts a role into the form, which then assumes it.
pub(super) fn take(model: &mut Model, role: OfferedRole) {
    let form = &mut model.form;
    form.choose_role(&role.arn, &model.setup.source);
    form.focus = Field::RoleArn;
    form.roles.insert(role.arn, RoleFacts { longest: role.longest, needs_mfa: role.needs_mfa });
    model.mint_failure = None;
}

/// Asks once how long the role in the form lives at most, when its field has been left, and not of every profile that
/// is moved through. Only with credentials that can be had without asking anybody, for the person has not asked for this.
pub(super) fn learn_of_role(model: &mut Model) -> Vec<Effect> {
    let form = &mut model.form;
    let quiet = |kind| matches!(kind, ProfileKind::Keys | ProfileKind::SessionKeys | ProfileKind::Environment);
    let Some(profile) = form.chosen().filter(|profile| quiet(profile.kind)).map(Profile::choice) else {
        return vec![];
    };
    let role_arn = form.role_arn.text().trim().to_owned();
    let complete = RoleName::parse(&role_arn).is_some_and(|role| role.arn.is_some());
    let question = (profile, role_arn.clone());
    let is_being_chosen = matches!(form.focus, Field::RoleArn | Field::Profile);
    let known = form.roles.contains_key(&role_arn) || form.roles_asked.contains(&question);
    if form.mode != Mode::Role || is_being_chosen || !complete || known {
        return vec![];
    }
    form.roles_asked.push(question);
    vec![Effect::FindRole { source: form.source(&model.setup.source), role_arn }]
}

/// A refusal is not told: nobody asked, and minting says what there is to say.
pub(super) fn role_found(
    model: &mut Model,
    source: SourceOptions,
    role_arn: String,
    outcome: Result<Option<Role>, Failure>,
) {
    match outcome {
        Ok(Some(role)) => {
            let facts = role.facts();
            model.form.roles.insert(role.arn, facts);
        }
        Ok(None) => model.form.roles_missing.push((source, role_arn)),
        Err(_) => {}
    }
}

/// Devices of a profile that is chosen no more are nobody's. A refusal is not told: the serial can be typed.
pub(super) fn mfa_devices_found(model: &mut Model, source: &SourceOptions, outcome: Result<Vec<String>, Failure>) {
    if model.form.source(&model.setup.source) == *source {
        model.form.mfa_devices = outcome.unwrap_or_default();
    }
}
