//! What the program keeps in files: links are not followed, what others may read is theirs no longer, and each refusal has
//! a word.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
};

use crate::shore::Shore;

const DATA: &str = ".local/share/ebbtide";
const STATE: &str = ".local/state/ebbtide";

#[test]
fn a_link_in_place_of_a_file_is_not_followed_and_keeps_nothing_from_working() {
    for (name, line, told) in [
        ("mints.ndjson", "mint", "symbolic link"),
        ("lock", "mint", "symbolic link"),
        ("mints.ndjson", "history", "symbolic link"),
        ("mints.ndjson.old", "history", "symbolic link"),
    ] {
        let shore = Shore::new();
        fs::create_dir_all(shore.path(DATA)).unwrap();
        fs::write(shore.path("target"), "theirs").unwrap();
        symlink(shore.path("target"), shore.path(DATA).join(name)).unwrap();
        let ended = shore.run(line);
        assert!(ended.err.contains(told), "{name} {line}: {}", ended.err);
        assert_eq!(ended.code, i32::from(line == "history"), "{name} {line}: {}", ended.err);
        assert_eq!(fs::read_to_string(shore.path("target")).unwrap(), "theirs", "{name} {line}");
        assert_eq!(ended.out.contains("key id"), line == "mint", "{name} {line}: {}", ended.out);
    }
}

#[test]
fn a_link_in_place_of_the_directory_is_refused() {
    for (directory, line, code) in [(DATA, "mint", 0), (DATA, "history", 1), (STATE, "whoami --debug", 2)] {
        let shore = Shore::new();
        let (link, target) = (shore.path(directory), shore.path("target"));
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        fs::create_dir(&target).unwrap();
        symlink(&target, &link).unwrap();
        let ended = shore.run(line);
        assert!(ended.code == code && ended.err.contains("symbolic link"), "{line}: {} {}", ended.code, ended.err);
        assert_eq!(fs::read_dir(&target).unwrap().count(), 0, "{line}");
    }
}

#[test]
fn the_debug_log_is_not_written_through_a_link() {
    let shore = Shore::new();
    fs::create_dir_all(shore.path(STATE)).unwrap();
    fs::write(shore.path("target"), "theirs").unwrap();
    symlink(shore.path("target"), shore.path(STATE).join("ebbtide.log")).unwrap();
    let ended = shore.run("whoami --debug");
    assert!(ended.code == 2 && ended.err.contains("--debug: could not open the log file"), "{}", ended.err);
    assert_eq!(fs::read_to_string(shore.path("target")).unwrap(), "theirs");
}

#[test]
fn what_others_may_read_is_made_the_owners_alone() {
    let shore = Shore::new();
    shore.done("mint --debug");
    let modes = [(DATA, "mints.ndjson"), (DATA, "lock"), (STATE, "ebbtide.log")];
    for (directory, file) in modes {
        fs::set_permissions(shore.path(directory), fs::Permissions::from_mode(0o777)).unwrap();
        fs::set_permissions(shore.path(directory).join(file), fs::Permissions::from_mode(0o666)).unwrap();
    }
    shore.done("mint --debug");
    for (directory, file) in modes {
        let mode = |path: std::path::PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(shore.path(directory)), mode(shore.path(directory).join(file))), (0o700, 0o600), "{file}");
    }
}
