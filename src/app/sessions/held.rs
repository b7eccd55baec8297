//! A session whose credentials are at hand, and when it is over.
//!
//! Invariant: it is over when its time is, or when a service has said so to a request that this session signed; never for what
//! became of another one.

use jiff::{SignedDuration, Timestamp};

use super::renewal::Renewal;
use crate::domain::{
    failure::{Failure, FailureKind},
    identity::Identity,
    lifetime::Phase,
    mint::RequestedSession,
    moment::Moment,
    profile::SourceOptions,
    session::Session,
};

/// A session whose credentials are at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldSession {
    /// What is known of it.
    pub session: Session,
    /// What it was minted from; renewing uses the same.
    pub source: SourceOptions,
    /// What a person typed or chose for it; a variation begins with the same.
    pub wishes: RequestedSession,
    /// What happens ahead of its end.
    pub renewal: Renewal,
    /// When a service said that it is over, by this machine's clock.
    pub refused_at: Option<Timestamp>,
    /// Whether STS has been asked if it still accepts the session, because it was denied what it had been allowed.
    pub doubted: bool,
    /// Until when the links work that it signed, by the services' clock.
    links: Vec<Timestamp>,
    /// Why `GetCallerIdentity` gave no identity.
    pub unidentified: Option<Failure>,
}

/// An end that a service told so shortly before the one that was granted is that one.
const SHORTLY: SignedDuration = SignedDuration::from_secs(2);

impl HeldSession {
    /// A session as it comes from STS, renewed manually.
    pub(in crate::app) fn new(session: Session, source: SourceOptions, wishes: RequestedSession) -> Self {
        let renewal = Renewal::default();
        let links = vec![];
        Self { session, source, wishes, renewal, refused_at: None, doubted: false, links, unidentified: None }
    }

    /// The same in the place of its predecessor, whose links work on until they end.
    pub(super) fn in_place_of(self, old: &Self, renewal: Renewal) -> Self {
        Self { renewal, links: old.links.clone(), ..self }
    }

    /// Notes a link that was made with it. Those that have ended are not kept.
    pub(in crate::app) fn add_link(&mut self, ends_at: Timestamp, now: Timestamp) {
        self.links.retain(|end| *end > now);
        self.links.push(ends_at);
    }

    /// How many links made with it work now, by the services' clock, and until when the last of them does.
    pub fn live_links(&self, now: Timestamp) -> Option<(usize, Timestamp)> {
        let live = || self.links.iter().copied().filter(|end| *end > now);
        live().max().map(|until| (live().count(), until))
    }

    /// When the number of links that work changes next, by the services' clock.
    pub fn next_link_end(&self, now: Timestamp) -> Option<Timestamp> {
        self.links.iter().copied().filter(|end| *end > now).min()
    }

    /// How urgent its end is; [`Phase::Fresh`] where nothing ends.
    pub fn phase(&self, at: Moment) -> Phase {
        if self.refused_at.is_some() {
            return Phase::Expired;
        }
        self.session.lifetime.map_or(Phase::Fresh, |lifetime| lifetime.phase(at))
    }

    /// When it ended by this machine's clock, if it has: at its expiration, or when a service refused it before.
    pub fn ended_at(&self, at: Moment) -> Option<Timestamp> {
        let expiration = self.session.lifetime.map(|lifetime| lifetime.end(at.offset));
        let ended = [self.refused_at, expiration].into_iter().flatten().min()?;
        (self.phase(at) == Phase::Expired).then_some(ended)
    }

    /// When it ends, or ended, by the services' clock, if that is known.
    pub fn end(&self, at: Moment) -> Option<Timestamp> {
        let lifetime = self.session.lifetime;
        let early = self.refused_at.filter(|refused| {
            lifetime.is_none_or(|lifetime| lifetime.end(at.offset).duration_since(*refused) > SHORTLY)
        });
        let refused = early.map(|local| Moment { local, ..at }.by_the_services());
        refused.or_else(|| lifetime.map(|lifetime| lifetime.expiration))
    }

    /// Who it is: by its own `GetCallerIdentity`, else by what STS told when it was minted.
    pub fn identity(&self) -> Option<Identity> {
        self.session.identity.clone().or_else(|| self.session.grant.granted_identity())
    }

    pub(in crate::app) fn note_refusal(&mut self, failure: &Failure, local: Timestamp) {
        if failure.kind == FailureKind::Expired {
            self.refused_at.get_or_insert(local);
        }
    }
}
