//! Environment variables about credentials: keys, a web identity, metadata services.
//!
//! Invariant: an error about unusable keys names the variable and never quotes its value.

use super::{
    loaded::Loaded,
    metadata::Variables,
    route::{WebIdentity, unsendable},
    variables::{KEY, PROFILE_VARIABLES, SECRET, TOKENS},
};
use crate::{
    domain::{
        credentials::{Credentials, KeyPart},
        profile::Problem,
        stated_end::stated_end,
    },
    handover::EXPIRATION,
};

impl Loaded {
    /// The keys in the environment, if there is an access key ID, or why they cannot be used. Values are taken as they
    /// are: a value with a space would otherwise become another identity's.
    pub(super) fn environment_keys(&self) -> Option<Result<Credentials, String>> {
        let raw = |name: &str| self.env.get(name).ok().filter(|value| !value.is_empty());
        let key = raw(KEY)?;
        let Some(secret) = raw(SECRET) else { return Some(Err(format!("{KEY} is set, but {SECRET} is not"))) };
        let token = TOKENS.into_iter().find_map(|name| Some((raw(name)?, name)));
        let name_of = |part| match part {
            KeyPart::KeyId => KEY,
            KeyPart::Secret => SECRET,
            KeyPart::Token => token.as_ref().map_or(TOKENS[1], |(_, name)| name),
        };
        let keys = Credentials {
            access_key_id: key,
            secret_access_key: secret.into(),
            session_token: token.as_ref().map(|(token, _)| token.as_str().into()),
            expiration: self.variable(EXPIRATION).and_then(|text| stated_end(&text).ok()),
        };
        let odd = keys.oddity().map(|(part, why)| format!("{} cannot be used: {why}", name_of(part)));
        Some(odd.map_or(Ok(keys), Err))
    }

    /// What is wrong with the end that the environment states for its keys.
    pub(super) fn unreadable_end_of_the_environment(&self) -> Option<Problem> {
        let refusal = stated_end(&self.variable(EXPIRATION)?).err()?;
        Some(Problem { text: format!("{EXPIRATION}: {refusal}"), place: None, blocks: false })
    }

    /// Two variables that should say the same and do not, of those the chosen credentials depend on.
    pub(super) fn contradiction(&self) -> Option<String> {
        let differ = |[counts, other]: [&'static str; 2]| {
            let (value, passed_over) = (self.variable(counts)?, self.variable(other)?);
            (value != passed_over).then_some([counts, other])
        };
        let [counts, other] =
            if self.environment_keys().is_some() { differ(TOKENS) } else { differ(PROFILE_VARIABLES) }?;
        Some(format!("{counts} and {other} differ: {counts} is used, as by the AWS CLI; unset one of them"))
    }

    /// The role and token that the environment names, or what it leaves open. As for the AWS CLI and boto3, what one of
    /// its variables does not say the selected profile may.
    pub(super) fn environment_web_identity(&self) -> Option<Result<WebIdentity, String>> {
        let (role, token) = (self.variable("AWS_ROLE_ARN"), self.variable("AWS_WEB_IDENTITY_TOKEN_FILE"));
        if role.is_none() && token.is_none() {
            return None;
        }
        let of_profile = |key| self.section(&self.sections.selected)?.owned(key);
        let token_file = token.or_else(|| of_profile("web_identity_token_file"))?;
        let session_name = self.variable("AWS_ROLE_SESSION_NAME").or_else(|| of_profile("role_session_name"));
        let role = role.or_else(|| of_profile("role_arn"));
        for (name, text) in [("AWS_ROLE_ARN", &role), ("AWS_ROLE_SESSION_NAME", &session_name)] {
            if let Some(why) = text.as_deref().and_then(unsendable) {
                return Some(Err(format!("{name} cannot be used: {why}")));
            }
        }
        let open = "AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not";
        Some(role.map(|role_arn| WebIdentity { role_arn, token_file, session_name }).ok_or_else(|| open.into()))
    }

    /// What the environment says of metadata services.
    pub(super) fn metadata(&self) -> Variables {
        Variables {
            disabled: self.variable("AWS_EC2_METADATA_DISABLED"),
            instance_endpoint: self.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT"),
            instance_mode: self.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"),
            container_relative: self.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
            container_full: self.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI"),
            odd_container_token: self
                .env
                .get("AWS_CONTAINER_AUTHORIZATION_TOKEN")
                .ok()
                .and_then(|token| unsendable(&token)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::aws::profiles::tests::loaded_from;

    #[tokio::test]
    async fn the_environments_keys_end_when_the_environment_says_and_what_it_cannot_mean_is_told() {
        let keys = [("AWS_ACCESS_KEY_ID", "ASIA"), ("AWS_SECRET_ACCESS_KEY", "s"), ("AWS_SESSION_TOKEN", "t")];
        let config = "[profile via]\nrole_arn = arn:aws:iam::111122223333:role/a\ncredential_source = Environment\n";
        for (stated, end, refusal) in [
            (None, None, None),
            (Some(""), None, None),
            (Some("2036-11-30T00:40:00Z"), Some(2_111_618_400), None),
            (Some("soon"), None, Some("AWS_CREDENTIAL_EXPIRATION: not a time: soon")),
        ] {
            let env: Vec<(&str, &str)> =
                keys.into_iter().chain(stated.map(|text| ("AWS_CREDENTIAL_EXPIRATION", text))).collect();
            let loaded = loaded_from(config, &env, None).await.unwrap();
            let found = loaded.environment_keys().unwrap().unwrap().expiration.map(jiff::Timestamp::as_second);
            assert_eq!(found, end, "{stated:?}");
            for profile in loaded.profiles() {
                let told = profile.unreadable_end.as_ref().map(|problem| problem.text.as_str());
                assert_eq!(told, refusal, "{stated:?} {}", profile.name);
                assert_eq!(profile.problem.map(|problem| problem.text).as_deref(), refusal, "{stated:?}");
            }
        }
    }
}
