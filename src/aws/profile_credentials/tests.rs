//! What a profile's own credentials are got by, with a parrot for every service.
//!
//! Invariant: no socket is opened and no file of the person's is read.

use crate::{
    aws::{
        Aws, Setting,
        scripted_server::{RecordedRequest, ScriptedServer},
    },
    clock::Clock,
    domain::{
        duration::SessionDuration,
        failure::FailureKind,
        mint::{AssumeRole, MintRequest},
        profile::{ProfileChoice, SourceOptions},
    },
};

const CONFIG: &str = "\
[profile keys]
aws_access_key_id = AKIAKEYS
aws_secret_access_key = s
[profile reader]
role_arn = arn:aws:iam::111122223333:role/reader
source_profile = keys
external_id = tide 7
[profile itself]
role_arn = arn:aws:iam::111122223333:role/itself
source_profile = itself
aws_access_key_id = AKIAITSELF
aws_secret_access_key = s
[profile chained]
role_arn = arn:aws:iam::111122223333:role/chained
source_profile = reader
[profile both]
role_arn = arn:aws:iam::111122223333:role/both
source_profile = itself
";

const GRANT: &str = "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAGRANTED</AccessKeyId>\
        <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
        <Expiration>2026-11-22T13:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";

/// Which key requested which role, and whether an external id went along, of a request with one or without.
async fn calls(profile: &str, role: &str, external_id: Option<&str>) -> Vec<(String, String, bool)> {
    let parrot = ScriptedServer::replying(GRANT);
    let clock = Clock::starting_at("2026-11-22T12:00:00Z".parse().unwrap());
    let aws = Aws::new(clock, Setting::Fixed { shared_config: CONFIG.into() }).with_http_client(parrot.client());
    let profile = ProfileChoice::Named(profile.into());
    let source = aws.source(&SourceOptions { profile, ..SourceOptions::default() }).await.unwrap();
    let role_arn = format!("arn:aws:iam::111122223333:role/{role}");
    let plain = AssumeRole::new(role_arn, "ebbtide", SessionDuration::HOUR);
    let request = MintRequest::AssumeRole(Box::new(AssumeRole { external_id: external_id.map(Into::into), ..plain }));
    source.mint_session(&request, None).await.unwrap();
    parrot.recorded_requests().iter().map(call).collect()
}

fn call(asked: &RecordedRequest) -> (String, String, bool) {
    let between = |text: &str, before: &str, after: &str| {
        text.split_once(before).unwrap().1.split(after).next().unwrap().to_owned()
    };
    let key = between(&asked.authorization, "Credential=", "/");
    (key, between(&asked.body, "%3Arole%2F", "&"), asked.body.contains("ExternalId="))
}

#[tokio::test]
async fn a_role_profiles_own_role_is_assumed_once_by_its_source() {
    for (profile, role, external_id, expected) in [
        ("reader", "reader", Some("tide7"), vec![("AKIAKEYS", "reader", true)]),
        // What the request leaves out is not sent, whatever the profile says.
        ("reader", "reader", None, vec![("AKIAKEYS", "reader", false)]),
        ("itself", "itself", None, vec![("AKIAITSELF", "itself", false)]),
        ("both", "both", None, vec![("AKIAITSELF", "both", false)]),
        ("chained", "chained", None, vec![("AKIAKEYS", "reader", true), ("ASIAGRANTED", "chained", false)]),
        // Another role is requested as the profile itself.
        ("reader", "writer", None, vec![("AKIAKEYS", "reader", true), ("ASIAGRANTED", "writer", false)]),
        ("keys", "reader", None, vec![("AKIAKEYS", "reader", false)]),
    ] {
        let expected: Vec<_> =
            expected.into_iter().map(|(key, role, id)| (key.to_owned(), role.to_owned(), id)).collect();
        assert_eq!(calls(profile, role, external_id).await, expected, "{profile} {role}");
    }
}

/// Which keys ask STS, in one program, while what the profile says is changed between two mints.
async fn keys_asking(before: &str, change: impl FnOnce(&std::path::Path), folder: &std::path::Path) -> Vec<String> {
    let file = folder.join("config");
    std::fs::write(&file, before).unwrap();
    let parrot = ScriptedServer::replying(GRANT);
    let clock = Clock::starting_at("2026-11-22T12:00:00Z".parse().unwrap());
    let home = folder.to_str().unwrap();
    let aws = Aws::with_environment(clock, &[("HOME", home), ("AWS_CONFIG_FILE", file.to_str().unwrap())]);
    let aws = aws.with_http_client(parrot.client());
    let mint = async || {
        let profile = ProfileChoice::Named("p".into());
        let source = aws.source(&SourceOptions { profile, ..SourceOptions::default() }).await.unwrap();
        let own = source.mint_session(&MintRequest::Direct, None).await.unwrap();
        own.credentials.access_key_id
    };
    let first = mint().await;
    change(folder);
    vec![first, mint().await]
}

#[tokio::test]
async fn rotated_keys_are_taken_up_by_minting_again() {
    let folder = tempfile::TempDir::new().unwrap();
    let keys = |id: &str| format!("[profile p]\naws_access_key_id = {id}\naws_secret_access_key = s\n");
    let rotate = |folder: &std::path::Path| std::fs::write(folder.join("config"), keys("AKIANEW")).unwrap();
    assert_eq!(keys_asking(&keys("AKIAOLD"), rotate, folder.path()).await, ["AKIAOLD", "AKIANEW"]);

    let print = |id: &str| format!("{{\"Version\":1,\"AccessKeyId\":\"{id}\",\"SecretAccessKey\":\"s\"}}");
    let answer = folder.path().join("answer");
    std::fs::write(&answer, print("ASIAOLD")).unwrap();
    let process = format!("[profile p]\ncredential_process = cat {}\n", answer.display());
    let rotate = |folder: &std::path::Path| std::fs::write(folder.join("answer"), print("ASIANEW")).unwrap();
    assert_eq!(keys_asking(&process, rotate, folder.path()).await, ["ASIAOLD", "ASIANEW"]);
}

#[tokio::test]
async fn roles_on_the_way_are_assumed_where_the_flag_says_with_what_their_profiles_say() {
    let config = "[profile p]\nrole_arn = arn:aws:iam::111122223333:role/outer\nsource_profile = q\nduration_seconds = 7200\n\
            [profile q]\nrole_arn = arn:aws:iam::111122223333:role/inner\nsource_profile = k\nduration_seconds = 7200\n\
            role_session_name = tide\nendpoint_url = https://elsewhere.example\n\
            [profile k]\naws_access_key_id = AKIAK\naws_secret_access_key = s\n";
    let parrot = ScriptedServer::replying(GRANT);
    let clock = Clock::starting_at("2026-11-22T12:00:00Z".parse().unwrap());
    let aws = Aws::new(clock, Setting::Fixed { shared_config: config.into() }).with_http_client(parrot.client());
    let options = SourceOptions {
        profile: ProfileChoice::Named("p".into()),
        endpoint_url: Some("http://127.0.0.1:9".into()),
        ..SourceOptions::default()
    };
    aws.source(&options).await.unwrap().mint_session(&MintRequest::Direct, None).await.unwrap();
    let asked = parrot.recorded_requests();
    assert_eq!(asked.len(), 2);
    assert!(asked.iter().all(|asked| asked.uri == "http://127.0.0.1:9/"), "{asked:?}");
    for (asked, said) in [
        (&asked[0], ["role%2Finner", "RoleSessionName=tide", "DurationSeconds=7200"]),
        (&asked[1], ["role%2Fouter", "RoleSessionName=ebbtide", "DurationSeconds=3600"]),
    ] {
        assert!(said.iter().all(|said| asked.body.contains(said)), "{}", asked.body);
    }
}

#[tokio::test]
async fn a_web_identity_shows_its_token_and_no_keys() {
    let folder = tempfile::TempDir::new().unwrap();
    let token = folder.path().join("token");
    std::fs::write(&token, "canaryTOKEN\n").unwrap();
    let config = format!(
        "[profile p]\nrole_arn = arn:aws:iam::111122223333:role/pod\nweb_identity_token_file = {}\n",
        token.display()
    );
    let parrot = ScriptedServer::replying(GRANT.replace("AssumeRole", "AssumeRoleWithWebIdentity"));
    let clock = Clock::starting_at("2026-11-22T12:00:00Z".parse().unwrap());
    let aws = Aws::new(clock, Setting::Fixed { shared_config: config }).with_http_client(parrot.client());
    let options = SourceOptions { profile: ProfileChoice::Named("p".into()), ..SourceOptions::default() };
    let minted = aws.source(&options).await.unwrap().mint_session(&MintRequest::Direct, None).await.unwrap();
    assert_eq!(minted.credentials.access_key_id, "ASIAGRANTED");
    let asked = &parrot.recorded_requests()[0];
    assert!(asked.authorization.is_empty() && asked.body.ends_with("WebIdentityToken=canaryTOKEN"), "{}", asked.body);
    std::fs::remove_file(&token).unwrap();
    let failure = aws.source(&options).await.unwrap().mint_session(&MintRequest::Direct, None).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Invalid);
    assert!(failure.message.contains("token: No such file"), "{failure}");
}

#[tokio::test]
async fn without_a_login_nobody_is_asked_and_the_command_is_named() {
    let folder = tempfile::TempDir::new().unwrap();
    let config = folder.path().join("config");
    std::fs::write(
        &config,
        "[profile p]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = r\n\
             [profile q]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = p\n\
             [sso-session corp]\nsso_region = us-west-2\nsso_start_url = https://sso.example\n",
    )
    .unwrap();
    let parrot = ScriptedServer::default();
    let env = [("HOME", folder.path().to_str().unwrap()), ("AWS_CONFIG_FILE", config.to_str().unwrap())];
    let aws = Aws::with_environment(Clock::system(), &env).with_http_client(parrot.client());
    for profile in ["p", "q"] {
        let options = SourceOptions { profile: ProfileChoice::Named(profile.into()), ..SourceOptions::default() };
        let failure = aws.source(&options).await.unwrap().mint_session(&MintRequest::Direct, None).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::InvalidCredentials);
        assert!(failure.message.starts_with("not logged in"), "{failure}");
        assert_eq!(failure.next_move(), "aws sso login --sso-session corp");
    }
    for profile in aws.profiles().await.unwrap() {
        let problem = profile.problem.expect("a login is missing");
        assert!(!problem.blocks && problem.text == "not logged in: aws sso login --sso-session corp", "{problem}");
    }
    assert!(parrot.recorded_requests().is_empty());
}
