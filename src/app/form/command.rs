//! The same as a command of the AWS CLI: shown, folded away, copied.
//!
//! Invariant: the command is signed by whoever would sign the request.

use super::SessionForm;
use crate::{
    app::{
        effect::{CopyText, Effect},
        wish::Wish,
    },
    domain::{
        mint::{CommandTarget, MintRequest},
        profile::{FALLBACK_REGION, Profile},
    },
};

/// Whose credentials sign the command.
enum Signer<'a> {
    /// Those of this profile.
    Profile(&'a str),
    /// Those that the CLI finds without a profile.
    Environment,
    /// A role profile's own keys, which no option of the CLI reaches.
    OutOfReach,
}

impl SessionForm {
    /// The command that asks STS for `request`; `None` where there is none.
    pub fn command(&self, request: &MintRequest) -> Option<String> {
        let profile = self.chosen()?;
        // Said in full: the CLI has no region of its own, or another one.
        let region = self.options.region.as_deref().or(profile.region.as_deref()).or(Some(FALLBACK_REGION));
        let profile = match self.signer(profile) {
            Signer::Profile(name) => Some(name),
            Signer::Environment => None,
            Signer::OutOfReach => return None,
        };
        let target = CommandTarget { profile, region, endpoint: self.sts_endpoint() };
        request.aws_cli_command(target)
    }

    /// Who signs. The CLI assumes a profile's role before anything else, so a profile's own role is assumed with the profile
    /// that it names as its source.
    fn signer<'a>(&self, profile: &'a Profile) -> Signer<'a> {
        let itself = if profile.ambient { Signer::Environment } else { Signer::Profile(&profile.name) };
        if !self.draft().is_of(profile) {
            return itself;
        }
        match (&profile.source_profile, &profile.credential_source) {
            (Some(source), _) if *source == profile.name => Signer::OutOfReach,
            (Some(source), _) => Signer::Profile(source),
            (None, Some(_)) => Signer::Environment,
            (None, None) => itself,
        }
    }

    /// Copies the command, or says why there is none.
    pub(super) fn copy_command(&self) -> Wish {
        match &self.checked {
            Err(_) => Wish::warn("nothing copied: the form is not complete"),
            Ok(checked) => match self.command(&checked.request) {
                Some(command) => Effect::Copy(CopyText::called(command, "the AWS CLI command")).into(),
                None => Wish::warn("nothing copied: there is no such AWS CLI command"),
            },
        }
    }
}
