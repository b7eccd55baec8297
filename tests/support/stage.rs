//! The whole program on a stage: its loop, its worker and the AWS SDK, with the sandbox in the same process, a terminal
//! that is only looked at, and a clock that the test lets run.
//!
//! Invariant: time passes only in [`Stage::press`], [`Stage::until`] and [`Stage::advance`], so under
//! `start_paused = true` every run is the same.

use std::{
    io::{self, Write},
    num::NonZero,
    process::{Command, ExitStatus},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crossterm::event::Event;
use ebbtide::{
    app::{Model, Setup},
    aws::{Aws, Setting, SharedHttpClient},
    clipboard::Clipboard,
    clock::Clock,
    decoder::DecoderProcess,
    domain::{duration::SessionDuration, listing::Rows},
    handover::Relay,
    interface::demo_setup,
    run::{Ending, Input, Loop, Surface},
    sandbox::{Sandbox, Settings},
    ui::{self, Theme},
    worker::Worker,
};
use ratatui::{Terminal, TerminalOptions, Viewport, backend::CrosstermBackend, layout::Rect};
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{Instant, sleep, timeout_at},
};

#[path = "keys.rs"]
mod keys;
#[path = "network.rs"]
mod network;

use keys::key;
use network::Network;

/// When every play begins.
pub(crate) const START: &str = "2026-11-22T14:00:00Z";
/// Nothing listens there; it is loopback, so it may be asked without TLS.
const ENDPOINT: &str = "http://127.0.0.1:9";
/// What [`Stage::until`] waits at most.
const PATIENCE: Duration = Duration::from_mins(2);
/// The program that decodes content.
const DECODER: &str = env!("CARGO_BIN_EXE_ebbtide");
/// A key and what the loop does at once.
pub(crate) const KEYSTROKE: Duration = Duration::from_millis(1);

/// The program, running.
pub(crate) struct Stage {
    /// Between the program and the sandbox.
    pub(crate) network: Network,
    sandbox: Sandbox,
    service_clock: Clock,
    seen: Seen,
    inputs: mpsc::Sender<Input>,
    draws: watch::Receiver<usize>,
    running: JoinHandle<io::Result<Ending>>,
}

impl Stage {
    /// `ebbtide demo` in a terminal of so many columns and rows, with what `change` changes of its set-up. It runs as
    /// soon as the test waits for something.
    pub(crate) fn demo(size: (u16, u16), change: impl FnOnce(&mut Setup)) -> Self {
        let clock = Clock::starting_at(START.parse().expect("it is a time"));
        Self::with_clocks(size, clock.clone(), clock, change)
    }

    /// The same, where no page has more than so many rows.
    pub(crate) fn with_pages_of(max_keys: usize, size: (u16, u16), change: impl FnOnce(&mut Setup)) -> Self {
        let clock = Clock::starting_at(START.parse().expect("it is a time"));
        Self::with(Settings { max_keys, ..Settings::default() }, size, clock.clone(), clock, change)
    }

    /// The same, where the program goes by one clock and the services by another.
    pub(crate) fn with_clocks(
        size: (u16, u16),
        clock: Clock,
        of_the_services: Clock,
        change: impl FnOnce(&mut Setup),
    ) -> Self {
        Self::with(Settings::default(), size, clock, of_the_services, change)
    }

    fn with(
        settings: Settings,
        (columns, rows): (u16, u16),
        clock: Clock,
        of_the_services: Clock,
        change: impl FnOnce(&mut Setup),
    ) -> Self {
        let settings = Settings { min_duration: SessionDuration::from_secs(10), ..settings };
        let sandbox = Sandbox::new(of_the_services.clone(), settings).expect("the world that is compiled in is sound");
        let mut setup = demo_setup(&sandbox, ENDPOINT);
        change(&mut setup);
        let network = Network::to(sandbox.clone());
        let aws = Aws::new(clock.clone(), Setting::Fixed { shared_config: sandbox.shared_config(ENDPOINT) })
            .with_http_client(SharedHttpClient::new(network.clone()));
        let mut model = Model::new(setup, clock.now());
        model.size = (columns, rows);
        let seen = Seen::new(columns, rows);
        let (inputs, input_receiver) = mpsc::channel(1024);
        let (sender, replies) = mpsc::channel(64);
        let (frames, draws) = watch::channel(0);
        let mut surface = Screen::new(seen.clone(), frames, columns, rows);
        let running = tokio::spawn(async move {
            let decoder = DecoderProcess::of_command(DECODER.into(), vec!["__preview".into()], PATIENCE);
            let worker = Worker::new(aws, sender).decoding_with(decoder);
            let clipboard = Clipboard::default();
            let turning =
                Loop { surface: &mut surface, model, worker, inputs: input_receiver, replies, clock, clipboard };
            Box::pin(turning.run()).await
        });
        Self { network, sandbox, service_clock: of_the_services, seen, inputs, draws, running }
    }

    /// Presses keys, named and separated by spaces, each [`KEYSTROKE`] after the other: `j enter ctrl-c F5`.
    pub(crate) async fn press(&self, keys: &str) {
        for name in keys.split_whitespace() {
            self.happens(Event::Key(key(name))).await;
        }
    }

    /// Pastes text where text is typed.
    pub(crate) async fn paste(&self, text: &str) {
        self.happens(Event::Paste(text.into())).await;
    }

    async fn happens(&self, event: Event) {
        self.inputs.send(Input::Event(event)).await.expect("the program runs");
        sleep(KEYSTROKE).await;
    }

    /// Waits until `text` is on screen, and says how long that took.
    pub(crate) async fn until(&self, text: &str) -> Duration {
        let (begun, mut draws) = (Instant::now(), self.draws.clone());
        loop {
            draws.borrow_and_update();
            let screen = self.screen();
            if screen.contains(text) {
                return begun.elapsed();
            }
            let waited = timeout_at(begun + PATIENCE, draws.changed()).await;
            assert!(waited.is_ok(), "{text:?} does not come:\n{screen}");
            assert!(waited.is_ok_and(|drawn| drawn.is_ok()), "the program ended before {text:?}:\n{screen}");
        }
    }

    /// What the MFA device of the sandbox's first user shows now.
    pub(crate) fn mfa_code(&self) -> String {
        let (_, seed) = self.sandbox.first_device().expect("the first user has one");
        seed.code_at(self.service_clock.now())
    }

    /// Lets time pass.
    pub(crate) async fn advance(&self, time: Duration) {
        sleep(time).await;
        assert!(!self.running.is_finished(), "the program ended:\n{}", self.screen());
    }

    /// How the program ends, once it does.
    pub(crate) async fn ending(self) -> Ending {
        self.running.await.expect("it does not panic").expect("nothing can fail in drawing")
    }

    /// What is on screen.
    pub(crate) fn screen(&self) -> String {
        self.seen.lock().parser.screen().contents()
    }

    /// The screen with its colours.
    pub(crate) fn with_colours<T>(&self, look: impl FnOnce(&vt100::Screen) -> T) -> T {
        look(self.seen.lock().parser.screen())
    }

    /// What was put on the clipboard.
    pub(crate) fn copied(&self) -> Vec<String> {
        self.seen.lock().copied.clone()
    }

    /// What the services' clock shows.
    pub(crate) fn service_now(&self) -> jiff::Timestamp {
        self.service_clock.now()
    }

    /// What a link is answered that is opened now, without credentials: its status, and how many bytes.
    pub(crate) async fn open_link(&self, method: &str, url: &str) -> (u16, usize) {
        self.network.open_link(method, url).await
    }

    /// How often the screen was drawn.
    pub(crate) fn draws(&self) -> usize {
        *self.draws.borrow()
    }

    /// Every row of the list in front, also those that are not on screen.
    pub(crate) fn names(&self) -> Vec<String> {
        self.seen.lock().rows.iter().map(|entry| entry.name().to_owned()).collect()
    }

    /// Shows each frame to `watcher`, with the model it was drawn from, as soon as it is drawn.
    pub(crate) fn watch(&self, watcher: impl FnMut(&Model, &str) + Send + 'static) {
        self.seen.lock().watcher = Some(Box::new(watcher));
    }
}

/// What the test sees of the terminal.
#[derive(Clone)]
struct Seen(Arc<Mutex<Sight>>);

type Watcher = Box<dyn FnMut(&Model, &str) + Send>;

struct Sight {
    parser: vt100::Parser,
    /// The list in front.
    rows: Rows,
    copied: Vec<String>,
    watcher: Option<Watcher>,
}

impl Seen {
    fn new(columns: u16, rows: u16) -> Self {
        let cells = |number| NonZero::new(number).expect("a terminal has cells");
        let parser = vt100::Parser::new(cells(rows), cells(columns), 0);
        Self(Arc::new(Mutex::new(Sight { parser, rows: Rows::default(), copied: vec![], watcher: None })))
    }

    fn lock(&self) -> MutexGuard<'_, Sight> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Seen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lock().parser.process(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A terminal that writes to an emulator.
struct Screen {
    terminal: Terminal<CrosstermBackend<Seen>>,
    seen: Seen,
    frames: watch::Sender<usize>,
}

impl Screen {
    fn new(seen: Seen, frames: watch::Sender<usize>, columns: u16, rows: u16) -> Self {
        crossterm::style::force_color_output(true); // also where NO_COLOR is set for whoever runs the tests
        let options = TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, columns, rows)) };
        let terminal = Terminal::with_options(CrosstermBackend::new(seen.clone()), options).expect("it has a size");
        Self { terminal, seen, frames }
    }
}

impl Surface for Screen {
    fn draw(&mut self, model: &Model) -> io::Result<()> {
        self.terminal.draw(|frame| ui::view(model, &Theme::coloured(), frame))?;
        let mut seen = self.seen.lock();
        seen.rows = model.browser().map(|browser| browser.place.listing.rows.clone()).unwrap_or_default();
        if let Some(mut watcher) = seen.watcher.take() {
            watcher(model, &seen.parser.screen().contents());
            seen.watcher = Some(watcher);
        }
        self.frames.send_modify(|frames| *frames += 1);
        Ok(())
    }

    fn redraw(&mut self) -> io::Result<()> {
        self.terminal.clear()
    }

    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn lend(&mut self, _command: Command) -> io::Result<ExitStatus> {
        Ok(ExitStatus::default())
    }

    fn send_to_clipboard(&mut self, text: &[u8], _relay: Relay) -> Result<(), String> {
        self.seen.lock().copied.push(String::from_utf8_lossy(text).into_owned());
        Ok(())
    }
}
