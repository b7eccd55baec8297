//! Profiles over config texts and environments.
//!
//! Invariant: no file of the person's is read.

use super::*;
use crate::aws::Setting;

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
    for (config, env, first, kind) in [
        (bare, [&web[..], &container].concat(), "web identity", ProfileKind::WebIdentity),
        (bare, [&container[..], &instance].concat(), "container", ProfileKind::Container),
        (bare, instance.to_vec(), "default", ProfileKind::Nothing),
        (bare, [&keys[..], &web].concat(), "environment", ProfileKind::Environment),
        (bare, [&[("AWS_PROFILE", "default")][..], &web].concat(), "default", ProfileKind::Nothing),
        (own, [&web[..], &container].concat(), "default", ProfileKind::Keys),
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
    assert_eq!(failure.advice(), "known profiles: admin, bare, corp, default, temp, zoe");
}
