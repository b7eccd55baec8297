//! The pictures of the README are what the program draws.
//!
//! `cargo run -p screenshots` draws them again.

mod support {
    //! How pictures are made and compared.
    pub(crate) mod palette;
    pub(crate) mod pictures;
    pub(crate) mod svg;
}

use support::pictures::Gallery;

#[test]
fn every_picture_is_kept_as_svg_and_as_the_png_made_from_it() {
    let torn = Gallery::of_the_readme().torn();
    assert!(torn.is_empty(), "cargo run -p screenshots makes both: {torn:?}");
}
