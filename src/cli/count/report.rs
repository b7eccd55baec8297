//! What was counted, as text and as JSON.
//!
//! Invariant: JSON holds every prefix; the text form says how many it leaves out, and leaves none out of a pipe.

use std::io::{self, IsTerminal, Write};

use serde_json::{Value, json};

use super::tally::{Tally, Total};
use crate::{
    cli::output::Form,
    domain::{
        location::Location,
        numbers::{bytes, grouped},
        safe_text::printable,
    },
};

/// Prefixes that a person is shown, those with most bytes first.
const MOST_SHOWN: usize = 20;

/// Everything there is to print.
pub(super) struct Report<'a> {
    pub(super) location: &'a Location,
    pub(super) tally: &'a Tally,
    pub(super) requests: u64,
    /// What the JSON document says besides.
    pub(super) head: Option<Value>,
}

impl Report<'_> {
    pub(super) fn print(&self, form: Form, complete: bool) -> io::Result<()> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        match form {
            Form::Text => self.text(&mut out, complete)?,
            Form::Json => form.write_value(&mut out, &self.document(complete))?,
            Form::Ndjson => {
                for line in self.lines(complete) {
                    form.write_value(&mut out, &line)?;
                }
            }
        }
        out.flush()
    }

    fn text(&self, out: &mut impl Write, complete: bool) -> io::Result<()> {
        let Tally { all, classes, prefixes, here, .. } = self.tally;
        let mut sorted: Vec<(String, Total)> = prefixes.iter().map(|(prefix, total)| (name(prefix), *total)).collect();
        sorted.sort_by(|(a, x), (b, y)| (y.bytes, y.objects).cmp(&(x.bytes, x.objects)).then_with(|| a.cmp(b)));
        let shown = if io::stdout().is_terminal() { MOST_SHOWN } else { sorted.len() };
        for (prefix, total) in sorted.iter().take(shown) {
            row(out, *total, prefix)?;
        }
        if let Some(more) = sorted.get(shown..).filter(|more| !more.is_empty()) {
            let mut rest = Total::default();
            for (_, total) in more {
                rest += *total;
            }
            row(out, rest, &format!("and {} more prefixes; -o json has all", grouped(more.len())))?;
        }
        if here.objects > 0 {
            row(out, *here, &format!("directly in {}", self.location))?;
        }
        for (class, total) in classes {
            row(out, *total, &format!("of class {class}"))?;
        }
        let (objects, size) = (all.objects, all.bytes);
        let more = if complete { "" } else { ", and more that are not counted" };
        writeln!(out, "Objects ({objects}), bytes ({size}), requests ({}){more}", self.requests)
    }

    fn document(&self, complete: bool) -> Value {
        let mut document = self.head.clone().unwrap_or_default();
        document["bucket"] = json!(self.location.bucket);
        document["prefix"] = json!(self.location.prefix);
        for (field, value) in self.sums(complete) {
            document[field] = value;
        }
        document["storage_classes"] = self.classes().collect();
        document["prefixes"] = self.prefixes().collect();
        document["here"] = total(self.tally.here);
        document
    }

    /// Prefixes, then what is in none, then classes, then the sums: each line names what it is of.
    fn lines(&self, complete: bool) -> impl Iterator<Item = Value> {
        let here =
            json!({ "here": self.location.prefix, "objects": self.tally.here.objects, "bytes": self.tally.here.bytes });
        let sums: Value = self.sums(complete).into_iter().map(|(field, value)| (field.to_owned(), value)).collect();
        self.prefixes().chain([here]).chain(self.classes()).chain([sums])
    }

    fn sums(&self, complete: bool) -> [(&'static str, Value); 4] {
        let Total { objects, bytes } = self.tally.all;
        [
            ("objects", json!(objects)),
            ("bytes", json!(bytes)),
            ("requests", json!(self.requests)),
            ("complete", json!(complete)),
        ]
    }

    fn prefixes(&self) -> impl Iterator<Item = Value> {
        self.tally
            .prefixes
            .iter()
            .map(|(prefix, total)| json!({ "prefix": name(prefix), "objects": total.objects, "bytes": total.bytes }))
    }

    fn classes(&self) -> impl Iterator<Item = Value> {
        self.tally
            .classes
            .iter()
            .map(|(class, total)| json!({ "storage_class": class, "objects": total.objects, "bytes": total.bytes }))
    }
}

fn row(out: &mut impl Write, total: Total, name: &str) -> io::Result<()> {
    let size = if io::stdout().is_terminal() { bytes(total.bytes) } else { total.bytes.to_string() };
    writeln!(out, "{:>14}  {size:>14}  {}", grouped(total.objects), printable(name))
}

fn total(total: Total) -> Value {
    json!({ "objects": total.objects, "bytes": total.bytes })
}

/// A prefix as text; bytes that are none stand as marks.
fn name(prefix: &[u8]) -> String {
    String::from_utf8_lossy(prefix).into_owned()
}
