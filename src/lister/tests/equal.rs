//! The result equals that of one page after another, for every key space.
//!
//! Invariant: keys, page sizes and what goes wrong are drawn at random; a failing run prints them.

use std::collections::BTreeSet;

use proptest::{
    prelude::*,
    strategy::{BoxedStrategy, Union},
};

use super::{
    Ended, Plan, RowOrder, listed, plan,
    shelf::{Shelf, name},
    simulated,
};
use crate::domain::failure::FailureKind;

/// Keys of one shape each.
fn keys() -> BoxedStrategy<BTreeSet<String>> {
    let of = |pattern: &'static str, most| prop::collection::btree_set(pattern, 0..most);
    let numbers = (0..3000_u32, 1..50_u32).prop_map(|(count, step)| {
        (0..count).map(|n| format!("p/flat/part-{:08}.bin", n * step)).collect::<BTreeSet<_>>()
    });
    let last_byte = "[ -~]{0,40}".prop_map(|stem| (' '..='~').map(|c| format!("p/{stem}{c}")).collect());
    let hot = (0..2000_u32, 0..10_u32).prop_map(|(count, shard)| {
        let hot = (0..count).map(|n| format!("p/{shard}/hot-{n:05}"));
        hot.chain((0..10).map(|shard| format!("p/{shard}/cold"))).collect()
    });
    let inside =
        (1..200_usize).prop_map(|count| (1..=count).map(|length| format!("p/{}", "a".repeat(length))).collect());
    Union::new([
        numbers.boxed(),
        last_byte.boxed(),
        hot.boxed(),
        inside.boxed(),
        of("p/[0-9a-f]{8}", 800).boxed(),
        of("p/[ab/]{0,7}", 300).boxed(),
        of("p/[a-z]{1,3}/[a-z0-9]{1,4}(/[0-9]{1,3})?", 600).boxed(),
        of("p/[a\u{e9}\u{ffff}\u{10000}\u{1f600}\u{10fffe}\u{10ffff}/]{0,5}", 300).boxed(),
        of("[o-q]?/?[!-~]{0,5}", 300).boxed(),
        of("p/.{0,6}", 200).boxed(),
        of("p?/?", 2).boxed(),
    ])
    .boxed()
}

fn behind() -> impl Strategy<Value = Option<String>> {
    prop::option::of(prop_oneof!["p/[a-z0-9]{0,3}", "p/[a-z0-9]{0,3}/", "[a-z]?"])
}

prop_compose! {
    fn plans()(
        prefix in prop_oneof![Just(""), Just("p/"), Just("p"), Just("p/a")],
        delimited: bool,
        behind in behind(),
        most_in_flight in prop_oneof![Just(1_usize), 2..8_usize, Just(64)],
        in_order: bool,
    ) -> Plan {
        let order = if in_order { RowOrder::Keys } else { RowOrder::Any };
        // A row's name.
        let behind = behind.map(|behind| name(&behind, prefix, delimited).to_owned());
        let behind = behind.filter(|name| !name.is_empty() && name.starts_with(prefix));
        Plan { delimited, behind, most_in_flight, order, ..plan(prefix) }
    }
}

prop_compose! {
    fn shelves()(
        keys in keys(),
        page in prop_oneof![1..6_usize, 7..40_usize, Just(1000)],
        jitter in prop_oneof![Just(1_u32), Just(13)],
        leaves_out: bool,
        sprinkled in 0..3_usize,
        pages_a_session in prop_oneof![Just(None), Just(Some(1_u64)), (2..20_u64).prop_map(Some)],
        forgets: bool,
    ) -> Shelf {
        let keys: Vec<_> = keys.into_iter().take(page * 50).collect();
        let fault = [
            |_| None,
            |n| (n % 5 == 3).then_some(FailureKind::Throttled),
            |n| (n % 7 == 4).then_some(FailureKind::Network),
        ][sprinkled];
        // Two faults of one request end the listing.
        let forgets = forgets && sprinkled != 2;
        Shelf { page, jitter, leaves_out, fault, pages_a_session, forgets, ..Shelf::of(keys) }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 100, failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn everything_comes_once_however_it_is_cut(shelf in shelves(), plan in plans()) {
        let expected = shelf.all(&plan.location.prefix, plan.delimited, plan.behind.as_deref());
        let order = plan.order;
        let listed = simulated(listed(shelf.clone(), plan));
        prop_assert_eq!(&listed.ended, &Ok(Ended::Complete));
        let mut names = listed.names();
        if order == RowOrder::Any {
            names.sort_unstable();
        }
        prop_assert_eq!(names, expected);
        prop_assert_eq!(listed.progress.found, listed.names().len() as u64);
        let seen = shelf.so_far();
        // What is not needed any more at the end is dropped.
        prop_assert!(listed.progress.requests >= seen.requests);
        prop_assert!(seen.renewals <= seen.ends && listed.pauses as u64 <= seen.renewals + 1, "{seen:?}");
    }
}
