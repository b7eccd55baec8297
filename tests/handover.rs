//! What ebbtide mints, in the hands of other programs: `mint -o`, `exec` and `status` as processes, against a sandbox in
//! this one.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed; clippy knows only functions marked #[test]"
)]

#[path = "support/shore.rs"]
mod shore;

use std::{
    collections::BTreeMap,
    fs,
    os::unix::{fs::PermissionsExt, process::ExitStatusExt},
    process::Command,
};

use serde_json::Value;
use shore::{Ended, Shore, ended};

/// The secret of the sandbox's user.
const LONG_TERM_SECRET: &str = "sandbox/ana/long+term+secret/EXAMPLEKEY0";

/// What `env` printed of AWS.
fn aws_variables(printed: &str) -> BTreeMap<&str, &str> {
    printed.lines().filter_map(|line| line.split_once('=')).filter(|(name, _)| name.starts_with("AWS_")).collect()
}

/// `status` in an environment that holds what was minted.
fn status(shore: &Shore, minted: &Value, args: &[&str]) -> Ended {
    let mut command = shore.command(&[&["status"], args].concat());
    command.env("AWS_ENDPOINT_URL", &shore.endpoint).env("AWS_CONFIG_FILE", shore.path("none"));
    for (variable, field) in [
        ("AWS_ACCESS_KEY_ID", "AccessKeyId"),
        ("AWS_SECRET_ACCESS_KEY", "SecretAccessKey"),
        ("AWS_SESSION_TOKEN", "SessionToken"),
        ("AWS_CREDENTIAL_EXPIRATION", "Expiration"),
    ] {
        if let Some(value) = minted[field].as_str() {
            command.env(variable, value);
        }
    }
    ended(command.output().unwrap())
}

#[test]
fn a_shell_takes_over_what_was_minted_and_forgets_the_session_before() {
    let shore = Shore::new();
    let program = env!("CARGO_BIN_EXE_ebbtide");
    let both = format!(
        "eval \"$({program} mint -o env)\"; {program} status -o json; \
         eval \"$({program} mint -p default -m direct -o env)\"; /usr/bin/env"
    );
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &both]).env_clear().env("HOME", shore.path("")).env("AWS_CONFIG_FILE", shore.path("config"));
    let ended = ended(command.env("AWS_ENDPOINT_URL", &shore.endpoint).output().unwrap());
    let (judged, environment) = ended.out.split_at(ended.out.find("\n}").unwrap() + 2);
    let judged: Value = serde_json::from_str(judged).unwrap();
    assert_eq!((&judged["arn"], &judged["enough"]), (&"arn:aws:iam::111122223333:user/ana".into(), &true.into()));
    let left = aws_variables(environment);
    assert_eq!(left["AWS_SECRET_ACCESS_KEY"], LONG_TERM_SECRET);
    assert!(!left.contains_key("AWS_SESSION_TOKEN") && !left.contains_key("AWS_CREDENTIAL_EXPIRATION"), "{left:?}");
}

#[test]
fn every_line_for_a_shell_begins_with_a_space() {
    let shore = Shore::new();
    for (form, set, unset) in [
        ("env", " export AWS_", " unset AWS_"),
        ("fish", " set -gx AWS_", " set -eg AWS_"),
        ("powershell", " $Env:AWS_", " $Env:AWS_"),
    ] {
        let lines = shore.done(&format!("mint -o {form}"));
        assert!(lines.lines().all(|line| line.starts_with(set) || line.starts_with(unset)), "{form}");
    }
}

#[test]
fn a_shell_is_told_where_the_session_is_for_and_rid_of_what_leads_elsewhere() {
    let shore = Shore::new();
    let program = env!("CARGO_BIN_EXE_ebbtide");
    let minted = |flags: &str| {
        let script = format!("eval \"$({program} mint -p default {flags} -o env)\"; /usr/bin/env");
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", &script])
            .env_clear()
            .env("HOME", shore.path(""))
            .env("AWS_CONFIG_FILE", shore.path("config"));
        for (stale, value) in [
            ("AWS_ACCOUNT_ID", "999999999999"),
            ("AWS_SECURITY_TOKEN", "left-over"),
            ("AWS_ENDPOINT_URL_IAM", "http://127.0.0.1:2"),
            ("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1"),
            ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"),
            ("AWS_DEFAULT_REGION", "ap-south-1"),
        ] {
            command.env(stale, value);
        }
        ended(command.output().unwrap()).out
    };
    let printed = minted(&format!("-r eu-west-1 --endpoint-url {}", shore.endpoint));
    let found = aws_variables(&printed);
    assert_eq!((found["AWS_REGION"], found["AWS_DEFAULT_REGION"]), ("eu-west-1", "eu-west-1"));
    assert_eq!(found["AWS_ENDPOINT_URL"], shore.endpoint);
    for gone in [
        "AWS_ACCOUNT_ID",
        "AWS_SECURITY_TOKEN",
        "AWS_ENDPOINT_URL_S3",
        "AWS_ENDPOINT_URL_IAM",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    ] {
        assert!(!found.contains_key(gone), "{gone}: {printed}");
    }
    let role = "--role-arn arn:aws:iam::111122223333:role/reader";
    let printed = minted(&format!("{role} --endpoint-url {}", shore.endpoint));
    assert_eq!(aws_variables(&printed)["AWS_ACCOUNT_ID"], "111122223333");
}

#[test]
fn a_shell_whose_files_name_endpoints_is_told_to_go_by_its_variables() {
    let shore = Shore::new();
    fs::write(
        shore.path("config"),
        "[default]\nendpoint_url = https://minio.example\n[profile aws]\nignore_configured_endpoint_urls = true\n\
         aws_access_key_id = AKIA\naws_secret_access_key = s\n",
    )
    .unwrap();
    let lines = shore.done("mint -p aws -m direct -o env");
    assert!(lines.contains("\n export AWS_IGNORE_CONFIGURED_ENDPOINT_URLS='true'\n"), "{lines}");
    assert!(lines.contains("\n unset AWS_ENDPOINT_URL\n") && !lines.contains("AWS_REGION"), "{lines}");
}

#[test]
fn a_profile_that_was_written_is_one_that_can_be_used() {
    let shore = Shore::new();
    fs::write(shore.path("credentials"), shore.done("mint -u bo -b tide-logs -o ini --as bo")).unwrap();
    let who = shore.json(&format!("whoami -p bo -m direct -o json -r us-west-2 --endpoint-url {}", shore.endpoint));
    assert_eq!(who["arn"], "arn:aws:sts::111122223333:federated-user/bo");
    let unnamed = shore.done("mint -o ini");
    assert!(unnamed.starts_with("# expires 2") && unnamed.contains("\n[ebbtide]\n"), "{unnamed:.80}");
}

#[test]
fn a_command_gets_these_credentials_and_no_others() {
    let shore = Shore::new();
    let mut command = shore.command(&["exec", "-p", "default", "-r", "eu-west-1", "--", "/usr/bin/env"]);
    command.env("AWS_SESSION_TOKEN", "left-over");
    for leftover in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SECURITY_TOKEN", "AWS_ROLE_ARN", "AWS_ACCOUNT_ID"] {
        command.env(leftover, "left-over");
    }
    command.env("AWS_ENDPOINT_URL_S3", &shore.endpoint).env("AWS_ENDPOINT_URL_STS", &shore.endpoint);
    let ended = ended(command.output().unwrap());
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let found = aws_variables(&ended.out);
    assert_eq!(
        found.keys().copied().collect::<Vec<_>>(),
        [
            "AWS_ACCESS_KEY_ID",
            "AWS_CONFIG_FILE",
            "AWS_CREDENTIAL_EXPIRATION",
            "AWS_DEFAULT_REGION",
            "AWS_ENDPOINT_URL",
            "AWS_REGION",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_SHARED_CREDENTIALS_FILE",
        ]
    );
    assert_eq!((found["AWS_REGION"], found["AWS_DEFAULT_REGION"]), ("eu-west-1", "eu-west-1"));
    assert_eq!(found["AWS_ENDPOINT_URL"], shore.endpoint);
    assert!(!ended.out.contains("left-over") && !ended.out.contains(LONG_TERM_SECRET), "{}", ended.out);
}

#[test]
fn services_with_two_addresses_are_handed_over_with_both() {
    let shore = Shore::new();
    let mut command = shore.command(&["exec", "-p", "default", "--", "/usr/bin/env"]);
    command.env("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1");
    let ended = ended(command.output().unwrap());
    let found = aws_variables(&ended.out);
    assert_eq!(found.get("AWS_ENDPOINT_URL"), None);
    assert_eq!(found["AWS_ENDPOINT_URL_S3"], "http://127.0.0.1:1");
    assert_eq!(found["AWS_ENDPOINT_URL_STS"], shore.endpoint);
}

#[test]
fn long_term_keys_are_handed_over_without_what_an_older_session_left() {
    let shore = Shore::new();
    let mut command = shore.command(&["exec", "-p", "default", "-m", "direct", "--", "/usr/bin/env"]);
    command.env("AWS_SESSION_TOKEN", "old").env("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z");
    let ended = ended(command.output().unwrap());
    let found = aws_variables(&ended.out);
    assert_eq!(found["AWS_SECRET_ACCESS_KEY"], LONG_TERM_SECRET);
    assert!(!found.contains_key("AWS_SESSION_TOKEN") && !found.contains_key("AWS_CREDENTIAL_EXPIRATION"));
}

#[test]
fn an_end_that_the_environment_states_is_shown_and_handed_on_and_one_that_cannot_be_read_is_told() {
    let shore = Shore::new();
    let minted = shore.json("mint -o json");
    let run = |line: &[&str], end: &str| {
        let mut command = shore.command(line);
        for (variable, field) in [
            ("AWS_ACCESS_KEY_ID", "AccessKeyId"),
            ("AWS_SECRET_ACCESS_KEY", "SecretAccessKey"),
            ("AWS_SESSION_TOKEN", "SessionToken"),
        ] {
            command.env(variable, minted[field].as_str().unwrap());
        }
        let ended = ended(command.env("AWS_CREDENTIAL_EXPIRATION", end).output().unwrap());
        assert_eq!(ended.code, 0, "{}", ended.err);
        ended
    };
    let shown = run(&["mint", "-m", "direct"], "2036-11-30 00:40:00+00:00");
    assert!(shown.out.contains("2036-11-30 00:40:00Z, in ") && shown.err.is_empty(), "{} {}", shown.out, shown.err);
    let listed: Value =
        serde_json::from_str(&run(&["ls", "-m", "direct", "-o", "json"], "2036-11-30T00:40:00Z").out).unwrap();
    assert_eq!(listed["expiration"], "2036-11-30T00:40:00Z");
    let handed_on = run(&["exec", "-m", "direct", "--", "/usr/bin/env"], "2036-11-30T00:40:00Z");
    assert_eq!(aws_variables(&handed_on.out)["AWS_CREDENTIAL_EXPIRATION"], "2036-11-30T00:40:00Z");
    let unknown = run(&["mint", "-m", "direct"], "soon");
    assert!(unknown.out.contains("expires     unknown"), "{}", unknown.out);
    assert_eq!(
        unknown.err,
        "note: AWS_CREDENTIAL_EXPIRATION: not a time: soon; the expiration of these keys is unknown\n"
    );
}

#[test]
fn the_command_is_the_process_and_no_argument_holds_a_secret() {
    let shore = Shore::new();
    let script = "kill -0 $$ && tr '\\0' ' ' </proc/$$/cmdline && /usr/bin/env && echo pid=$$";
    let command = shore
        .command(&["exec", "-u", "bo", "-b", "tide-logs", "--", "sh", "-c", script])
        .env("PATH", "/usr/bin:/bin")
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let pid = command.id();
    let ended = ended(command.wait_with_output().unwrap());
    assert!(ended.out.ends_with(&format!("pid={pid}\n")), "another process than the one that was started");
    let arguments = ended.out.lines().next().unwrap();
    let found = aws_variables(&ended.out);
    for secret in ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
        assert!(!arguments.contains(found[secret]) && !ended.err.contains(found[secret]), "{secret}");
    }
}

#[test]
fn a_tool_below_exec_is_the_session() {
    let program = env!("CARGO_BIN_EXE_ebbtide");
    let who = Shore::new().done(&format!("exec -u bo -b tide-logs -- {program} status"));
    assert!(who.contains("arn:aws:sts::111122223333:federated-user/bo") && who.contains(", in "), "{who}");
}

#[test]
fn the_commands_own_end_is_the_end() {
    let shore = Shore::new();
    for (script, code, signal) in
        [("exit 0", Some(0), None), ("exit 42", Some(42), None), ("kill -TERM $$", None, Some(15))]
    {
        let status = shore.command(&["exec", "--", "/bin/sh", "-c", script]).status().unwrap();
        assert_eq!((status.code(), status.signal()), (code, signal), "{script}");
    }
}

#[test]
fn a_command_that_cannot_run_is_named_before_anything_is_minted() {
    let shore = Shore::new();
    fs::write(shore.path("plain"), "no program").unwrap();
    fs::write(shore.path("orphan"), "#!/nowhere/interpreter\n").unwrap();
    fs::set_permissions(shore.path("orphan"), fs::Permissions::from_mode(0o755)).unwrap();
    let plain = shore.path("plain");
    for (name, code, error) in [
        ("no-such-tide", 127, "error: no-such-tide: command not found\nhint: "),
        ("/nowhere/tide", 127, "error: /nowhere/tide: command not found\nhint: "),
        ("", 127, "error: : command not found\nhint: "),
        (plain.to_str().unwrap(), 126, "plain: permission denied\nhint: "),
        ("plain", 126, "error: plain: permission denied\nhint: "),
        ("/", 126, "error: /: permission denied\nhint: "),
        ("\u{1b}[2J", 127, "error: \\x1b[2J: command not found\nhint: "),
    ] {
        // Nobody could be minted with.
        let mut command = shore.command(&["exec", "-p", "nobody", "--", name]);
        let ended = ended(command.env("PATH", shore.path("")).output().unwrap());
        assert_eq!(ended.code, code, "{name}: {}", ended.err);
        assert!(ended.err.contains(error), "{name}: {}", ended.err);
    }
    let orphan = shore.run(&format!("exec -- {}", shore.path("orphan").display()));
    assert_eq!(orphan.code, 127);
    assert!(orphan.err.contains("check that its interpreter exists"), "{}", orphan.err);
}

#[test]
fn a_session_is_judged_by_what_is_left_of_it() {
    let shore = Shore::new();
    let hour = shore.json("mint -o json");
    assert_eq!(status(&shore, &hour, &["--at-least", "10m"]).code, 0);
    let scant = status(&shore, &hour, &["--at-least", "2h"]);
    assert_eq!(scant.code, 4);
    assert!(
        scant.out.contains("user/ana") && scant.err.contains(" left, less than 2h\nhint: export a new session"),
        "{}",
        scant.err
    );
    let judged: Value = serde_json::from_str(&status(&shore, &hour, &["-o", "json", "--at-least", "2h"]).out).unwrap();
    assert_eq!((&judged["enough"], &judged["expiration"]), (&false.into(), &hour["Expiration"]));
    assert!((3500..=3600).contains(&judged["seconds_left"].as_i64().unwrap()), "{judged}");
    let lasting = status(&shore, &shore.json("mint -m direct -o json"), &["--at-least", "2h"]);
    assert_eq!(lasting.code, 0, "{}", lasting.err);
}

#[test]
fn a_session_that_is_over_is_told_by_the_service() {
    let shore = Shore::new();
    let minted = shore.json("mint -t 2s -o json");
    let over = (0..10_000)
        .map(|_| status(&shore, &minted, &[]))
        // At the very end the service may still answer and our clock say that it is over: that is told otherwise.
        .find(|judged| judged.code != 0 && judged.out.is_empty())
        .expect("a session of two seconds is over after being judged ten thousand times");
    assert_eq!((over.code, over.out.as_str()), (4, ""));
    assert!(over.err.contains("STS answered ExpiredToken (403)"), "{}", over.err);
    assert!(over.err.contains("hint: export a new session"), "{}", over.err);
}

#[test]
fn an_end_that_has_passed_is_believed_though_the_service_still_answers() {
    let shore = Shore::new();
    let mut minted = shore.json("mint -o json");
    minted["Expiration"] = "2020-01-01T00:00:00Z".into();
    let over = status(&shore, &minted, &[]);
    assert_eq!(over.code, 4);
    assert!(over.err.contains("ago, according to AWS_CREDENTIAL_EXPIRATION"), "{}", over.err);
}

#[test]
fn credentials_that_cannot_be_judged_are_not_called_good() {
    let shore = Shore::new();
    let hour = shore.json("mint -o json");
    let with = |field: &str, value: &str| {
        let mut changed = hour.clone();
        changed[field] = value.into();
        changed
    };
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nobody = format!("http://{nobody}");
    for (minted, args, code, error) in [
        (Value::Null, &[][..], 4, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set\nhint: export a session"),
        (with("SecretAccessKey", "mistyped"), &[], 4, "STS answered SignatureDoesNotMatch (403)"),
        (with("Expiration", "soon"), &[], 2, "error: AWS_CREDENTIAL_EXPIRATION: not a time: soon\nhint: "),
        (hour.clone(), &["--at-least", "soon"], 2, "--at-least"),
        (hour.clone(), &["--endpoint-url", &nobody], 6, "Connection refused"),
        (hour.clone(), &["--endpoint-url", "http://10.0.0.1"], 2, "--allow-plain-http"),
    ] {
        let judged = status(&shore, &minted, args);
        assert_eq!((judged.code, judged.out.as_str()), (code, ""), "{args:?}: {}", judged.err);
        assert!(judged.err.contains(error), "{args:?}: {}", judged.err);
    }
}

#[test]
fn a_name_for_a_profile_is_taken_where_one_is_written() {
    let shore = Shore::new();
    for (line, error) in [
        ("mint --as tide", "error: --as works only with -o ini\nhint: "),
        ("mint -o ini --as [tide", "use letters, digits and"),
        ("exec -p default", "-- <COMMAND>"),
    ] {
        let ended = shore.run(line);
        assert_eq!(ended.code, 2, "{line}: {}", ended.err);
        assert!(ended.err.contains(error), "{line}: {}", ended.err);
    }
}
