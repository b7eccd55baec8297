//! Whether AWS's limits hold.
//!
//! Invariant: they hold where AWS answers, and nowhere else.

/// Who will judge the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limits {
    /// AWS answers: its limits refuse a draft.
    Enforced,
    /// Another endpoint answers: AWS's limits are advice.
    Advised,
}
