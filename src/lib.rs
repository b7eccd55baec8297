//! Browse S3 buckets on borrowed time.

pub mod clock;
pub mod domain;
