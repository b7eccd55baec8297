//! Prints rows as they arrive, in one of the formats.
//!
//! Invariant: all rows of a page are written before the next page is awaited. The document of `-o json` is streamed, so
//! that a million rows take no more memory than one page. However the listing ends, the document is closed and says
//! whether it is complete.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{
    moments::TimeWriter,
    rows::{JsonName, JsonRow, ListedPrefix, write_etag, write_text},
};
use crate::{
    cli::{
        json::{Document, write_compact},
        output::{self, OutputForm},
    },
    domain::{
        listing::{Block, RowBuffers, RowKind},
        location::Location,
        name_text::bytes_of,
    },
};

/// Writes rows, and counts them.
pub(super) struct Printer {
    out: io::Stdout,
    /// Of the page that is being written.
    text: Vec<u8>,
    form: OutputForm,
    etags: bool,
    location: Location,
    /// What the document says before the rows.
    head: Value,
    document: Option<Document>,
    prefixes: PrefixNames,
    moments: TimeWriter,
    counts: Counts,
}

#[derive(Debug, Default)]
struct Counts {
    buckets: u64,
    objects: u64,
    prefixes: u64,
}

/// Names back to back, for they come after the objects in a document.
#[derive(Default)]
struct PrefixNames {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl PrefixNames {
    fn push(&mut self, name: &[u8]) {
        self.bytes.extend_from_slice(name);
        self.ends.push(self.bytes.len());
    }

    fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.bytes[start..*end])
    }
}

impl Printer {
    /// `head` is what the JSON document begins with.
    pub(super) fn new(form: OutputForm, etags: bool, location: &Location, head: Option<Value>) -> Self {
        Self {
            out: io::stdout(),
            text: vec![],
            form,
            etags,
            location: location.clone(),
            head: head.unwrap_or_default(),
            document: None,
            prefixes: PrefixNames::default(),
            moments: TimeWriter::default(),
            counts: Counts::default(),
        }
    }

    pub(super) fn print_rows(&mut self, rows: &Block) -> io::Result<()> {
        if self.form == OutputForm::Json && !rows.is_empty() {
            self.open_document()?;
        }
        let mut buffers = RowBuffers::default();
        for at in 0..rows.len() {
            let row = rows.read_row(at, &mut buffers);
            *self.counts.count_of(row.kind) += 1;
            match (self.form, &mut self.document) {
                (OutputForm::Text, _) if self.etags => write_etag(&mut self.text, row),
                (OutputForm::Text, _) => write_text(&mut self.text, row, &mut self.moments)?,
                (OutputForm::Ndjson, _) => {
                    write_compact(&mut self.text, &JsonRow::from_row(row, &mut self.moments))?;
                    self.text.push(b'\n');
                }
                (OutputForm::Json, Some(_)) if row.kind == RowKind::Prefix => self.prefixes.push(row.name),
                (OutputForm::Json, Some(document)) => {
                    document.write_item(&mut self.text, &JsonRow::from_row(row, &mut self.moments))?;
                }
                (OutputForm::Json, None) => {}
            }
        }
        self.write_out()
    }

    /// Writes what has gathered, to the very end of the pipe.
    fn write_out(&mut self) -> io::Result<()> {
        let mut out = self.out.lock();
        out.write_all(&self.text)?;
        self.text.clear();
        out.flush()
    }

    /// Begins the document, up to the list of rows.
    fn open_document(&mut self) -> io::Result<()> {
        if self.document.is_some() {
            return Ok(());
        }
        let out = &mut self.text;
        let mut document = Document::begin_document(out)?;
        for (name, value) in self.head.as_object().into_iter().flatten() {
            document.write_field(out, name, value)?;
        }
        if let Some(bucket) = &self.location.bucket {
            let prefix = bytes_of(&self.location.prefix);
            let JsonName { text, encoded } = JsonName::from_bytes(&prefix);
            document.write_field(out, "bucket", bucket)?;
            document.write_field(out, "prefix", &text)?;
            if let Some(encoded) = encoded {
                document.write_field(out, "prefix_encoded", &encoded)?;
            }
        }
        document.begin_list(out, if self.location.bucket.is_some() { "objects" } else { "buckets" })?;
        self.document = Some(document);
        Ok(())
    }

    /// After a failure: the rows that came stay; the text form goes without its count, JSON says that it is not all.
    pub(super) fn give_up(&mut self) -> io::Result<()> {
        if self.form == OutputForm::Json && self.has_rows() { self.finish(false) } else { Ok(()) }
    }

    pub(super) fn has_rows(&self) -> bool {
        let Counts { buckets, objects, prefixes } = self.counts;
        buckets + objects + prefixes > 0
    }

    /// How many common prefixes came, if any did.
    pub(super) fn prefix_count(&self) -> Option<u64> {
        Some(self.counts.prefixes).filter(|count| *count > 0)
    }

    /// The last line, or the rest of the document.
    pub(super) fn finish(&mut self, complete: bool) -> io::Result<()> {
        match self.form {
            OutputForm::Text => {
                let summary = self.summary_line(complete);
                self.write_out()?;
                return output::write_summary(&mut self.out, &summary);
            }
            OutputForm::Ndjson => {}
            OutputForm::Json => {
                self.open_document()?;
                self.close_document(complete)?;
            }
        }
        self.write_out()
    }

    fn close_document(&mut self, complete: bool) -> io::Result<()> {
        let Some(mut document) = self.document.take() else { return Ok(()) };
        let out = &mut self.text;
        document.end_list(out)?;
        let mut count = self.counts.buckets;
        if self.location.bucket.is_some() {
            count = self.counts.objects;
            document.begin_list(out, "prefixes")?;
            for prefix in self.prefixes.iter() {
                document.write_item(out, &ListedPrefix(prefix))?;
            }
            document.end_list(out)?;
        }
        document.write_field(out, "count", &json!(count))?;
        document.write_field(out, "complete", &json!(complete))?;
        document.end_document(out)
    }

    fn summary_line(&self, complete: bool) -> String {
        let Counts { buckets, objects, prefixes } = self.counts;
        let more = if complete { "" } else { ", and more that are not listed" };
        match prefixes {
            _ if self.location.bucket.is_none() => format!("Buckets ({buckets}){more}"),
            1.. => format!("Items ({objects}), prefixes ({prefixes}){more}"),
            0 => format!("Items ({objects}){more}"),
        }
    }
}

impl Counts {
    fn count_of(&mut self, kind: RowKind) -> &mut u64 {
        match kind {
            RowKind::Object => &mut self.objects,
            RowKind::Prefix => &mut self.prefixes,
            RowKind::Bucket => &mut self.buckets,
        }
    }
}
