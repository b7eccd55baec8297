//! The time: the only module that asks for it.
//!
//! A wall clock can be set while the program runs, and a monotonic clock stands still while a laptop sleeps. So the wall
//! is read once, and from then on the time goes on as the machine has run since it was started, sleep included, which
//! cannot be set: [`Clock::now`] never jumps. That the wall clock has been set is known all the same, see
//! [`Clock::wall_moved`].
//!
//! Invariant: everything else gets the time, or a [`Clock`], as an argument; so a test can let an hour pass in no time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use rustix::time::{ClockId, clock_gettime};
use tokio::time::Instant;

/// Time since the machine was started, its sleep included.
/// <https://man7.org/linux/man-pages/man2/clock_gettime.2.html>
#[cfg(any(target_os = "linux", target_os = "android"))]
const RUNNING: ClockId = ClockId::Boottime;
/// Outside Linux this one goes on while the machine sleeps.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const RUNNING: ClockId = ClockId::Monotonic;

/// Tells the time. Cheap to clone; clones show the same.
#[derive(Debug, Clone)]
pub struct Clock(ClockSource);

#[derive(Debug, Clone)]
enum ClockSource {
    System(Anchor),
    Simulated { origin: Timestamp, since: Instant, machine: Machine },
}

/// What the two clocks of the machine showed at one moment.
#[derive(Debug, Clone, Copy)]
struct Anchor {
    wall: Timestamp,
    running: SignedDuration,
}

impl Anchor {
    /// The time once the machine has run until `running`.
    fn time_at(self, running: SignedDuration) -> Timestamp {
        // Only a wall clock set to the calendar's end could leave it.
        self.wall.checked_add(running - self.running).unwrap_or(self.wall)
    }
}

/// What happens to the machine of a simulated clock.
#[derive(Debug, Clone, Default)]
pub struct Machine(Arc<Mutex<MachineEvents>>);

#[derive(Debug, Clone, Copy, Default)]
struct MachineEvents {
    slept: SignedDuration,
    wall_moved: SignedDuration,
}

impl Machine {
    /// It sleeps: time passes, and no timer runs.
    pub fn sleep(&self, time: SignedDuration) {
        self.lock_events().slept += time;
    }

    /// Somebody sets its wall clock, ahead or back.
    pub fn set_wall(&self, by: SignedDuration) {
        self.lock_events().wall_moved += by;
    }

    fn lock_events(&self) -> MutexGuard<'_, MachineEvents> {
        // Two numbers, each whole after every change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock {
    /// The machine's own: the wall clock as it is now, and from now on time as it passes.
    pub fn system() -> Self {
        Self(ClockSource::System(Anchor { wall: wall_time(), running: running_time() }))
    }

    /// A clock that shows `origin` now and advances with the runtime's timers: under paused time, exactly as far as the
    /// test lets it.
    pub fn starting_at(origin: Timestamp) -> Self {
        Self::of_machine(origin, Machine::default())
    }

    /// The same, of a machine that can sleep and whose wall clock can be set.
    pub fn of_machine(origin: Timestamp, machine: Machine) -> Self {
        Self(ClockSource::Simulated { origin, since: Instant::now(), machine })
    }

    /// What it shows.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            ClockSource::System(anchor) => anchor.time_at(running_time()),
            ClockSource::Simulated { origin, since, machine } => {
                // A test does not run for the 292 years at which the conversion saturates.
                let ran = SignedDuration::try_from(since.elapsed()).unwrap_or(SignedDuration::MAX);
                *origin + ran + machine.lock_events().slept
            }
        }
    }

    /// How far the machine's wall clock has been set ahead, or back, since this clock was made. It also moves by
    /// milliseconds, when it is disciplined.
    pub fn wall_moved(&self) -> SignedDuration {
        match &self.0 {
            ClockSource::System(_) => wall_time().duration_since(self.now()),
            ClockSource::Simulated { machine, .. } => machine.lock_events().wall_moved,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that asks")]
fn wall_time() -> Timestamp {
    Timestamp::now()
}

fn running_time() -> SignedDuration {
    let read = clock_gettime(RUNNING);
    SignedDuration::from_secs(read.tv_sec) + SignedDuration::from_nanos(read.tv_nsec)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_goes_on_as_the_machine_runs_whatever_the_wall_says() {
        let anchor = Anchor { wall: "2026-11-22T12:00:00Z".parse().unwrap(), running: SignedDuration::from_secs(500) };
        for (running, shown) in
            [(500, "2026-11-22T12:00:00Z"), (501, "2026-11-22T12:00:01Z"), (500 + 7200, "2026-11-22T14:00:00Z")]
        {
            assert_eq!(anchor.time_at(SignedDuration::from_secs(running)), shown.parse().unwrap());
        }
        let last = Anchor { wall: Timestamp::MAX, running: SignedDuration::ZERO };
        assert_eq!(last.time_at(SignedDuration::from_secs(1)), Timestamp::MAX);
    }

    #[test]
    fn the_system_s_clock_starts_at_the_wall_and_goes_on() {
        let clock = Clock::system();
        assert!(clock.wall_moved().abs() < SignedDuration::from_secs(1));
        let (first, second) = (clock.now(), clock.now());
        assert!(second >= first && second.duration_since(first) < SignedDuration::from_secs(5));
    }
}
