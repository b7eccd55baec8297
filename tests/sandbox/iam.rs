//! IAM: who exists, which roles are there and for how long, and who may ask.

use aws_sdk_iam::types::Role;
use aws_sdk_s3::config::Credentials;
use bytes::Bytes;
use ebbtide::sandbox::Settings;

use crate::support::in_process::{InProcess, assert_refused, guest, minted, pass, presigned, refusal, root};

const USER: &str = "arn:aws:iam::111122223333:user";

async fn assumed(world: &InProcess, role: &str) -> Credentials {
    let arn = format!("arn:aws:iam::111122223333:role/{role}");
    let call = world.sts(world.ana()).assume_role().role_arn(arn).role_session_name("tests");
    minted(call.send().await.expect("the role admits").credentials())
}

#[tokio::test(start_paused = true)]
async fn a_user_finds_herself_and_others_by_name() {
    let world = InProcess::new(Settings::default());
    let iam = world.iam(world.ana());
    for call in [iam.get_user(), iam.get_user().user_name("ana")] {
        let reply = call.send().await.unwrap();
        let user = reply.user().unwrap();
        assert_eq!((user.user_name(), user.arn()), ("ana", format!("{USER}/ana").as_str()));
        assert_eq!((user.user_id(), user.path()), ("AIDATIDEANAEXAMPLE001", "/"));
        assert_eq!(user.create_date().to_string(), "2026-01-05T09:00:00Z");
    }
    assert!(world.last().text().contains("xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\""));
    let none = refusal(iam.get_user().user_name("nobody").send().await);
    assert_refused(&none, 404, "NoSuchEntity", "The user with name nobody cannot be found.");
}

#[tokio::test(start_paused = true)]
async fn a_created_user_is_found_after_a_while_and_taken_at_once() {
    let world = InProcess::new(Settings::default());
    let iam = world.iam(world.ana());
    let reply = iam.create_user().user_name("bo").path("/crew/").send().await.unwrap();
    let created = reply.user().unwrap().clone();
    assert_eq!(created.arn(), format!("{USER}/crew/bo"));
    assert!(created.user_id().starts_with("AIDA") && created.user_id().len() == 21, "{created:?}");
    let find = || iam.get_user().user_name("bo").send();
    assert_refused(&refusal(find().await), 404, "NoSuchEntity", "bo");
    let again = refusal(iam.create_user().user_name("BO").send().await);
    assert_refused(&again, 409, "EntityAlreadyExists", "User with name BO already exists.");
    pass(2).await;
    assert_eq!(find().await.unwrap().user(), Some(&created));
    let taken = refusal(iam.create_user().user_name("ana").send().await);
    assert_refused(&taken, 409, "EntityAlreadyExists", "User with name ana already exists.");
    let tag = aws_sdk_iam::types::Tag::builder().key("a").value("b").build().unwrap();
    let tagged = refusal(iam.create_user().user_name("cy").tags(tag).send().await);
    assert_refused(&tagged, 400, "ValidationError", "does not support Tags");
}

#[tokio::test(start_paused = true)]
async fn a_role_tells_its_maximum_and_whom_it_trusts() {
    let world = InProcess::new(Settings::default());
    let iam = world.iam(world.ana());
    let reply = iam.get_role().role_name("auditor").send().await.unwrap();
    let role = reply.role().unwrap();
    assert_eq!(role.max_session_duration(), Some(14_400));
    assert_eq!(role.arn(), "arn:aws:iam::111122223333:role/auditor");
    let trust = role.assume_role_policy_document().unwrap();
    assert!(trust.starts_with("%7B") && trust.contains("%22arn%3Aaws%3Aiam%3A%3A111122223333%3Auser%2Fana%22"));
    let none = refusal(iam.get_role().role_name("none").send().await);
    assert_refused(&none, 404, "NoSuchEntity", "The role with name none cannot be found.");
}

#[tokio::test(start_paused = true)]
async fn roles_are_listed_in_pages_by_name() {
    let world = InProcess::new(Settings::default());
    let iam = world.iam(world.ana());
    let (mut names, mut marker, mut pages) = (vec![], None, 0);
    loop {
        let page = iam.list_roles().max_items(2).set_marker(marker).send().await.unwrap();
        assert!(page.roles().len() <= 2);
        names.extend(page.roles().iter().map(|role| role.role_name().to_owned()));
        pages += 1;
        marker = page.marker().map(Into::into);
        assert_eq!(page.is_truncated(), marker.is_some());
        if marker.is_none() {
            break;
        }
    }
    assert!(pages >= 3 && names.is_sorted() && names.contains(&"keeper".to_owned()), "{names:?}");
    let whole = iam.list_roles().send().await.unwrap();
    assert_eq!(whole.roles().iter().map(Role::role_name).collect::<Vec<_>>(), names);

    let service = iam.list_roles().path_prefix("/service/").send().await.unwrap();
    assert!(!service.roles().is_empty());
    assert!(service.roles().iter().all(|role| role.arn().contains(":role/service/")));
    let forged = refusal(iam.list_roles().marker("???").send().await);
    assert_refused(&forged, 400, "ValidationError", "Marker");
    let many = refusal(iam.list_roles().max_items(1001).send().await);
    assert_refused(&many, 400, "ValidationError", "less than or equal to 1000");
}

#[tokio::test(start_paused = true)]
async fn who_may_not_is_denied_before_anything_is_told() {
    let world = InProcess::new(Settings::default());
    let guest = world.iam(guest());
    let because = |action: &str, resource: &str| {
        format!(
            "User: {USER}/guest is not authorized to perform: iam:{action} on resource: {resource} because no \
             identity-based policy allows the iam:{action} action"
        )
    };
    let roles = "arn:aws:iam::111122223333:role/";
    for (refused, words) in [
        (refusal(guest.get_user().send().await), because("GetUser", "user guest")),
        (refusal(guest.get_user().user_name("nobody").send().await), because("GetUser", "user nobody")),
        (refusal(guest.create_user().user_name("bo").send().await), because("CreateUser", &format!("{USER}/bo"))),
        (refusal(guest.get_role().role_name("reader").send().await), because("GetRole", "role reader")),
        (refusal(guest.list_roles().send().await), because("ListRoles", roles)),
        (refusal(guest.list_mfa_devices().send().await), because("ListMFADevices", "user guest")),
    ] {
        assert_eq!((refused.status, refused.code.as_str(), refused.message), (403, "AccessDenied", words));
    }
    let others = refusal(world.iam(world.ana()).list_mfa_devices().user_name("guest").send().await);
    assert_refused(&others, 403, "AccessDenied", "user guest");
}

#[tokio::test(start_paused = true)]
async fn a_role_session_asks_iam_by_its_roles_policy() {
    let world = InProcess::new(Settings::default());
    let auditor = world.iam(assumed(&world, "auditor").await);
    auditor.get_role().role_name("reader").send().await.expect("its policy allows");
    let nameless = refusal(world.iam(assumed(&world, "auditor").await).get_user().send().await);
    assert_refused(&nameless, 400, "ValidationError", "Must specify userName when calling with non-User credentials");
    let keeper = refusal(world.iam(assumed(&world, "keeper").await).get_role().role_name("reader").send().await);
    assert_refused(&keeper, 403, "AccessDenied", "assumed-role/keeper/tests is not authorized to perform: iam:GetRole");
}

#[tokio::test(start_paused = true)]
async fn iam_is_closed_to_federated_users_and_to_sessions_without_mfa() {
    let world = InProcess::new(Settings::default());
    let all = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    let sts = world.sts(world.ana());
    let federated = sts.get_federation_token().name("bo").policy(all).send().await.unwrap();
    let session = sts.get_session_token().send().await.unwrap();
    for credentials in [minted(federated.credentials()), minted(session.credentials())] {
        let refused = refusal(world.iam(credentials).get_user().user_name("ana").send().await);
        assert_refused(&refused, 403, "InvalidClientTokenId", "The security token included in the request is invalid.");
    }
}

#[tokio::test(start_paused = true)]
async fn what_iam_does_not_answer_is_named() {
    let world = InProcess::new(Settings::default());
    let denied = refusal(world.iam(world.ana()).list_users().path_prefix("/dock/").send().await);
    assert_refused(&denied, 403, "AccessDenied", "iam:ListUsers on resource: arn:aws:iam::111122223333:user/dock/");
    let denied = refusal(world.iam(world.ana()).list_access_keys().user_name("guest").send().await);
    assert_refused(&denied, 403, "AccessDenied", "iam:ListAccessKeys on resource: user guest because no identity");
    let absent = refusal(world.iam(root()).list_users().send().await);
    assert_refused(&absent, 501, "NotImplemented", "The sandbox does not implement ListUsers");
    let uri = presigned(&world, &world.ana(), "iam", &http::Method::GET, "?Action=ListSailors&Version=2010-05-08");
    let unknown = world.send(http::Request::get(uri).body(Bytes::new()).unwrap()).await.text();
    assert!(
        unknown.contains("<Code>InvalidAction<") && unknown.contains("Could not find operation ListSailors"),
        "{unknown}"
    );
    let forged = Credentials::new("AKIATIDEANAEXAMPLE01", "not hers", None, None, "test");
    assert_refused(&refusal(world.iam(forged).get_user().send().await), 403, "SignatureDoesNotMatch", "");
}
