//! Browse S3 buckets on borrowed time.

pub mod aws;
pub mod cli;
pub mod clock;
pub mod domain;
pub mod process;
pub mod sandbox;
