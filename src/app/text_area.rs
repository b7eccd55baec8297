//! Text of several lines being typed.
//!
//! Invariant: there is at least one line, the cursor stands in or just behind one, no line has a control character in
//! it, and all of it is never longer than its cap, whatever is pasted.

use tui_input::{Input, InputRequest};

/// Text of several lines with a cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextArea {
    lines: Vec<String>,
    row: usize,
    /// In characters.
    column: usize,
}

/// Text that was typed, and what it began with: it is of use for as long as that is the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptText {
    pub(super) began_with: String,
    pub(super) text: TextArea,
}

/// Bytes with their line ends: thirty times what AWS takes as a policy.
const MOST_BYTES: usize = 64 * 1024;

impl TextArea {
    /// Text with the cursor at its beginning.
    pub fn new(text: &str) -> Self {
        let mut area = Self { lines: vec![String::new()], row: 0, column: 0 };
        area.paste(text);
        (area.row, area.column) = (0, 0);
        area
    }

    /// All of it, its lines ended by `\n` but the last.
    pub fn text(&self) -> String {
        self.lines.join("\n")
    }

    /// Its lines; at least one.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Line and character of the cursor, from 0.
    pub fn cursor(&self) -> (usize, usize) {
        (self.row, self.column)
    }

    /// Applies a change within the line; at its ends to the lines around it.
    pub fn edit(&mut self, request: InputRequest) {
        let at_end = self.column >= self.lines[self.row].chars().count();
        match request {
            InputRequest::InsertChar(c) if c.is_control() || self.room() < c.len_utf8() => {}
            InputRequest::GoToPrevChar if self.column == 0 => self.end_previous(),
            InputRequest::GoToNextChar if at_end => self.start_next(),
            InputRequest::DeletePrevChar | InputRequest::DeletePrevWord if self.column == 0 => {
                if self.row > 0 {
                    self.end_previous();
                    self.join_next();
                }
            }
            InputRequest::DeleteNextChar if at_end => self.join_next(),
            _ => {
                let line = std::mem::take(&mut self.lines[self.row]);
                let mut input = Input::new(line).with_cursor(self.column);
                input.handle(request);
                self.column = input.cursor();
                input.value().clone_into(&mut self.lines[self.row]);
            }
        }
    }

    /// Ends the line at the cursor; the next one begins as deep as this one.
    pub fn break_line(&mut self) {
        let depth = self.lines[self.row].chars().take_while(|c| *c == ' ').count().min(self.column);
        if self.room() > depth {
            self.split();
            self.lines[self.row].insert_str(0, &" ".repeat(depth));
            self.column = depth;
        }
    }

    /// Inserts pasted text with its line ends; of its other control characters only tabs, as two spaces.
    pub fn paste(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', "  ");
        let fitting: String = text
            .chars()
            .filter(|c| *c == '\n' || !c.is_control())
            .scan(self.room(), |room, c| {
                *room = room.checked_sub(c.len_utf8())?;
                Some(c)
            })
            .collect();
        for (at, line) in fitting.split('\n').enumerate() {
            if at > 0 {
                self.split();
            }
            let place = byte_of(&self.lines[self.row], self.column);
            self.lines[self.row].insert_str(place, line);
            self.column += line.chars().count();
        }
    }

    /// Moves the cursor by lines; negative is up.
    pub fn move_rows(&mut self, rows: isize) {
        self.row = self.row.saturating_add_signed(rows).min(self.lines.len() - 1);
        self.column = self.column.min(self.lines[self.row].chars().count());
    }

    fn split(&mut self) {
        let place = byte_of(&self.lines[self.row], self.column);
        let rest = self.lines[self.row].split_off(place);
        self.row += 1;
        self.lines.insert(self.row, rest);
        self.column = 0;
    }

    fn join_next(&mut self) {
        if self.row + 1 < self.lines.len() {
            let next = self.lines.remove(self.row + 1);
            self.lines[self.row].push_str(&next);
        }
    }

    fn end_previous(&mut self) {
        if self.row > 0 {
            self.row -= 1;
            self.column = self.lines[self.row].chars().count();
        }
    }

    fn start_next(&mut self) {
        if self.row + 1 < self.lines.len() {
            (self.row, self.column) = (self.row + 1, 0);
        }
    }

    /// Bytes that still fit.
    fn room(&self) -> usize {
        let taken: usize = self.lines.iter().map(|line| line.len() + 1).sum();
        MOST_BYTES.saturating_sub(taken)
    }
}

fn byte_of(line: &str, column: usize) -> usize {
    line.char_indices().nth(column).map_or(line.len(), |(byte, _)| byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_and_joined_where_the_cursor_is() {
        let mut area = TextArea::new("{\n  \"é\": 1\n}");
        area.move_rows(1);
        area.edit(InputRequest::GoToEnd);
        area.break_line();
        area.edit(InputRequest::InsertChar('x'));
        assert_eq!((area.text().as_str(), area.cursor()), ("{\n  \"é\": 1\n  x\n}", (2, 3)));
        for _ in 0..4 {
            area.edit(InputRequest::DeletePrevChar);
        }
        assert_eq!((area.text().as_str(), area.cursor()), ("{\n  \"é\": 1\n}", (1, 8)));
        area.edit(InputRequest::DeleteNextChar);
        assert_eq!(area.text(), "{\n  \"é\": 1}");
        area.edit(InputRequest::GoToStart);
        area.edit(InputRequest::GoToPrevChar);
        assert_eq!(area.cursor(), (0, 1));
        area.edit(InputRequest::GoToNextChar);
        assert_eq!(area.cursor(), (1, 0));
        area.move_rows(-9);
        area.move_rows(9);
        assert_eq!(area.cursor(), (1, 0));
    }

    #[test]
    fn a_paste_keeps_its_lines_and_brings_no_other_control_character() {
        let mut area = TextArea::new("");
        area.paste("{\r\n\t\"a\u{1b}[2J\": 1\r}\n");
        assert_eq!((area.text().as_str(), area.cursor()), ("{\n  \"a[2J\": 1\n}\n", (3, 0)));
        area.paste(&"x\n".repeat(100_000));
        assert!(area.text().len() <= MOST_BYTES);
        area.edit(InputRequest::InsertChar('y'));
        area.break_line();
        assert!(area.text().len() <= MOST_BYTES && !area.text().contains('y'));
    }
}
