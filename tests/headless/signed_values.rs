//! Whose credentials are used and where they go, with the program as a process: what is odd about them is told before anything
//! is sent, by what named it, and never quoted.

use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt};

use serde_json::json;

use crate::{
    shore::{Shore, ended},
    sources::{Fake, run},
};

#[test]
fn what_cannot_be_signed_with_is_refused_by_its_variable_before_anything_is_sent() {
    let shore = Shore::new();
    let refused = |variable: &str, odd: &str| {
        let mut command = shore.command(&["ls", "-m", "direct", "--source", "environment"]);
        command.env("AWS_ACCESS_KEY_ID", "AKIA").env("AWS_SECRET_ACCESS_KEY", "s").env(variable, odd);
        let ended = ended(command.output().unwrap());
        assert_eq!(ended.code, 2, "{variable} {odd:.9}: {}", ended.err);
        assert!(!ended.err.contains("ebbtide itself") && !ended.err.contains("a bug"), "{variable}: {}", ended.err);
        ended.err
    };
    let long = "A".repeat(100_000);
    for odd in ["a\nb", "a\u{1}", "clé", "a b", &long] {
        for variable in [
            "AWS_ACCESS_KEY_ID",
            "AWS_SESSION_TOKEN",
            "AWS_SECURITY_TOKEN",
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
            "AWS_ENDPOINT_URL",
        ] {
            let told = refused(variable, odd);
            assert!(told.contains(variable) && told.len() < 1000, "{told:.300}");
        }
    }
    let blank = refused("AWS_ACCESS_KEY_ID", " ");
    assert!(blank.contains("AWS_ACCESS_KEY_ID cannot be used: character 1 is a space"), "{blank}");
    assert!(blank.contains("hint: correct or unset the variable"), "{blank}");
    for odd in ["canary\n", "canary\u{1}", &"canary".repeat(1000)] {
        let told = refused("AWS_SECRET_ACCESS_KEY", odd);
        assert!(told.contains("AWS_SECRET_ACCESS_KEY") && !told.contains("canary"), "{told}");
    }
}

#[test]
fn a_variable_that_is_not_text_is_an_error_and_not_passed_over() {
    let shore = Shore::new();
    for variable in ["AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL", "AWS_SHARED_CREDENTIALS_FILE"] {
        let mut command = shore.command(&["whoami"]);
        let ended = ended(command.env(variable, OsStr::from_bytes(b"a\xffb")).output().unwrap());
        assert_eq!(ended.code, 2, "{}", ended.err);
        assert!(
            ended.err.contains(&format!("could not read the variable {variable}: it is not UTF-8")),
            "{}",
            ended.err
        );
    }
}

#[test]
fn odd_answers_of_whoever_gives_credentials_are_refused_without_being_quoted() {
    let shore = Shore::new();
    for (field, odd, code, why) in [
        ("AccessKeyId", "A\\u0001", 2, "the AccessKeyId in its output cannot be used: character 2 is a control"),
        ("SecretAccessKey", "canary\\n", 2, "the SecretAccessKey in its output cannot be used: character 7"),
        ("SessionToken", "canary é", 2, "the SessionToken in its output cannot be used: character 7 is a space"),
    ] {
        let mut printed = json!({ "Version": 1, "AccessKeyId": "A", "SecretAccessKey": "s", "SessionToken": "t" });
        printed[field] = serde_json::from_str(&format!("\"{odd}\"")).unwrap();
        fs::write(shore.path("answer"), printed.to_string()).unwrap();
        let process = format!("[default]\ncredential_process = cat {}\n", shore.path("answer").display());
        fs::write(shore.path("config"), process).unwrap();
        let ended = shore.run("whoami -m direct");
        assert!(ended.code == code && ended.err.contains(why) && !ended.err.contains("canary"), "{}", ended.err);
    }
    let agent = Fake::answering(|_| {
        let role = json!({ "AccessKeyId": "A\u{1}", "SecretAccessKey": "s", "Token": "t",
            "Expiration": "2099-01-01T00:00:00Z" });
        (200, role.to_string())
    });
    let uri = format!("{}/role", agent.url);
    let odd = run(&shore, "whoami -m direct --source container", &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", &uri)]);
    assert!(odd.err.contains("the AccessKeyId that it returned cannot be used: character 2"), "{}", odd.err);
    for (token, why) in [("", "it is empty"), ("a b", "byte 2"), ("a\u{1}", "byte 2"), ("é", "byte 1")] {
        fs::write(shore.path("token"), token).unwrap();
        let web = format!(
            "[default]\nrole_arn = arn:aws:iam::111122223333:role/r\nweb_identity_token_file = {}\n",
            shore.path("token").display()
        );
        fs::write(shore.path("config"), web).unwrap();
        let ended = shore.run("whoami -m direct");
        assert!(
            ended.code == 2 && ended.err.contains("it has no valid token: ") && ended.err.contains(why),
            "{}",
            ended.err
        );
    }
}

#[test]
fn a_password_in_an_address_is_never_repeated() {
    let shore = Shore::new();
    let config = fs::read_to_string(shore.path("config")).unwrap();
    let addresses = [
        "https://key:canary@minio.example",
        "https://canary@minio.example",
        "https://key:can/canary@minio.example",
        "key:canary@minio.example",
        "ftp://key:canary@minio.example",
        "https://key:canary@169.254.169.254",
    ];
    for address in addresses {
        fs::write(shore.path("config"), format!("{config}\n[profile odd]\nendpoint_url = {address}\n")).unwrap();
        let by_variable = [("AWS_ENDPOINT_URL", address)];
        for (line, env) in [
            (format!("ls -m direct --endpoint-url {address}"), &[][..]),
            ("ls -m direct".into(), &by_variable),
            ("profiles".into(), &[]),
            ("profiles -o json".into(), &[]),
            ("profiles -o json".into(), &by_variable),
            ("ls -p odd".into(), &[]),
        ] {
            let ended = run(&shore, &line, env);
            let all = format!("{}{}", ended.out, ended.err);
            assert!(!all.contains("canary"), "{line} {env:?}: {all}");
        }
        let metadata =
            [("AWS_EC2_METADATA_SERVICE_ENDPOINT", address), ("AWS_CONTAINER_CREDENTIALS_FULL_URI", address)];
        for source in ["instance", "container"] {
            let ended = run(&shore, &format!("ls -m direct --source {source}"), &metadata);
            assert!(!ended.err.contains("canary"), "{}", ended.err);
        }
    }
}

#[test]
fn an_end_that_cannot_be_read_is_noted_and_one_that_can_is_told() {
    let shore = Shore::new();
    let config = fs::read_to_string(shore.path("config")).unwrap();
    for (setting, told, noted) in [
        ("x_security_token_expires = 2036-11-30T01:40:00+01:00", "2036-11-30 00:40:00Z", false),
        ("aws_credential_expiration = 2036-11-30T00:40:00Z", "2036-11-30 00:40:00Z", false),
        ("expiration = 2036-11-30 00:40:00", "2036-11-30 00:40:00Z", false),
        ("aws_expiration = soon", "unknown", true),
    ] {
        let minted = shore.json("mint -o json");
        let keys = format!(
            "[tool]\naws_access_key_id = {}\naws_secret_access_key = {}\naws_session_token = {}\n{setting}\n",
            minted["AccessKeyId"].as_str().unwrap(),
            minted["SecretAccessKey"].as_str().unwrap(),
            minted["SessionToken"].as_str().unwrap(),
        );
        fs::write(shore.path("credentials"), keys).unwrap();
        fs::write(shore.path("config"), &config).unwrap();
        let ended = shore.run(&format!("mint -p tool -m direct -r us-west-2 --endpoint-url {}", shore.endpoint));
        assert_eq!(ended.code, 0, "{}", ended.err);
        assert!(ended.out.contains(&format!("expires     {told}")), "{setting}: {}", ended.out);
        let note = "credentials, line 5: aws_expiration: not a time: soon; the expiration of these keys is unknown";
        assert_eq!(ended.err.contains(note), noted, "{}", ended.err);
        fs::remove_file(shore.path("credentials")).unwrap();
    }
}
