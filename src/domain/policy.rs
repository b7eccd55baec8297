//! stub
use super::location::Location;
/// How far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// list
    List,
    /// read
    Read,
    /// write
    Write,
}
/// Policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionPolicy {
    json: String,
    summary: String,
}
/// Err.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {reason}")]
pub struct PolicyError {
    /// l
    pub line: usize,
    /// c
    pub column: usize,
    /// r
    pub reason: String,
}
impl SessionPolicy {
    /// most
    pub const MOST_CHARACTERS: usize = 2048;
    /// parse
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        match serde_json::from_str::<serde_json::Value>(text) {
            Ok(v) => Ok(Self { json: v.to_string(), summary: String::new() }),
            Err(e) => Err(PolicyError { line: e.line(), column: e.column(), reason: e.to_string() }),
        }
    }
    /// for
    pub fn for_scope(_access: Access, _location: &Location) -> Self {
        Self { json: "{}".into(), summary: String::new() }
    }
    /// json
    pub fn as_json(&self) -> &str {
        &self.json
    }
    /// words
    pub fn summary(&self) -> String {
        self.summary.clone()
    }
}
