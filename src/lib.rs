//! Browse S3 buckets on borrowed time.

pub mod app;
pub mod aws;
pub mod cli;
pub mod clock;
pub mod domain;
pub mod interface;
pub mod keymap;
pub mod process;
pub mod run;
pub mod sandbox;
pub mod terminal;
pub mod ui;
pub mod worker;
