//! The parts of the listing, one by one: `cargo bench -- parts`.
//!
//! Where a peer can do the same work it is measured beside: a page by the SDK's own parser beside a page by ours.

use std::{
    hint::black_box,
    sync::{Arc, atomic::AtomicBool},
};

use criterion::Criterion;
use ebbtide::{
    app::{Effect, LookReply, Message},
    domain::{
        listing::{
            Arrangement, Arranging, Block, BlockBuilder, ContinuationToken, Page, RawRow, RowKind, Rows, SortOrder,
        },
        object::ReadCost,
    },
    preview::{Preview, PreviewBody, PreviewLine, PreviewView, RowNumbering, SpanRole, TextSpan},
    ui::{Theme, view},
};
use jiff::Timestamp;
use ratatui::{Terminal, backend::TestBackend};

use crate::{
    keys::{self, Keys},
    page,
    play::Play,
};

const MILLION: u64 = 1_000_000;

/// Rows of a page.
const PAGE: u64 = 1000;

fn block(keys: &Keys, page: u64) -> Block {
    let mut builder = BlockBuilder::default();
    for at in page * PAGE..(page + 1) * PAGE {
        let (key, etag) = (keys.key(at), keys::etag(at));
        builder
            .push(RawRow {
                kind: RowKind::Object,
                name: key.as_bytes(),
                size: Some(keys::size(at)),
                time: Timestamp::from_second(1_790_000_000 + i64::try_from(at).expect("a second")).ok(),
                label: Some("STANDARD"),
                etag: std::str::from_utf8(&etag).ok(),
            })
            .expect("keys ascend");
    }
    builder.finish().expect("keys differ")
}

fn rows(count: u64) -> Rows {
    let keys = Keys::Flat(count);
    let mut rows = Rows::default();
    for page in 0..count / PAGE {
        rows.push(block(&keys, page)).expect("pages ascend");
    }
    rows
}

fn store(bench: &mut Criterion) {
    let keys = Keys::Flat(MILLION);
    bench.bench_function("store: a page of 1,000 rows", |run| run.iter(|| block(&keys, black_box(500))));
    let rows = rows(MILLION);
    let each = rows.memory_bytes() / rows.len();
    println!("store: {each} bytes a row, all columns, 1M flat keys of 23 bytes");
    bench.bench_function("store: one row of 1M", |run| run.iter(|| rows.get(black_box(777_777))));
}

/// What a letter in the filter line costs, off the loop: one that few rows hold, one that every row holds in another place
/// than its page's shared part, one that only some do.
fn arranging(bench: &mut Criterion) {
    let go_on = AtomicBool::new(false);
    for millions in [1, 10] {
        let rows = rows(millions * MILLION);
        let arranging = |filter: &str, order, among| {
            let arrangement = Arrangement { filter: filter.into(), order, reversed: false };
            Arranging { rows: rows.clone(), unshown: 0, arrangement, among }
        };
        for filter in ["77777", "n", "7", "N", "grün"] {
            let arranging = arranging(filter, SortOrder::Name, None);
            bench.bench_function(&format!("filter: {filter} in {millions}M rows"), |run| {
                run.iter(|| arranging.arrange_rows(black_box(&go_on)));
            });
        }
        let before = arranging("7777", SortOrder::Name, None).arrange_rows(&go_on).map(Arc::new);
        let grown = arranging("77777", SortOrder::Name, before);
        bench.bench_function(&format!("filter: one letter more in {millions}M rows"), |run| {
            run.iter(|| grown.arrange_rows(black_box(&go_on)));
        });
        let by_size = arranging("", SortOrder::Size, None);
        bench.bench_function(&format!("sort: {millions}M rows by size"), |run| {
            run.iter(|| by_size.arrange_rows(black_box(&go_on)));
        });
    }
}

/// A key and its frame cost what is on screen, however much is loaded.
fn frames(bench: &mut Criterion) {
    for millions in [0, 1, 10] {
        let mut play = Play::browsing();
        let rows = Page { rows: block(&Keys::Flat(PAGE), 0), ..Page::default() };
        let question = play.press("r");
        play.answer(&question, Ok(rows));
        let keys = Keys::Flat(millions * MILLION);
        for page in 1..millions * MILLION / PAGE {
            let next = Some(ContinuationToken(page.to_string()));
            play.model
                .browser_mut()
                .expect("a session is in use")
                .place
                .listing
                .add_page(Page { rows: block(&keys, page), next, elsewhere: None }, play.now)
                .expect("it follows");
        }
        let mut terminal = Terminal::new(TestBackend::new(120, 40)).expect("memory");
        let count = play.browser().place.listing.rows.len();
        let mut measure = |play: &mut Play, name: &str| {
            bench.bench_function(name, |run| {
                run.iter(|| {
                    play.press(if play.browser().place.selected == 0 { "G" } else { "pgup" });
                    terminal.draw(|frame| view(&play.model, &Theme::coloured(), frame)).map(drop)
                });
            });
        };
        measure(&mut play, &format!("frame: {count} rows, 120x40"));
        play.tell(Message::Resized(120, 40));
        play.press("v");
        assert!(play.model.object.pane, "the pane is open");
        measure(&mut play, &format!("frame: {count} rows, 120x40, with the pane"));
        show_content(&mut play);
        bench.bench_function(&format!("frame: {count} rows, 120x40, content in the pane"), |run| {
            run.iter(|| terminal.draw(|frame| view(&play.model, &Theme::coloured(), frame)).map(drop));
        });
    }
}

/// Lets the cursor rest, and answers the look with as many long lines as a reply holds.
fn show_content(play: &mut Play) {
    play.now += jiff::SignedDuration::from_secs(1);
    let effects = play.tell(Message::Tick);
    let generation = effects.iter().find_map(|effect| match effect {
        Effect::Look { generation, .. } => Some(*generation),
        _ => None,
    });
    let line = |number: u64| PreviewLine {
        number: Some(number),
        spans: vec![TextSpan { text: "height_m=07.919 ".repeat(100), role: SpanRole::Plain }],
        more: 0,
    };
    let preview = Preview {
        kind: "text · utf-8".into(),
        view: PreviewView::Text,
        body: PreviewBody::Lines((1..=10_000).map(line).collect()),
        numbering: RowNumbering::Lines,
        ..Preview::default()
    };
    let reply = LookReply {
        preview,
        cost: ReadCost::default(),
        size: None,
        etag: None,
        read_at: play.now,
        begins: 0,
        is_whole: false,
    };
    let generation = generation.expect("the cursor rests on an object");
    play.tell(Message::Looked { generation, outcome: Ok(Box::new(reply)) });
}

/// Measures them all.
pub(crate) fn measure() {
    let mut bench = Criterion::default();
    page::one_page(&mut bench);
    store(&mut bench);
    arranging(&mut bench);
    frames(&mut bench);
    bench.final_summary();
}
