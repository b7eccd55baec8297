//! The members of archives, as far as what was read tells of them. No member is unpacked.
//!
//! Invariant: a member's name and size are shown as they are written; nothing is done with them.

mod tar;
mod zip;

pub(super) use tar::list_tar;
pub(super) use zip::{ZipStep, list_zip};

use super::{
    reply::{Preview, PreviewBody, PreviewTable, RowNumbering, SpanRole, TableColumn},
    request::PreviewView,
    rows::{RowBuilder, cell},
};

/// A member of an archive.
struct ArchiveMember {
    name: String,
    size: Option<u64>,
    modified: String,
    about: String,
}

/// Members as a table.
fn as_listing(kind: String, members: &[ArchiveMember]) -> Preview {
    let column = |name: &str, right| TableColumn { name: name.to_owned(), right };
    let columns = vec![column("Size", true), column("Modified", false), column("", false), column("Name", false)];
    let mut rows = RowBuilder::default();
    for (at, member) in members.iter().enumerate() {
        let size = member.size.map_or_else(|| "?".to_owned(), |size| size.to_string());
        let cells = vec![
            cell(&size, SpanRole::Number),
            cell(&member.modified, SpanRole::Number),
            cell(&member.about, SpanRole::Muted),
            cell(&member.name, SpanRole::Plain),
        ];
        if !rows.push(Some(at as u64 + 1), cells) {
            break;
        }
    }
    Preview {
        kind,
        view: PreviewView::Listing,
        views: vec![PreviewView::Listing, PreviewView::Hex],
        body: PreviewBody::Table(PreviewTable { columns, rows: rows.finish() }),
        numbering: RowNumbering::Rows,
        ..Preview::default()
    }
}
