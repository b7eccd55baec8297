//! What the tests share.

pub(crate) mod in_process;
