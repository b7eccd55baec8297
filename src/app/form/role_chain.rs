//! The role chain: from the chosen profile's keys to the session that the form asks for.
//!
//! Invariant: derived each time from what files, form and IAM's replies say; no request is sent.

use super::SessionForm;
use crate::domain::{duration::SessionDuration, mint::SessionChain};

impl SessionForm {
    /// The role chain; `None` while no profile is chosen.
    pub fn role_chain(&self) -> Option<SessionChain> {
        let profile = self.chosen()?;
        let mut route = SessionChain::of_draft(&self.draft(), profile, self.profiles.all());
        for step in &mut route.steps {
            // No role's own maximum is below the hour of a chain.
            let known = self.roles.get(&step.what).and_then(|role| role.longest);
            if let (Some(maximum), Some((longest, _))) = (known, step.longest)
                && longest > SessionDuration::HOUR
            {
                step.longest = Some((maximum, "the role's own maximum"));
            }
        }
        Some(route)
    }
}
