//! The sandbox, asked by the real SDK: every duty and every refusal it promises.

#[path = "../support/mod.rs"]
mod support;

mod attributes;
mod federation;
mod iam;
mod kinds;
mod labels;
mod listing;
mod mfa;
mod minting;
mod objects;
mod preflight;
mod reading;
mod resuming;
mod rights;
mod served;
mod settings;
mod signing;
mod versions;
