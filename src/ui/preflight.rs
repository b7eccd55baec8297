//! What is known before the mint, said beside the choices it concerns.
//!
//! Invariant: whoever is closed out is told why, in words.

use crate::{
    app::Model,
    domain::mint::{Mode, Verdict},
};

/// Below the modes: why those that are marked `✗` are closed; nothing where none is.
pub(super) fn of_mode(model: &Model) -> Option<String> {
    let known = model.form.known(&model.setup.source);
    let mut reasons: Vec<&str> = Mode::ALL
        .into_iter()
        .filter_map(|mode| match known.verdict(mode) {
            Verdict::Closed(reason) => Some(reason),
            Verdict::Open(_) => None,
        })
        .collect();
    reasons.dedup();
    (!reasons.is_empty()).then(|| format!("✗ {}", reasons.join("; ")))
}

/// Behind the seconds: what is granted at most, and what sets that.
pub(super) fn of_duration(model: &Model) -> String {
    match model.form.known(&model.setup.source).verdict(model.form.mode) {
        Verdict::Open(most) if most.because.is_some() => {
            format!("at most {}: {}", most.duration, most.because.unwrap_or_default())
        }
        _ => "or 15m, 1h30m, 7200".into(),
    }
}
