//! `ebbtide ls --all`: everything below, by many requests at a time.
//!
//! Invariant: what is printed is in the order of keys and without a gap, also where it ends early.

use std::pin::pin;

use tokio::sync::mpsc;

use super::{Printer, nothing_below};
use crate::{
    cli::{
        lasting::{Lasting, complete},
        output::Form,
        problem::Problem,
        progress::Progress,
    },
    domain::{location::Location, numbers::grouped},
    lister::{Event, Order, Plan, list_all},
};

/// Requests at a time, at most.
const MOST_IN_FLIGHT: usize = 64;

/// Events that may wait: whoever reads slowly is not overtaken by far.
const WAITING: usize = 16;

/// Prints everything as it comes in its turn.
pub(super) async fn list(
    session: &Lasting,
    location: Location,
    form: Form,
    printer: &mut Printer,
) -> Result<(), Problem> {
    let plan = Plan {
        location: location.clone(),
        delimited: false,
        behind: None,
        most_in_flight: MOST_IN_FLIGHT,
        order: Order::Keys,
        most_memory: usize::MAX, // rows are printed and dropped
    };
    let (events, mut told) = mpsc::channel(WAITING);
    let mut listing = pin!(list_all(session.clone(), plan, events));
    let mut count = Progress::new(form);
    let mut ended = None;
    loop {
        tokio::select! {
            event = told.recv() => match event {
                Some(Event::Rows(rows)) => printer.rows(&rows)?,
                Some(Event::Progress(progress)) => count.tell(&format!("{} keys …", grouped(progress.found))),
                Some(Event::Paused) => count.tell("the session is over: minting the same again …"),
                None => break,
            },
            result = &mut listing, if ended.is_none() => ended = Some(result),
        }
    }
    complete(ended, &location)?;
    if !printer.has_rows() && !location.prefix.is_empty() {
        return Err(nothing_below(&location).into());
    }
    Ok(())
}
