//! One object: everything that is known of it, its versions, its content by ranges, links to it.
//!
//! | file | what it holds |
//! |---|---|
//! | `address` | bucket, key and perhaps a version |
//! | `details`, `part` | what `HeadObject` tells, and the further parts, each of which loads and fails alone |
//! | `head`, `encryption` | the answer of `HeadObject` |
//! | `etag`, `checksum`, `headers` | what an `ETag` is; checksums; the values of headers that have a form of their own |
//! | `encoded_word` | user metadata that is not ASCII |
//! | `version`, `as_of` | a version or delete marker; what was current at a time |
//! | `version_listing` | versions of one key or below a prefix, page by page |
//! | `past_time` | a time that a person types |
//! | `range` | bytes that are asked for, and bytes that came |
//! | `presign` | how long a link works, and why no longer |
//! | `permits` | what the session's policies say to each action on it |
//! | `past_listing` | one level of a location as of a time |
//! | `copies`, `place_copies` | its name, a prefix's and a bucket's, in every form that other tools take |
//!
//! Invariant: what a service did not tell is absent and never made up; what it told in an odd form is kept as it came,
//! with a note. All text from a service is foreign.

mod address;
mod as_of;
mod checksum;
mod copies;
mod details;
mod encoded_word;
mod encryption;
mod etag;
mod head;
mod headers;
mod part;
mod past_listing;
mod past_time;
mod permits;
mod place_copies;
mod presign;
mod range;
mod version;
mod version_listing;

pub use address::{NotAnObject, ObjectAddress};
pub use as_of::{AsOf, CANNOT_BE_KNOWN, CurrentThen};
pub use checksum::{ChecksumScope, StoredChecksum};
pub use copies::{CopyForm, CopyTarget, copy_text};
pub use details::{Annotation, ObjectAttributes, ObjectDetails, ObjectPart, ObjectTag, RetentionRule};
pub use encoded_word::decode_words;
pub use encryption::ObjectEncryption;
pub use etag::EtagMeaning;
pub use head::{ContentHeaders, MetadataEntry, ObjectHead, ObjectLock};
pub use headers::{ExpirationRule, RestoreStatus, parse_header_date};
pub use part::DetailPart;
pub use past_listing::{PastListing, PastRows};
pub use past_time::{NotAPastTime, parse_past_time};
pub use permits::{ObjectAction, Permit, explain_refusal, predict_location, predict_object};
pub use place_copies::copy_place_text;
pub use presign::{LinkMethod, PresignLimit, PresignPlan, PresignRequest, earlier_ends};
pub use range::{ByteRange, ReadCost, ServedRange};
pub use version::{ObjectVersion, VersionKind};
pub use version_listing::{VersionListing, VersionMarker, VersionTarget, VersionsPage, VersionsRequest};
