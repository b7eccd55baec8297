//! Values and their rules, in the field's own terms.
//!
//! Invariant: nothing here waits, asks the time, reads a file or knows of a terminal or of an SDK.
//!
//! | term | meaning |
//! |---|---|
//! | profile | a named source of credentials in the shared config files |
//! | mode | how a profile becomes a session: session token, federation token, assumed role, or not at all (direct) |
//! | session | temporary credentials with an identity, a lifetime and perhaps a session policy |
//! | scope | bucket, prefix and verbs that a session is narrowed to; sent as a session policy |
//! | session policy | a policy that goes with the mint; rights are its intersection with the source's |
//! | preflight | who would mint, asked before minting, and what that kind of identity may mint |
//! | standing | where whoever was refused stood; the translator says by it what a refusal means |
//! | location | every bucket, or a bucket and a prefix |
//! | name | a bucket's name, a whole key or common prefix; any bytes, kept as text that stands for them |
//! | common prefix | what keys below a delimiter are rolled up to; a row that can be opened |
//! | continuation token | opaque; continues a listing after its last page |
//! | expiration | when the service will refuse the session, by the service's clock |

pub mod clock_doubt;
pub mod console;
pub mod credentials;
pub mod duration;
pub mod ending;
pub mod failure;
pub mod iam;
pub mod identity;
pub mod lifetime;
pub mod listing;
pub mod location;
pub mod mint;
pub mod moment;
pub mod name_text;
pub mod numbers;
pub mod patience;
pub mod policy;
pub mod profile;
pub mod recent;
pub mod safe_text;
pub mod session;
pub mod stated_end;
pub mod totp;
pub mod translator;
