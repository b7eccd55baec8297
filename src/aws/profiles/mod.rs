//! The profiles of the AWS config files and the environment, by the precedence of the AWS SDKs.
//!
//! Invariant: no request is sent. A profile that does not exist is an error, never a reason to look for credentials
//! elsewhere. A profile that cannot be used is listed all the same, with what is wrong.

use super::{
    credential_chain::{self, BaseCredentials, CredentialChain},
    endpoint::without_password,
    fault::ChainFault,
    file_keys,
    files::FilePlace,
    lines::SectionKind,
    loaded::LoadedFiles,
    problems,
    sections::Section,
};
use crate::domain::{
    failure::{Failure, FailureKind},
    profile::{Profile, ProfileChoice, ProfileKind, ProfileProblem},
};

impl LoadedFiles {
    /// Every profile: first what is used when nothing is said, then the selected one, then by name, then the other
    /// surroundings.
    pub(super) fn profiles(&self) -> Vec<Profile> {
        let named = self.sections.names().into_iter().filter_map(|name| self.section(name));
        let mut all: Vec<Profile> =
            named.map(|section| self.describe_profile(section)).chain(self.left_out()).collect();
        let selected = &self.sections.selected;
        all.sort_by_cached_key(|profile| (profile.name != *selected, profile.name.clone()));
        all.extend(self.ambient_profiles());
        if let Ok(unsaid) = self.find_profile(&ProfileChoice::Unsaid)
            && let Some(at) = all.iter().position(|profile| profile.choice() == unsaid.choice())
        {
            all[..=at].rotate_right(1);
        }
        all
    }

    /// Whose credentials a choice means; the profile it names has been selected by [`ConfigFiles::load_files`](super::files::Files::load).
    ///
    /// # Errors
    /// `NotFound` for what is not there, `Invalid` for what cannot be right.
    pub(super) fn choose_profile(&self, choice: &ProfileChoice) -> Result<Profile, Failure> {
        let found = self.find_profile(choice)?;
        match found.obstacle() {
            Some(problem) => Err(unusable_profile(&found, problem)),
            None => Ok(found),
        }
    }

    /// Why a profile's route cannot be followed.
    pub(super) fn chain_failure(&self, profile: &Profile, fault: &ChainFault) -> Failure {
        unusable_profile(profile, &self.fault_problem(fault))
    }

    fn find_profile(&self, choice: &ProfileChoice) -> Result<Profile, Failure> {
        let given = |wanted: ProfileKind| self.ambient_profiles().into_iter().find(|profile| profile.kind == wanted);
        match choice {
            ProfileChoice::Unsaid => self.default_profile(),
            ProfileChoice::Named(name) => self.named_profile(name),
            ProfileChoice::Environment => given(ProfileKind::Environment)
                .ok_or_else(|| self.not_given("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set")),
            ProfileChoice::WebIdentity => given(ProfileKind::WebIdentity)
                .ok_or_else(|| self.not_given("AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN are not set")),
            ProfileChoice::Container => given(ProfileKind::Container).ok_or_else(|| {
                let variables = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI";
                self.not_given(&format!("{variables} are not set"))
            }),
            // Nothing has to announce it: whoever asks for it knows where they are.
            ProfileChoice::Instance => Ok(self.ambient_profile("instance", ProfileKind::Instance)),
        }
    }

    /// The default credentials, in the order of the AWS CLI and boto3: the environment's keys, the selected profile's
    /// role, the environment's web identity, what else the selected profile has, the container. Two things are stricter.
    /// The role of an instance is never a default: `--source instance` has to be given. And a profile that a variable
    /// names and that has no credentials is an error, never a reason to ask the container.
    fn default_profile(&self) -> Result<Profile, Failure> {
        let mut given = self.ambient_profiles();
        given.retain(|profile| profile.kind != ProfileKind::Instance);
        let mut take = |kind: ProfileKind| {
            let at = given.iter().position(|profile| profile.kind == kind)?;
            Some(given.swap_remove(at))
        };
        let selected = self.named_profile(&self.sections.selected);
        if let (Err(missing), Some(variable)) = (&selected, self.named_by) {
            let hint = format!("{variable} selects this profile; {}", missing.hint.as_deref().unwrap_or_default());
            return Err(missing.clone().with_hint(hint));
        }
        if let Some(keys) = take(ProfileKind::Environment) {
            return Ok(keys);
        }
        let is_role = selected.as_ref().is_ok_and(|profile| profile.kind == ProfileKind::Role);
        if let Some(identity) = take(ProfileKind::WebIdentity).filter(|_| !is_role) {
            return Ok(identity);
        }
        let section = self.section(&self.sections.selected);
        let is_usable = section.is_some_and(|section| !credential_chain::says_nothing(section));
        if is_usable || self.named_by.is_some() {
            return selected;
        }
        take(ProfileKind::Container).map_or(selected, Ok)
    }

    fn named_profile(&self, name: &str) -> Result<Profile, Failure> {
        let listed = self.section(name).map(|section| self.describe_profile(section));
        listed.or_else(|| self.left_out().find(|profile| profile.name == name)).ok_or_else(|| {
            let why = "there is no such profile in the AWS config files";
            Failure::local(FailureKind::NotFound, "find the profile", name, why).with_hint(self.other_profiles())
        })
    }

    fn not_given(&self, why: &str) -> Failure {
        Failure::local(FailureKind::NotFound, "use the credentials in the environment", "", why)
            .with_hint(self.other_profiles())
    }

    /// From what a profile's credentials are made.
    pub(super) fn role_chain(&self, profile: &Profile) -> Result<CredentialChain, ChainFault> {
        let lost = |text: &str| ChainFault {
            section: (SectionKind::Profile, profile.name.clone()),
            key: None,
            text: text.to_owned(),
        };
        if !profile.ambient {
            let section =
                self.section(&profile.name).ok_or_else(|| lost("there is no such profile in the AWS config files"))?;
            return CredentialChain::of_profile(&self.sections, section);
        }
        Ok(CredentialChain::ambient(match profile.kind {
            ProfileKind::WebIdentity => {
                let identity = self.environment_web_identity();
                let identity = identity.unwrap_or_else(|| Err("the environment has no web identity".into()));
                BaseCredentials::WebIdentity(identity.map_err(|why| lost(&why))?)
            }
            ProfileKind::Container => BaseCredentials::Container,
            ProfileKind::Instance => BaseCredentials::Instance,
            _ => BaseCredentials::Environment,
        }))
    }

    /// What is wrong with the end that a file states for a profile's keys.
    fn unreadable_end_of(&self, name: &str) -> Option<ProfileProblem> {
        let (key, text) = file_keys::odd_end(self.section(name)?)?;
        Some(ProfileProblem { text, place: self.lines.line_of(SectionKind::Profile, name, Some(key)), blocks: false })
    }

    fn other_profiles(&self) -> String {
        let names: Vec<&str> = self.sections.names().into_iter().collect();
        let sections = match names.as_slice() {
            [] => return self.no_profiles(),
            few if few.len() <= 12 => format!("available profiles: {}", few.join(", ")),
            many => format!("available profiles: {}, … ({} in total)", many[..11].join(", "), many.len()),
        };
        // A variable that names no file is more likely wrong than meant.
        let lost = self.places.iter().filter(|place| place.variable.is_some() && !place.is_there);
        lost.fold(sections, |sections, place| format!("{sections}; {}", place.in_words()))
    }

    fn no_profiles(&self) -> String {
        let places: Vec<String> = self.places.iter().map(FilePlace::in_words).collect();
        let places = places.join("; ");
        if self.is_an_instance {
            return format!(
                "there are no profiles ({places}): use the role of this EC2 instance with --source instance"
            );
        }
        let or_demo = if cfg!(feature = "sandbox") { ", or try `ebbtide demo`" } else { "" };
        format!("there are no profiles ({places}): create one with `aws configure`{or_demo}")
    }

    /// The sources that the environment and the machine offer; no request is sent.
    fn ambient_profiles(&self) -> Vec<Profile> {
        let metadata = self.metadata_variables();
        let is_instance = self.is_an_instance || metadata.instance_endpoint.is_some();
        [
            (self.environment_keys().is_some(), "environment", ProfileKind::Environment),
            (self.environment_web_identity().is_some(), "web identity", ProfileKind::WebIdentity),
            (metadata.names_a_container(), "container", ProfileKind::Container),
            (is_instance && !metadata.forbids_the_instance(), "instance", ProfileKind::Instance),
        ]
        .into_iter()
        .filter(|(given, ..)| *given)
        .map(|(_, name, kind)| self.ambient_profile(name, kind))
        .collect()
    }

    fn ambient_profile(&self, name: &str, kind: ProfileKind) -> Profile {
        let identity =
            self.environment_web_identity().and_then(Result::ok).filter(|_| kind == ProfileKind::WebIdentity);
        let (sts_endpoint, sts_endpoint_origin) = printable_endpoint(self.selected_endpoint("STS")).unzip();
        let (s3_endpoint, s3_endpoint_origin) = printable_endpoint(self.selected_endpoint("S3")).unzip();
        let mut profile = Profile {
            name: name.to_owned(),
            kind,
            has_session_token: self.has_session_token(kind),
            ambient: true,
            region: self.selected_region(),
            account: identity.and_then(|identity| account_of(&identity.role_arn)),
            sts_endpoint,
            sts_endpoint_origin,
            s3_endpoint,
            s3_endpoint_origin,
            unreadable_end: self.unreadable_end_of_the_environment().filter(|_| kind == ProfileKind::Environment),
            ..Profile::default()
        };
        profile.problem = problems::first_problem(self, &profile, &self.role_chain(&profile));
        profile
    }

    /// Whether a session token comes with keys of this kind.
    fn has_session_token(&self, kind: ProfileKind) -> bool {
        let of_the_environment =
            || self.environment_keys().and_then(Result::ok).is_some_and(|keys| keys.session_token.is_some());
        kind == ProfileKind::SessionKeys || kind == ProfileKind::Environment && of_the_environment()
    }

    /// Whether the last role of a route is assumed with temporary credentials. What a command prints is not known.
    fn chains_roles(&self, route: &CredentialChain) -> bool {
        let temporary_base = match &route.base {
            BaseCredentials::Keys(keys) => keys.session_token.is_some(),
            BaseCredentials::Environment => self.has_session_token(ProfileKind::Environment),
            BaseCredentials::Process(_) => false,
            BaseCredentials::Sso(_)
            | BaseCredentials::WebIdentity(_)
            | BaseCredentials::Container
            | BaseCredentials::Instance => true,
        };
        match route.roles.len() {
            0 => false,
            1 => temporary_base,
            _ => true,
        }
    }

    /// Sections that look like profiles, but are ignored.
    fn left_out(&self) -> impl Iterator<Item = Profile> {
        let lost = self.lines.ignored_sections().iter().filter(|(name, _)| self.section(name).is_none());
        lost.map(|(name, problem)| Profile { name: name.clone(), problem: Some(problem.clone()), ..Profile::default() })
    }

    /// A profile, with what environment and files together say about it.
    pub(super) fn describe_profile(&self, section: Section<'_>) -> Profile {
        let (sts_endpoint, sts_endpoint_origin) = printable_endpoint(self.endpoint_for(section.name(), "STS")).unzip();
        let (s3_endpoint, s3_endpoint_origin) = printable_endpoint(self.endpoint_for(section.name(), "S3")).unzip();
        let mut profile = Profile {
            name: section.name().to_owned(),
            kind: credential_chain::profile_kind(section),
            has_session_token: self.has_session_token(credential_chain::profile_kind(section)),
            ambient: false,
            region: self.region_of(section.name()),
            account: section_account(section),
            sts_endpoint,
            sts_endpoint_origin,
            s3_endpoint,
            s3_endpoint_origin,
            // A web identity's role is where its credentials come from, not one to assume with them.
            role_arn: section
                .setting_owned("role_arn")
                .filter(|_| section.setting("web_identity_token_file").is_none()),
            source_profile: section.setting_owned("source_profile"),
            credential_source: section.setting_owned("credential_source"),
            external_id: section.setting_owned("external_id"),
            role_session_name: section.setting_owned("role_session_name"),
            duration_seconds: section.setting("duration_seconds").and_then(|seconds| seconds.parse().ok()),
            mfa_serial: section.setting_owned("mfa_serial"),
            mfa_process: section.setting_owned("mfa_process"),
            command: None,
            unreadable_end: None,
            chains_roles: false,
            problem: None,
        };
        let route = self.role_chain(&profile);
        profile.chains_roles = route.as_ref().is_ok_and(|route| self.chains_roles(route));
        match &route {
            Ok(CredentialChain { base: BaseCredentials::Process(command), .. }) => {
                profile.command = Some(command.clone());
            }
            Ok(CredentialChain { base: BaseCredentials::Environment, .. }) => {
                profile.unreadable_end = self.unreadable_end_of_the_environment();
            }
            Ok(CredentialChain { base: BaseCredentials::Keys(_), base_profile: Some(name), .. }) => {
                profile.unreadable_end = self.unreadable_end_of(name);
            }
            _ => {}
        }
        profile.problem = problems::first_problem(self, &profile, &route);
        profile
    }
}

/// An endpoint as it may be shown, with what named it.
fn printable_endpoint(endpoint: Option<(String, String)>) -> Option<(String, String)> {
    endpoint.map(|(url, origin)| (without_password(&url).into_owned(), origin))
}

fn unusable_profile(profile: &Profile, problem: &ProfileProblem) -> Failure {
    let hint = if profile.ambient {
        "correct or unset the variable, or choose a profile with --profile"
    } else {
        "correct the profile in the AWS config files, or choose another one"
    };
    Failure::local(FailureKind::Invalid, "use", profile.in_words(), problem.to_string()).with_hint(hint)
}

/// The account whose credentials a profile gives, where its section tells.
fn section_account(section: Section<'_>) -> Option<String> {
    let plain = |key| section.setting(key).filter(|account| is_account(account)).map(str::to_owned);
    let of_arn = |key| section.setting(key).and_then(account_of);
    of_arn("role_arn")
        .or_else(|| plain("sso_account_id"))
        .or_else(|| plain("aws_account_id"))
        .or_else(|| of_arn("mfa_serial"))
}

/// The account in `arn:aws:iam::ACCOUNT:…`.
pub(super) fn account_of(arn: &str) -> Option<String> {
    arn.split(':').nth(4).filter(|account| is_account(account)).map(str::to_owned)
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
pub(super) mod tests;
