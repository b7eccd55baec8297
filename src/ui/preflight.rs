//! What is known before the mint, said beside the choices it concerns.
//!
//! Invariant: whoever is closed out is told why, in words.

use crate::{
    app::Model,
    domain::mint::{Mode, SourceKind, Verdict},
};

/// Below the modes: which are closed, and why; nothing while the chosen one's meaning matters more.
pub(super) fn of_mode(model: &Model) -> Option<String> {
    let known = model.form.known(&model.setup.source);
    let kind = known.source.map(SourceKind::noun)?;
    let closed: Vec<&str> = Mode::ALL
        .into_iter()
        .filter(|mode| matches!(known.verdict(*mode), Verdict::Closed(_)))
        .map(Mode::name)
        .collect();
    if closed.is_empty() {
        return None;
    }
    Some(format!("{kind}: ✗ {} closed to it", closed.join(", ")))
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
