//! Browse S3 buckets on borrowed time: mint a short-lived session from an AWS profile, browse S3 with exactly those
//! credentials, see the time they have left, renew them in place.
//!
//! # How it works
//!
//! ```text
//!            crossterm event                                   reply
//!  terminal/ ───────────────► keymap/ ─── Action ──┐   ┌── Message ◄──────────── worker/
//!                                                    ▼   ▼                            ▲
//!  clock.rs ── now ─────────────────────►  app::update(&mut Model, now, Message)      │
//!                                                    │        └──► Vec<Effect> ───────┘
//!                                                    ▼                               aws/ ──► STS, S3,
//!                                   ui::view(&Model, &Theme, &mut Frame)                      or sandbox/
//! ```
//!
//! [`run`] is the loop. Each module has one invariant:
//!
//! | module | what it is | what holds |
//! |---|---|---|
//! | [`domain`] | values and their rules, in the field's terms | does not know the clock, files, the terminal or the SDK |
//! | [`app`] | the state, and the one function that changes it | never waits; it returns work as effects |
//! | [`ui`] | draws the state | reads everything, changes nothing |
//! | [`keymap`] | the keys, as rows of data | hints and help show the same rows |
//! | [`run`] | the loop over keys, replies and time | does no work itself, and sleeps when nothing changes |
//! | [`terminal`] | the terminal | is restored, even after a panic or a signal |
//! | [`worker`] | carries out effects | only it holds credentials; it answers every question once |
//! | [`aws`] | profiles, STS, S3, IAM | only it uses the SDK; failures are translated there, once |
//! | [`lister`] | everything below a location, many requests at a time | the result equals one page after another |
//! | `sandbox` | S3, STS and IAM on loopback, in this process; the cargo feature `sandbox` | checks every request before it answers |
//! | [`preview`] | bytes of an object to rows of text with a meaning | a function of its input; allocates nothing by a claimed length |
//! | [`decoder`] | runs `preview` in a child process | no object content is parsed where credentials are |
//! | [`store`] | the files in the data directory | hold no secret; an unreadable file is not changed |
//! | [`private`] | files that only their owner can read | no link is followed; files of others are refused |
//! | [`handover`] | exports credentials to other tools | secrets only in a format chosen by name |
//! | [`cli`] | the command line, one file per command | output and exit codes are a contract |
//! | [`interface`] | starts the interface, with profiles or with the sandbox | the first frame waits for nothing |
//! | [`clipboard`] | the clipboard | only text that a tool has taken counts as copied; never blocks the loop |
//! | [`clock`] | the time | only it reads the system clocks |
//! | [`process`] | protects memory and panic messages | no core file, no debugger, no panic that quotes foreign text |
//!
//! `tests/layers/` checks which module may use which. A module of several files is a folder with a `mod.rs`; long tests are
//! its `tests.rs`.
//!
//! To change what the browser does, open `domain/listing/`, `app/browser/` and `ui/browser/`; to change what an
//! object's screen shows, `domain/object/`, `preview/`, `app/object/`, `worker/object/` and `ui/object/`; to change what can
//! be minted, `domain/mint/`, `aws/sts/`, `app/form/` and `ui/form/`; to change the demo's world, `assets/sandbox/`. To add a
//! dialog, write a file in `app/dialogs/`, name it there twice, and add a row to the keymap.
//!
//! # The inside of `app`
//!
//! `browser`, `object`, `form`, `sessions` and `dialogs` are parts: each changes itself alone, reads the rest through
//! `Cx`, and answers an action with wishes. `object_view.rs` joins the object that is looked at to the list and session. `fulfil.rs` turns wishes into calls of other parts; no part names another.
//!
//! # Two mechanisms against stale replies
//!
//! Every request to a service carries a [`Generation`](app::Generation) that comes back with the reply; a reply to an
//! older request is dropped. This keeps the list correct. The worker also aborts tasks that are no longer needed; that
//! only saves work. Minting is never aborted: AWS may already have issued the credentials.

pub mod app;
pub mod aws;
pub mod cli;
pub mod clipboard;
pub mod clock;
pub mod decoder;
pub mod domain;
pub mod handover;
pub mod interface;
pub mod keymap;
pub mod lister;
pub mod preview;
pub mod private;
pub mod process;
pub mod run;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod store;
pub mod terminal;
pub mod ui;
pub mod worker;
