//! Pages in pieces of any size.

use proptest::prelude::*;

use super::*;

/// A page in one of the ways in which it can be written.
fn written(keys: &[Vec<u8>], encode: bool, pretty: bool, end_first: bool) -> String {
    let space = if pretty { "\n  " } else { "" };
    let mut rows = String::new();
    for (size, key) in keys.iter().enumerate() {
        let key = if encode {
            form_urlencoded::byte_serialize(key).collect()
        } else {
            String::from_utf8_lossy(key).replace('&', "&amp;").replace('<', "&lt;")
        };
        let fields =
            [format!("<Size>{size}</Size>"), format!("<Key>{key}</Key>"), format!("<ETag>&quot;{size}&quot;</ETag>")];
        rows += &["", "<Contents>", &fields.join(space), "</Contents>"].join(space);
    }
    let end = format!("{space}{LAST}{}", if encode { URL } else { "" });
    listing(&if end_first { end + &rows } else { rows + &end })
}

proptest! {
    #[test]
    fn every_page_is_the_same_in_any_pieces(
        keys in prop::collection::btree_set("[ -~é\u{1f30a}]{1,12}", 0..30),
        encode: bool, pretty: bool, end_first: bool,
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let keys: Vec<Vec<u8>> = keys.into_iter().map(|key| ["logs/".as_bytes(), key.as_bytes()].concat()).collect();
        let text = written(&keys, encode, pretty, end_first);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len())).collect();
        cuts.sort_unstable();
        let ends = cuts.iter().copied().chain([text.len()]);
        let starts = [0].into_iter().chain(cuts.iter().copied());
        let pieces = starts.zip(ends).map(|(start, end)| &text.as_bytes()[start..end]);
        let page = read(&asked(), pieces).unwrap();
        prop_assert_eq!(page.rows.names().collect::<Vec<_>>(), keys);
        for (at, row) in page.rows.iter().enumerate() {
            let Entry::Object(object) = row else { panic!("an object") };
            prop_assert_eq!((object.size, object.etag), (Some(at as u64), Some(at.to_string())));
        }
    }

    #[test]
    fn bytes_of_any_kind_are_a_page_or_a_fault(
        parts in prop::collection::vec(prop::sample::select(vec![
            "<", ">", "/", "&", ";", "\"", "'", "=", "!", "--", "?", "[CDATA[", "]]>", " ", "a", "&amp;", "<a>", "</a>", "<Contents>",
            "</Contents>", "<Key>logs/a</Key>", "<Size>1</Size>", LAST, MORE, URL, "<ListBucketResult>", "</ListBucketResult>",
        ]), 0..24),
        cut in any::<prop::sample::Index>(),
    ) {
        for text in [parts.concat(), listing(&parts.concat())] {
            let (first, second) = text.as_bytes().split_at(cut.index(text.len() + 1));
            let (whole, cut) = (whole(&text), read(&asked(), [first, second]));
            prop_assert_eq!(whole.is_ok(), cut.is_ok(), "{}", text);
            if let Ok(page) = whole {
                prop_assert_eq!(Ok(page), cut);
            }
        }
    }
}
