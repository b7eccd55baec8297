//! The form's further fields, and the code of an MFA device: folded, unfolded, masked.
//!
//! Invariant: of a code only its length is drawn; how long the device shows it stands beside it.

use ratatui::{style::Style, text::Line};

use super::Theme;
use crate::{
    app::{CodeInput, Model, SessionForm},
    domain::mint::{DIGITS, Field, next_code_in},
};

/// `▸ F4: 6 more fields · tags, external-id filled in`; nothing where the mode has none.
pub(super) fn fold_line(form: &SessionForm, theme: Theme) -> Option<Line<'static>> {
    let folded: Vec<Field> = form.folded_fields().collect();
    let count = folded.len();
    if count == 0 {
        return None;
    }
    let filled: Vec<&str> =
        form.extra.filled(form.mode).filter(|field| folded.contains(field)).map(Field::label).collect();
    let filled = if filled.is_empty() { String::new() } else { format!(" · {} filled in", filled.join(", ")) };
    let plural = if count == 1 { "" } else { "s" };
    Some(Line::styled(format!(" ▸ F4: {count} more field{plural}{filled}"), theme.dim()))
}

/// `•••___`.
pub(in crate::ui) fn masked(input: &CodeInput) -> String {
    format!("{}{}", "•".repeat(input.len()), "_".repeat(DIGITS - input.len()))
}

/// What a further field means, and its limit.
pub(super) fn meaning(form: &SessionForm, field: Field) -> Option<String> {
    Some(match field {
        Field::PolicyArns => "managed policy ARNs, separated by spaces; up to 10".into(),
        Field::Tags => "key=value, key=value; up to 50, keys to 128, values to 256".into(),
        Field::TransitiveTags => "tag keys passed on in role chaining, separated by commas".into(),
        Field::ExternalId => "given by the owner of the role; 2 to 1224 characters".into(),
        Field::SourceIdentity => "who is behind the session, kept in role chaining; 2 to 64 characters".into(),
        Field::MfaSerial => match form.likely_serial() {
            Some(serial) => format!("→ fills in {serial}; empty: no MFA"),
            None => "arn:aws:iam::ACCOUNT:mfa/NAME; empty: no MFA".into(),
        },
        _ => return None,
    })
}

/// Below the code: why it was not sent, or how long the device shows it.
pub(in crate::ui) fn code_remark(model: &Model, serial: &str, refusal: Option<&str>, theme: Theme) -> (String, Style) {
    if let Some(refusal) = refusal {
        return (format!("▲ {refusal}"), theme.warning());
    }
    let now = model.service_now();
    let digits = match &model.setup.device {
        Some((device, seed)) if device == serial => format!("the demo's device shows {}", seed.code_at(now)),
        _ => "six digits".to_owned(),
    };
    (format!("{digits}; the next code in {} s", next_code_in(now)), theme.dim())
}

/// Below the form's code.
pub(super) fn code_of_form(model: &Model, theme: Theme) -> (String, Style) {
    let draft = model.form.draft();
    code_remark(model, draft.mfa_serial.trim(), model.form.code_refusal.as_deref(), theme)
}
