//! A request that was made before, to be made again.
//!
//! Invariant: no secret is in here: neither credentials nor the code of an MFA device.

use super::{
    mint::{Draft, Mode},
    profile::ProfileChoice,
};

/// The most that are remembered.
pub const MOST: usize = 100;

/// What was filled in, and for which profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recent {
    /// The profile it was for; one of another kind than a named one is not remembered as such.
    pub profile: ProfileChoice,
    /// Mode, duration, name, role, location and scope; of what else a draft holds, nothing.
    pub draft: Draft,
}

impl Recent {
    /// What is remembered of a draft.
    pub fn of(profile: &ProfileChoice, draft: &Draft) -> Self {
        let kept = match profile {
            ProfileChoice::Named(name) => ProfileChoice::Named(name.clone()),
            _ => ProfileChoice::Unsaid,
        };
        let Draft { mode, duration, name, role_arn, location, verbs, .. } = draft.clone();
        let role_arn = if mode == Mode::Role { role_arn } else { String::new() };
        Self { profile: kept, draft: Draft { mode, duration, name, role_arn, location, verbs, ..Draft::default() } }
    }
}

/// Puts a request first, and forgets its older twin and what is over [`MOST`].
pub fn remember(recents: &mut Vec<Recent>, recent: Recent) {
    recents.retain(|known| *known != recent);
    recents.insert(0, recent);
    recents.truncate(MOST);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(location: &str) -> Recent {
        let draft = Draft { location: location.into(), ..Draft::default() };
        Recent::of(&ProfileChoice::Named("ana".into()), &draft)
    }

    #[test]
    fn the_newest_comes_first_once_and_the_oldest_goes() {
        let mut recents = vec![];
        for location in ["a", "b", "a"] {
            remember(&mut recents, named(location));
        }
        assert_eq!(recents, [named("a"), named("b")]);
        for number in 0..200 {
            remember(&mut recents, named(&number.to_string()));
        }
        assert_eq!((recents.len(), &recents[0]), (MOST, &named("199")));
    }

    #[test]
    fn a_policy_of_ones_own_is_not_kept() {
        let draft = Draft { policy: Some("{}".into()), mfa_serial: "serial".into(), ..Draft::default() };
        assert_eq!(Recent::of(&ProfileChoice::Unsaid, &draft).draft, Draft::default());
    }
}
