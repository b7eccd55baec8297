//! The output formats of `mint`.
//!
//! Invariant: only text is without secrets; every other format must be named with `-o`.

use clap::ValueEnum;

/// In which form `mint` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum MintOutput {
    /// Lines for people, without secrets
    Text,
    /// One JSON document, as the AWS CLI's `credential_process`
    Json,
    /// The same on one line
    Ndjson,
    /// Variables for sh, bash and zsh
    Env,
    /// Variables for fish
    Fish,
    /// Variables for `PowerShell`
    Powershell,
    /// A profile for ~/.aws/credentials
    Ini,
}

/// Whether a profile's section can have this name without quotes.
pub(super) fn profile_name(text: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_-.@+=,/:".contains(c);
    if !text.is_empty() && text.chars().all(allowed) {
        return Ok(text.to_owned());
    }
    Err("use letters, digits and _-.@+=,/:".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_brackets() {
        for name in ["", "a]", "a b", "a\nb", "[a", "#a", "é"] {
            assert!(profile_name(name).is_err(), "{name}");
        }
        assert_eq!(profile_name("team-a/reader@tide").as_deref(), Ok("team-a/reader@tide"));
    }
}
