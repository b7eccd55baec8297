//! Listings of tar and zip.

use ebbtide::preview::{MoreContent, PreviewView, USUAL_BUDGET};

use crate::{
    beginning,
    corpus_files::{tar, zip},
    look, notes, read_object, row, table,
};

#[test]
fn a_tar_lists_its_members() {
    let preview = look("a.tar", &tar(&[("a.csv", b"1,2\n"), ("b/c.txt", &[b'x'; 1000])]));
    assert_eq!((preview.kind.as_str(), preview.view), ("tar archive · 2 members", PreviewView::Listing));
    assert_eq!(row(table(&preview), 1), ["1000", "2026-11-02T00:00:00Z", "", "b/c.txt"]);
}

#[test]
fn a_cut_tar_lists_what_was_read_and_a_damaged_one_too() {
    let archive = tar(&[("one", b"1"), ("two", &[b'x'; 5000]), ("three", b"3")]);
    let preview = beginning("a.tar", &archive[..2048]);
    assert_eq!((table(&preview).rows.len(), preview.more), (2, MoreContent::ReadOn));
    assert_eq!(notes(&preview), ["tar: the list of members goes on behind what was read"]);
    let mut damaged = archive;
    damaged[1024 + 10] ^= 0xff;
    let preview = look("a.tar", &damaged);
    assert_eq!(
        (table(&preview).rows.len(), notes(&preview)),
        (1, vec!["tar: damaged · the members before that are shown"])
    );
}

#[test]
fn a_zip_is_listed_from_its_end_in_two_requests() {
    let archive = zip(&[("a.csv", 100), ("big/b.bin", 200_000), ("c.txt", 3)]);
    let read = read_object("a.zip", &archive, USUAL_BUDGET, |_| {});
    assert_eq!(read.preview.kind, "zip archive · 3 members");
    assert_eq!(row(table(&read.preview), 1), ["200000", "2026-09-01 00:00:00", "", "big/b.bin"]);
    assert_eq!(read.trips, 2);
    assert!(read.moved <= 128 * 1024);
}

#[test]
fn a_zip_whose_list_lies_is_no_archive() {
    let archive = zip(&[("a", 1), ("b", 2)]);
    for at in [archive.len() - 6, archive.len() - 10, archive.len() - 3] {
        let mut lying = archive.clone();
        lying[at] = 0xff;
        let preview = look("a.zip", &lying);
        assert!(preview.view == PreviewView::Hex || !preview.notes.is_empty(), "{at}: {preview:?}");
    }
    assert_eq!(look("a.zip", &archive[..archive.len() - 30]).view, PreviewView::Hex);
}
