//! The whole program but for the terminal: its loop, its worker, the AWS SDK and the sandbox, under a clock that runs
//! as far as a test lets it. Each test is a story of keys, time, and what is then on screen.

#[expect(dead_code, reason = "colours are for pictures")]
#[path = "../support/stage.rs"]
mod stage;

mod browsing;
mod clocks;
mod console;
mod everything;
mod expiry;
mod finding;
mod hostile;
mod links;
mod object;
mod refusals;
mod renewal;
mod rows;
mod several;
mod throttled;
