//! Browse S3 buckets on borrowed time.

pub mod app;
pub mod aws;
pub mod clock;
pub mod domain;
pub mod keymap;
pub mod run;
pub mod terminal;
pub mod ui;
pub mod worker;
