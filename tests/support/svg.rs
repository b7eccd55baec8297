//! A terminal's screen as a picture of a window, in SVG.
//!
//! Invariant: the same screen always gives the same bytes, and every character is placed by its cell, so a viewer with
//! other fonts shows other letters but never a crooked column. Sizes are those of `JetBrains` Mono (advance 0.6 em,
//! line 1.32 em) at [`FONT_SIZE`], where a cell has whole numbers and lines of box characters meet.

use std::fmt::{self, Display, Write};

use vt100::{Cell, Screen};

use super::palette::{self, Rgb};

const CELL_WIDTH: u16 = 10;
const CELL_HEIGHT: u16 = 22;
/// From the top of a cell to where letters stand.
const BASELINE: u16 = 17;
const FONT_SIZE: &str = "16.6667";
/// Around the cells, within the frame.
const PADDING: u16 = 14;
const TITLE_BAR: u16 = 38;
/// Around the frame: room for nothing but its outline.
const MARGIN: u16 = 1;

/// Draws `screen` in a window named `title`.
pub(crate) fn svg(screen: &Screen, title: &str) -> String {
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    let (width, height) =
        (columns * CELL_WIDTH + 2 * (PADDING + MARGIN), rows * CELL_HEIGHT + TITLE_BAR + PADDING + 2 * MARGIN);
    let mut out = String::new();
    window(&mut out, width, height, title).expect("writing to a String cannot fail");
    for row in 0..rows {
        let runs = runs(screen, row, columns);
        runs.iter().try_for_each(|run| run.draw(&mut out, row)).expect("writing to a String cannot fail");
    }
    if !screen.hide_cursor() {
        let (row, column) = screen.cursor_position();
        cursor(&mut out, row, column).expect("writing to a String cannot fail");
    }
    out + "</g>\n</svg>\n"
}

/// The frame with its three dots and title, and the start of the group in which cells begin at the origin.
fn window(out: &mut String, width: u16, height: u16, title: &str) -> fmt::Result {
    writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="JetBrains Mono, DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="{FONT_SIZE}" xml:space="preserve">"#
    )?;
    // `.b` has a stroke for who has only a regular face: screenshots/main.rs gives it a width.
    writeln!(
        out,
        "<style>text{{font-variant-ligatures:none}}.b{{font-weight:700;stroke-width:0}}.i{{font-style:italic}}</style>"
    )?;
    let (inner_width, inner_height) = (width - 1, height - 1);
    writeln!(
        out,
        r#"<rect x=".5" y=".5" width="{inner_width}" height="{inner_height}" rx="10" fill="{}" stroke="{}"/>"#,
        palette::BACKGROUND,
        palette::FRAME
    )?;
    for (x, colour) in [(22, "#e5686d"), (42, "#e6b566"), (62, "#8fc97a")] {
        writeln!(out, r#"<circle cx="{x}" cy="20" r="6" fill="{colour}"/>"#)?;
    }
    let middle = width / 2;
    writeln!(
        out,
        r#"<text x="{middle}" y="25" font-size="14" text-anchor="middle" fill="{}">{}</text>"#,
        palette::TITLE,
        Escaped(title)
    )?;
    writeln!(out, r#"<g transform="translate({} {})">"#, PADDING + MARGIN, TITLE_BAR + MARGIN)
}

fn cursor(out: &mut String, row: u16, column: u16) -> fmt::Result {
    let (x, y) = (column * CELL_WIDTH, row * CELL_HEIGHT);
    writeln!(
        out,
        r#"<rect x="{x}" y="{y}" width="{CELL_WIDTH}" height="{CELL_HEIGHT}" fill="{}" fill-opacity=".55"/>"#,
        palette::FOREGROUND
    )
}

/// How a cell looks.
#[derive(Clone, Copy, PartialEq)]
struct Style {
    foreground: Rgb,
    /// `None` is the window's own.
    background: Option<Rgb>,
    bold: bool,
    italic: bool,
    underline: bool,
}

impl Style {
    fn of(cell: &Cell) -> Self {
        let mut foreground = palette::rgb(cell.fgcolor(), palette::FOREGROUND);
        let mut background = palette::rgb(cell.bgcolor(), palette::BACKGROUND);
        if cell.inverse() {
            (foreground, background) = (background, foreground);
        }
        if cell.dim() {
            foreground = foreground.faint_on(background);
        }
        Self {
            foreground,
            background: (background != palette::BACKGROUND).then_some(background),
            bold: cell.bold(),
            italic: cell.italic(),
            underline: cell.underline(),
        }
    }
}

/// Neighbouring cells of one look.
struct Run {
    column: u16,
    width: u16,
    style: Style,
    /// Each cell's column and contents.
    cells: Vec<(u16, String)>,
}

fn runs(screen: &Screen, row: u16, columns: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = vec![];
    for column in 0..columns {
        let Some(cell) = screen.cell(row, column) else { continue };
        if cell.is_wide_continuation() {
            if let Some(run) = runs.last_mut() {
                run.width += 1;
            }
            continue;
        }
        let style = Style::of(cell);
        if runs.last().is_none_or(|run| run.style != style) {
            runs.push(Run { column, width: 0, style, cells: vec![] });
        }
        if let Some(run) = runs.last_mut() {
            run.width += 1;
            let contents = if cell.has_contents() { cell.contents() } else { " " };
            run.cells.push((column, contents.to_owned()));
        }
    }
    runs
}

impl Run {
    /// The background, then the letters, then the line below them.
    fn draw(&self, out: &mut String, row: u16) -> fmt::Result {
        let (x, y, width) = (self.column * CELL_WIDTH, row * CELL_HEIGHT, self.width * CELL_WIDTH);
        if let Some(background) = self.style.background {
            writeln!(
                out,
                r#"<rect x="{x}" y="{y}" width="{width}" height="{CELL_HEIGHT}" fill="{background}" shape-rendering="crispEdges"/>"#
            )?;
        }
        self.draw_braille(out, y)?;
        self.draw_text(out, y + BASELINE)?;
        if self.style.underline {
            let line = y + BASELINE + 3;
            writeln!(out, r#"<path d="M{x} {line}h{width}" stroke="{}"/>"#, self.style.foreground)?;
        }
        Ok(())
    }

    fn draw_text(&self, out: &mut String, y: u16) -> fmt::Result {
        let letters: Vec<_> = self.cells.iter().filter(|(_, contents)| braille_dots(contents).is_none()).collect();
        // A letter with its marks goes alone: placed one by one, the marks would fall beside it.
        let is_blank = |cell: &&(u16, String)| cell.1 == " ";
        let Some(start) = letters.iter().position(|cell| !is_blank(cell)) else { return Ok(()) };
        let end = letters.iter().rposition(|cell| !is_blank(cell)).map_or(start, |last| last + 1);
        let is_single = |cell: &(u16, String)| cell.1.chars().count() == 1;
        letters[start..end]
            .chunk_by(|a, b| is_single(a) && is_single(b))
            .try_for_each(|cells| self.draw_letters(out, y, cells))
    }

    fn draw_letters(&self, out: &mut String, y: u16, cells: &[&(u16, String)]) -> fmt::Result {
        let Style { foreground, bold, italic, .. } = self.style;
        write!(out, r#"<text y="{y}" fill="{foreground}""#)?;
        match (bold, italic) {
            (true, false) => write!(out, r#" class="b" stroke="{foreground}""#)?,
            (true, true) => write!(out, r#" class="b i" stroke="{foreground}""#)?,
            (false, true) => write!(out, r#" class="i""#)?,
            (false, false) => {}
        }
        let (places, letters): (Vec<_>, String) =
            cells.iter().map(|(column, contents)| ((column * CELL_WIDTH).to_string(), contents.as_str())).unzip();
        writeln!(out, r#" x="{}">{}</text>"#, places.join(" "), Escaped(&letters))
    }

    /// Braille patterns as dots: few monospaced fonts have them, and spinners and graphs are made of them.
    fn draw_braille(&self, out: &mut String, y: u16) -> fmt::Result {
        for (column, contents) in &self.cells {
            let Some(dots) = braille_dots(contents) else { continue };
            let x = column * CELL_WIDTH;
            write!(out, r#"<g fill="{}">"#, self.style.foreground)?;
            for (dot_x, dot_y) in dots {
                write!(out, r#"<circle cx="{}" cy="{}" r="1.4"/>"#, x + dot_x, y + dot_y)?;
            }
            out.push_str("</g>\n");
        }
        Ok(())
    }
}

/// Where in its cell each dot of a Braille pattern is, or `None` if `contents` is none. The low eight bits of the
/// character are its dots: the left column's upper three, the right one's, then the lowest of both.
fn braille_dots(contents: &str) -> Option<Vec<(u16, u16)>> {
    const PLACES: [(u16, u16); 8] = [(3, 4), (3, 9), (3, 14), (7, 4), (7, 9), (7, 14), (3, 19), (7, 19)];
    let mut chars = contents.chars();
    let pattern = u32::from(chars.next()?);
    let is_braille = (0x2800..=0x28ff).contains(&pattern) && chars.next().is_none();
    is_braille.then(|| (0..8).filter(|bit| pattern >> bit & 1 == 1).map(|bit| PLACES[bit]).collect())
}

/// Text within SVG.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '&' => f.write_str("&amp;")?,
                '"' => f.write_str("&quot;")?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;

    use super::*;

    fn drawn(output: &str) -> String {
        let mut parser = vt100::Parser::new(NonZero::new(2).unwrap(), NonZero::new(12).unwrap(), 0);
        parser.process(b"\x1b[?25l");
        parser.process(output.as_bytes());
        svg(parser.screen(), "ebbtide <demo>")
    }

    #[test]
    fn a_window_holds_its_cells_and_says_its_name() {
        let picture = drawn("");
        assert!(picture.starts_with(r#"<svg xmlns="http://www.w3.org/2000/svg" width="150" height="98""#), "{picture}");
        assert!(picture.contains("ebbtide &lt;demo&gt;</text>"), "{picture}");
        assert_eq!(picture, drawn(""));
    }

    #[test]
    fn every_look_of_a_cell_is_drawn() {
        for (output, drawn_as) in [
            ("ab c  ", r##"<text y="17" fill="#d5dde6" x="0 10 20 30">ab c</text>"##),
            ("\r\nx", r##"<text y="39" fill="#d5dde6" x="0">x</text>"##),
            ("<&>", r#"x="0 10 20">&lt;&amp;&gt;</text>"#),
            ("\x1b[31mx", r##"fill="#e5686d" x="0">x"##),
            ("\x1b[38;5;196mx", r##"fill="#ff0000" x="0">x"##),
            ("\x1b[38;5;244mx", r##"fill="#808080" x="0">x"##),
            ("\x1b[38;2;1;2;3mx", r##"fill="#010203" x="0">x"##),
            ("\x1b[1mx", r##"class="b" stroke="#d5dde6" x="0">x"##),
            ("\x1b[3mx", r#"class="i" x="0">x"#),
            ("\x1b[1;3mx", r#"class="b i""#),
            ("\x1b[2mx", r##"fill="#868d96" x="0">x"##),
            ("\x1b[4mx y", r##"<path d="M0 20h30" stroke="#d5dde6"/>"##),
            ("\x1b[41mx ", r##"<rect x="0" y="0" width="20" height="22" fill="#e5686d""##),
            ("\x1b[7mx", r##"height="22" fill="#d5dde6" shape-rendering="crispEdges"/>"##),
            ("\x1b[7mx", r##"<text y="17" fill="#10161e" x="0">x</text>"##),
            ("漢b", r#"x="0 20">漢b</text>"#),
            ("e\u{301}b", "x=\"0\">e\u{301}</text>"),
            ("🦀b", r#"x="0 20">🦀b</text>"#),
            ("\u{2801}", r#"<circle cx="3" cy="4" r="1.4"/></g>"#),
        ] {
            let picture = drawn(output);
            assert!(picture.contains(drawn_as), "{output:?} is not drawn as {drawn_as} in\n{picture}");
        }
    }

    #[test]
    fn a_blank_screen_has_no_text_but_its_title() {
        assert_eq!(drawn("   ").matches("<text").count(), 1);
    }

    #[test]
    fn the_cursor_shows_only_while_it_is_on() {
        assert!(!drawn("").contains("fill-opacity"));
        assert!(drawn("ab\x1b[?25h").contains(r#"<rect x="20" y="0" width="10""#));
    }
}
