//! Arranging is what a plain reading of its rules says, however it is cut into pages.

use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::domain::listing::{Block, Entry, Object};

const LOCATION: &str = "logs/";

fn entry(name: &str, size: u64) -> Entry {
    let key = format!("{LOCATION}{name}");
    if name.ends_with('/') {
        return Entry::Prefix(key);
    }
    let modified =
        Timestamp::from_second(i64::try_from(size % 5).unwrap() * 7 - 7).ok().filter(|_| !size.is_multiple_of(7));
    Entry::Object(Object { key, size: Some(size), modified, storage_class: None, etag: None })
}

fn rows(pages: &[Vec<Entry>]) -> Rows {
    let mut rows = Rows::default();
    for page in pages {
        rows.push(Block::from_entries(page.clone()).unwrap()).unwrap();
    }
    rows
}

fn arranged(rows: &Rows, arrangement: &Arrangement, among: Option<VisibleRows>) -> Vec<u32> {
    let arranging = Arranging { rows: rows.clone(), unshown: LOCATION.len(), arrangement: arrangement.clone(), among };
    arranging.arrange_rows(&AtomicBool::new(false)).unwrap()
}

fn filtered(filter: &str) -> Arrangement {
    Arrangement { filter: filter.into(), ..Arrangement::default() }
}

/// The rules, read plainly.
fn holds(name: &str, filter: &str) -> bool {
    if filter.chars().any(char::is_uppercase) {
        return name.contains(filter);
    }
    if filter.is_ascii() {
        return name.to_ascii_lowercase().contains(filter);
    }
    let lower = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<String>();
    lower(name).contains(&lower(filter))
}

fn naive(rows: &Rows, arrangement: &Arrangement) -> Vec<u32> {
    let mut shown: Vec<(usize, Entry)> = rows.iter().enumerate().collect();
    shown.retain(|(_, entry)| holds(&entry.name()[LOCATION.len()..], &arrangement.filter));
    let sign = if arrangement.reversed { -1 } else { 1 };
    shown.sort_by_key(|(_, entry)| match (arrangement.order, entry) {
        (SortOrder::Name, _) | (_, Entry::Prefix(_)) => i128::MIN,
        (SortOrder::Size, Entry::Object(object)) => -sign * i128::from(object.size.unwrap()),
        (SortOrder::Time, Entry::Object(object)) => object.modified.map_or(i128::MAX, |at| -sign * at.as_nanosecond()),
        (_, Entry::Bucket(_)) => unreachable!(),
    });
    if arrangement.order == SortOrder::Name && arrangement.reversed {
        shown.reverse();
    }
    shown.into_iter().map(|(at, _)| u32::try_from(at).unwrap()).collect()
}

#[test]
fn a_filter_without_capitals_takes_any_case_and_one_with_capitals_only_its_own() {
    let rows = rows(&[["Alpha", "GRÜN", "alpha", "grün", "logs", "z/"].map(|name| entry(name, 1)).to_vec()]);
    for (filter, shown) in [
        ("alpha", vec![0, 2]),
        ("Alpha", vec![0]),
        ("grün", vec![1, 3]),
        ("GRÜN", vec![1]),
        ("ü", vec![1, 3]),
        ("logs", vec![4]),
        ("ogs/", vec![]),
        ("/", vec![5]),
        ("", vec![0, 1, 2, 3, 4, 5]),
    ] {
        assert_eq!(arranged(&rows, &filtered(filter), None), shown, "{filter:?}");
    }
}

#[test]
fn what_is_found_across_two_names_does_not_count() {
    let rows = rows(&[["ab", "ca", "cab"].map(|name| entry(name, 1)).to_vec()]);
    assert_eq!(arranged(&rows, &filtered("bc"), None), Vec::<u32>::new());
    assert_eq!(arranged(&rows, &filtered("ca"), None), [1, 2]);
}

#[test]
fn a_newer_wish_stops_the_work_on_an_older_one() {
    let rows = rows(&[vec![entry("a", 1)]]);
    let stop = AtomicBool::new(true);
    for order in [SortOrder::Name, SortOrder::Size] {
        for among in [None, Some(Arc::new(vec![0]))] {
            let arrangement = Arrangement { filter: "a".into(), order, reversed: false };
            assert_eq!(Arranging { rows: rows.clone(), unshown: 0, arrangement, among }.arrange_rows(&stop), None);
        }
    }
}

fn names() -> impl Strategy<Value = Vec<(String, u64)>> {
    // A shared start of varying length, so that what is searched for lies before, across and after its end.
    let name = ("(aB)?(ab)?", "[abAé\u{212a}kK/]{0,4}", 0..20_u64);
    (
        prop::sample::select(vec!["", "a", "ab", "abé"]),
        prop::collection::btree_map(name.prop_map(|(a, b, _)| a + &b), 0..20_u64, 0..80),
    )
        .prop_map(|(shared, names)| names.into_iter().map(|(name, size)| (format!("{shared}{name}"), size)).collect())
}

fn arrangements() -> impl Strategy<Value = Arrangement> {
    let order = prop::sample::select(vec![SortOrder::Name, SortOrder::Size, SortOrder::Time]);
    ("[abAékK/]{0,3}", order, any::<bool>()).prop_map(|(filter, order, reversed)| Arrangement {
        filter,
        order,
        reversed,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_shown_is_what_the_rules_say(names in names(), cut in 1..30_usize, arrangement in arrangements()) {
        let entries: Vec<Entry> = names.iter().map(|(name, size)| entry(name, *size)).collect();
        let rows = rows(&entries.chunks(cut).map(<[_]>::to_vec).collect::<Vec<_>>());
        let shown = arranged(&rows, &arrangement, None);
        prop_assert_eq!(&shown, &naive(&rows, &arrangement));
        for row in 0..rows.len() {
            let place = shown.iter().position(|other| *other as usize == row);
            prop_assert_eq!(arrangement.find_row(&shown, &rows, row).ok(), place);
        }
    }

    #[test]
    fn page_by_page_shows_the_same_as_at_once(names in names(), cut in 1..9_usize, filter in "[abA]{0,2}") {
        let (mut rows, mut shown, wanted) = (Rows::default(), vec![], filtered(&filter));
        for page in names.chunks(cut) {
            let from = rows.len();
            rows.push(Block::from_entries(page.iter().map(|(name, size)| entry(name, *size))).unwrap()).unwrap();
            wanted.extend_shown(&mut shown, &rows, from, LOCATION.len());
            prop_assert_eq!(&shown, &arranged(&rows, &wanted, None));
        }
    }

    #[test]
    fn letter_by_letter_shows_the_same_as_at_once(
        names in names(), wanted in arrangements(), letters in "[abAék]{0,2}", copies in 1..40_usize,
    ) {
        // Copies without a match make those that match few.
        let entries = names.iter().map(|(name, size)| entry(name, *size));
        let others = (0..copies * 40).map(|n| entry(&format!("\u{ffee}{n:05}"), 1));
        let rows = rows(&[entries.collect(), others.collect()]);
        let before = Arc::new(arranged(&rows, &wanted, None));
        let grown = Arrangement { filter: format!("{}{letters}", wanted.filter), ..wanted.clone() };
        if grown.narrows(&wanted) {
            prop_assert_eq!(arranged(&rows, &grown, Some(before)), arranged(&rows, &grown, None));
        }
    }
}
