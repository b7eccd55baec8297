//! Text in rows and columns: CSV, TSV and what resembles them.
//!
//! Invariant: what is no table is not made one: delimiter, quotes and header are guessed from the text and said.

mod guess;
mod parse;
mod show;

pub(super) use guess::guess_table;
pub(super) use parse::TableDialect;
pub(super) use show::show_table;
