//! The log of what was minted: a line for each mint, no secret in it, and none where it is switched off.

use std::{fs, os::unix::fs::PermissionsExt};

use serde_json::Value;

use crate::shore::{Shore, ended};

const LOG: &str = ".local/share/ebbtide/mints.ndjson";

#[test]
fn every_mint_is_logged_without_its_secrets() {
    let shore = Shore::new();
    assert_eq!(shore.done("history"), "");
    let minted: Value = shore.json("mint -u tide-reader -b tide-archive -o json");
    shore.done("ls -m direct s3://tide-archive");
    let logged = shore.json("history -o json");
    assert_eq!(logged.as_array().map(Vec::len), Some(1), "what is taken as it is was not minted: {logged}");
    let (mint, key_id) = (&logged[0], minted["AccessKeyId"].as_str().unwrap());
    assert_eq!((&mint["api"], &mint["name"]), (&"sts:GetFederationToken".into(), &"tide-reader".into()));
    assert_eq!(mint["policy_sha256"].as_str().map(str::len), Some(64));
    assert_eq!(mint["key_id_end"].as_str(), key_id.get(key_id.len() - 4..));
    let file = fs::read_to_string(shore.path(LOG)).unwrap();
    for secret in ["AccessKeyId", "SecretAccessKey", "SessionToken"] {
        assert!(!file.contains(minted[secret].as_str().unwrap()), "{secret}");
    }
    assert_eq!(fs::metadata(shore.path(LOG)).unwrap().permissions().mode() & 0o777, 0o600);
    let text = shore.done("history");
    assert!(text.contains("sts:GetFederationToken") && text.contains(" as tide-reader"), "{text}");
}

#[test]
fn a_person_can_switch_the_log_off() {
    let shore = Shore::new();
    shore.done("mint --no-mint-log");
    let quiet = ended(shore.command(&["mint"]).env("EBBTIDE_MINT_LOG", "off").output().unwrap());
    assert_eq!(quiet.code, 0, "{}", quiet.err);
    assert!(!shore.path(LOG).exists());
}

#[test]
fn a_log_that_cannot_be_written_is_said_and_keeps_nothing_from_working() {
    let shore = Shore::new();
    fs::create_dir_all(shore.path(LOG)).unwrap();
    let minted = shore.run("mint");
    assert_eq!(minted.code, 0, "{}", minted.err);
    assert!(minted.err.contains("not logged"), "{}", minted.err);
}
