//! Pages of objects and common prefixes, read from the wire as they arrive.
//!
//! The SDK signs, sends, repeats and waits; but its parser takes milliseconds for a page, and accepts a truncated page
//! as complete. So [`body`] puts a [`reader`] of our own between the connection and the SDK.
//!
//! Invariant: a response that breaks the protocol is not a page.

mod asked;
mod body;
mod early;
mod reader;
mod rows;
mod values;

#[cfg(test)]
mod tests;

pub(super) use self::{
    asked::PageRequest,
    body::PageCollector,
    early::EarlyToken,
    values::{parse_etag, parse_number, parse_time, trim_word},
};
