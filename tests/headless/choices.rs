//! What the options and the profile together ask for, and what is said where they do not go together.

use std::fs;

use crate::shore::{Ended, Shore, ended};

/// The config of the sandbox, with more profiles.
fn with(more: &str) -> Shore {
    let shore = Shore::new();
    let config = fs::read_to_string(shore.path("config")).unwrap();
    fs::write(shore.path("config"), format!("{config}\n{more}")).unwrap();
    shore
}

fn mode(shore: &Shore, line: &str) -> (String, String) {
    let who = shore.run(line);
    assert_eq!(who.code, 0, "{line}: {}", who.err);
    let who: serde_json::Value = serde_json::from_str(&who.out).unwrap();
    let text = |name: &str| who[name].as_str().unwrap_or_default().to_owned();
    (text("mode"), text("arn").split(':').next_back().unwrap_or_default().to_owned())
}

#[test]
fn the_mode_that_nobody_said_fits_the_profile_and_what_was_said_stays() {
    let shore = Shore::new();
    for (options, mode_of_it, who) in [
        ("", "session", "user/ana"),
        ("-u bo", "federation", "federated-user/bo"),
        ("-p session", "direct", "user/ana"),
        ("-p keeper", "role", "assumed-role/keeper/ebbtide"),
        ("-p keeper -u bo", "role", "assumed-role/keeper/bo"),
        ("-p partner", "role", "assumed-role/partner/ebbtide"),
        ("-p keeper --role-arn arn:aws:iam::111122223333:role/reader", "role", "assumed-role/reader/ebbtide"),
        ("-p session --role-arn arn:aws:iam::111122223333:role/reader", "role", "assumed-role/reader/ebbtide"),
        ("-m direct", "direct", "user/ana"),
        ("-p session -m direct", "direct", "user/ana"),
    ] {
        let line = format!("whoami -o json {options}");
        assert_eq!(mode(&shore, &line), (mode_of_it.into(), who.into()), "{options}");
    }
}

#[test]
fn temporary_credentials_say_why_the_mode_is_direct_and_what_else_can_be_done() {
    let keys = "aws_access_key_id = ASIATIDESESSION\naws_secret_access_key = s\naws_session_token = t\n";
    let shore = with(&format!("[profile aws]\n{keys}region = us-west-2\n"));
    let quiet = shore.run("whoami -p session");
    assert!(quiet.code == 0 && quiet.err.contains("note: mode direct: the profile's credentials are temporary"));
    assert!(!shore.run("whoami -p session -m direct").err.contains("note:"), "what was said needs no reason");
    // On AWS, which is not asked: a mode that is closed is refused with the reason, and the way on is named.
    for (line, error) in [
        ("ls -p aws -m session", "error: --mode: temporary credentials cannot create a session token"),
        ("ls -p aws -u bo", "error: --mode: temporary credentials cannot create a session token"),
        ("ls -p aws -t 2h", "error: --duration: mode direct uses the credentials as they are"),
        ("ls -p aws --scope list -b tide-logs", "error: --scope: mode direct takes no session policy"),
        ("ls -p aws --tag a=b", "error: --tag: only a federated user or a role session takes session tags"),
    ] {
        let refused = shore.run(line);
        assert_eq!(refused.code, 2, "{line}: {}", refused.err);
        assert!(refused.err.contains(error) && !refused.err.contains("--help"), "{line}: {}", refused.err);
        assert!(refused.err.contains("hint: ") && refused.err.contains("--role-arn"), "{line}: {}", refused.err);
    }
}

#[test]
fn the_environments_exported_session_is_used_as_it_is() {
    let shore = Shore::new();
    let minted = shore.json("mint -o json");
    let mut command = shore.command(&["whoami", "-o", "json"]);
    command.env("AWS_CONFIG_FILE", shore.path("none")).env("AWS_ENDPOINT_URL", &shore.endpoint);
    for (variable, name) in [
        ("AWS_ACCESS_KEY_ID", "AccessKeyId"),
        ("AWS_SECRET_ACCESS_KEY", "SecretAccessKey"),
        ("AWS_SESSION_TOKEN", "SessionToken"),
    ] {
        command.env(variable, minted[name].as_str().unwrap());
    }
    let Ended { code, out, err } = ended(command.output().unwrap());
    assert_eq!(code, 0, "{err}");
    let who: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&who["mode"], &who["profile"]), (&"direct".into(), &"environment".into()));
}

#[test]
fn what_a_command_prints_decides_its_mode_and_the_command_runs_once() {
    let shore = Shore::new();
    for (options, kind) in [("", "direct"), ("-m direct ", "session")] {
        let printed = shore.done(&format!("mint {options}-o ndjson"));
        fs::write(shore.path("printed"), printed).unwrap();
        let count = shore.path("ran");
        let _ = fs::remove_file(&count);
        let line = format!("cat {}; echo x >> {}", shore.path("printed").display(), count.display());
        let config =
            format!("[default]\nregion = us-west-2\nendpoint_url = {}\ncredential_process = {line}\n", shore.endpoint);
        fs::write(shore.path("process"), config).unwrap();
        let mut command = shore.command(&["whoami", "-o", "json"]);
        let told = ended(command.env("AWS_CONFIG_FILE", shore.path("process")).output().unwrap());
        assert_eq!(told.code, 0, "{}", told.err);
        let who: serde_json::Value = serde_json::from_str(&told.out).unwrap();
        assert_eq!(who["mode"], kind, "{}", told.err);
        assert_eq!(told.err.contains("mode direct: the profile's credentials are temporary"), kind == "direct");
        assert_eq!(fs::read_to_string(&count).unwrap(), "x\n", "{kind}");
    }
}

#[test]
fn the_external_id_that_goes_along_is_the_typed_one_else_the_profiles() {
    let shore = Shore::new();
    for (options, code) in [("", 0), ("--external-id tide-partner-42", 0), ("--external-id another", 3)] {
        let minted = shore.run(&format!("mint -p partner {options}"));
        assert_eq!(minted.code, code, "{options}: {}", minted.err);
    }
    let mut without = shore.command(&["mint", "-p", "partner", "--external-id", ""]);
    assert_eq!(ended(without.output().unwrap()).code, 3, "none was asked for, so none is sent");
}

#[test]
fn long_term_keys_are_never_called_a_session_that_ends() {
    let shore = Shore::new();
    for form in ["text", "json", "env", "ini"] {
        let minted = shore.run(&format!("mint -m direct -o {form}"));
        let note = "note: mode direct: these are the profile's long-term keys, which do not expire";
        assert!(minted.code == 0 && minted.err.contains(note), "{form}: {}", minted.err);
    }
    assert!(shore.run("exec -m direct -- true").err.contains("long-term keys, which do not expire"));
    assert!(!shore.run("mint").err.contains("long-term"));
}
