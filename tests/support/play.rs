//! A person at the keyboard of a model: keys in, effects out, no terminal, no service, and time as one likes.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ebbtide::{
    app::{Browser, Effect, Generation, Message, Model, Setup, update},
    domain::{
        credentials::SessionId,
        failure::{Failure, FailureKind, Service},
        lifetime::Lifetime,
        listing::{Block, ContinuationToken, Entry, Object, Page},
        location::Location,
        mint::{MintRequest, SessionToken},
        moment::Moment,
        profile::{Profile, ProfileKind},
        session::{Grant, Session},
    },
    keymap, ui,
};
use jiff::{SignedDuration, Timestamp};

#[path = "keys.rs"]
mod keys;

use keys::key;

/// The hour at which every play begins.
pub(crate) const START: &str = "2026-11-22T14:00:00Z";

/// A model being played with.
pub(crate) struct Play {
    pub(crate) model: Model,
    pub(crate) now: Timestamp,
}

impl Play {
    /// A form with one profile of long-term keys, on a custom endpoint.
    pub(crate) fn at_the_form(setup: Setup) -> Self {
        let now = START.parse().unwrap();
        let mut play = Self { model: Model::new(setup, now), now };
        play.tell(Message::Resized(80, 24));
        play.tell(Message::ProfilesLoaded(Ok(vec![profile("ana", None), profile("bo", None)])));
        play
    }

    /// A session of an hour that has asked for the first page of `s3://tide-logs/`.
    pub(crate) fn browsing() -> Self {
        let mut setup = Setup::default();
        setup.draft.location = "s3://tide-logs/".into();
        let mut play = Self::at_the_form(setup);
        play.press("enter");
        play.minted(1, 3600);
        play
    }

    /// Presses keys, named and separated by spaces: `j enter ctrl-c F5`.
    pub(crate) fn press(&mut self, keys: &str) -> Vec<Effect> {
        keys.split_whitespace().flat_map(|name| self.press_one(key(name))).collect()
    }

    /// Types text, letter by letter.
    pub(crate) fn write(&mut self, text: &str) -> Vec<Effect> {
        text.chars().flat_map(|c| self.press_one(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE))).collect()
    }

    fn press_one(&mut self, event: KeyEvent) -> Vec<Effect> {
        let action = keymap::action(&self.model, event).map(|action| ui::settle(&self.model, action));
        action.map(|action| self.tell(Message::Action(action))).unwrap_or_default()
    }

    pub(crate) fn tell(&mut self, message: Message) -> Vec<Effect> {
        update(&mut self.model, self.now, message)
    }

    pub(crate) fn wait(&mut self, seconds: i64) -> Vec<Effect> {
        self.now += SignedDuration::from_secs(seconds);
        self.tell(Message::Tick)
    }

    /// Answers the mint under way with a session of so many seconds.
    pub(crate) fn minted(&mut self, id: u64, seconds: i64) -> Vec<Effect> {
        self.minted_of(MintRequest::SessionToken(SessionToken::new("1h".parse().unwrap())), id, seconds)
    }

    /// The same of another request.
    pub(crate) fn minted_of(&mut self, request: MintRequest, id: u64, seconds: i64) -> Vec<Effect> {
        let generation = self.model.sessions.minting.waiting().expect("a mint is under way").generation;
        let session = Session { request, ..self.session(id, seconds) };
        self.tell(Message::Minted { generation, outcome: Ok(session) })
    }

    /// A session of so many seconds from now on.
    pub(crate) fn session(&self, id: u64, seconds: i64) -> Session {
        let from = Moment { local: self.now, offset: self.model.clock_offset };
        let lifetime = Lifetime::until_expiration(from.by_the_services() + SignedDuration::from_secs(seconds), from);
        Session {
            id: SessionId(id),
            profile: "ana".into(),
            region: "us-west-2".into(),
            endpoint: None,
            sign_in_endpoint: None,
            exposed: false,
            key_id_end: "TIDE".into(),
            request: MintRequest::SessionToken(SessionToken::new("1h".parse().unwrap())),
            temporary: true,
            lifetime: Some(lifetime),
            grant: Grant::default(),
            identity: None,
        }
    }

    /// Answers the newest question for a page.
    pub(crate) fn page(&mut self, effects: &[Effect], keys: &[&str], next: Option<&str>) -> Vec<Effect> {
        self.answer(effects, Ok(page(keys, next)))
    }

    /// Answers the newest question for a page.
    pub(crate) fn answer(&mut self, effects: &[Effect], outcome: Result<Page, Failure>) -> Vec<Effect> {
        self.tell(Message::PageArrived { generation: asked(effects).0, outcome })
    }

    /// What the session in use shows.
    pub(crate) fn browser(&self) -> &Browser {
        self.model.browser().expect("a session is in use")
    }

    /// What the list shows.
    pub(crate) fn names(&self) -> Vec<String> {
        self.browser().place.listing.rows.iter().map(|entry| entry.name().to_owned()).collect()
    }
}

/// Names as [`Play::names`] has them.
pub(crate) fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

/// Number, place and token of the only question for a page among `effects`.
pub(crate) fn asked(effects: &[Effect]) -> (Generation, &Location, Option<&str>) {
    let mut questions = effects.iter().filter_map(|effect| match effect {
        Effect::List { generation, location, after, .. } => {
            Some((*generation, location, after.as_ref().map(|token| token.0.as_str())))
        }
        _ => None,
    });
    let question = questions.next().unwrap_or_else(|| panic!("no page was asked for: {effects:?}"));
    assert!(questions.next().is_none(), "two pages at once: {effects:?}");
    question
}

pub(crate) fn page(keys: &[&str], next: Option<&str>) -> Page {
    let entry = |key: &&str| {
        if key.ends_with('/') {
            return Entry::Prefix((*key).into());
        }
        Entry::Object(Object { key: (*key).into(), size: Some(1), modified: None, storage_class: None, etag: None })
    };
    Page {
        rows: Block::from_entries(keys.iter().map(entry)).unwrap(),
        next: next.map(|token| ContinuationToken(token.into())),
        ..Page::default()
    }
}

pub(crate) fn refusal(kind: FailureKind, code: &str, status: u16) -> Failure {
    Failure {
        service: Service::S3,
        code: Some(code.into()),
        status: Some(status),
        ..Failure::local(kind, "list", "s3://tide-logs/", "no")
    }
}

/// A profile of long-term keys on a custom endpoint.
pub(crate) fn profile(name: &str, role_arn: Option<&str>) -> Profile {
    Profile {
        name: name.into(),
        kind: ProfileKind::Keys,
        sts_endpoint: Some("http://127.0.0.1:1".into()),
        role_arn: role_arn.map(str::to_owned),
        ..Profile::default()
    }
}
