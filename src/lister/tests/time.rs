//! How long a listing takes and how many requests it makes, in simulated time.
//!
//! Invariant: what is claimed is of the algorithm: no machine's speed is in it.

use std::time::Duration;

use super::{Ended, Listed, Plan, RowOrder, listed, plan, shelf::Shelf, simulated};

/// A thousand pages of a hundred keys: as many pages as a million keys have.
fn thousand_pages(key: impl Fn(u64) -> String) -> Shelf {
    Shelf { page: 100, ..Shelf::of((0..100_000).map(key)) }
}

fn flat(n: u64) -> String {
    format!("flat/part-{n:012}.bin")
}

fn hash(n: u64) -> String {
    format!("{:016x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

fn date(n: u64) -> String {
    let (day, part) = (n / 92, n % 92);
    format!("year={}/month={:02}/day={:02}/part-{part:05}", 2022 + day / 372, 1 + day / 31 % 12, 1 + day % 31)
}

fn tree(n: u64) -> String {
    format!("dir-{}/{}/{}/file-{:05}", n / 10_000, n / 1000 % 10, n / 100 % 10, n % 100)
}

fn run(key: impl Fn(u64) -> String, order: RowOrder, most_in_flight: usize) -> Listed {
    simulated(listed(thousand_pages(key), Plan { most_in_flight, order, ..plan("") }))
}

#[test]
fn a_thousand_pages_come_in_the_time_of_some_thirty() {
    for (name, key, requests) in
        [("flat", flat as fn(u64) -> String, 1100), ("hash", hash, 1100), ("dates", date, 1300), ("tree", tree, 1400)]
    {
        let listed = run(key, RowOrder::Any, 64);
        assert_eq!((&listed.ended, listed.progress.found), (&Ok(Ended::Complete), 100_000), "{name}");
        assert!(listed.took < Duration::from_secs(2), "{name}: {:?}", listed.took);
        assert!(listed.progress.requests <= requests, "{name}: {} requests", listed.progress.requests);
    }
}

/// Many small directories.
fn customers(n: u64) -> String {
    format!("customers/{}/{:04}.json", u64::from_str_radix(&hash(n / 7)[..8], 16).unwrap() % 100_000, n)
}

/// Few words in all orders.
fn words(n: u64) -> String {
    const WORDS: [&str; 10] =
        ["alpha", "beta", "gamma", "delta", "omega", "report", "invoice", "photo", "backup", "log"];
    let random = usize::from_str_radix(&hash(n)[..8], 16).unwrap();
    format!("{} {} {n}.txt", WORDS[random % 10], WORDS[random / 10 % 10])
}

#[test]
fn a_listing_of_a_dozen_pages_costs_some_thirty_requests_more_however_late_answers_come() {
    let mut costs = vec![];
    for (name, key) in [
        ("flat", flat as fn(u64) -> String),
        ("hash", hash),
        ("dates", date),
        ("tree", tree),
        ("customers", customers),
        ("words", words),
    ] {
        for jitter in 1..=6 {
            let shelf = Shelf { jitter, ..Shelf::of((0..12_000).map(|n| key(n * 8))) };
            let listed = simulated(listed(shelf, plan("")));
            assert_eq!((&listed.ended, listed.progress.found), (&Ok(Ended::Complete), 12_000), "{name}");
            assert!(listed.took <= Duration::from_millis(500) * jitter, "{name}, {jitter}: {:?}", listed.took);
            costs.push((name, jitter, listed.progress.requests));
        }
    }
    // Names that all begin with one of few words: most guesses between them are wrong.
    let most = |name| if name == "words" { 85 } else { 50 };
    assert!(costs.iter().all(|(name, _, requests)| *requests <= most(*name)), "{costs:?}");
}

#[test]
fn the_order_of_keys_costs_little_time() {
    for (name, key) in [("flat", flat as fn(u64) -> String), ("hash", hash), ("dates", date), ("tree", tree)] {
        let listed = run(key, RowOrder::Keys, 64);
        assert_eq!((&listed.ended, listed.progress.found), (&Ok(Ended::Complete), 100_000), "{name}");
        assert!(listed.took < Duration::from_secs(2), "{name}: {:?}", listed.took);
    }
}

#[test]
fn the_next_page_is_asked_for_while_the_last_one_arrives() {
    let shelf = Shelf { page: 100, body: Duration::from_millis(50), ..Shelf::of((0..10_000).map(flat)) };
    let listed = simulated(listed(shelf.clone(), Plan { most_in_flight: 1, ..plan("") }));
    assert_eq!((listed.names().len(), listed.progress.requests), (10_000, 100));
    assert!(listed.took <= Duration::from_millis(101 * 50), "{:?}", listed.took);
    assert_eq!(shelf.so_far().most_in_flight, 2);
}

#[test]
fn as_many_requests_as_are_allowed_are_under_way_and_no_more() {
    for most_in_flight in [1, 2, 5, 16, 64] {
        let shelf = thousand_pages(hash);
        let listed = simulated(listed(shelf.clone(), Plan { most_in_flight, ..plan("") }));
        assert_eq!((listed.progress.found, shelf.so_far().most_in_flight), (100_000, most_in_flight));
    }
}
