//! Calls about one object: what is known of it, its versions, its content, links to it.
//!
//! | file | what it does |
//! |---|---|
//! | `collector`, `headers` | takes the headers of a response past the SDK, and reads them |
//! | `head` | `HeadObject` |
//! | `parts` | tags, retention, legal hold |
//! | `attributes` | `GetObjectAttributes`, all pages of parts |
//! | `annotations` | annotations: listed, and read one by one |
//! | `versions` | `ListObjectVersions`, read strictly |
//! | `read`, `stream` | content by ranges; goes on where a connection broke |
//! | `presign` | links |
//! | `probes` | the requests that tell what is really allowed |
//!
//! Invariant: nothing here changes an object. A response is believed only as far as it keeps its own promises: a body
//! that is shorter or longer than it says is a failure, and so is an object that changes while it is read.

mod annotations;
mod attributes;
mod collector;
mod head;
mod headers;
mod parts;
mod presign;
mod probes;
mod read;
mod stream;
mod versions;

#[cfg(test)]
mod tests;

pub use presign::PresignedLink;
pub use probes::ObjectProbe;
pub use read::{ReadBytes, ReadRequest};
pub use stream::ObjectStream;

use crate::domain::failure::{Failure, FailureKind};

/// The `ETag` as a condition: with quotes. A weak one never holds. <https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1>
fn as_condition(etag: &str) -> Option<String> {
    (!etag.is_empty() && !etag.starts_with("W/")).then(|| format!("\"{etag}\""))
}

/// A failure whose status says more than its code, as there is none to HEAD: what is gone, and what is only a mark.
fn explain_absence(failure: Failure, is_delete_marker: bool) -> Failure {
    match (is_delete_marker, failure.status) {
        (true, Some(405)) => Failure {
            kind: FailureKind::NotFound,
            message: "this version is a delete marker and has no content".into(),
            ..failure
        },
        (true, _) => Failure {
            kind: FailureKind::NotFound,
            message: "it is deleted: its current version is a delete marker".into(),
            ..failure
        }
        .with_hint("`ebbtide versions` with the same address lists its versions"),
        // To HEAD there is no body that could say which of the two it is.
        (false, Some(404)) if failure.message == NO_REASON => {
            Failure { message: "no such object, or no such bucket".into(), ..failure }
        }
        _ => failure,
    }
}

/// What stands for a message where a response has none.
const NO_REASON: &str = "no reason given";
