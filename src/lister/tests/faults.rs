//! What goes wrong on the way, one thing at a time.
//!
//! Invariant: rows that came are rows of the listing, without a gap before them where order was requested.

use std::time::Duration;

use tokio::{sync::mpsc, time::sleep};

use super::{Ended, Event, Pages, Plan, RowOrder, list_all, listed, plan, shelf::Shelf, simulated};
use crate::domain::{
    failure::{Failure, FailureKind},
    listing::{Block, ContinuationToken, Entry, ListRequest, Page, RequestCounter, TokenListener},
};

fn numbers(count: u32) -> impl Iterator<Item = String> {
    (0..count).map(|n| format!("p/{n:06}"))
}

fn shelf(count: u32) -> Shelf {
    Shelf { page: 10, ..Shelf::of(numbers(count)) }
}

#[test]
fn each_end_of_a_session_asks_for_one_other() {
    for (pages, most_in_flight) in [(1, 1), (1, 64), (7, 64), (30, 4)] {
        let shelf = Shelf { pages_a_session: Some(pages), ..shelf(1000) };
        let listed = simulated(listed(shelf.clone(), Plan { most_in_flight, ..plan("p/") }));
        assert_eq!(listed.names(), numbers(1000).collect::<Vec<_>>(), "{pages} pages a session");
        let seen = shelf.so_far();
        assert!(seen.renewals >= 100 / pages - 1 && seen.renewals <= seen.ends, "{seen:?}");
        assert_eq!(listed.pauses as u64, seen.renewals);
    }
}

#[test]
fn a_token_that_the_next_session_refuses_is_replaced_by_the_last_key() {
    let shelf = Shelf { pages_a_session: Some(3), forgets: true, ..shelf(300) };
    let listed = simulated(listed(shelf, Plan { most_in_flight: 1, ..plan("p/") }));
    assert_eq!(listed.names(), numbers(300).collect::<Vec<_>>());
}

#[test]
fn a_session_that_cannot_be_renewed_ends_the_listing_with_what_it_has() {
    #[derive(Clone)]
    struct Mortal(Shelf);
    impl Pages for Mortal {
        async fn get_page(
            &self,
            request: ListRequest,
            early: Option<TokenListener>,
            sent: &RequestCounter,
        ) -> Result<Page, Failure> {
            self.0.get_page(request, early, sent).await
        }
        async fn sit_out(&self, wait: Duration, failure: &Failure, attempt: u32) {
            self.0.sit_out(wait, failure, attempt).await;
        }
        async fn wait_for_renewal(&self, ended: Failure) -> Result<(), Failure> {
            Err(ended)
        }
    }
    let shelf = Shelf { pages_a_session: Some(20), ..shelf(1000) };
    let listed = simulated(listed(Mortal(shelf), plan("p/")));
    assert_eq!(listed.ended.as_ref().map_err(|failure| failure.kind), Err(FailureKind::Expired));
    let names = listed.names();
    assert!(!names.is_empty() && names.iter().cloned().eq(numbers(1000).take(names.len())), "{names:?}");
}

#[test]
fn fewer_requests_are_made_where_the_service_asks_for_fewer() {
    let fault = |n| (n > 200 && n < 300).then_some(FailureKind::Throttled);
    let shelf = Shelf { fault, once: false, ..shelf(6000) };
    let listed = simulated(listed(shelf, plan("p/")));
    assert_eq!(listed.names().len(), 6000);
    assert!(listed.took > Duration::from_secs(1), "{:?}", listed.took);
}

#[test]
fn a_service_that_refuses_for_ever_ends_the_listing() {
    let fault = |n| (n > 20).then_some(FailureKind::Throttled);
    let listed = simulated(listed(Shelf { fault, once: false, ..shelf(6000) }, plan("p/")));
    assert_eq!(listed.ended.map_err(|failure| failure.kind), Err(FailureKind::Throttled));
}

#[test]
fn a_request_that_fails_twice_ends_the_listing_and_what_could_not_succeed_is_not_tried_again() {
    for (kind, requests) in
        [(FailureKind::Network, 5), (FailureKind::Malformed, 4), (FailureKind::Denied, 4), (FailureKind::Timeout, 4)]
    {
        let fault = match kind {
            FailureKind::Network => |n| (n > 2).then_some(FailureKind::Network),
            FailureKind::Malformed => |n| (n > 2).then_some(FailureKind::Malformed),
            FailureKind::Timeout => |n| (n > 2).then_some(FailureKind::Timeout),
            _ => |n| (n > 2).then_some(FailureKind::Denied),
        };
        let shelf = Shelf { fault, once: false, ..shelf(300) };
        let listed = simulated(listed(shelf.clone(), Plan { most_in_flight: 1, ..plan("p/") }));
        assert_eq!(listed.ended.as_ref().map_err(|failure| failure.kind), Err(kind));
        assert_eq!(listed.names(), numbers(30).collect::<Vec<_>>(), "{kind:?}");
        assert_eq!(shelf.so_far().requests, requests, "{kind:?}");
    }
}

#[test]
fn dropped_it_asks_no_more_and_what_is_under_way_ends() {
    let shelf = shelf(6000);
    simulated(async {
        let (events, _told) = mpsc::channel(100_000);
        let listing = tokio::time::timeout(Duration::from_millis(310), list_all(shelf.clone(), plan("p/"), events));
        assert!(listing.await.is_err(), "it was not at its end");
        sleep(Duration::from_millis(1)).await;
        let then = shelf.so_far();
        assert!(then.requests > 50 && then.in_flight == 0, "{then:?}");
        sleep(Duration::from_secs(10)).await;
        assert_eq!(shelf.so_far().requests, then.requests);
    });
}

#[test]
fn nobody_listening_ends_it_too() {
    simulated(async {
        let (events, mut told) = mpsc::channel(1);
        let listing = tokio::spawn(list_all(shelf(6000), plan("p/"), events));
        assert!(matches!(told.recv().await, Some(Event::Rows(_))));
        drop(told);
        assert_eq!(listing.await.unwrap(), Ok(Ended::Unwanted));
    });
}

#[test]
fn memory_that_is_full_ends_it_with_where_to_go_on() {
    let shelf = shelf(6000);
    let first = simulated(listed(shelf.clone(), Plan { most_memory: 20_000, ..plan("p/") }));
    let Ok(Ended::Full { behind: Some(behind) }) = first.ended.clone() else { panic!("{:?}", first.ended) };
    let memory: usize = first.blocks.iter().map(Block::memory_of_rows).sum();
    assert!((20_000..20_200).contains(&memory), "{memory}");
    assert_eq!(Some(&behind), first.names().last());
    let second = simulated(listed(shelf, Plan { behind: Some(behind), ..plan("p/") }));
    assert_eq!([first.names(), second.names()].concat(), numbers(6000).collect::<Vec<_>>());
}

/// A service that answers every request so.
#[derive(Clone)]
struct Parrot(fn(u64) -> (&'static [&'static str], Option<String>), std::sync::Arc<std::sync::atomic::AtomicU64>);

impl Pages for Parrot {
    async fn get_page(&self, _: ListRequest, _: Option<TokenListener>, _: &RequestCounter) -> Result<Page, Failure> {
        let (keys, next) = (self.0)(self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        let rows = Block::from_entries(keys.iter().map(|key| Entry::Prefix((*key).to_owned()))).unwrap();
        Ok(Page { rows, next: next.map(ContinuationToken), elsewhere: None })
    }

    async fn sit_out(&self, _: Duration, _: &Failure, _: u32) {}

    async fn wait_for_renewal(&self, ended: Failure) -> Result<(), Failure> {
        Err(ended)
    }
}

#[test]
fn pages_that_go_round_in_circles_end_and_are_never_complete() {
    for (pages, told) in [
        ((|_| (&["a"], Some("1".into()))) as fn(u64) -> (&'static [&'static str], Option<String>), "same continuation"),
        (|n| (if n % 2 == 0 { &["a"] } else { &["b"] }, Some((n % 2).to_string())), "same continuation"),
        (|n| (&["a"], Some(n.to_string())), "ascending"),
        (|n| (&[], Some(n.to_string())), "only empty pages"),
    ] {
        for (most_in_flight, order) in [(1, RowOrder::Keys), (64, RowOrder::Keys), (64, RowOrder::Any)] {
            let parrot = Parrot(pages, std::sync::Arc::default());
            let listed = simulated(listed(parrot, Plan { most_in_flight, order, ..plan("") }));
            let failure = listed.ended.expect_err("never complete");
            assert!(failure.kind == FailureKind::Malformed && failure.message.contains(told), "{told}: {failure:?}");
        }
    }
}
