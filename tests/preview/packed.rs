//! gzip, zstd, bzip2: whole, cut, damaged, bombs.

use ebbtide::preview::{MoreContent, PreviewView, StreamFault, packed_format, unpack_stream};

use crate::{
    beginning,
    corpus_files::{bzip2, gzip, log, tar, zstd, zstd_block, zstd_frame},
    lines, look, look_as, names, notes, table,
};

#[test]
fn what_is_packed_is_shown_as_what_it_holds() {
    let csv = b"time,height\n00:00,1.5\n00:10,2.5\n";
    for (name, packed, format) in
        [("a.csv.gz", gzip(csv), "gzip"), ("a.csv.zst", zstd(csv), "zstd"), ("a.csv.bz2", bzip2(csv), "bzip2")]
    {
        let preview = look(name, &packed);
        assert_eq!(preview.kind, format!("CSV with a header in {format} · utf-8"));
        assert_eq!(names(table(&preview)), ["time", "height"]);
        assert_eq!((preview.unpacked, preview.more), (Some(csv.len() as u64), MoreContent::Nothing));
        assert!(notes(&preview).is_empty(), "{:?}", notes(&preview));
    }
}

#[test]
fn several_members_and_frames_are_one_content() {
    let halves = [&b"one\n"[..], b"two\n"];
    let skippable = [&[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"xyz"].concat();
    for (what, packed) in [
        ("gzip", halves.map(gzip).concat()),
        ("bzip2", halves.map(bzip2).concat()),
        ("zstd", halves.map(zstd).concat()),
        ("zstd", [skippable.clone(), zstd(b"one\n"), skippable, zstd(b"two\n")].concat()),
    ] {
        assert_eq!(lines(&look("a.txt", &packed)), ["one", "two"], "{what}");
    }
}

#[test]
fn a_cut_stream_gives_what_it_can_and_says_that_it_goes_on() {
    let text = log(24_000);
    for (format, packed, from) in [
        ("gzip", gzip(text.as_bytes()), 100),
        ("zstd", zstd(text.as_bytes()), 65_536),
        ("bzip2", bzip2(text.as_bytes()), 250_000),
    ] {
        for cut in [10, 100, 1000, 20_000, 65_536, 250_000].into_iter().filter(|cut| *cut < packed.len()) {
            let preview = beginning("a.log", &packed[..cut]);
            let out = usize::try_from(preview.unpacked.unwrap()).unwrap();
            if out == 1 << 20 {
                assert_eq!(preview.more, MoreContent::Nothing);
                continue;
            }
            assert_eq!(preview.more, MoreContent::ReadOn, "{format} cut at {cut}");
            if cut >= from {
                assert!(out > 0, "{format} cut at {cut}");
            }
            if out > 0 && preview.view == PreviewView::Text {
                let shown = lines(&preview).join("\n");
                assert!(text.starts_with(&shown[..shown.len().min(out)]), "{format} cut at {cut}");
            }
            let note = notes(&preview).join(" ");
            assert!(note.contains("goes on") || note.contains("nothing out yet"), "{format} cut at {cut}: {note}");
        }
    }
}

#[test]
fn an_end_that_is_missing_is_no_window_that_ends() {
    let packed = gzip(log(100).as_bytes());
    let preview = look("a.log.gz", &packed[..packed.len() - 20]);
    assert!(notes(&preview)[0].starts_with("gzip: its end is missing · "), "{:?}", notes(&preview));
    assert_eq!(preview.more, MoreContent::Nothing);
}

#[test]
fn damage_keeps_what_came_out_before() {
    // A stored block that is whole, and one of a kind that there is not.
    let stored = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &[0, 5, 0, 0xfa, 0xff], b"text\n", &[7, 1, 2, 3]].concat();
    let mut checked = gzip(b"text\n");
    let end = checked.len();
    checked[end - 8] ^= 1;
    for packed in [stored, checked] {
        let preview = look("a.txt.gz", &packed);
        assert_eq!(notes(&preview), ["gzip: damaged after 5 bytes · what came out is shown"]);
        assert_eq!(lines(&preview), ["text"]);
    }
}

#[test]
fn bombs_are_stopped_and_named() {
    let zeros = vec![0; 4 << 20];
    let runs: Vec<Vec<u8>> = (0..9000).map(|at| zstd_block(at == 8999, 1, 131_072, b"\0")).collect();
    for (name, packed) in [("gzip", gzip(&zeros)), ("bzip2", bzip2(&zeros)), ("zstd", zstd_frame(0x88, &runs))] {
        let preview = look(name, &packed);
        let note = notes(&preview).pop().unwrap().to_owned();
        assert!(note.contains(":1 · stopped, it may be a bomb"), "{name}: {note}");
        assert!(preview.unpacked.unwrap() <= 1 << 20, "{name}");
        assert_eq!(preview.more, MoreContent::Nothing);
    }
}

#[test]
fn unpacking_stops_at_one_mebibyte() {
    let mut state = 1_u64;
    let mut noise = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'a' + state.to_be_bytes()[0] % 16)
    };
    let text: String = (0..3 << 20).map(|at| if at % 60 == 59 { '\n' } else { noise() }).collect();
    let packed = gzip(text.as_bytes());
    let request = ebbtide::preview::PreviewRequest::of_beginning("a.txt.gz", Some(packed.len() as u64), packed);
    let task = ebbtide::preview::DecodeTask::Show(request);
    let ebbtide::preview::PreviewReply::Shown(preview) = ebbtide::preview::decode_content(&task) else { panic!() };
    assert_eq!((preview.unpacked, notes(&preview).pop()), (Some(1 << 20), Some("unpacked 1.0 MiB · stopped there")));
}

#[test]
fn zstd_that_cannot_be_unpacked_says_why() {
    let window = zstd_frame(0xa8, &[zstd_block(true, 0, 1, b"x")]);
    assert_eq!(notes(&look("a.zst", &window)), ["zstd: its window of 2.0 GiB is more than 128 MiB · not unpacked"]);
    let single =
        [&[0x28, 0xb5, 0x2f, 0xfd, 0xe0][..], &(1_u64 << 40).to_le_bytes(), &zstd_block(true, 0, 1, b"x")].concat();
    assert_eq!(notes(&look("a.zst", &single)), ["zstd: its window of 1.0 TiB is more than 128 MiB · not unpacked"]);
    let dictionary = [&[0x28, 0xb5, 0x2f, 0xfd, 0x01, 0x50, 7][..], &zstd_block(true, 0, 1, b"x")].concat();
    assert_eq!(notes(&look("a.zst", &dictionary)), ["zstd: it needs dictionary 7 · not unpacked"]);
}

#[test]
fn a_large_window_and_many_empty_blocks_cost_nothing() {
    let mut blocks: Vec<Vec<u8>> = (0..20_000).map(|_| zstd_block(false, 0, 0, b"")).collect();
    blocks.push(zstd_block(true, 0, 3, b"end"));
    let preview = look("a.zst", &zstd_frame(0x88, &blocks));
    assert!(preview.unpacked.unwrap() <= 3);
    assert_eq!(lines(&look("a.txt", &zstd_frame(0x88, &[zstd_block(true, 0, 4, b"text")]))), ["text"]);
}

#[test]
fn bzip2_says_that_it_needs_a_block() {
    let packed = bzip2(log(24_000).as_bytes());
    let preview = beginning("a.log.bz2", &packed[..65_536]);
    assert_eq!(notes(&preview), ["bzip2: its first block needs up to 900 KB · 64.0 KiB read, nothing out yet"]);
}

#[test]
fn archives_and_packed_content_inside_packed_content() {
    let archive = gzip(&tar(&[("a.csv", b"1,2\n"), ("b/c.txt", b"text")]));
    let preview = look("a.tar.gz", &archive);
    assert_eq!(preview.kind, "tar archive in gzip · 2 members");
    assert_eq!(preview.view, PreviewView::Listing);
    assert_eq!(lines(&look("a.gz.gz", &gzip(&gzip(b"twice\n")))), ["twice"]);
    let thrice = look("a.gz", &gzip(&gzip(&gzip(b"x"))));
    assert_eq!(thrice.view, PreviewView::Hex);
    assert!(lines(&look_as(PreviewView::Hex, "a.gz", &gzip(b"x")))[0].starts_with("1f 8b 08"));
}

#[test]
fn streams_are_unpacked_whole_whatever_their_length() {
    let text = log(8000);
    let skippable = [&[0x5f, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"xyz"].concat();
    for packed in [
        gzip(text.as_bytes()),
        bzip2(text.as_bytes()),
        zstd(text.as_bytes()),
        [skippable, zstd(text.as_bytes())].concat(),
        [gzip(&text.as_bytes()[..1000]), gzip(&text.as_bytes()[1000..])].concat(),
    ] {
        assert!(packed_format(&packed).is_some());
        let mut out = vec![];
        assert_eq!(unpack_stream(packed.as_slice(), &mut out).unwrap(), text.len() as u64);
        assert!(out == text.as_bytes());
        let mut part = vec![];
        let fault = unpack_stream(&packed[..packed.len() / 2], &mut part).unwrap_err();
        // Of bzip2 nothing comes out before a block is whole, of zstd nothing that still lies in its window.
        assert!(text.as_bytes().starts_with(&part) && (packed[0] != 0x1f || !part.is_empty()), "{fault}");
        assert!(matches!(fault, StreamFault::Cut(_, bytes) if bytes == part.len() as u64), "{fault}");
    }
    let mut damaged = zstd(b"checked\n");
    *damaged.last_mut().unwrap() ^= 1;
    assert!(matches!(unpack_stream(damaged.as_slice(), &mut vec![]), Err(StreamFault::Damaged("zstd", 8))));
    assert!(matches!(unpack_stream(&b"plain"[..], &mut vec![]), Err(StreamFault::NotPacked)));
    assert!(matches!(unpack_stream(&b""[..], &mut vec![]), Err(StreamFault::NotPacked)));
    let window = zstd_frame(0xa8, &[zstd_block(true, 0, 1, b"x")]);
    let fault = unpack_stream(window.as_slice(), &mut vec![]).unwrap_err();
    assert_eq!(fault.to_string(), "zstd: its window of 2.0 GiB is more than 128 MiB · not unpacked");
}
