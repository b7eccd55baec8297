//! Everything the program knows, and nothing it could derive.
//!
//! Invariant: no secret is in here, and nothing here waits. [`update`](super::update) alone changes it; the views read it.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{
    Browser, Comparison, Current, Dialogs, Generation, Ledger, MintForm,
    cx::{Facts, Generations},
    notice::{Notice, Tone},
    renewal,
};
use crate::domain::{
    credentials::SessionId,
    failure::{Failure, Service},
    lifetime::{Lifetime, Phase, countdown_changes},
    listing::Rest,
    location::Location,
    mint::{Draft, Field, SpentCode, Wishes},
    moment::Moment,
    patience::Wait,
    policy::SessionRights,
    profile::SourceOptions,
    totp::Seed,
    translator::Standing,
};

/// Which screen is in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// Choosing what to mint.
    MintForm,
    /// Looking at buckets and objects.
    Browser,
    /// Looking at one location as two sessions see it.
    Compare,
}

/// A call to STS that has not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minting {
    /// The question's number.
    pub generation: Generation,
    /// When it was asked.
    pub since: Timestamp,
    /// What to mint again from; becomes the session's source.
    pub source: SourceOptions,
    /// What was filled in for it, to be remembered; nothing for a renewal.
    pub draft: Option<Draft>,
    /// What a person typed or chose for it; becomes the session's own, for a variation.
    pub wishes: Wishes,
    /// What the session is for.
    pub then: Then,
}

/// What happens when a session has been minted; fixed when it was asked for, whatever is typed meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Then {
    /// It replaces this one, and what that was doing goes on.
    Replace(SessionId),
    /// Browsing begins here.
    StartAt(Location),
}

/// How the program is set up for its whole life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// What the command line said about credentials and services.
    pub source: SourceOptions,
    /// What was typed about the session on the command line.
    pub wishes: Wishes,
    /// What the form holds of which neither a person nor a profile says anything.
    pub draft: Draft,
    /// Whether this is the embedded sandbox: it says so on screen.
    pub sandbox: bool,
    /// The embedded sandbox's MFA device, whose codes nobody else could read: its serial number and seed.
    pub device: Option<(String, Seed)>,
    /// Whether requests are remembered for the next run.
    pub remembers: bool,
    /// Bytes of rows that the list keeps at most.
    pub most_memory: usize,
    /// In which times are shown.
    pub time_zone: TimeZone,
}

/// What a laptop has to spare: thirty million rows and more.
const MOST_MEMORY: usize = 1 << 30;

impl Default for Setup {
    /// Nothing said, nothing embedded, times in UTC.
    fn default() -> Self {
        Self {
            source: SourceOptions::default(),
            wishes: Wishes::default(),
            draft: Draft::default(),
            sandbox: false,
            device: None,
            remembers: false,
            most_memory: MOST_MEMORY,
            time_zone: TimeZone::UTC,
        }
    }
}

/// The state of the interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// How the program was started.
    pub setup: Setup,
    /// The time at which the newest message was handled, by this machine's clock.
    pub now: Timestamp,
    /// How far the services' clock is ahead of this machine's.
    pub clock_offset: SignedDuration,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The screen in front.
    pub screen: Screen,
    /// What lies over it.
    pub dialogs: Dialogs,
    /// Whether the key that quits was pressed once while that would lose sessions; the second press quits.
    pub asks_to_quit: bool,
    /// The form.
    pub form: MintForm,
    /// The call to STS under way.
    pub minting: Option<Minting>,
    /// The newest code that was sent to STS.
    pub spent_code: Option<SpentCode>,
    /// Why the newest call to STS failed.
    pub mint_failure: Option<Failure>,
    /// Waits before calls are made again.
    pub waits: Vec<Wait>,
    /// Calls to STS that nobody waits for: their sessions are taken in when they come.
    pub unattended: Vec<Minting>,
    /// The session in use.
    pub current: Option<Current>,
    /// What it is looking at.
    pub browser: Browser,
    /// The sessions laid aside.
    pub ledger: Ledger,
    /// One location as two sessions see it, while that is looked at.
    pub comparison: Option<Comparison>,
    /// A line that goes by itself.
    pub notice: Option<Notice>,
    pub(super) generations: Generations,
}

/// How often a spinner turns.
const SPINNER_STEP: SignedDuration = SignedDuration::from_millis(100);
/// Work that answers sooner shows no spinner.
const SPINNER_DELAY: SignedDuration = SignedDuration::from_millis(150);
/// How long a notice stays.
const NOTICE_TIME: SignedDuration = SignedDuration::from_secs(4);

impl Model {
    /// The state before anything has happened.
    pub fn new(setup: Setup, now: Timestamp) -> Self {
        let form = MintForm::new(&setup.draft, &setup.wishes);
        Self {
            setup,
            now,
            clock_offset: SignedDuration::ZERO,
            size: (80, 24),
            screen: Screen::MintForm,
            dialogs: Dialogs::default(),
            asks_to_quit: false,
            form,
            minting: None,
            spent_code: None,
            mint_failure: None,
            waits: vec![],
            unattended: vec![],
            current: None,
            browser: Browser::default(),
            ledger: Ledger::default(),
            comparison: None,
            notice: None,
            generations: Generations::default(),
        }
    }

    /// What parts may read of the rest.
    pub(super) fn facts(&self) -> Facts {
        let session = self.current.as_ref().map(|current| current.session.id);
        let sessions = self.sessions().count();
        Facts { moment: self.moment(), size: self.size, session, phase: self.phase(), sessions }
    }

    /// The newest moment, by which sessions end.
    pub fn moment(&self) -> Moment {
        Moment { local: self.now, offset: self.clock_offset }
    }

    /// The time by the services' clock.
    pub fn service_now(&self) -> Timestamp {
        self.moment().by_the_services()
    }

    /// The lifetime of the session in use, if it ends.
    pub fn lifetime(&self) -> Option<Lifetime> {
        self.current.as_ref()?.session.lifetime
    }

    /// How urgent the session's end is; [`Phase::Fresh`] where nothing ends.
    pub fn phase(&self) -> Phase {
        self.current.as_ref().map_or(Phase::Fresh, |current| current.phase(self.moment()))
    }

    /// The failure that matters most on this screen, for the panel that explains it.
    pub fn failure(&self) -> Option<&Failure> {
        match self.screen {
            Screen::MintForm => self.mint_failure.as_ref().or(self.form.profiles.failure()),
            Screen::Compare => self.mint_failure.as_ref(),
            Screen::Browser => self.mint_failure.as_ref().or(match &self.browser.place.listing.rest {
                Rest::Failed { failure, .. } => Some(failure),
                _ => self.browser.refresh_failure.as_ref().or(self.renewal_failure()),
            }),
        }
    }

    /// Why the session in use has not renewed itself, though it was told to.
    fn renewal_failure(&self) -> Option<&Failure> {
        self.current.as_ref()?.renewal.failure.as_ref()
    }

    /// What narrows the session in use, as far as it is known here; `None` where nothing does.
    pub fn rights(&self) -> Option<SessionRights<'_>> {
        self.current.as_ref()?.session.rights(self.service_now())
    }

    /// Where whoever got this failure stood: minting is asked for with the profile's own credentials, S3 with the
    /// session's.
    pub fn standing(&self, failure: &Failure) -> Standing {
        let clock_offset = self.clock_offset;
        let Some(current) = self.current.as_ref().filter(|_| failure.service == Service::S3) else {
            return Standing { clock_offset, ..Standing::default() };
        };
        let worked = self.browser.place.listing.read_at.is_some() && self.phase() != Phase::Expired;
        Standing::of(&current.session.request, worked, clock_offset)
    }

    /// Since when something has been under way that deserves a spinner.
    pub fn busy_since(&self) -> Option<Timestamp> {
        self.minting.as_ref().map(|minting| minting.since).or_else(|| self.dialogs.busy_since()).or_else(|| match &self
            .comparison
        {
            Some(comparison) => comparison.loading_since(),
            None => self.browser.loading_since(),
        })
    }

    /// How many sessions end with the program that could still be used: temporary credentials are nowhere else.
    pub fn live_sessions(&self) -> usize {
        let at = self.moment();
        let live = |current: &&Current| current.session.temporary && current.phase(at) != Phase::Expired;
        self.sessions().map(|(current, _)| current).filter(live).count()
    }

    /// Whether what is drawn of it shows a secret.
    pub fn shows_secret(&self) -> bool {
        self.dialogs.masked_at().is_some()
    }

    /// When the screen changes next without anybody doing anything; `None` means the program may sleep.
    pub fn next_change(&self) -> Option<Timestamp> {
        let countdown = self.counted_down().filter_map(|current| self.countdown_changes(current)).min();
        let notice = self.notice.as_ref().map(|notice| notice.until);
        let spinner = self.busy_since().map(|since| self.next_spinner_turn(since));
        let code = self.asks_for_code().then(|| self.now.checked_add(SignedDuration::from_secs(1)).unwrap_or(self.now));
        let others = [renewal::next_due(self), self.dialogs.masked_at()];
        [countdown, notice, spinner, code].into_iter().chain(others).flatten().min()
    }

    /// Whether the code of an MFA device is asked for on screen, with the seconds that it stands.
    fn asks_for_code(&self) -> bool {
        let in_form = || self.screen == Screen::MintForm && self.form.fields().contains(&Field::MfaCode);
        self.dialogs.ask_for_code() || in_form()
    }

    /// The sessions whose remaining time is on screen: the one in use, or all of them while they are listed.
    fn counted_down(&self) -> impl Iterator<Item = &Current> {
        let all = self.screen == Screen::Compare || self.dialogs.list_sessions();
        let in_use = self.current.as_ref().map(|current| current.session.id);
        self.sessions().map(|(current, _)| current).filter(move |current| all || Some(current.session.id) == in_use)
    }

    /// Before the end what is left is shown, afterwards how long ago that was.
    fn countdown_changes(&self, current: &Current) -> Option<Timestamp> {
        let expiration = current.session.lifetime.map(|lifetime| lifetime.end(self.clock_offset));
        let end = current.ended_at(self.moment()).or(expiration)?;
        let wait = countdown_changes(end.duration_since(self.now));
        Some(self.now.checked_add(wait).unwrap_or(Timestamp::MAX))
    }

    /// How many times a spinner that began at `since` has turned; `None` while it is too soon for one.
    pub fn spinner_turns(&self, since: Timestamp) -> Option<usize> {
        let elapsed = self.now.duration_since(since);
        if elapsed < SPINNER_DELAY {
            return None;
        }
        usize::try_from(elapsed.as_millis() / SPINNER_STEP.as_millis()).ok()
    }

    fn next_spinner_turn(&self, since: Timestamp) -> Timestamp {
        if self.now < since + SPINNER_DELAY { since + SPINNER_DELAY } else { self.now + SPINNER_STEP }
    }

    pub(super) fn next_generation(&mut self) -> Generation {
        self.generations.next()
    }

    pub(super) fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), tone, until: self.now + NOTICE_TIME });
    }
}
