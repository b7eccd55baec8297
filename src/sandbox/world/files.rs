//! The files of `assets/sandbox/`, compiled in.
//!
//! Invariant: every file of that directory is here, under its path below it.

use super::fault::WorldError;
use crate::domain::policy::{Policy, PolicyKind};

/// Files by name.
#[derive(Clone, Copy)]
pub(crate) struct WorldFiles(pub(super) &'static [(&'static str, &'static [u8])]);

macro_rules! compiled_in {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_bytes!(concat!("../../../assets/sandbox/", $name)) as &[u8])),*]
    };
}

impl WorldFiles {
    pub(crate) const COMPILED_IN: Self = Self(compiled_in![
        "objects/README.md",
        "objects/archive.tar",
        "objects/archive.tar.gz",
        "objects/archive.zip",
        "objects/contract.txt",
        "objects/forecast-1.json",
        "objects/forecast-2.json",
        "objects/forecast-3.json",
        "objects/gateway.log",
        "objects/gauge.toml",
        "objects/handover.txt",
        "objects/latin-1.txt",
        "objects/numbered-lines.digests",
        "objects/numbers.json",
        "objects/pegel.csv",
        "objects/readings.csv",
        "objects/readings.csv.bz2",
        "objects/readings.csv.gz",
        "objects/readings.csv.zst",
        "objects/readings.json",
        "objects/readings.ndjson",
        "objects/readings.parquet",
        "objects/readings.tsv",
        "objects/stations.json",
        "objects/survey-quality.json",
        "objects/survey-remarks.txt",
        "objects/survey.csv",
        "objects/terminal.txt",
        "objects/tide.py",
        "objects/tide.rs",
        "objects/tides.csv",
        "objects/utf-16.txt",
        "objects/wave.png",
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
    pub(crate) fn read_text(self, name: &str, asked_by: &str) -> Result<&'static str, WorldError> {
        std::str::from_utf8(self.read_bytes(name, asked_by)?)
            .map_err(|_| WorldError { file: asked_by.into(), what: format!("{name} is not UTF-8") })
    }

    /// A policy, every element of which must be known.
    pub(crate) fn read_policy(self, file: &str, kind: PolicyKind) -> Result<Policy, WorldError> {
        Policy::parse_strictly(self.read_text(file, "world.toml")?, kind)
            .map_err(|what| WorldError { file: file.into(), what })
    }

    /// A file, as named in `asked_by`.
    pub(crate) fn read_bytes(self, name: &str, asked_by: &str) -> Result<&'static [u8], WorldError> {
        let found = self.0.iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes);
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
        let known: BTreeSet<_> = WorldFiles::COMPILED_IN.0.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(known, there);
    }
}
