//! The files of `assets/sandbox/`, compiled in.
//!
//! Invariant: every file of that directory is here, under its path below it.

use super::fault::WorldError;

/// Files by name.
#[derive(Clone, Copy)]
pub(crate) struct Files(pub(super) &'static [(&'static str, &'static str)]);

macro_rules! compiled_in {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../assets/sandbox/", $name)))),*]
    };
}

impl Files {
    pub(crate) const COMPILED_IN: Self = Self(compiled_in![
        "objects/README.md",
        "objects/gateway.log",
        "objects/gauge.toml",
        "objects/handover.txt",
        "objects/stations.json",
        "objects/terminal.txt",
        "objects/tides.csv",
        "policies/AmazonS3FullAccess.json",
        "policies/AmazonS3ReadOnlyAccess.json",
        "policies/ana.json",
        "policies/auditor.json",
        "policies/crew.json",
        "policies/diver.json",
        "policies/guest.json",
        "policies/keeper.json",
        "policies/reader.json",
        "policies/root.json",
        "policies/trust-account.json",
        "policies/trust-ana.json",
        "policies/trust-crew.json",
        "policies/trust-mfa.json",
        "policies/trust-nobody.json",
        "policies/trust-partner.json",
        "policies/trust-service.json",
        "policies/vault-bucket.json",
        "world.toml",
    ]);

    /// A file's text, as named in `asked_by`.
    pub(crate) fn text(self, name: &str, asked_by: &str) -> Result<&'static str, WorldError> {
        let found = self.0.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
        found.ok_or_else(|| WorldError {
            file: asked_by.into(),
            what: format!("there is no file {name} (new files are listed in src/sandbox/world/files.rs)"),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    #[test]
    fn every_file_of_the_directory_is_compiled_in() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/sandbox");
        let mut there = BTreeSet::new();
        for directory in ["", "policies", "objects"] {
            for entry in fs::read_dir(root.join(directory)).unwrap().map(Result::unwrap) {
                if entry.file_type().unwrap().is_file() {
                    let name = Path::new(directory).join(entry.file_name());
                    there.insert(name.to_str().unwrap().to_owned());
                }
            }
        }
        let known: BTreeSet<_> = Files::COMPILED_IN.0.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(known, there);
    }
}
