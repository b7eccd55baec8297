//! The result of a count, as text and as JSON.
//!
//! Invariant: JSON holds every prefix; text says how many prefixes it omits, and omits none in a pipe.

use std::io::{self, IsTerminal, Write};

use serde::Serialize;
use serde_json::Value;

use super::tally::{Tally, Total};
use crate::{
    cli::{
        json::{Document, write_compact},
        ls::JsonName,
        output::OutputForm,
    },
    domain::{
        location::Location,
        name_text::{bytes_of, text_of},
        numbers::{format_bytes, group_digits},
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

/// A total, and of what.
#[derive(Serialize)]
struct TotalRow<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    prefix: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prefix_encoded: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    here: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    storage_class: Option<&'a str>,
    objects: u64,
    bytes: u128,
    /// Where there are any, the bytes are more than these.
    #[serde(skip_serializing_if = "Option::is_none")]
    objects_of_unknown_size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requests: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    complete: Option<bool>,
}

impl TotalRow<'_> {
    fn from_total(total: Total) -> Self {
        let Total { bytes, objects, of_unknown_size } = total;
        let objects_of_unknown_size = Some(of_unknown_size).filter(|count| *count > 0);
        Self {
            prefix: None,
            prefix_encoded: None,
            here: None,
            storage_class: None,
            objects,
            bytes,
            objects_of_unknown_size,
            requests: None,
            complete: None,
        }
    }
}

impl Report<'_> {
    pub(super) fn print(&self, form: OutputForm, complete: bool) -> io::Result<()> {
        let mut out = vec![];
        match form {
            OutputForm::Text => self.write_text(&mut out, complete)?,
            OutputForm::Json => self.write_document(&mut out, complete)?,
            OutputForm::Ndjson => self.write_lines(&mut out, complete)?,
        }
        let mut stdout = io::stdout().lock();
        stdout.write_all(&out)?;
        stdout.flush()
    }

    fn write_text(&self, out: &mut Vec<u8>, complete: bool) -> io::Result<()> {
        let Tally { all, classes, prefixes, here, .. } = self.tally;
        let mut sorted: Vec<(&[u8], Total)> =
            prefixes.iter().map(|(prefix, total)| (prefix.as_slice(), *total)).collect();
        sorted.sort_by(|(a, x), (b, y)| y.cmp(x).then_with(|| a.cmp(b)));
        let shown = if io::stdout().is_terminal() { MOST_SHOWN } else { sorted.len() };
        for (prefix, total) in sorted.iter().take(shown) {
            write_row(out, *total, &text_of(prefix))?;
        }
        if let Some(more) = sorted.get(shown..).filter(|more| !more.is_empty()) {
            let mut rest = Total::default();
            for (_, total) in more {
                rest += *total;
            }
            write_row(out, rest, &format!("and {} more prefixes; -o json lists them all", group_digits(more.len())))?;
        }
        if here.objects > 0 {
            write_row(out, *here, &format!("directly in {}", self.location))?;
        }
        for (class, total) in classes {
            write_row(out, *total, &format!("storage class {class}"))?;
        }
        let (objects, size) = (all.objects, all.bytes);
        let unknown = match all.of_unknown_size {
            0 => String::new(),
            count => format!(" plus {} objects whose size the service does not report", group_digits(count)),
        };
        let more = if complete { "" } else { ", and more that are not counted" };
        writeln!(out, "Objects ({objects}), bytes ({size}{unknown}), requests ({}){more}", self.requests)
    }

    fn write_document(&self, out: &mut Vec<u8>, complete: bool) -> io::Result<()> {
        let mut document = Document::begin_document(out)?;
        for (field, value) in self.head.iter().filter_map(Value::as_object).flatten() {
            document.write_field(out, field, value)?;
        }
        let prefix = bytes_of(&self.location.prefix);
        let JsonName { text, encoded } = JsonName::from_bytes(&prefix);
        document.write_field(out, "bucket", &self.location.bucket)?;
        document.write_field(out, "prefix", &text)?;
        if let Some(encoded) = encoded {
            document.write_field(out, "prefix_encoded", &encoded)?;
        }
        let Total { bytes, objects, of_unknown_size } = self.tally.all;
        document.write_field(out, "objects", &objects)?;
        document.write_field(out, "bytes", &bytes)?;
        if of_unknown_size > 0 {
            document.write_field(out, "objects_of_unknown_size", &of_unknown_size)?;
        }
        document.write_field(out, "requests", &self.requests)?;
        document.write_field(out, "complete", &complete)?;
        document.begin_list(out, "storage_classes")?;
        self.for_each_class(|group| document.write_item(out, group))?;
        document.end_list(out)?;
        document.begin_list(out, "prefixes")?;
        self.for_each_prefix(|group| document.write_item(out, group))?;
        document.end_list(out)?;
        document.write_field(out, "here", &TotalRow::from_total(self.tally.here))?;
        document.end_document(out)
    }

    /// Prefixes, then what is in none, then classes, then the sums: each line names what it is of.
    fn write_lines(&self, out: &mut Vec<u8>, complete: bool) -> io::Result<()> {
        let mut line = |group: &TotalRow<'_>| {
            write_compact(out, group)?;
            out.push(b'\n');
            Ok(())
        };
        self.for_each_prefix(&mut line)?;
        let here = bytes_of(&self.location.prefix);
        line(&TotalRow { here: Some(&JsonName::from_bytes(&here).text), ..TotalRow::from_total(self.tally.here) })?;
        self.for_each_class(&mut line)?;
        line(&TotalRow {
            requests: Some(self.requests),
            complete: Some(complete),
            ..TotalRow::from_total(self.tally.all)
        })
    }

    fn for_each_prefix(&self, mut write: impl FnMut(&TotalRow<'_>) -> io::Result<()>) -> io::Result<()> {
        self.tally.prefixes.iter().try_for_each(|(prefix, total)| {
            let JsonName { text, encoded } = JsonName::from_bytes(prefix);
            write(&TotalRow { prefix: Some(&text), prefix_encoded: encoded.as_deref(), ..TotalRow::from_total(*total) })
        })
    }

    fn for_each_class(&self, mut write: impl FnMut(&TotalRow<'_>) -> io::Result<()>) -> io::Result<()> {
        let classes = &self.tally.classes;
        classes.iter().try_for_each(|(class, total)| {
            write(&TotalRow { storage_class: Some(class), ..TotalRow::from_total(*total) })
        })
    }
}

fn write_row(out: &mut Vec<u8>, total: Total, name: &str) -> io::Result<()> {
    let size = if io::stdout().is_terminal() { format_bytes(total.bytes) } else { total.bytes.to_string() };
    let size = if total.of_unknown_size > 0 { format!(">{size}") } else { size };
    writeln!(out, "{:>14}  {size:>14}  {}", group_digits(total.objects), printable(name))
}
