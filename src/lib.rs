//! Browse S3 buckets on borrowed time.

pub mod cli;
pub mod clock;
pub mod domain;
pub mod sandbox;
