//! Draws the pictures of the README: `cargo run -p screenshots`.
//!
//! First the test `screenshots` runs the program and writes what it shows as SVG; then each SVG becomes a PNG of twice
//! its size. The fonts are this crate's, so the bytes are the same on every machine. Each PNG carries the hash of its
//! SVG, by which the test finds one that was left behind.

use std::{
    env, fs,
    io::BufWriter,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use anyhow::{Context, Result, ensure};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{FontResolver, Options, Tree, fontdb},
};
use sha2::{Digest, Sha256};

/// Pixels a side for each unit of the SVG: sharp on dense screens.
const SCALE: f32 = 2.0;

/// The rule for bold letters in the SVGs, and what it becomes here: there is no bold face, so the regular one is drawn
/// with an outline.
const BOLD: [&str; 2] = [".b{font-weight:700;stroke-width:0}", ".b{stroke-width:.7}"];

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("this crate lies in the program's folder")?;
    draw_svgs(root)?;
    let options = options();
    for svg in svgs(&root.join("screenshots"))? {
        write_png(&svg, &options).with_context(|| format!("could not turn {} into a PNG", svg.display()))?;
    }
    Ok(())
}

/// Runs the test that drives the program and writes what it shows.
fn draw_svgs(root: &Path) -> Result<()> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["test", "--quiet", "--test", "screenshots"])
        .current_dir(root)
        .env("UPDATE_SCREENSHOTS", "1")
        .status()?;
    ensure!(status.success(), "the test that draws the screens failed");
    Ok(())
}

fn svgs(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "svg"));
    files.sort();
    Ok(files)
}

fn options() -> Options<'static> {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(truce_font::JETBRAINS_MONO.to_vec());
    let font_resolver = FontResolver {
        select_fallback: Box::new(|missing, _, _| {
            eprintln!("warning: {missing:?} is not in the font and becomes an empty box");
            None
        }),
        ..FontResolver::default()
    };
    Options { fontdb: Arc::new(fonts), font_resolver, ..Options::default() }
}

fn write_png(svg: &Path, options: &Options<'_>) -> Result<()> {
    let source = fs::read_to_string(svg)?;
    ensure!(source.contains(BOLD[0]), "the rule for bold letters is not {}", BOLD[0]);
    let tree = Tree::from_str(&source.replace(BOLD[0], BOLD[1]), options)?;
    let size = tree.size().to_int_size().scale_by(SCALE).context("it has no size")?;
    let mut pixmap = Pixmap::new(size.width(), size.height()).context("it is too large")?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixmap.as_mut());

    let file = BufWriter::new(fs::File::create(svg.with_extension("png"))?);
    let mut encoder = png::Encoder::new(file, size.width(), size.height());
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter); // flat colours pack better unfiltered
    encoder.add_text_chunk("source-sha256".into(), hex::encode(Sha256::digest(&source)))?;
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixmap.take_demultiplied())?;
    Ok(writer.finish()?)
}
