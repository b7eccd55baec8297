//! A recent request, to be made again.
//!
//! Invariant: it holds no secret: neither credentials nor an MFA code.

use super::{
    mint::{Draft, Mode},
    profile::ProfileChoice,
};

/// The most that are remembered.
pub const MOST: usize = 100;

/// What was filled in, and for which profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recent {
    /// The source of credentials it was for.
    pub profile: ProfileChoice,
    /// All that was filled in, except what the mode has no use for. A code is not part of a draft.
    pub draft: Draft,
}

impl Recent {
    /// What is remembered of a draft.
    pub fn of_draft(profile: &ProfileChoice, draft: &Draft) -> Self {
        let mut draft = draft.clone();
        if draft.mode != Mode::Role {
            draft.role_arn.clear();
        }
        Self { profile: profile.clone(), draft }
    }
}

/// Puts a request first, and forgets its older twin and what is over [`MOST`].
pub fn remember_recent(recents: &mut Vec<Recent>, recent: Recent) {
    recents.retain(|known| *known != recent);
    recents.insert(0, recent);
    recents.truncate(MOST);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(location: &str) -> Recent {
        let draft = Draft { location: location.into(), ..Draft::default() };
        Recent::of_draft(&ProfileChoice::Named("ana".into()), &draft)
    }

    #[test]
    fn the_newest_comes_first_once_and_the_oldest_goes() {
        let mut recents = vec![];
        for location in ["a", "b", "a"] {
            remember_recent(&mut recents, named(location));
        }
        assert_eq!(recents, [named("a"), named("b")]);
        for number in 0..200 {
            remember_recent(&mut recents, named(&number.to_string()));
        }
        assert_eq!((recents.len(), &recents[0]), (MOST, &named("199")));
    }

    #[test]
    fn a_role_that_no_role_session_was_for_makes_no_other_request() {
        let with = |mode| Draft { mode, role_arn: "arn:aws:iam::1:role/r".into(), ..Draft::default() };
        for (mode, kept) in [(Mode::Role, with(Mode::Role)), (Mode::Session, Draft::default())] {
            assert_eq!(Recent::of_draft(&ProfileChoice::Unsaid, &with(mode)).draft, kept);
        }
    }
}
