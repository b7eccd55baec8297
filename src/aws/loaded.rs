//! The shared config files and the environment as they were read, with one profile selected.
//!
//! Invariant: everything that is said of profiles goes by one reading of the files, so it agrees. What it means is not said
//! here: see [`profiles`](super::profiles), [`environment`](super::environment) and [`settings`](super::settings).

use std::path::PathBuf;

use aws_types::os_shim_internal::Env;

use super::{
    fault::Fault,
    files::{self, Files, Place},
    lines::Lines,
    metadata,
    sections::{DEFAULT, Section, Sections, with_one_default, with_plain_heads},
    variables::{check_variables, profile_named, variable},
};
use crate::domain::{
    failure::Failure,
    profile::{self, Problem},
};

/// The files as they were read, with one profile selected.
#[derive(Debug, Clone)]
pub(super) struct Loaded {
    pub(super) places: Vec<Place>,
    pub(super) lines: Lines,
    pub(super) env: Env,
    pub(super) sections: Sections,
    /// The variable that names the selected profile, where one does.
    pub(super) named_by: Option<&'static str>,
    /// Whether this machine is an EC2 instance.
    pub(super) is_an_instance: bool,
}

impl Files {
    /// Reads the files and selects `profile`, else the one that the environment names, else `default`.
    pub(super) async fn load(&self, profile: Option<&str>) -> Result<Loaded, Failure> {
        check_variables(&self.env)?;
        let [mut config, mut credentials] = self.read().await?;
        credentials.text = with_plain_heads(&credentials.text);
        let plain = with_plain_heads(&config.text);
        let (text, two_defaults) = with_one_default(&plain);
        config.text = text.into_owned();
        let by_variable = profile_named(&self.env).filter(|_| profile.is_none());
        let named_by = by_variable.as_ref().map(|(_, variable)| *variable);
        let selected = profile.map(str::to_owned).or(by_variable.map(|(name, _)| name));
        let sections = Sections {
            config: files::parse(&config, &self.env).await?,
            credentials: files::parse(&credentials, &self.env).await?,
            selected: selected.unwrap_or_else(|| DEFAULT.into()),
        };
        let mut lines = Lines::default();
        for file in [&config, &credentials] {
            lines.add(&files::in_words(file.place.as_ref()), file.kind, &file.text);
        }
        if let Some(two) = two_defaults {
            let place = profile::Place { file: files::in_words(config.place.as_ref()), line: two.left_out };
            let counts = two.counts;
            let text = format!(
                "this section is ignored: line {counts} defines the default profile again, and the last one counts"
            );
            lines.ignore(DEFAULT, place, text);
        }
        let is_an_instance = self.fixed.is_none() && metadata::is_an_instance().await;
        let places = [config, credentials].into_iter().filter_map(|file| file.place).collect();
        Ok(Loaded { places, lines, env: self.env.clone(), sections, named_by, is_an_instance })
    }
}

impl Loaded {
    /// A variable that is empty is one that is not set.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        variable(&self.env, name)
    }

    /// The home directory, where the environment names one.
    pub(super) fn home(&self) -> Option<PathBuf> {
        self.variable("HOME").map(PathBuf::from)
    }

    /// What the files say of one profile.
    pub(super) fn section(&self, name: &str) -> Option<Section<'_>> {
        self.sections.profile(name)
    }

    /// The line at which a profile is at fault.
    pub(super) fn problem(&self, fault: &Fault) -> Problem {
        let (kind, name) = &fault.section;
        Problem { text: fault.text.clone(), place: self.lines.place(*kind, name, fault.key), blocks: true }
    }
}
