//! Profiles over config texts and environments.
//!
//! Invariant: no file of the person's is read.

use aws_types::os_shim_internal::Env;

use super::*;
use crate::aws::{Setting, files::Files};

pub(in crate::aws) const CONFIG: &str = "\
[profile zoe]
region = eu-west-1
aws_access_key_id = AKIAZ
aws_secret_access_key = s
[profile temp]
aws_access_key_id = ASIAT
aws_secret_access_key = s
aws_session_token = t
[default]
credential_process = /bin/true
services = edge
endpoint_url = https://general.example
[profile admin]
role_arn = arn:aws:iam::111122223333:role/admin
source_profile = zoe
[profile corp]
sso_session = corp
[profile bare]
output = json
[services edge]
s3 =
  endpoint_url = https://s3.example
";

pub(in crate::aws) async fn loaded_from(
    config: &str,
    env: &[(&str, &str)],
    profile: Option<&str>,
) -> Result<Loaded, Failure> {
    let fixed = Files::new(Setting::Fixed { shared_config: config.into() });
    Files { env: Env::from_slice(env), ..fixed }.load(profile).await
}

#[tokio::test]
async fn the_profile_used_when_nothing_is_said_comes_first_then_names() {
    let profiles = loaded_from(CONFIG, &[], None).await.unwrap().profiles();
    let kinds: Vec<_> = profiles.iter().map(|p| (p.name.as_str(), p.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("default", ProfileKind::Process),
            ("admin", ProfileKind::Role),
            ("bare", ProfileKind::Nothing),
            ("corp", ProfileKind::Sso),
            ("temp", ProfileKind::SessionKeys),
            ("zoe", ProfileKind::Keys),
        ]
    );
    assert_eq!(profiles[1].role_arn.as_deref(), Some("arn:aws:iam::111122223333:role/admin"));
}

#[tokio::test]
async fn the_environments_keys_come_before_every_profile() {
    let env = [("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "s"), ("AWS_PROFILE", "zoe")];
    let loaded = loaded_from(CONFIG, &env, None).await.unwrap();
    let names: Vec<_> = loaded.profiles().into_iter().map(|p| p.name).collect();
    assert_eq!(names[..2], ["environment", "zoe"]);
    assert_eq!(loaded.choose(&ProfileChoice::Unsaid).unwrap().kind, ProfileKind::Environment);
}

#[tokio::test]
async fn a_named_profile_wins_over_the_environments_keys() {
    let env = [("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "s")];
    let loaded = loaded_from(CONFIG, &env, Some("zoe")).await.unwrap();
    assert_eq!(loaded.choose(&ProfileChoice::Named("zoe".into())).unwrap().name, "zoe");
}

#[tokio::test]
async fn each_surrounding_is_told_by_its_variables_and_used_when_nothing_better_is_said() {
    let web = [("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/pod"), ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token")];
    let container = [("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x")];
    let instance = [("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1338")];
    let keys = [("AWS_ACCESS_KEY_ID", "A"), ("AWS_SECRET_ACCESS_KEY", "s")];
    let bare = "[default]\nregion = eu-west-1\n";
    let own = "[default]\naws_access_key_id = A\naws_secret_access_key = s\n";
    let role = "[default]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = k\n\
                [profile k]\naws_access_key_id = A\naws_secret_access_key = s\n";
    for (config, env, first, kind) in [
        (bare, [&web[..], &container].concat(), "web identity", ProfileKind::WebIdentity),
        (bare, [&container[..], &instance].concat(), "container", ProfileKind::Container),
        (bare, instance.to_vec(), "default", ProfileKind::Nothing),
        (bare, [&keys[..], &web].concat(), "environment", ProfileKind::Environment),
        (bare, [&[("AWS_PROFILE", "default")][..], &container].concat(), "default", ProfileKind::Nothing),
        (bare, [&[("AWS_PROFILE", "default")][..], &web].concat(), "web identity", ProfileKind::WebIdentity),
        (own, container.to_vec(), "default", ProfileKind::Keys),
        (own, [&web[..], &container].concat(), "web identity", ProfileKind::WebIdentity),
        (role, [&web[..], &container].concat(), "default", ProfileKind::Role),
        ("", web.to_vec(), "web identity", ProfileKind::WebIdentity),
    ] {
        let loaded = loaded_from(config, &env, None).await.unwrap();
        let profiles = loaded.profiles();
        assert_eq!((profiles[0].name.as_str(), profiles[0].kind), (first, kind), "{env:?}");
        for profile in &profiles {
            assert_eq!(loaded.find(&profile.choice()).as_ref(), Ok(profile));
        }
    }
}

#[tokio::test]
async fn what_the_surroundings_do_not_give_is_not_found() {
    for choice in [ProfileChoice::Environment, ProfileChoice::WebIdentity, ProfileChoice::Container] {
        let failure = loaded_from(CONFIG, &[], None).await.unwrap().choose(&choice).unwrap_err();
        assert_eq!(failure.kind, FailureKind::NotFound, "{choice:?}");
        assert!(failure.message.contains("AWS_") && failure.message.contains("not set"), "{failure}");
    }
}

/// The profile that is used when nothing is said, or why none is.
async fn unsaid(env: &[(&str, &str)]) -> Result<String, String> {
    let loaded = loaded_from(CONFIG, env, None).await.unwrap();
    loaded
        .choose(&ProfileChoice::Unsaid)
        .map(|profile| profile.name)
        .map_err(|failure| format!("{failure}: {}", failure.advice()))
}

#[tokio::test]
async fn the_old_variable_names_the_profile_where_the_new_one_does_not() {
    for (env, name) in [
        (vec![("AWS_DEFAULT_PROFILE", "zoe")], "zoe"),
        (vec![("AWS_PROFILE", "temp"), ("AWS_DEFAULT_PROFILE", "zoe")], "temp"),
        (vec![("AWS_PROFILE", ""), ("AWS_DEFAULT_PROFILE", "zoe")], "zoe"),
        (vec![("AWS_PROFILE", " "), ("AWS_DEFAULT_PROFILE", "")], "default"),
        (vec![("AWS_PROFILE", "zoe"), ("AWS_ACCESS_KEY_ID", "A"), ("AWS_SECRET_ACCESS_KEY", "s")], "environment"),
        (vec![("AWS_PROFILE", "zoe"), ("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", "s")], "zoe"),
    ] {
        assert_eq!(unsaid(&env).await.as_deref(), Ok(name), "{env:?}");
    }
}

#[tokio::test]
async fn what_the_environment_names_and_does_not_give_is_an_error_by_its_name() {
    let keys = [("AWS_ACCESS_KEY_ID", "A"), ("AWS_SECRET_ACCESS_KEY", "s")];
    for (env, why) in [
        (vec![("AWS_DEFAULT_PROFILE", "gone")], "AWS_DEFAULT_PROFILE selects this profile"),
        ([&[("AWS_PROFILE", "gone")][..], &keys].concat(), "AWS_PROFILE selects this profile"),
        (keys[..1].to_vec(), "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not"),
        (vec![("AWS_ACCESS_KEY_ID", "A\u{1}"), keys[1]], "AWS_ACCESS_KEY_ID cannot be used: character 2 is a control"),
        (vec![("AWS_ACCESS_KEY_ID", " "), keys[1]], "AWS_ACCESS_KEY_ID cannot be used: character 1 is a space"),
        (
            vec![keys[0], ("AWS_SECRET_ACCESS_KEY", "s\n")],
            "AWS_SECRET_ACCESS_KEY cannot be used: character 2 is a control",
        ),
        ([&keys[..], &[("AWS_SESSION_TOKEN", "t t")]].concat(), "AWS_SESSION_TOKEN cannot be used: character 2"),
        ([&keys[..], &[("AWS_SECURITY_TOKEN", "é")]].concat(), "AWS_SECURITY_TOKEN cannot be used: character 1"),
        (
            vec![("AWS_WEB_IDENTITY_TOKEN_FILE", "/t"), ("AWS_ROLE_ARN", "r"), ("AWS_ROLE_SESSION_NAME", "a\nb")],
            "AWS_ROLE_SESSION_NAME cannot be used: character 2 is a control",
        ),
        (vec![("AWS_WEB_IDENTITY_TOKEN_FILE", "/t")], "AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not"),
    ] {
        let told = unsaid(&env).await.unwrap_err();
        assert!(told.contains(why), "{env:?}: {told}");
    }
}

#[tokio::test]
async fn a_services_section_is_missed_where_it_would_decide_something() {
    let config = "[default]\nservices = gone\nregion = x\n";
    let keys = [("AWS_ACCESS_KEY_ID", "A"), ("AWS_SECRET_ACCESS_KEY", "s")];
    for (env, is_missed) in [
        (vec![], true),
        (vec![("AWS_ENDPOINT_URL_S3", "https://x")], true),
        (vec![("AWS_ENDPOINT_URL_S3", "https://x"), ("AWS_ENDPOINT_URL_STS", "https://x")], false),
        (vec![("AWS_ENDPOINT_URL", "https://x")], false),
        (vec![("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")], false),
    ] {
        let loaded = loaded_from(config, &[&keys[..], &env].concat(), None).await.unwrap();
        let chosen = loaded.choose(&ProfileChoice::Unsaid);
        let told = chosen
            .as_ref()
            .is_err_and(|failure| failure.message.contains("no section [services gone], which profile default"));
        assert_eq!((told, chosen.is_ok()), (is_missed, !is_missed), "{env:?}");
    }
}

#[tokio::test]
async fn two_variables_that_contradict_each_other_are_told() {
    let keys = [("AWS_ACCESS_KEY_ID", "A"), ("AWS_SECRET_ACCESS_KEY", "s")];
    let tokens = [("AWS_SECURITY_TOKEN", "old"), ("AWS_SESSION_TOKEN", "new")];
    for (env, told) in [
        (vec![("AWS_PROFILE", "zoe"), ("AWS_DEFAULT_PROFILE", "zoe")], None),
        (
            vec![("AWS_PROFILE", "zoe"), ("AWS_DEFAULT_PROFILE", "temp")],
            Some("AWS_PROFILE and AWS_DEFAULT_PROFILE differ"),
        ),
        (
            [&keys[..], &tokens].concat(),
            Some("AWS_SECURITY_TOKEN and AWS_SESSION_TOKEN differ: AWS_SECURITY_TOKEN is used"),
        ),
        ([&[("AWS_PROFILE", "zoe")][..], &tokens].concat(), None),
    ] {
        let loaded = loaded_from(CONFIG, &env, None).await.unwrap();
        let problem = loaded.choose(&ProfileChoice::Unsaid).unwrap().problem.map(|problem| problem.to_string());
        match told {
            None => assert_eq!(problem, None, "{env:?}"),
            Some(told) => assert!(problem.as_ref().is_some_and(|problem| problem.starts_with(told)), "{problem:?}"),
        }
    }
}

/// The key id, token and end of profile `p` in these two files, or what is wrong with it.
async fn keys_of(config: &str, credentials: &str) -> Result<String, String> {
    let home = tempfile::TempDir::new().unwrap();
    let file = |name: &str, text: &str| {
        let path = home.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (config, credentials) = (file("config", config), file("credentials", credentials));
    let env = [("AWS_CONFIG_FILE", config.as_str()), ("AWS_SHARED_CREDENTIALS_FILE", credentials.as_str())];
    let loaded = Files { fixed: None, env: Env::from_slice(&env) }.load(Some("p")).await.unwrap();
    let named = ProfileChoice::Named("p".into());
    let profile = loaded.choose(&named).map_err(|failure| failure.message)?;
    match loaded.route(&profile).unwrap().base {
        Base::Keys(keys) => {
            use crate::domain::credentials::ExposeSecret;
            let token = keys.session_token.as_ref().map_or("", |token| token.expose_secret());
            let end = keys.expiration.map(|end| format!(" until {end}")).unwrap_or_default();
            let note = profile.problem.map(|problem| format!(" ({})", problem.text)).unwrap_or_default();
            Ok(format!("{} {token}{end}{note}", keys.access_key_id))
        }
        base => Ok(format!("{base:?}")),
    }
}

#[tokio::test]
async fn keys_are_taken_from_one_file_whole_in_the_order_of_the_aws_cli() {
    let (config, credentials) = ("[profile p]\n", "[p]\n");
    let keys = "aws_access_key_id = A\naws_secret_access_key = s\n";
    let others = "aws_access_key_id = B\naws_secret_access_key = s\n";
    let (process, token) = ("credential_process = /bin/x\n", "aws_session_token = t\n");
    for (in_config, in_credentials, found) in [
        (keys.to_owned(), String::new(), Ok("A ")),
        (keys.into(), others.into(), Ok("B ")),
        (format!("{keys}{token}"), others.into(), Ok("B ")),
        (format!("{keys}{process}"), others.into(), Ok("B ")),
        (process.into(), others.into(), Ok("B ")),
        (format!("{keys}{process}"), String::new(), Ok("Process(\"/bin/x\")")),
        (keys.into(), process.into(), Ok("Process(\"/bin/x\")")),
        (others.into(), "aws_access_key_id =\naws_secret_access_key = x\n".into(), Ok("B ")),
        (others.into(), "aws_access_key_id = A\n".into(), Err("incomplete keys: aws_secret_access_key is missing")),
        ("aws_secret_access_key = s".into(), "aws_access_key_id = A\n".into(), Err("incomplete keys")),
        (format!("{keys}aws_security_token = old\n{token}"), String::new(), Ok("A old")),
        (format!("{keys}credential_source = Environment\n"), String::new(), Ok("A ")),
        (format!("{keys}sso_session = corp\n"), String::new(), Ok("A ")),
        (
            format!("{keys}sso_session = corp\nsso_account_id = 1\n"),
            String::new(),
            Err("there is no section [sso-session corp]"),
        ),
        (format!("{keys}services = edge\n"), String::new(), Err("there is no section [services edge]")),
    ] {
        let told = keys_of(&format!("{config}{in_config}"), &format!("{credentials}{in_credentials}")).await;
        match found {
            Ok(found) => assert_eq!(told.as_deref(), Ok(found), "{in_config}{in_credentials}"),
            Err(why) => assert!(told.as_ref().is_err_and(|told| told.contains(why)), "{told:?}"),
        }
    }
}

#[tokio::test]
async fn the_end_of_keys_is_read_under_the_names_that_tools_write_and_a_garbled_one_is_told() {
    let keys = "[p]\naws_access_key_id = A\naws_secret_access_key = s\naws_session_token = t\n";
    for (end, found) in [
        ("x_security_token_expires = 2026-11-22T14:00:00+01:00", "A t until 2026-11-22T13:00:00Z"),
        ("aws_credential_expiration = 2026-11-22T13:00:00Z", "A t until 2026-11-22T13:00:00Z"),
        ("AWS_Expiration = 2026-11-22T13:00:00.000Z", "A t until 2026-11-22T13:00:00Z"),
        ("expiration = 2026-11-22 13:00:00", "A t until 2026-11-22T13:00:00Z"),
        ("expiration = never\naws_expiration = 2026-11-22T13:00:00Z", "A t until 2026-11-22T13:00:00Z"),
        ("expiration =", "A t"),
        ("expiration = soon", "A t (expiration: not a time: soon)"),
        ("x_security_token_expires = 22/11/2026", "A t (x_security_token_expires: not a time"),
    ] {
        let told = keys_of("", &format!("{keys}{end}\n")).await.unwrap();
        assert!(told.starts_with(found) && told.contains('(') == found.contains('('), "{end}: {told}");
    }
}

#[tokio::test]
async fn a_value_that_cannot_be_signed_with_is_told_by_its_line_and_not_quoted() {
    for (key, secret, token, line, why) in [
        ("A\u{1}", "s", "t", 2, "aws_access_key_id cannot be used: character 2 is a control"),
        ("A\n  B", "s", "t", 2, "aws_access_key_id cannot be used: character 2 is a control"),
        ("A B", "s", "t", 2, "aws_access_key_id cannot be used: character 2 is a space"),
        ("clé", "s", "t", 2, "aws_access_key_id cannot be used: character 3 is not an ASCII"),
        ("A", "canary\u{0}", "t", 3, "aws_secret_access_key cannot be used: character 7 is a control"),
        ("A", "s", "cana\rry", 4, "aws_session_token cannot be used: character 5 is a control"),
        ("A", "s", "canary é", 4, "aws_session_token cannot be used: character 7 is a space"),
        (&"A".repeat(100_000), "s", "t", 2, "aws_access_key_id cannot be used: it is 100000 bytes long"),
    ] {
        let text =
            format!("[p]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\naws_session_token = {token}\n");
        let told = keys_of("", &text).await.unwrap_err();
        assert!(told.contains(&format!("credentials, line {line}: {why}")) && !told.contains("canary"), "{told}");
    }
}

#[tokio::test]
async fn of_two_default_profiles_the_last_counts_and_the_other_is_told() {
    let config = "[profile default]\nregion = eu-west-1\n[default]\naws_access_key_id = A\naws_secret_access_key = s\n";
    let chosen = loaded_from(config, &[], None).await.unwrap().choose(&ProfileChoice::Unsaid).unwrap();
    assert_eq!((chosen.kind, chosen.region.as_deref()), (ProfileKind::Keys, None));
    assert_eq!(
        chosen.problem.unwrap().to_string(),
        "the AWS config, line 1: this section is ignored: line 3 defines the default profile again, and the last one counts"
    );
}

#[tokio::test]
async fn a_profile_tells_kind_region_and_account_as_far_as_its_section_does() {
    let role = "role_arn = arn:aws:iam::111122223333:role/r";
    for (section, kind, account) in [
        (
            format!("{role}\nsource_profile = p\naws_access_key_id = A\naws_secret_access_key = s"),
            ProfileKind::Role,
            Some("111122223333"),
        ),
        (format!("{role}\nweb_identity_token_file = /t"), ProfileKind::WebIdentity, Some("111122223333")),
        ("credential_source = Ec2InstanceMetadata".into(), ProfileKind::Instance, None),
        ("credential_source = EcsContainer".into(), ProfileKind::Container, None),
        ("credential_source = Environment".into(), ProfileKind::Environment, None),
        ("sso_start_url = https://x\nsso_account_id = 444455556666".into(), ProfileKind::Sso, Some("444455556666")),
        ("aws_access_key_id = A\naws_secret_access_key = s\naws_account_id = 12".into(), ProfileKind::Keys, None),
        (
            "aws_access_key_id = A\naws_secret_access_key = s\nmfa_serial = arn:aws:iam::777788889999:mfa/x".into(),
            ProfileKind::Keys,
            Some("777788889999"),
        ),
        ("aws_access_key_id =\ncredential_process = /bin/x".into(), ProfileKind::Process, None),
    ] {
        let loaded =
            loaded_from(&format!("[profile p]\nregion = eu-north-1\n{section}\n"), &[], Some("p")).await.unwrap();
        let profile = loaded.find(&ProfileChoice::Named("p".into())).unwrap();
        assert_eq!(
            (profile.kind, profile.account.as_deref(), profile.region.as_deref()),
            (kind, account, Some("eu-north-1")),
            "{section}"
        );
    }
}

#[tokio::test]
async fn the_command_at_the_start_of_a_chain_is_told_with_the_role() {
    let config = "[profile p]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = c\n[profile c]\ncredential_process = /bin/keys --all\n";
    let profiles = loaded_from(config, &[], None).await.unwrap().profiles();
    let commands: Vec<_> = profiles.iter().map(|profile| profile.command.as_deref()).collect();
    assert_eq!(commands, [Some("/bin/keys --all"); 2]);
}

#[tokio::test]
async fn an_unknown_profile_is_refused_with_the_known_ones() {
    let loaded = loaded_from(CONFIG, &[], Some("nobody")).await.unwrap();
    let failure = loaded.choose(&ProfileChoice::Named("nobody".into())).unwrap_err();
    assert_eq!((failure.kind, failure.subject.as_str()), (FailureKind::NotFound, "nobody"));
    assert_eq!(failure.advice(), "available profiles: admin, bare, corp, default, temp, zoe");
}

#[tokio::test]
async fn a_role_assumed_with_temporary_credentials_is_known_whatever_gives_them() {
    let config = "\
[profile on-keys]\nrole_arn = r\nsource_profile = keys\n[profile keys]\naws_access_key_id = A\naws_secret_access_key = s\n
[profile on-token]\nrole_arn = r\nsource_profile = token
[profile token]\naws_access_key_id = A\naws_secret_access_key = s\naws_session_token = t\n
[profile on-role]\nrole_arn = r\nsource_profile = on-keys\n
[profile own-token]\nrole_arn = r\nsource_profile = own-token
aws_access_key_id = A\naws_secret_access_key = s\naws_session_token = t\n
[profile on-web]\nrole_arn = r\nsource_profile = web\n[profile web]\nrole_arn = w\nweb_identity_token_file = /t\n
[profile on-env]\nrole_arn = r\ncredential_source = Environment\n
[profile on-box]\nrole_arn = r\ncredential_source = EcsContainer\n
[profile on-machine]\nrole_arn = r\ncredential_source = Ec2InstanceMetadata\n
[profile on-command]\nrole_arn = r\nsource_profile = command\n[profile command]\ncredential_process = /bin/x\n";
    let keys = [("AWS_ACCESS_KEY_ID", "A"), ("AWS_SECRET_ACCESS_KEY", "s")];
    for (token, name, chained) in [
        (None, "on-keys", false),
        (None, "on-token", true),
        (None, "on-role", true),
        (None, "own-token", true),
        (None, "on-web", true),
        (None, "on-env", false),
        (Some(("AWS_SESSION_TOKEN", "t")), "on-env", true),
        (None, "on-box", true),
        (None, "on-machine", true),
        (None, "on-command", false),
        (None, "keys", false),
    ] {
        let env: Vec<_> = keys.into_iter().chain(token).collect();
        let loaded = loaded_from(config, &env, Some(name)).await.unwrap();
        let profiles = loaded.profiles();
        let profile = profiles.iter().find(|profile| profile.name == name).unwrap();
        assert_eq!(profile.chains_roles, chained, "{name}: {:?}", profile.problem);
    }
}
