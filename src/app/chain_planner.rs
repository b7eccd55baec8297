//! The way from the chosen profile's keys to the session that the form asks for.
//!
//! Invariant: derived from what files and form say each time; nobody is asked.

use super::Model;
use crate::domain::mint::Route;

/// The route; `None` while no profile is chosen.
pub fn route(model: &Model) -> Option<Route> {
    let profile = model.form.chosen()?;
    Some(Route::of(&model.form.draft(), profile, model.form.profiles.all()))
}
