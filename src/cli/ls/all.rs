//! `ebbtide ls --all`: lists everything below, with many requests at a time.
//!
//! Invariant: rows are printed in the order of keys and without a gap, even if the listing ends early.

use std::pin::pin;

use tokio::{
    sync::mpsc,
    time::{MissedTickBehavior, interval},
};

use super::{faults::nothing_below, printer::Printer};
use crate::{
    cli::{
        problem::Problem,
        progress::{Progress, UNNOTICED},
        renewing_session::{RenewingSession, check_complete},
    },
    domain::{location::Location, numbers::group_digits},
    lister::{Event, Plan, RowOrder, list_all},
};

/// Requests at a time, at most.
const MOST_IN_FLIGHT: usize = 64;

/// Limit of queued events: a slow reader slows the listing.
const WAITING: usize = 16;

/// Prints everything as it comes in its turn.
pub(super) async fn list_all_rows(
    session: &RenewingSession,
    location: Location,
    printer: &mut Printer,
) -> Result<(), Problem> {
    let plan = Plan {
        location: location.clone(),
        delimited: false,
        behind: None,
        most_in_flight: MOST_IN_FLIGHT,
        order: RowOrder::Keys,
        most_memory: usize::MAX, // rows are printed and dropped
    };
    let (events, mut arriving) = mpsc::channel(WAITING);
    let mut listing = pin!(list_all(session.clone(), plan, events));
    let mut line = Progress::beside_rows();
    let (mut ended, mut text, mut rows_came) = (None, "listing …".to_owned(), false);
    let mut ticks = interval(UNNOTICED);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.tick().await;
    loop {
        tokio::select! {
            event = arriving.recv() => match event {
                Some(Event::Rows(rows)) => {
                    let _room = line.make_room();
                    printer.print_rows(&rows)?;
                    rows_came = true;
                }
                Some(Event::Progress(progress)) => text = format!("{} keys …", group_digits(progress.found)),
                Some(Event::Paused) => line.show_text("the session has expired: minting it again …"),
                None => break,
            },
            result = &mut listing, if ended.is_none() => ended = Some(result),
            _ = ticks.tick() => {
                if !std::mem::take(&mut rows_came) || !line.is_beside_rows() {
                    line.show_text(&text);
                }
            }
        }
    }
    drop(line);
    check_complete(ended, &location)?;
    if !printer.has_rows() && !location.prefix.is_empty() {
        return Err(nothing_below(&location).into());
    }
    Ok(())
}
