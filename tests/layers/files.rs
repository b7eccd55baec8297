//! The files of the checkout.
//!
//! Invariant: a folder without a source is an error, so no test holds because it found nothing.

use std::{
    fs,
    path::{Path, PathBuf},
};

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn relative(file: &Path) -> String {
    file.strip_prefix(root()).expect("it was found below the root").display().to_string().replace('\\', "/")
}

/// Every Rust file below `folder`, of which there must be some.
pub(crate) fn sources(folder: &str) -> Vec<PathBuf> {
    let (mut files, mut folders) = (vec![], vec![root().join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("folders of the checkout can be read") {
            let path = entry.expect("folders of the checkout can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    assert!(!files.is_empty(), "no source in {folder}");
    files.sort();
    files
}

/// Whether `file` is `module.rs`, or lies in the folder `module`.
pub(crate) fn lies_in(file: &str, module: &str) -> bool {
    file.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest == ".rs" || rest.starts_with('/'))
}
