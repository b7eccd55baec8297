//! Versions, as text and as JSON.
//!
//! Invariant: a key in JSON is what the service sent; text for people goes through [`printable`].

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::{
    cli::{
        json::{Document, write_compact},
        ls::JsonName,
        output::{OutputForm, format_time, write_summary},
    },
    domain::{name_text::bytes_of, object::ObjectVersion, safe_text::printable},
};

/// Prints versions as they come.
pub(super) struct VersionPrinter {
    form: OutputForm,
    /// What the document says before the rows.
    head: Value,
    document: Option<Document>,
    text: Vec<u8>,
    pub(super) contents: u64,
    pub(super) markers: u64,
}

impl VersionPrinter {
    /// `head` is what the JSON document begins with.
    pub(super) fn new(form: OutputForm, head: Value) -> Self {
        Self { form, head, document: None, text: vec![], contents: 0, markers: 0 }
    }

    /// How many rows were printed.
    pub(super) fn count(&self) -> u64 {
        self.contents + self.markers
    }

    pub(super) fn print_versions(&mut self, versions: &[ObjectVersion]) -> io::Result<()> {
        for version in versions {
            *(if version.is_delete_marker() { &mut self.markers } else { &mut self.contents }) += 1;
            match self.form {
                OutputForm::Text => write_text_row(&mut self.text, version)?,
                OutputForm::Ndjson => {
                    write_compact(&mut self.text, &version_json(version))?;
                    self.text.push(b'\n');
                }
                OutputForm::Json => {
                    self.open_document()?;
                    if let Some(document) = &mut self.document {
                        document.write_item(&mut self.text, &version_json(version))?;
                    }
                }
            }
        }
        self.write_out()
    }

    fn open_document(&mut self) -> io::Result<()> {
        if self.document.is_some() {
            return Ok(());
        }
        let mut document = Document::begin_document(&mut self.text)?;
        for (name, value) in self.head.as_object().into_iter().flatten() {
            document.write_field(&mut self.text, name, value)?;
        }
        document.begin_list(&mut self.text, "versions")?;
        self.document = Some(document);
        Ok(())
    }

    /// The last line of the text form, or the rest of the document.
    pub(super) fn finish(&mut self, summary: Option<&str>) -> io::Result<()> {
        let is_complete = summary.is_some();
        match self.form {
            OutputForm::Text => {
                return summary.map_or(Ok(()), |summary| write_summary(&mut io::stdout(), summary));
            }
            OutputForm::Ndjson => {}
            OutputForm::Json => {
                self.open_document()?;
                let count = self.count();
                if let Some(mut document) = self.document.take() {
                    document.end_list(&mut self.text)?;
                    document.write_field(&mut self.text, "count", &count)?;
                    document.write_field(&mut self.text, "complete", &is_complete)?;
                    document.end_document(&mut self.text)?;
                }
            }
        }
        self.write_out()
    }

    fn write_out(&mut self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(&self.text)?;
        self.text.clear();
        out.flush()
    }
}

fn version_json(version: &ObjectVersion) -> Value {
    let key = bytes_of(&version.key);
    let JsonName { text, encoded } = JsonName::from_bytes(&key);
    let mut row = json!({ "key": text });
    if let Some(encoded) = encoded {
        row["key_encoded"] = encoded.into();
    }
    row["version_id"] = version.version_id.clone().into();
    row["is_latest"] = version.is_latest.into();
    row["delete_marker"] = version.is_delete_marker().into();
    row["size"] = version.size().into();
    row["etag"] = version.etag().into();
    row["last_modified"] = json!(version.last_modified);
    row
}

/// Date, size, version, key; `current` behind the one that is.
fn write_text_row(out: &mut Vec<u8>, version: &ObjectVersion) -> io::Result<()> {
    let size = match version.size() {
        Some(size) => size.to_string(),
        None if version.is_delete_marker() => "delete marker".into(),
        None => "—".into(),
    };
    let id = printable(version.version_id.as_deref().unwrap_or("-"));
    let current = if version.is_latest { "  (current)" } else { "" };
    writeln!(out, "{}  {size:>14}  {id:<32}  {}{current}", format_time(version.last_modified), printable(&version.key))
}
