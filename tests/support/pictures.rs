//! The pictures in `screenshots/`: compared with what the program draws now, or drawn again.
//!
//! A picture is an SVG, which tests can compare, and a PNG made from it for people, which carries the SVG's hash. Only
//! `cargo run -p screenshots` writes them: it sets [`UPDATE`] and turns the SVGs into PNGs afterwards.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};
use vt100::Screen;

use super::svg::svg;

/// Set to draw the pictures instead of comparing them.
const UPDATE: &str = "UPDATE_SCREENSHOTS";

/// A folder of pictures, to be compared or to be drawn.
pub(crate) struct Gallery {
    folder: PathBuf,
    update: bool,
}

impl Gallery {
    /// The README's pictures.
    pub(crate) fn of_the_readme() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots");
        Self { folder, update: env::var_os(UPDATE).is_some() }
    }

    /// Panics unless `NAME.svg` shows `screen` and `NAME.png` was made from it. When drawing, writes the SVG.
    pub(crate) fn check(&self, name: &str, screen: &Screen, title: &str) {
        let file = self.folder.join(name).with_extension("svg");
        let drawn = svg(screen, title);
        if self.update {
            fs::write(&file, drawn).expect("the pictures' folder can be written");
            return;
        }
        let kept = fs::read_to_string(&file).unwrap_or_default();
        let apart = drawn.lines().zip(kept.lines()).find(|(now, then)| now != then);
        assert!(drawn == kept, "{name}.svg shows another screen; to draw it: cargo run -p screenshots\n{apart:#?}");
        assert!(
            is_made_from(&file.with_extension("png"), &kept),
            "{name}.png is not from its SVG: cargo run -p screenshots"
        );
    }

    /// The pictures of which SVG or PNG is missing, or was not made from the other. None while drawing.
    pub(crate) fn torn(&self) -> Vec<PathBuf> {
        if self.update {
            return vec![];
        }
        let files =
            fs::read_dir(&self.folder).expect("the pictures' folder can be read").flatten().map(|entry| entry.path());
        let pictures: BTreeSet<_> = files
            .filter(|file| file.extension().is_some_and(|extension| extension == "svg" || extension == "png"))
            .map(|file| file.with_extension(""))
            .collect();
        let is_torn = |picture: &PathBuf| match fs::read_to_string(picture.with_extension("svg")) {
            Ok(svg) => !is_made_from(&picture.with_extension("png"), &svg),
            Err(_) => true,
        };
        pictures.into_iter().filter(is_torn).collect()
    }
}

/// Whether the PNG at `png` carries the hash of `svg`.
fn is_made_from(png: &Path, svg: &str) -> bool {
    let hash = hex::encode(Sha256::digest(svg));
    fs::read(png).is_ok_and(|bytes| source_hash(&bytes) == Some(hash.as_bytes()))
}

/// The text that a PNG keeps under `source-sha256`. A PNG is an eight-byte signature, then chunks of length (four
/// bytes), type (four), data and checksum (four). <https://www.w3.org/TR/png-3/#5Chunk-layout>
fn source_hash(png: &[u8]) -> Option<&[u8]> {
    let mut rest = png.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    loop {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (kind, after) = after.split_first_chunk::<4>()?;
        let (data, after) = after.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        if let (b"tEXt", Some(hash)) = (kind, data.strip_prefix(b"source-sha256\0")) {
            return Some(hash);
        }
        rest = after.get(4..)?;
    }
}

#[cfg(test)]
mod tests {
    use std::{num::NonZero, panic};

    use super::*;

    const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

    fn chunk(kind: &str, data: &str) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&length, kind.as_bytes(), data.as_bytes(), b"crc!"].concat()
    }

    #[test]
    fn the_hash_is_found_behind_other_chunks_or_not_at_all() {
        let whole = [SIGNATURE, &chunk("IHDR", "0123456789abc"), &chunk("tEXt", "source-sha256\0cafe")].concat();
        assert_eq!(source_hash(&whole), Some(b"cafe".as_slice()));
        for cut in 0..whole.len() - 4 {
            assert_eq!(source_hash(&whole[..cut]), None, "cut at {cut}");
        }
        let other = [SIGNATURE, &chunk("tEXt", "source\0cafe"), &chunk("iTXt", "source-sha256\0cafe")].concat();
        assert_eq!(source_hash(&other), None);
    }

    #[test]
    fn a_picture_passes_only_while_screen_svg_and_png_are_one() {
        let folder = tempfile::tempdir().unwrap();
        let drawing = Gallery { folder: folder.path().into(), update: true };
        let gallery = Gallery { folder: folder.path().into(), update: false };
        let [ebb, flood] = ["ebb", "flood"].map(|text| {
            let mut parser = vt100::Parser::new(NonZero::new(2).unwrap(), NonZero::new(9).unwrap(), 0);
            parser.process(text.as_bytes());
            parser
        });
        let passes = |shown: &vt100::Parser| panic::catch_unwind(|| gallery.check("tide", shown.screen(), "")).is_ok();

        assert!(!passes(&ebb), "never drawn");
        drawing.check("tide", ebb.screen(), "");
        assert!(!passes(&ebb), "no PNG");
        assert_eq!(gallery.torn(), [folder.path().join("tide")]);

        let hash = hex::encode(Sha256::digest(svg(ebb.screen(), "")));
        let png = [SIGNATURE, &chunk("tEXt", &format!("source-sha256\0{hash}"))].concat();
        fs::write(folder.path().join("tide.png"), png).unwrap();
        assert!(passes(&ebb));
        assert!(!passes(&flood), "another screen");
        assert!(gallery.torn().is_empty());

        drawing.check("tide", flood.screen(), "");
        assert!(!passes(&flood), "the PNG is of the old SVG");
        fs::remove_file(folder.path().join("tide.svg")).unwrap();
        assert_eq!(gallery.torn(), [folder.path().join("tide")]);
    }
}
