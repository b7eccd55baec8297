//! The headless commands as processes, against a sandbox in this one: rows M1–M5 and M10 of what must work, forms of
//! output, exit codes, and what is said to bad input.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed; clippy knows only functions marked #[test]"
)]

mod choices;
mod console;
mod count;
#[path = "../support/fake.rs"]
mod fake;
mod hostile;
mod iam;
mod identities;
mod mfa;
mod objects;
mod odd_pages;
#[path = "../support/pages.rs"]
mod pages;
mod policy;
mod private;
mod services;
#[path = "../support/shore.rs"]
mod shore;
mod signed_values;
mod sources;

mod history;

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::Stdio,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use shore::{Shore, ended};

const READER: &str = "arn:aws:iam::111122223333:role/reader";
const LOCKED: &str = "arn:aws:iam::111122223333:role/locked";

#[test]
fn m1_a_session_token_of_two_hours_lists_a_bucket_and_counts_its_objects() {
    let shore = Shore::new();
    assert!(shore.run("ls -R -t 2h s3://tide-archive").err.ends_with("Items (71)\n"));
    let minted = shore.json("whoami -t 2h -o json");
    assert_eq!(minted["arn"], "arn:aws:iam::111122223333:user/ana");
    assert_eq!(minted["mode"], "session");
}

#[test]
fn m2_a_role_lists_and_refused_differs_from_unreachable() {
    let shore = Shore::new();
    let listed = shore.json(&format!("ls -R -o json --role-arn {READER} -u berth s3://tide-archive"));
    assert_eq!(listed["identity"]["arn"], "arn:aws:sts::111122223333:assumed-role/reader/berth");
    assert_eq!(listed["count"], 71);
    let refused = shore.run(&format!("ls --role-arn {LOCKED} s3://tide-archive"));
    assert_eq!(refused.code, 3);
    assert!(refused.err.contains("STS answered AccessDenied (403)"), "{}", refused.err);
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let unreachable = shore.run(&format!("ls --endpoint-url http://{nobody}"));
    assert_eq!(unreachable.code, 6);
    assert!(unreachable.err.contains("Connection refused"), "{}", unreachable.err);
}

#[test]
fn m3_a_duration_in_seconds_is_taken_and_sts_and_s3_are_told_apart() {
    let shore = Shore::new();
    assert!(shore.run("ls -R -t 7200 -b tide-archive").err.contains("Items (71)"));
    let sts = shore.run("ls -p mistyped -b tide-archive");
    assert_eq!(sts.code, 4);
    assert!(
        sts.err.contains("error: could not mint a session token") && sts.err.contains("STS answered"),
        "{}",
        sts.err
    );
    let s3 = shore.run("ls -b tide-vault");
    assert_eq!(s3.code, 3);
    assert!(s3.err.contains("error: could not list s3://tide-vault/: S3 answered AccessDenied (403)"), "{}", s3.err);
}

#[test]
fn m4_buckets_are_listed_and_every_page_of_every_key() {
    let shore = Shore::new();
    let buckets = shore.run("ls");
    assert!(buckets.out.contains("eu-west-1       tide-eu\n"), "{}", buckets.out);
    assert!(buckets.err.ends_with("Buckets (6)\n"), "{}", buckets.err);
    let keys: Vec<Value> = shore
        .done("ls -R -o ndjson s3://tide-logs/readings/")
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(keys.len(), 12_000);
    assert_eq!(keys[11_999]["key"], "readings/2026/station-12000.csv");
    assert!(keys.windows(2).all(|pair| pair[0]["key"].as_str() < pair[1]["key"].as_str()));
}

#[test]
fn m5_a_federated_user_lists_one_bucket_and_no_other() {
    let shore = Shore::new();
    let listed = shore.json("ls -R -b tide-logs -u ana -m federation -r us-west-2 -o json --prefix readings");
    assert_eq!(listed["complete"], true);
    assert_eq!(listed["count"], 12_000);
    assert_eq!(listed["identity"]["arn"], "arn:aws:sts::111122223333:federated-user/ana");
    let text = shore.run("ls -R -b tide-archive -u ana");
    assert_eq!(text.out.lines().count(), 71);
    assert!(text.out.contains("  stations.json\n") && text.err.ends_with("Items (71)\n"), "{}", text.err);
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::tide-logs"}]}"#;
    let other = ended(shore.command(&["ls", "-b", "tide-archive", "-u", "ana", "--policy", policy]).output().unwrap());
    assert_eq!(other.code, 3, "{}", other.err);
    let first = shore.run("ls -R -b tide-logs -u ana --max 100 -o json");
    let listed: Value = serde_json::from_str(&first.out).unwrap();
    assert_eq!((&listed["count"], &listed["complete"]), (&100.into(), &false.into()));
    assert!(first.err.contains("stopped after 100 rows"), "{}", first.err);
}

#[test]
fn a_bucket_in_another_region_is_followed_and_named_as_such() {
    let ended = Shore::new().run("ls -R -b tide-eu -u ana");
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.err.contains("note: the bucket is in eu-west-1"), "{}", ended.err);
}

#[test]
fn m10_an_expired_session_is_named_with_what_to_do() {
    let shore = Shore::new();
    let minted = shore.json("mint -t 1s -o json");
    let keys = ["AccessKeyId", "SecretAccessKey", "SessionToken"].map(|name| minted[name].as_str().unwrap());
    let [id, secret, token] = keys;
    let profile = format!(
        "[profile minted]\naws_access_key_id={id}\naws_secret_access_key={secret}\naws_session_token={token}\nendpoint_url={}\n",
        shore.endpoint
    );
    fs::write(shore.path("config"), profile).unwrap();
    let expired = (0..10_000)
        .map(|_| shore.run("ls -m direct -p minted s3://tide-archive"))
        .find(|ended| ended.code != 0)
        .expect("a session of one second is over after ten thousand listings");
    assert_eq!(expired.code, 4);
    assert!(expired.err.contains("S3 answered ExpiredToken (400)"), "{}", expired.err);
    assert!(expired.err.contains("hint: the session has expired: mint it again"), "{}", expired.err);
}

#[test]
fn mint_prints_what_a_credential_process_prints_and_only_when_asked() {
    let shore = Shore::new();
    let minted = shore.json("mint -o json");
    assert_eq!(minted["Version"], 1);
    let token = minted["SessionToken"].as_str().unwrap();
    assert!(minted["Expiration"].as_str().unwrap().ends_with('Z') && !token.is_empty());
    let text = shore.done("mint -u bo -b tide-logs");
    assert!(text.contains("federated-user/bo") && text.contains("key id"), "{text}");
    assert!(!text.contains("Secret") && !text.contains("Token"), "{text}");
    let direct = shore.json("mint -m direct -o json");
    assert_eq!(direct["AccessKeyId"], "AKIATIDEANAEXAMPLE01");
    assert!(direct.get("SessionToken").is_none() && direct.get("Expiration").is_none());
}

#[test]
fn a_profile_can_name_ebbtide_as_its_credential_process() {
    let shore = Shore::new();
    let config = fs::read_to_string(shore.path("config")).unwrap();
    let program = env!("CARGO_BIN_EXE_ebbtide");
    let chained = format!(
        "{config}[profile chained]\nregion=us-west-2\nendpoint_url={}\ncredential_process={program} mint -p default --role-arn {READER} -o json\n",
        shore.endpoint
    );
    fs::write(shore.path("config"), chained).unwrap();
    let who = shore.json("whoami -p chained -m direct -o json");
    assert_eq!(who["arn"], "arn:aws:sts::111122223333:assumed-role/reader/ebbtide");
}

#[test]
fn the_environments_keys_and_endpoint_are_used() {
    let shore = Shore::new();
    let minted = shore.json("mint -m direct -o json");
    let mut command = shore.command(&["whoami", "-o", "json"]);
    command
        .env("AWS_CONFIG_FILE", shore.path("none"))
        .env("AWS_ACCESS_KEY_ID", minted["AccessKeyId"].as_str().unwrap())
        .env("AWS_SECRET_ACCESS_KEY", minted["SecretAccessKey"].as_str().unwrap())
        .env("AWS_ENDPOINT_URL", &shore.endpoint)
        .env("AWS_REGION", "eu-west-1")
        .env("HTTP_PROXY", "http://127.0.0.1:1"); // loopback is asked directly
    let ended = ended(command.output().unwrap());
    assert_eq!(ended.code, 0, "{}", ended.err);
    let who: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!((&who["profile"], &who["region"]), (&"environment".into(), &"eu-west-1".into()));
}

#[test]
fn the_environments_keys_are_told_from_a_profile_of_that_name() {
    let shore = Shore::new();
    let config = fs::read_to_string(shore.path("config")).unwrap();
    let keys = "aws_access_key_id=AKIAUNKNOWN\naws_secret_access_key=s";
    let more = format!("{config}[profile environment]\n{keys}\nendpoint_url={}\n", shore.endpoint);
    fs::write(shore.path("config"), more).unwrap();
    for (line, told) in [
        ("mint", "could not mint a session token with the keys in the environment: "),
        ("mint -p environment", "could not mint a session token with profile environment: "),
    ] {
        let mut command = shore.command(&line.split_whitespace().collect::<Vec<_>>());
        command
            .env("AWS_ACCESS_KEY_ID", "AKIAUNKNOWN")
            .env("AWS_SECRET_ACCESS_KEY", "s")
            .env("AWS_ENDPOINT_URL", &shore.endpoint);
        let ended = ended(command.output().unwrap());
        assert!(ended.code == 4 && ended.err.contains(told), "{line}: {}", ended.err);
    }
}

#[test]
fn odd_names_come_raw_in_json_and_harmless_in_text() {
    let shore = Shore::new();
    let text = shore.done("ls -R s3://tide-oddities");
    assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{200b}', '\r', '\t']), "{text:?}");
    assert!(text.contains("override-\\u{202e}txt.exe\n"));
    let listed = shore.json("ls -R -o json s3://tide-oddities");
    let keys: Vec<&str> = listed["objects"].as_array().unwrap().iter().map(|o| o["key"].as_str().unwrap()).collect();
    for key in ["override-\u{202e}txt.exe", "/leading-slash.txt", "a//b//", "plus+sign.txt", "percent%20sign.txt"] {
        assert!(keys.contains(&key), "{key}");
    }
    assert_eq!(text.lines().count(), keys.len());
}

#[test]
fn one_level_has_prefixes_and_ndjson_says_so() {
    let shore = Shore::new();
    let lines = shore.done("ls -o ndjson s3://tide-logs");
    assert!(lines.contains("{\"prefix\":\"team/\"}\n"), "{lines}");
    let level = shore.json("ls -o json s3://tide-logs/team/");
    assert_eq!(level["prefixes"], serde_json::json!(["team/alpha/", "team/beta/"]));
    assert_eq!(
        (&level["bucket"], &level["prefix"], &level["count"]),
        (&"tide-logs".into(), &"team/".into(), &1.into())
    );
    let object = &level["objects"][0];
    assert_eq!(object["key"], "team/README.md");
    assert!(object["etag"].is_string() && object["size"].is_u64());
    assert_eq!(object["last_modified"], "2026-10-19T09:00:00Z");
}

#[test]
fn a_line_that_says_what_is_waited_for_never_reaches_a_pipe() {
    let ended = Shore::slow(Duration::from_millis(300)).run("ls s3://no-such-bucket");
    assert!(ended.err.starts_with("error: "), "{:?}", ended.err);
}

#[test]
fn bad_input_is_named_with_the_next_move_and_its_code() {
    let shore = Shore::new();
    for (line, code, error) in [
        ("ls -p nobody", 5, "error: could not find the profile nobody"),
        ("ls -t soon", 2, "error: --duration: not a duration"),
        ("ls -m magic", 2, "not a mode: session, federation, role or direct"),
        ("ls --role-arn reader", 2, "error: --role-arn: not a role ARN"),
        ("ls --role-arn reader", 2, "hint: `ebbtide roles` lists the roles"),
        ("ls -m role", 2, "error: --role-arn: required"),
        ("ls --endpoint-url minio", 2, "--endpoint-url: it does not start with https"),
        ("ls --endpoint-url http://10.0.0.1", 2, "--endpoint-url: http would send the session token unencrypted"),
        ("ls --endpoint-url http://169.254.169.254", 2, "link-local and metadata addresses"),
        ("ls -r nowhere/else", 2, "error: could not use the region nowhere/else"),
        ("ls -u ana --policy {", 2, "error: --policy: line 1"),
        ("ls -u ana --policy @/nowhere/policy.json", 2, "error: --policy: could not read /nowhere/policy.json"),
        ("ls --policy {}", 2, "error: --policy: a session token takes no session policy"),
        ("ls --scope list", 2, "error: --scope: a session token takes no session policy"),
        ("ls -u ana -m session", 2, "error: --user: mode session has no name"),
        ("ls -m direct -t 1h", 2, "error: --duration: mode direct"),
        ("ls -u a/b", 2, "error: --user: '/' is not allowed"),
        ("ls tide-logs", 2, "error: \"tide-logs\" does not start with s3://\nhint: write s3://BUCKET"),
        ("lss", 2, "error: no command `lss`; did you mean `ls`?"),
        (
            "tide-logs/a",
            2,
            "error: no command `tide-logs/a`\nhint: `ebbtide --help` lists the commands; a bucket is written as s3://tide-logs/a",
        ),
        ("s3://tide-logs ls", 2, "error: a location stands before the command: write it after the command"),
        (
            "-p default exec aws s3 ls",
            2,
            "write -- before the command to run\nhint: ebbtide exec [OPTIONS] -- aws s3 ls",
        ),
        ("ls s3://x", 2, "error: s3://BUCKET[/PREFIX]: not a bucket name"),
        ("ls -b x", 2, "error: --bucket: not a bucket name"),
        ("ls -b tide-logs s3://tide-logs", 2, "cannot be used with"),
        ("ls --prefix x", 2, "--bucket"),
        ("ls s3://tide-logs --prefix x", 2, "cannot be used with"),
        ("ls --max 0", 2, "--max"),
        ("ls -o yaml", 2, "--output"),
        ("-p nobody ls", 5, "error: could not find the profile nobody"),
        ("sandbox --min-duration 15m1s", 2, "at most 15m, the minimum of AWS"),
        ("sandbox --min-duration soon", 2, "not a duration"),
        ("--no-mouse demo", 2, "not a terminal"),
        ("ls s3://no-such-bucket", 5, "S3 answered NoSuchBucket (404)"),
        ("ls s3://tide-logs/nothing/here", 5, "no key starts with this prefix"),
        ("mint -p mistyped", 4, "STS answered SignatureDoesNotMatch (403)"),
        ("mint -p guest -u bo", 3, "STS answered AccessDenied (403)"),
        ("--endpoint-url minio", 2, "--endpoint-url: it does not start with https"),
        ("--endpoint-url http://192.0.2.1", 2, "--endpoint-url: http would send the session token unencrypted"),
        ("--endpoint-url http://169.254.169.254", 2, "link-local and metadata addresses"),
        ("-r nowhere/else", 2, "error: could not use the region nowhere/else"),
        ("", 2, "not a terminal"),
        ("demo", 2, "not a terminal"),
    ] {
        let ended = shore.run(line);
        assert_eq!(ended.code, code, "{line}: {}", ended.err);
        assert!(ended.err.contains(error), "{line}: {}", ended.err);
        assert!(ended.err.contains("hint: ") || ended.err.contains("For more information"), "{line}: {}", ended.err);
        assert_eq!(ended.out, "", "{line}");
    }
}

#[test]
fn a_port_in_use_is_named_with_what_to_do() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let ended = Shore::new().run(&format!("sandbox --port {port}"));
    assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{}", ended.err);
    assert!(
        ended.err.contains(&format!("error: --port: port {port} is in use\nhint: choose another")),
        "{}",
        ended.err
    );
}

#[test]
fn the_sandbox_tells_by_its_exit_code_which_signal_ended_it() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let mut child = Shore::new().command(&["sandbox"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut greeting = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut greeting).unwrap();
        assert!(greeting.starts_with("{\"endpoint\":"), "{greeting}");
        kill_process(Pid::from_child(&child), signal).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal:?}");
    }
}

#[test]
fn a_log_whose_name_could_act_on_a_terminal_is_named_harmlessly() {
    let shore = Shore::new();
    let home = shore.path("\u{1b}[2J\u{202e}");
    fs::create_dir(&home).unwrap();
    let ended = ended(shore.command(&["mint", "-d", "-t", "soon"]).env("HOME", home).output().unwrap());
    assert!(ended.err.contains("log: ") && !ended.err.contains(['\u{1b}', '\u{202e}']), "{:?}", ended.err);
}

#[test]
fn a_log_that_has_grown_large_makes_room_for_a_new_one() {
    let shore = Shore::new();
    let log = shore.run("mint -d").err.trim().strip_prefix("log: ").unwrap().to_owned();
    let old = PathBuf::from(format!("{log}.old"));
    fs::write(&log, vec![b'x'; 5 << 20]).unwrap();
    shore.done("mint -d");
    assert_eq!(fs::metadata(&old).unwrap().len(), 5 << 20);
    assert!(fs::metadata(&log).unwrap().len() < 1 << 20);
}

#[test]
fn every_wrong_field_is_told_at_once() {
    let ended = Shore::new().run("ls -t soon -u a/b -b tide-logs");
    assert!(ended.err.contains("error: --duration:") && ended.err.contains("error: --user:"), "{}", ended.err);
}

#[test]
fn a_malformed_config_is_named_with_its_line() {
    let shore = Shore::new();
    fs::write(shore.path("config"), "[default]\nregion = us-west-2\nthis is no setting\n").unwrap();
    let ended = shore.run("ls");
    assert_eq!(ended.code, 2);
    assert!(
        ended.err.starts_with(&format!("error: could not read {}, line 3: ", shore.path("config").display())),
        "{}",
        ended.err
    );
}

#[test]
fn a_config_that_cannot_be_read_is_named_and_one_that_is_missing_too() {
    let shore = Shore::new();
    fs::write(shore.path("latin1"), b"[default]\nregion = caf\xe9\n").unwrap();
    let config_at = |name: &str| {
        let mut command = shore.command(&["ls"]);
        ended(command.env("AWS_CONFIG_FILE", shore.path(name)).output().unwrap())
    };
    for (name, code, error) in [
        ("latin1", 2, ", line 2: byte 0xe9 is not UTF-8"),
        (".", 2, ": Is a directory"),
        ("none", 5, ", which does not exist"),
    ] {
        let ended = config_at(name);
        assert_eq!(ended.code, code, "{name}: {}", ended.err);
        let told = format!("{}{error}", shore.path(name).display());
        assert!(
            ended.err.contains(&told) && ended.err.contains("AWS_CONFIG_FILE") == (name != "latin1"),
            "{}",
            ended.err
        );
    }
}

#[test]
fn limits_of_aws_refuse_on_aws_before_anything_is_asked() {
    let shore = Shore::new();
    fs::write(shore.path("config"), "[default]\naws_access_key_id=AKIAX\naws_secret_access_key=y\n").unwrap();
    let ended = shore.run("mint -t 10s");
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("error: --duration: AWS allows 15m to 36h"), "{}", ended.err);
}

#[test]
fn a_profile_without_credentials_is_named_with_the_reason() {
    let shore = Shore::new();
    let config =
        "[default]\nregion=us-west-2\n[profile p]\ncredential_process=/nowhere/helper\n[profile r]\nrole_arn=x\n";
    fs::write(shore.path("config"), config).unwrap();
    for (line, code, error) in [
        ("mint", 2, "config, line 1: it has no credentials"),
        ("mint -p p", 4, "from profile p: its credential_process: "),
        ("mint -p r", 2, "config, line 6: role_arn needs a source_profile"),
    ] {
        let ended = shore.run(line);
        assert_eq!(ended.code, code, "{line}: {}", ended.err);
        assert!(ended.err.contains(error), "{line}: {}", ended.err);
    }
}

#[test]
fn a_reader_that_has_enough_ends_the_listing_quietly() {
    let shore = Shore::new();
    let mut child = shore
        .command(&["ls", "-R", "s3://tide-logs/readings/"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 100]).unwrap();
    drop(stdout);
    let ended = ended(child.wait_with_output().unwrap());
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
}

#[test]
fn the_debug_log_is_private_and_holds_no_secret_whatever_the_environment_asks_for() {
    let shore = Shore::new();
    let mut command = shore.command(&["mint", "-d", "-o", "json"]);
    command.env("RUST_LOG", "trace").env("LOG_SENSITIVE_BODIES", "true");
    let ended = ended(command.output().unwrap());
    let path = ended.err.trim().strip_prefix("log: ").expect("its name is said").to_owned();
    let log = fs::read_to_string(&path).unwrap();
    let minted: Value = serde_json::from_str(&ended.out).unwrap();
    for secret in ["SecretAccessKey", "SessionToken"] {
        assert!(!log.contains(minted[secret].as_str().unwrap()), "{secret}");
    }
    assert!(!log.contains("sandbox/ana/long+term+secret"));
    assert!(log.contains("ebbtide"), "{log}");
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}
