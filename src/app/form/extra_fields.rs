//! The form's fields that most sessions do without, folded away until asked for.
//!
//! Invariant: what is folded away is sent all the same, and said to be filled in.

use super::SessionForm;
use crate::{
    app::{code_input::CodeInput, text_input::TextInput},
    domain::mint::{Draft, Field, Mode, ValueOrigin, conventional_serial},
};

/// What they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtraFields {
    /// Whether they are shown.
    pub unfolded: bool,
    policy_arns: TextInput,
    tags: TextInput,
    transitive_tags: TextInput,
    external_id: TextInput,
    source_identity: TextInput,
    mfa_serial: TextInput,
    /// The code of the MFA device.
    pub code: CodeInput,
}

impl ExtraFields {
    pub(super) fn new(draft: &Draft) -> Self {
        let list = |texts: &[String], between: &str| TextInput::new(&texts.join(between));
        Self {
            unfolded: false,
            policy_arns: list(&draft.policy_arns, " "),
            tags: list(&draft.tags, ", "),
            transitive_tags: list(&draft.transitive_tags, ", "),
            external_id: TextInput::new(&draft.external_id),
            source_identity: TextInput::new(&draft.source_identity),
            mfa_serial: TextInput::new(&draft.mfa_serial),
            code: CodeInput::default(),
        }
    }

    /// The text of a field, if it is one of these and holds text.
    pub fn text(&self, field: Field) -> Option<&TextInput> {
        Some(match field {
            Field::PolicyArns => &self.policy_arns,
            Field::Tags => &self.tags,
            Field::TransitiveTags => &self.transitive_tags,
            Field::ExternalId => &self.external_id,
            Field::SourceIdentity => &self.source_identity,
            Field::MfaSerial => &self.mfa_serial,
            _ => return None,
        })
    }

    pub(super) fn text_mut(&mut self, field: Field) -> Option<&mut TextInput> {
        Some(match field {
            Field::PolicyArns => &mut self.policy_arns,
            Field::Tags => &mut self.tags,
            Field::TransitiveTags => &mut self.transitive_tags,
            Field::ExternalId => &mut self.external_id,
            Field::SourceIdentity => &mut self.source_identity,
            Field::MfaSerial => &mut self.mfa_serial,
            _ => return None,
        })
    }

    /// Puts all that they hold into a draft.
    pub(super) fn fill(&self, draft: &mut Draft) {
        let text = |field| self.text(field).map_or("", TextInput::text);
        let list = |field| {
            let parts = text(field).split(',').map(str::trim);
            parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        // Names of policies may have commas in them, but no spaces.
        let arns = text(Field::PolicyArns).split_whitespace().map(|arn| arn.trim_end_matches(',').to_owned());
        draft.policy_arns = arns.collect();
        draft.tags = list(Field::Tags);
        draft.transitive_tags = list(Field::TransitiveTags);
        draft.external_id = text(Field::ExternalId).into();
        draft.source_identity = text(Field::SourceIdentity).into();
        draft.mfa_serial = text(Field::MfaSerial).into();
    }

    /// Those of `mode` that hold something.
    pub fn filled(&self, mode: Mode) -> impl Iterator<Item = Field> {
        extra_fields(mode)
            .iter()
            .copied()
            .filter(|field| self.text(*field).is_some_and(|text| !text.text().trim().is_empty()))
    }
}

/// Those that a mode has, in the order in which `Tab` visits them.
pub const fn extra_fields(mode: Mode) -> &'static [Field] {
    match mode {
        Mode::Session => &[Field::MfaSerial],
        Mode::Federation => &[Field::PolicyArns, Field::Tags],
        Mode::Role => &[
            Field::PolicyArns,
            Field::Tags,
            Field::TransitiveTags,
            Field::ExternalId,
            Field::SourceIdentity,
            Field::MfaSerial,
        ],
        Mode::Direct => &[],
    }
}

impl SessionForm {
    /// Whether a field that is folded away otherwise is shown all the same: the role asks for it, or the profile fills it in.
    pub fn is_called_for(&self, field: Field) -> bool {
        let known = self.known();
        let asked = match field {
            Field::MfaSerial => known.role_needs_mfa,
            Field::ExternalId => known.role_needs_external_id,
            _ => return false,
        };
        let is_filled = self.text(field).is_some_and(|text| !text.text().is_empty());
        self.mode.takes_field(field) && (asked || is_filled && self.origin(field) == ValueOrigin::Prefilled)
    }

    /// The fields that are folded away.
    pub fn folded_fields(&self) -> impl Iterator<Item = Field> {
        let shown = self.fields();
        extra_fields(self.mode).iter().copied().filter(move |field| !shown.contains(field))
    }

    /// Whether the field that keys go to is the device's, and empty.
    pub(super) fn offers_serial(&self) -> bool {
        self.focus == Field::MfaSerial && self.extra.mfa_serial.text().is_empty()
    }

    /// The serial number of the device of whoever would mint, for a person to take over and edit: what IAM told, else the
    /// conventional one.
    pub fn likely_serial(&self) -> Option<String> {
        if let Some(device) = self.mfa_devices.first() {
            return Some(device.clone());
        }
        conventional_serial(&self.preflight.caller(&self.source())?.identity)
    }
}
