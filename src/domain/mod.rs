//! Values and their rules, in AWS's terms.
//!
//! Invariant: nothing here waits, reads the clock or a file, or uses the terminal or the SDK. Of other crates it uses
//! those for values: times, JSON, secrets, encodings, hashes and the width of text. Two atomics are shared between
//! threads: the counter of a listing's requests, and the stop sign of work on all rows.
//!
//! | term | meaning |
//! |---|---|
//! | profile | a named source of credentials in the shared config files |
//! | mode | how a profile becomes a session: session token, federation token, assumed role, or not at all (direct) |
//! | session | temporary credentials with an identity, a lifetime and perhaps a session policy |
//! | scope | bucket, prefix and verbs that a session is limited to; sent as a session policy |
//! | session policy | a policy sent when minting; the session has the permissions that both it and the source allow |
//! | preflight | the identity that would mint, looked up before minting, and what it can mint |
//! | error context | what is known of the session that was refused; the translator uses it to say what a refusal means |
//! | location | the list of buckets, or a bucket and a prefix |
//! | name | a bucket's name, a whole key or common prefix; any bytes, kept as text that stands for them |
//! | common prefix | a group of keys up to a delimiter; a row that can be opened |
//! | continuation token | opaque; continues a listing after its last page |
//! | expiration | when the session stops working, by the service's clock |

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
pub mod object;
pub mod patience;
pub mod policy;
pub mod profile;
pub mod recent;
pub mod safe_text;
pub mod session;
pub mod stated_end;
pub mod totp;
pub mod translator;
