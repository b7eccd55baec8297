//! Everything the program knows, and nothing it could derive.
//!
//! Invariant: no secret is in here, and nothing here waits. [`update`](super::update) alone changes it; the views read it.

use jiff::{SignedDuration, Timestamp};

use super::{
    answers::AnswerLog,
    browser::Browser,
    compare::Comparison,
    cx::{Facts, Generations},
    dialogs::Dialogs,
    form::SessionForm,
    layout::pane_columns,
    notice::{Notice, Tone},
    object::ObjectViewer,
    screen::Screen,
    sessions::{HeldSession, Sessions, Shows},
    setup::Setup,
    text_area::KeptText,
};
use crate::domain::{
    duration::SessionDuration,
    failure::{Failure, Service},
    lifetime::{Lifetime, Phase, countdown_changes},
    location::Location,
    mint::{Field, shorter_duration},
    moment::Moment,
    patience::Wait,
    policy::SessionRights,
    translator::ErrorContext,
};

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
    pub form: SessionForm,
    /// JSON typed in the policy builder and not accepted.
    pub kept_policy: Option<KeptText>,
    /// Waits before calls are made again.
    pub waits: Vec<Wait>,
    /// The sessions that are held, each with its place in the browser, and the calls to STS that bring more.
    pub sessions: Sessions<Browser>,
    /// The object that is looked at, on its screen or beside the list.
    pub object: ObjectViewer,
    /// One location as two sessions see it, while that is looked at.
    pub comparison: Option<Comparison>,
    /// What S3 really answered each session.
    pub answers: AnswerLog,
    /// A line that goes by itself.
    pub notice: Option<Notice>,
    pub(super) generations: Generations,
}

impl Shows for Browser {
    fn at(location: Location) -> Self {
        Self::standing_at(location)
    }

    fn pause(&mut self) {
        self.abandon();
    }
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
        let form = SessionForm::new(&setup.source, &setup.draft, &setup.wishes);
        Self {
            setup,
            now,
            clock_offset: SignedDuration::ZERO,
            size: (80, 24),
            screen: Screen::MintForm,
            dialogs: Dialogs::default(),
            asks_to_quit: false,
            form,
            kept_policy: None,
            waits: vec![],
            sessions: Sessions::default(),
            object: ObjectViewer::default(),
            comparison: None,
            answers: AnswerLog::default(),
            notice: None,
            generations: Generations::default(),
        }
    }

    /// The session in use.
    pub fn in_use(&self) -> Option<&HeldSession> {
        self.sessions.in_use().map(|stored| &stored.held)
    }

    /// The session in use, to be changed.
    pub fn in_use_mut(&mut self) -> Option<&mut HeldSession> {
        self.sessions.in_use_mut().map(|stored| &mut stored.held)
    }

    /// What the session in use shows.
    pub fn browser(&self) -> Option<&Browser> {
        self.sessions.in_use().map(|stored| &stored.view)
    }

    /// What the session in use shows, to be changed.
    pub fn browser_mut(&mut self) -> Option<&mut Browser> {
        self.sessions.in_use_mut().map(|stored| &mut stored.view)
    }

    /// What parts may read of the rest.
    pub(super) fn facts(&self) -> Facts {
        let session = self.in_use().map(|held| held.session.id);
        let minting = self.sessions.minting.waiting().is_some();
        let sessions = self.sessions.len();
        Facts { moment: self.moment(), size: self.size, session, phase: self.phase(), minting, sessions }
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
        self.in_use()?.session.lifetime
    }

    /// How urgent the session's end is; [`Phase::Fresh`] where nothing ends.
    pub fn phase(&self) -> Phase {
        self.in_use().map_or(Phase::Fresh, |held| held.phase(self.moment()))
    }

    /// The failure that matters most on this screen, for the panel that explains it.
    pub fn failure(&self) -> Option<&Failure> {
        let minting = self.sessions.minting.failure();
        minting.or_else(|| match self.screen {
            Screen::MintForm => self.form.profiles.failure(),
            Screen::Compare => None,
            Screen::Browser => self.browser()?.failure().or_else(|| self.renewal_failure()),
            Screen::Object => self.object.failure().or_else(|| self.renewal_failure()),
        })
    }

    /// The duration to ask for instead, where the newest call to STS was refused and that may be why.
    pub fn shorter_duration(&self) -> Option<SessionDuration> {
        let failure = self.sessions.minting.failure()?;
        let asked = match self.screen {
            Screen::MintForm => self.form.asked_duration(),
            Screen::Browser | Screen::Object | Screen::Compare => self.in_use()?.session.request.duration(),
        };
        shorter_duration(failure, asked)
    }

    /// Why the session in use has not been renewed automatically.
    fn renewal_failure(&self) -> Option<&Failure> {
        self.in_use()?.renewal.failure.as_ref()
    }

    /// What narrows the session in use, as far as it is known here; `None` where nothing does.
    pub fn rights(&self) -> Option<SessionRights<'_>> {
        self.in_use()?.session.session_rights(self.service_now())
    }

    /// Where whoever got this failure stood: minting is asked for with the profile's own credentials, S3 with the
    /// session's.
    pub fn standing(&self, failure: &Failure) -> ErrorContext {
        let clock_offset = self.clock_offset;
        let Some(stored) = self.sessions.in_use().filter(|_| failure.service == Service::S3) else {
            return ErrorContext { clock_offset, ..ErrorContext::default() }.in_interface();
        };
        let worked = stored.view.has_listed() && self.phase() != Phase::Expired;
        ErrorContext::of_request(&stored.held.session.request, worked, clock_offset).in_interface()
    }

    /// Whether what is typed goes into the line that filters the rows, unless something lies over it.
    pub fn is_filtering(&self) -> bool {
        self.screen == Screen::Browser && self.browser().is_some_and(|browser| browser.filter_line.is_some())
    }

    /// Whether the pane is beside the list.
    pub fn shows_pane(&self) -> bool {
        self.screen == Screen::Browser && self.object.pane && pane_columns(self.size.0).is_some()
    }

    /// Whether what is typed goes into the line that finds text in an object, unless something lies over it.
    pub fn is_finding(&self) -> bool {
        self.screen == Screen::Object && self.object.is_finding()
    }

    /// Since when something has been under way that deserves a spinner.
    pub fn busy_since(&self) -> Option<Timestamp> {
        let panel = || self.dialogs.busy_since();
        self.sessions.minting.waiting().map(|call| call.since).or_else(panel).or_else(|| match &self.comparison {
            Some(comparison) => comparison.loading_since(),
            None => self.object.busy_since().or_else(|| self.browser()?.loading_since()),
        })
    }

    /// How many sessions end with the program that could still be used: temporary credentials are nowhere else.
    pub fn live_sessions(&self) -> usize {
        let at = self.moment();
        let live = |held: &&HeldSession| held.session.temporary && held.phase(at) != Phase::Expired;
        self.sessions.held().filter(live).count()
    }

    /// Whether what is drawn of it shows a secret.
    pub fn shows_secret(&self) -> bool {
        self.dialogs.masked_at().is_some()
    }

    /// When the screen changes next without anybody doing anything; `None` means the program may sleep.
    pub fn next_change(&self) -> Option<Timestamp> {
        let countdown = self.counted_down().filter_map(|held| self.countdown_changes(held)).min();
        let notice = self.notice.as_ref().map(|notice| notice.until);
        let spinner = self.busy_since().map(|since| self.next_spinner_turn(since));
        let code = self.asks_for_code().then(|| self.now.checked_add(SignedDuration::from_secs(1)).unwrap_or(self.now));
        let others =
            [self.sessions.next_renewal(self.moment()), self.link_ends(), self.dialogs.masked_at(), self.object.due()];
        [countdown, notice, spinner, code].into_iter().chain(others).flatten().min()
    }

    /// When a link that is counted on screen ends, by this machine's clock.
    fn link_ends(&self) -> Option<Timestamp> {
        let now = self.service_now();
        let ends = self.sessions.held().filter_map(|held| held.next_link_end(now)).min();
        let ends = ends.filter(|_| self.dialogs.list_sessions())?;
        ends.checked_sub(self.clock_offset).ok()
    }

    /// Whether the code of an MFA device is asked for on screen, with the seconds that it stands.
    fn asks_for_code(&self) -> bool {
        let in_form = || self.screen == Screen::MintForm && self.form.fields().contains(&Field::MfaCode);
        self.dialogs.ask_for_code() || in_form()
    }

    /// The sessions whose remaining time is on screen: the one in use, or all of them while they are listed.
    fn counted_down(&self) -> impl Iterator<Item = &HeldSession> {
        let all = self.screen == Screen::Compare || self.dialogs.list_sessions();
        let in_use = self.in_use().map(|held| held.session.id);
        self.sessions.held().filter(move |held| all || Some(held.session.id) == in_use)
    }

    /// Before the end what is left is shown, afterwards how long ago that was.
    fn countdown_changes(&self, held: &HeldSession) -> Option<Timestamp> {
        let expiration = held.session.lifetime.map(|lifetime| lifetime.end(self.clock_offset));
        let end = held.ended_at(self.moment()).or(expiration)?;
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

    /// Says something of the screen in front.
    pub(super) fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.say_of(Some(self.screen), tone, text);
    }

    /// Says something of a screen, or of no screen alone.
    pub(super) fn say_of(&mut self, screen: Option<Screen>, tone: Tone, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), tone, until: self.now + NOTICE_TIME, screen });
    }
}
