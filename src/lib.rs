//! Browse S3 buckets on borrowed time: mint a short-lived session from an AWS profile, browse with exactly those
//! credentials, watch them run out, renew them in place.
//!
//! # The way through
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
//! [`run`] turns this wheel. Each module holds one thing true:
//!
//! | module | what it is | what holds |
//! |---|---|---|
//! | [`domain`] | values and their rules, in the field's terms | knows neither time, files, terminal nor SDK |
//! | [`app`] | the state, and the one function that changes it | never waits; work outside comes back as effects |
//! | [`ui`] | the state, drawn | reads everything, changes nothing |
//! | [`keymap`] | which key means what, as rows | hints and help print the same rows |
//! | [`run`] | the loop over keys, replies and time | does no work itself, and sleeps when nothing changes |
//! | [`terminal`] | the person's terminal | given back as it was, also after a panic or a signal |
//! | [`worker`] | carries out effects | alone holds credentials; answers every question once |
//! | [`aws`] | profiles, STS, S3 | the only module that names the SDK; failures are translated there, once |
//! | [`lister`] | everything below a location, many requests at a time | the result equals one page after another |
//! | [`sandbox`] | S3, STS and IAM on loopback, in this process | nothing is answered before it is checked |
//! | [`store`] | what outlives the program, in the data directory | no secret is in it; a file that cannot be read stays |
//! | [`private`] | files of their owner alone | no link is followed; what is another's is refused |
//! | [`handover`] | credentials as other tools take them over | secrets only in a form asked for by name |
//! | [`cli`] | the command line, one file a command | output and exit codes are a contract |
//! | [`interface`] | the interface, set up over profiles or over the sandbox | the first frame waits for nothing |
//! | [`clipboard`] | where what is copied goes | copied is what a tool has taken; the loop waits for none |
//! | [`clock`] | the time | nobody else asks for it |
//! | [`process`] | what the process keeps from others | no core file, no debugger, no panic that quotes |
//!
//! `tests/layers/` keeps the walls between them. A module of several files is a folder with a `mod.rs`; long tests are its
//! `tests.rs`.
//!
//! To change what the browser does, open `domain/listing/`, `app/browser/`, `ui/browser.rs` and `ui/finding.rs`; to change
//! what can be minted, `domain/mint/`, `aws/sts.rs`, `app/mint_form/` and `ui/mint_form.rs`; to change the
//! demo's world, `assets/sandbox/`.
//!
//! # Two mechanisms against stale answers
//!
//! Every question to a service carries a [`Generation`](app::Generation) that comes back with the answer; an answer to an
//! older question is dropped. That is what makes the list right. The worker also aborts the task that is no longer
//! wanted; that only saves work. Minting is never aborted: AWS may already have issued the credentials.

pub mod app;
pub mod aws;
pub mod cli;
pub mod clipboard;
pub mod clock;
pub mod domain;
pub mod handover;
pub mod interface;
pub mod keymap;
pub mod lister;
pub mod private;
pub mod process;
pub mod run;
pub mod sandbox;
pub mod store;
pub mod terminal;
pub mod ui;
pub mod worker;
