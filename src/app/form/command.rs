//! The same as a command of the AWS CLI: shown, folded away, copied.
//!
//! Invariant: the command is signed by whoever would sign the request.

use super::SessionForm;
use crate::{
    app::{effect::Effect, wish::Wish},
    domain::{
        mint::{CommandTarget, MintRequest},
        profile::Profile,
    },
};

impl SessionForm {
    /// The command that asks STS for `request`; `None` where there is none.
    pub fn command(&self, request: &MintRequest) -> Option<String> {
        let profile = self.chosen()?;
        let region = self.options.region.as_deref().or(profile.region.as_deref());
        let target = CommandTarget { profile: self.signer(profile)?, region, endpoint: self.sts_endpoint() };
        request.aws_cli_command(target)
    }

    /// The profile that signs; the inner `None` is the environment. The CLI assumes a profile's role before anything else,
    /// so a profile's own role is assumed with the profile that it names as its source.
    fn signer<'a>(&self, profile: &'a Profile) -> Option<Option<&'a str>> {
        let name = (!profile.ambient).then_some(profile.name.as_str());
        if !self.draft().is_of(profile) || profile.role_arn.is_none() {
            return Some(name);
        }
        match (&profile.source_profile, &profile.credential_source) {
            // Its own keys, which no option of the CLI reaches.
            (Some(source), _) if *source == profile.name => None,
            (Some(source), _) => Some(Some(source)),
            (None, Some(_)) => Some(None),
            (None, None) => Some(name),
        }
    }

    /// Copies the command, or says why there is none.
    pub(super) fn copy_command(&self) -> Wish {
        match &self.checked {
            Err(_) => Wish::warn("nothing copied: the form is not complete"),
            Ok(checked) => match self.command(&checked.request) {
                Some(command) => Effect::Copy(command).into(),
                None => Wish::warn("nothing copied: there is no such AWS CLI command"),
            },
        }
    }
}
