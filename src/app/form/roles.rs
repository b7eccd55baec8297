//! What IAM tells of the role and the MFA devices in the form, without being asked by a key.
//!
//! Invariant: nothing here is needed to mint. No question is repeated, and a refusal is not told: minting says what there
//! is to say.

use super::SessionForm;
use crate::{
    app::{effect::Effect, wish::Wish},
    domain::{
        failure::Failure,
        iam::{Role, RoleName},
        mint::{Field, Mode},
        profile::{Profile, ProfileKind, SourceOptions},
    },
};

/// Whether credentials come without running a command or asking anybody.
const fn is_quiet(kind: ProfileKind) -> bool {
    matches!(kind, ProfileKind::Keys | ProfileKind::SessionKeys | ProfileKind::Environment)
}

impl SessionForm {
    /// Asks once how long the role in the form lives at most, when its field has been left, and not of every profile that
    /// is moved through. Only with credentials that can be had without asking anybody, for the person has not asked for this.
    pub(super) fn learn_of_role(&mut self) -> Option<Wish> {
        let profile = self.chosen().filter(|profile| is_quiet(profile.kind)).map(Profile::choice)?;
        let role_arn = self.role_arn.text().trim().to_owned();
        let complete = RoleName::parse(&role_arn).is_some_and(|role| role.arn.is_some());
        let question = (profile, role_arn.clone());
        let is_being_chosen = matches!(self.focus, Field::RoleArn | Field::Profile);
        let known = self.roles.contains_key(&role_arn) || self.roles_asked.contains(&question);
        if self.mode != Mode::Role || is_being_chosen || !complete || known {
            return None;
        }
        self.roles_asked.push(question);
        Some(Effect::FindRole { source: self.source(), role_arn }.into())
    }

    /// Asks once for the MFA devices of whoever would mint, as soon as there is an empty field for one.
    pub(super) fn learn_of_devices(&mut self) -> Option<Wish> {
        let source = self.source();
        let is_empty = self.text(Field::MfaSerial).is_some_and(|serial| serial.text().is_empty());
        let asks = self.fields().contains(&Field::MfaSerial) && is_empty && self.focus != Field::Profile;
        // Without a key of the person's only where that runs no command and opens no sign-in.
        let may_ask = self.extra.unfolded || self.chosen().is_some_and(|profile| is_quiet(profile.kind));
        if !asks || !may_ask || self.devices_asked.as_ref() == Some(&source) {
            return None;
        }
        self.devices_asked = Some(source.clone());
        Some(Effect::FindMfaDevices { source }.into())
    }

    /// IAM answered about a role.
    pub(in crate::app) fn role_found(
        &mut self,
        source: SourceOptions,
        role_arn: String,
        outcome: Result<Option<Role>, Failure>,
    ) {
        match outcome {
            Ok(Some(role)) => {
                let facts = role.role_facts();
                self.roles.insert(role.arn, facts);
            }
            Ok(None) => self.roles_missing.push((source, role_arn)),
            Err(_) => {}
        }
        self.recheck();
    }

    /// IAM answered with MFA devices. Those of a profile that is chosen no more are nobody's; where they are refused, the
    /// serial number can be typed.
    pub(in crate::app) fn mfa_devices_found(&mut self, source: &SourceOptions, outcome: Result<Vec<String>, Failure>) {
        if self.source() == *source {
            self.mfa_devices = outcome.unwrap_or_default();
        }
    }
}
