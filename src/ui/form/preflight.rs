//! What is known before the mint, said beside the choices it concerns.
//!
//! Invariant: whoever is closed out is told why, in words.

use crate::{
    app::Model,
    domain::mint::{Field, Mode, ValueOrigin, Verdict},
};

/// Below the modes: why those that are marked `✗` are closed; nothing where none is.
pub(super) fn of_mode(model: &Model) -> Option<String> {
    let form = &model.form;
    if form.mode == Mode::Direct && form.origin(Field::Mode) == ValueOrigin::Prefilled {
        return Some("temporary already, so used as they are: only long-term keys create a session token".into());
    }
    let mut reasons: Vec<&str> = Mode::ALL
        .into_iter()
        .filter_map(|mode| match form.verdict(mode) {
            Verdict::Closed(reason) => Some(reason),
            Verdict::Open(_) => None,
        })
        .collect();
    reasons.dedup();
    (!reasons.is_empty()).then(|| format!("✗ {}", reasons.join("; ")))
}

/// Below the modes: what was filled in and is not sent in the one that was chosen.
pub(super) fn not_sent(model: &Model) -> Option<String> {
    let fields: Vec<&str> = model.form.not_sent().iter().map(|note| note.field.label()).collect();
    (!fields.is_empty()).then(|| format!("▲ not sent in this mode: {}", fields.join(", ")))
}

/// Behind the seconds: what is granted at most, and what sets that.
pub(super) fn of_duration(model: &Model) -> String {
    match model.form.verdict(model.form.mode) {
        Verdict::Open(most) if most.because.is_some() => {
            format!("at most {}: {}", most.duration, most.because.unwrap_or_default())
        }
        _ => "or 15m, 1h30m, 7200".into(),
    }
}
