//! Pages of objects and common prefixes, read off the wire as they arrive.
//!
//! The SDK signs, sends, repeats and waits; but its parser takes milliseconds for a page, and takes a truncated one for
//! whole. So [`body`] puts a [`reader`] of our own between the connection and the SDK.
//!
//! Invariant: an answer that breaks the protocol's promises is no page.

mod asked;
mod body;
mod early;
mod reader;
mod rows;
mod values;

#[cfg(test)]
mod tests;

pub(super) use self::{asked::Asked, body::PageTaker, early::Early};
