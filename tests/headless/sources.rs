//! Where credentials come from, with the program as a process: metadata services, Identity Center, commands, and the list
//! of profiles. Whoever answers for AWS is on loopback.

use std::{
    fmt::Write as _,
    fs,
    io::{Read, Write as _},
    net::TcpListener,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};

use crate::shore::{Ended, Shore, ended};

/// Says one thing for each path, over and over; notes what it was asked.
pub(crate) struct Fake {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    pub(crate) fn answering(answer: impl Fn(&str) -> (u16, String) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let notes = asked.clone();
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let mut request = Vec::new();
                let mut byte = [0];
                while !request.ends_with(b"\r\n\r\n") && connection.read(&mut byte).is_ok_and(|read| read == 1) {
                    request.push(byte[0]);
                }
                let request = String::from_utf8(request).unwrap();
                let (status, body) = answer(&request);
                notes.lock().unwrap().push(request.lines().next().unwrap_or_default().to_owned());
                let mut reply =
                    format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
                reply.push_str("x-aws-ec2-metadata-token-ttl-seconds: 21600\r\n");
                if status == 401 {
                    reply.push_str("x-amzn-errortype: UnauthorizedException\r\n");
                }
                write!(reply, "\r\n{body}").unwrap();
                let _ = connection.write_all(reply.as_bytes());
            }
        });
        Self { url, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// A session of the sandbox, for a service to hand out.
fn session(shore: &Shore) -> Value {
    shore.json("mint -o json -t 1h")
}

pub(crate) fn run(shore: &Shore, line: &str, env: &[(&str, &str)]) -> Ended {
    let args: Vec<&str> = line.split_whitespace().collect();
    ended(shore.command(&args).envs(env.iter().copied()).output().unwrap())
}

fn arn(ended: &Ended) -> Value {
    assert_eq!(ended.code, 0, "{}", ended.err);
    serde_json::from_str::<Value>(&ended.out).unwrap()["arn"].clone()
}

const ANA: &str = "arn:aws:iam::111122223333:user/ana";

#[test]
fn an_instances_role_is_taken_when_it_is_chosen_and_not_before() {
    let shore = Shore::new();
    let keys = session(&shore);
    let imds = Fake::answering(move |request| {
        let role = json!({
            "Code": "Success", "AccessKeyId": keys["AccessKeyId"], "SecretAccessKey": keys["SecretAccessKey"],
            "Token": keys["SessionToken"], "Expiration": keys["Expiration"],
        });
        match request.split(' ').nth(1).unwrap_or_default() {
            "/latest/api/token" => (200, "canary".into()),
            "/latest/meta-data/iam/security-credentials/" => (200, "tide".into()),
            "/latest/meta-data/iam/security-credentials/tide" => (200, role.to_string()),
            _ => (404, String::new()),
        }
    });
    let env = [("AWS_EC2_METADATA_SERVICE_ENDPOINT", imds.url.as_str()), ("HTTP_PROXY", "http://127.0.0.1:1")];
    assert_eq!(run(&shore, "profiles", &env).code, 0);
    assert_eq!(run(&shore, "whoami -m direct", &env).code, 0);
    assert_eq!(imds.asked(), Vec::<String>::new(), "a default profile is there");
    assert_eq!(arn(&run(&shore, "whoami -m direct --source instance -o json", &env)), ANA);
    assert_eq!(imds.asked().len(), 3);
    let forbidden = run(&shore, "whoami -m direct --source instance", &[env[0], ("AWS_EC2_METADATA_DISABLED", "true")]);
    assert_eq!(forbidden.code, 2);
    assert!(forbidden.err.contains("AWS_EC2_METADATA_DISABLED"), "{}", forbidden.err);
    let elsewhere = [("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://192.0.2.1")];
    let refused = run(&shore, "whoami -m direct --source instance", &elsewhere);
    assert!(refused.code == 2 && refused.err.contains("neither loopback nor a metadata service"), "{}", refused.err);
}

#[test]
fn a_containers_role_is_taken_from_where_the_variables_say() {
    let shore = Shore::new();
    let keys = session(&shore);
    let agent = Fake::answering(move |request| {
        let allowed = request.contains("authorization: canary") && request.starts_with("GET /role ");
        let role = json!({
            "AccessKeyId": keys["AccessKeyId"], "SecretAccessKey": keys["SecretAccessKey"],
            "Token": keys["SessionToken"], "Expiration": keys["Expiration"],
        });
        if allowed { (200, role.to_string()) } else { (403, String::new()) }
    });
    let uri = format!("{}/role", agent.url);
    let env = [("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri.as_str()), ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "canary")];
    assert_eq!(arn(&run(&shore, "whoami -m direct --source container -o json", &env)), ANA);
    let refused = run(&shore, "whoami -m direct --source container", &env[..1]);
    assert!(refused.code == 4 && refused.err.contains("the IAM role of the container"), "{}", refused.err);
    // A role whose source is the container.
    let config = fs::read_to_string(shore.path("config")).unwrap();
    let role = format!(
        "{config}\n[profile pod]\nrole_arn = arn:aws:iam::111122223333:role/reader\ncredential_source = EcsContainer\n\
         region = us-west-2\nendpoint_url = {}\n",
        shore.endpoint
    );
    fs::write(shore.path("config"), role).unwrap();
    let assumed = arn(&run(&shore, "whoami -m direct -p pod -o json", &env));
    assert_eq!(assumed, "arn:aws:sts::111122223333:assumed-role/reader/ebbtide");
    let unset = run(&shore, "whoami -p pod", &[]);
    assert!(unset.code == 2 && unset.err.contains("config, line "), "{}", unset.err);
}

#[test]
fn a_login_is_used_while_it_lasts_and_its_command_named_when_it_does_not() {
    let shore = Shore::new();
    let keys = session(&shore);
    let portal = Fake::answering(move |request| {
        if !request.contains("x-amz-sso_bearer_token: good") {
            return (401, r#"{"message":"Session token not found or invalid"}"#.into());
        }
        let role = json!({ "roleCredentials": {
            "accessKeyId": keys["AccessKeyId"], "secretAccessKey": keys["SecretAccessKey"],
            "sessionToken": keys["SessionToken"], "expiration": 4_000_000_000_000_i64,
        }});
        (200, role.to_string())
    });
    let config = fs::read_to_string(shore.path("config")).unwrap();
    let sso = format!(
        "{config}\n[profile corp]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = reader\n\
         region = us-west-2\nendpoint_url = {}\n[sso-session corp]\nsso_region = us-west-2\nsso_start_url = https://x.example\n",
        shore.endpoint
    );
    fs::write(shore.path("config"), sso).unwrap();
    let env = [("AWS_ENDPOINT_URL_SSO", portal.url.as_str())];
    let whoami = || run(&shore, "whoami -m direct -p corp -o json", &env);
    // printf corp | sha1sum
    let cache = shore.path(".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json");
    fs::create_dir_all(cache.parent().unwrap()).unwrap();
    let log_in = |token: &str, end: &str| {
        fs::write(&cache, json!({ "accessToken": token, "expiresAt": end }).to_string()).unwrap();
    };
    let missing = whoami();
    assert!(missing.code == 4 && missing.err.contains("aws sso login --sso-session corp"), "{}", missing.err);
    log_in("good", "2020-01-01T00:00:00Z");
    let ended = whoami();
    assert!(ended.code == 4 && ended.err.contains("login expired"), "{}", ended.err);
    assert!(run(&shore, "profiles", &env).out.contains("login expired"));
    assert_eq!(portal.asked(), Vec::<String>::new(), "an ended login is not tried");
    log_in("good", "2099-01-01T00:00:00Z");
    assert_eq!(arn(&whoami()), ANA);
    log_in("revoked", "2099-01-01T00:00:00Z");
    let revoked = whoami();
    assert!(
        revoked.code == 4 && revoked.err.contains("log in again: aws sso login --sso-session corp"),
        "{}",
        revoked.err
    );
    assert!(!revoked.err.contains("revoked"), "{}", revoked.err);
}

#[test]
fn profiles_are_listed_with_what_is_wrong_and_nobody_is_contacted() {
    let shore = Shore::new();
    fs::write(
        shore.path("config"),
        "[default]\nregion = eu-west-1\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = gone\n[ops]\nregion = x\n\
         [profile run]\ncredential_process = touch ran; echo \u{1b}[31m\nendpoint_url = http://127.0.0.1:1\n",
    )
    .unwrap();
    let text = shore.done("profiles");
    let config = shore.path("config").display().to_string();
    assert!(text.contains(&format!("{config}, line 4: there is no profile gone")), "{text}");
    assert!(text.contains(&format!("{config}, line 5: [ops] is ignored here: write [profile ops]")), "{text}");
    assert!(text.ends_with("Profiles (3)\n") && !text.contains('\u{1b}'), "{text}");
    let listed = shore.json("profiles -o json");
    assert_eq!(listed["count"], 3);
    let rows: Vec<Value> =
        shore.done("profiles -o ndjson").lines().map(|row| serde_json::from_str(row).unwrap()).collect();
    assert_eq!(Value::from(rows.clone()), listed["profiles"]);
    assert_eq!(rows[0]["problem"]["line"], 4);
    assert_eq!((&rows[0]["kind"], &rows[0]["account"]), (&json!("role"), &json!("111122223333")));
    assert_eq!(rows[2]["command"], "touch ran; echo \u{1b}[31m");
    assert!(!shore.path("ran").exists());
    // The same words for whoever chooses it.
    let refused = shore.run("whoami");
    assert_eq!(refused.code, 2);
    assert!(
        refused.err.contains("could not use profile default: ") && refused.err.contains("line 4: there is no profile"),
        "{}",
        refused.err
    );
}

#[test]
fn a_command_that_gives_no_credentials_is_told_with_its_complaint_and_not_its_output() {
    let shore = Shore::new();
    for (command, code, text) in [
        ("echo canary; echo vault is locked >&2; exit 7", 4, "exit status: 7: vault is locked"),
        ("echo canary", 2, "not a JSON object"),
        ("no-such-helper-7", 4, "not found"),
    ] {
        fs::write(shore.path("config"), format!("[default]\ncredential_process = {command}\n")).unwrap();
        let ended = shore.run("whoami -m direct");
        assert_eq!(ended.code, code, "{}", ended.err);
        assert!(ended.err.contains(text) && ended.err.contains("hint: run the command yourself"), "{}", ended.err);
        assert!(!ended.err.lines().next().unwrap().contains("canary"), "{}", ended.err);
    }
}

#[test]
fn commands_of_a_profile_are_not_given_the_environments_keys() {
    let shore = Shore::new();
    let leaks = "test -z \"$AWS_ACCESS_KEY_ID$AWS_SECRET_ACCESS_KEY$AWS_SESSION_TOKEN\" && echo kept them >&2; exit 7";
    fs::write(shore.path("config"), format!("[profile vault]\ncredential_process = {leaks}\n")).unwrap();
    let mut command = shore.command(&["whoami", "-p", "vault", "-m", "direct"]);
    command.envs([
        ("AWS_ACCESS_KEY_ID", "AKIACANARY"),
        ("AWS_SECRET_ACCESS_KEY", "canary"),
        ("AWS_SESSION_TOKEN", "canary"),
    ]);
    let ended = ended(command.output().unwrap());
    assert!(ended.err.contains("kept them"), "{}", ended.err);
}
