//! The way from the chosen profile's keys to the session that the form asks for.
//!
//! Invariant: derived from what files, form and IAM's answers say each time; nobody is asked.

use super::Model;
use crate::domain::{duration::SessionDuration, mint::Route};

/// The route; `None` while no profile is chosen.
pub fn route(model: &Model) -> Option<Route> {
    let profile = model.form.chosen()?;
    let mut route = Route::of(&model.form.draft(), profile, model.form.profiles.all());
    for step in &mut route.steps {
        // No role's own maximum is below the hour of a chain.
        let known = model.form.roles.get(&step.what).and_then(|role| role.longest);
        if let (Some(maximum), Some((longest, _))) = (known, step.longest)
            && longest > SessionDuration::HOUR
        {
            step.longest = Some((maximum, "the role's own maximum"));
        }
    }
    Some(route)
}
