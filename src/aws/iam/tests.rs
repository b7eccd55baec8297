//! IAM by replies given in turn.
//!
//! Invariant: each test says how often what was asked.

use super::*;
use crate::{
    aws::{Aws, Setting, parrot::Parrot},
    clock::Clock,
    domain::profile::SourceOptions,
};

const GONE: (u16, &str) =
    (404, "<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>no</Message></Error></ErrorResponse>");
const USER: &str = "<User><UserName>bo</UserName><UserId>AIDABO</UserId><Path>/</Path>\
    <Arn>arn:aws:iam::111122223333:user/bo</Arn><CreateDate>2026-11-22T12:00:00Z</CreateDate></User>";

async fn iam(parrot: &Parrot, more: &str) -> Iam {
    let shared_config = format!("[default]\naws_access_key_id=A\naws_secret_access_key=B\nregion=eu-west-1\n{more}");
    let aws = Aws::new(Clock::system(), Setting::Fixed { shared_config }).with_http_client(parrot.client());
    aws.source(&SourceOptions::default()).await.unwrap().iam().await.unwrap()
}

fn answer(action: &str, inside: &str) -> String {
    format!("<{action}Response><{action}Result>{inside}</{action}Result></{action}Response>")
}

fn role_xml(name: &str, document: &str) -> String {
    format!(
        "<RoleName>{name}</RoleName><RoleId>AROA{name}</RoleId><Path>/</Path>\
         <Arn>arn:aws:iam::111122223333:role/{name}</Arn><CreateDate>2026-11-22T12:00:00Z</CreateDate>\
         <MaxSessionDuration>14400</MaxSessionDuration>\
         <AssumeRolePolicyDocument>{document}</AssumeRolePolicyDocument>"
    )
}

#[tokio::test(start_paused = true)]
async fn a_user_is_created_once_and_waited_for_until_it_is_found() {
    let found = answer("GetUser", USER);
    let script = [GONE, (200, &answer("CreateUser", USER)), GONE, GONE, (200, &found)];
    let parrot = Parrot::saying_in_turn(&script);
    let ensured = iam(&parrot, "").await.create_user("bo").await.unwrap();
    assert!(ensured.created && ensured.user.arn.ends_with(":user/bo"));
    let asked = |action: &str| parrot.asked().iter().filter(|asked| asked.body.contains(action)).count();
    assert_eq!((asked("Action=CreateUser"), asked("Action=GetUser")), (1, 4));
}

#[tokio::test]
async fn a_user_that_exists_is_left_as_it_is() {
    let parrot = Parrot::saying(answer("GetUser", USER));
    let ensured = iam(&parrot, "").await.create_user("bo").await.unwrap();
    assert_eq!((ensured.created, parrot.asked().len()), (false, 1));
}

#[tokio::test(start_paused = true)]
async fn a_user_that_is_never_found_is_given_up_and_said_to_be_there() {
    let created = answer("CreateUser", USER);
    let parrot = Parrot::saying_in_turn(&[&[GONE, (200, &created)][..], &[GONE; 100]].concat());
    let failure = iam(&parrot, "").await.create_user("bo").await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Timeout);
    assert!(failure.message.contains("the user was created, but"), "{failure}");
}

#[tokio::test(start_paused = true)]
async fn a_creation_is_not_sent_twice() {
    let parrot = Parrot::saying_in_turn(&[GONE, (500, ""), (500, ""), (500, "")]);
    iam(&parrot, "").await.create_user("bo").await.unwrap_err();
    assert_eq!(parrot.asked().len(), 2);
}

#[tokio::test]
async fn a_role_comes_with_its_maximum_and_its_trust_policy_decoded() {
    for document in ["%7B%22Statement%22%3A%5B%5D%7D", "{&quot;Statement&quot;:[]}"] {
        let found = answer("GetRole", &format!("<Role>{}</Role>", role_xml("reader", document)));
        let iam = iam(&Parrot::saying(found), "").await;
        let role = iam.role(RoleName::parse("reader").unwrap()).await.unwrap().unwrap();
        assert_eq!(role.longest, Some(SessionDuration::from_secs(14_400)));
        assert_eq!(role.trust_policy, r#"{"Statement":[]}"#);
        // The role of that name in this account is not the one of that name in another.
        let other = RoleName::parse("arn:aws:iam::999999999999:role/reader").unwrap();
        assert_eq!(iam.role(other).await, Ok(None));
    }
}

#[tokio::test]
async fn what_iam_does_not_have_is_no_failure() {
    let iam = iam(&Parrot::saying_in_turn(&[GONE, GONE]), "").await;
    assert_eq!(iam.user("bo").await, Ok(None));
    assert_eq!(iam.role(RoleName::parse("reader").unwrap()).await, Ok(None));
}

#[tokio::test]
async fn roles_come_in_pages_and_a_page_that_leads_nowhere_is_no_page() {
    let page =
        |more: &str| answer("ListRoles", &format!("<Roles><member>{}</member></Roles>{more}", role_xml("a", "{}")));
    let first = page("<IsTruncated>true</IsTruncated><Marker>m1</Marker>");
    let last = page("<IsTruncated>false</IsTruncated>");
    let endless = page("<IsTruncated>true</IsTruncated>");
    let parrot = Parrot::saying_in_turn(&[(200, &first), (200, &last)]);
    let mut pages = iam(&parrot, "").await.role_pages(Some("/teams/"));
    assert_eq!(pages.next().await.unwrap().unwrap().len(), 1);
    assert!(pages.has_more());
    // The same role again is no other role.
    assert_eq!(pages.next().await.unwrap().unwrap().len(), 0);
    assert_eq!((pages.has_more(), pages.next().await), (false, Ok(None)));
    assert!(parrot.asked()[0].body.contains("PathPrefix=%2Fteams%2F"));
    assert!(parrot.asked()[1].body.contains("Marker=m1"));
    for script in [vec![endless], vec![first.clone(), first.clone()]] {
        let script: Vec<_> = script.iter().map(|page| (200, page.as_str())).collect();
        let parrot = Parrot::saying_in_turn(&script);
        let mut pages = iam(&parrot, "").await.role_pages(None);
        let failure = loop {
            if let Err(failure) = pages.next().await {
                break failure;
            }
        };
        assert_eq!((failure.kind, parrot.asked().len()), (FailureKind::Malformed, script.len()), "{failure}");
    }
}

#[tokio::test]
async fn pages_of_iam_that_bring_nothing_new_are_not_followed_without_end() {
    let more = |n: usize| format!("<IsTruncated>true</IsTruncated><Marker>m{n}</Marker>");
    for same in [String::new(), format!("<member>{}</member>", role_xml("a", "{}"))] {
        let pages = (0..50).map(|n| answer("ListRoles", &format!("<Roles>{same}</Roles>{}", more(n))));
        let pages: Vec<_> = pages.collect();
        let script: Vec<_> = pages.iter().map(|page| (200, page.as_str())).collect();
        let parrot = Parrot::saying_in_turn(&script);
        let mut roles = iam(&parrot, "").await.role_pages(None);
        let failure = loop {
            if let Err(failure) = roles.next().await {
                break failure;
            }
        };
        assert!(failure.message.contains("only empty pages"), "{failure}");
        assert!((20..=21).contains(&parrot.asked().len()), "{}", parrot.asked().len());
    }
    let pages: Vec<_> = (0..50).map(|n| answer("ListMFADevices", &format!("<MFADevices/>{}", more(n)))).collect();
    let script: Vec<_> = pages.iter().map(|page| (200, page.as_str())).collect();
    let parrot = Parrot::saying_in_turn(&script);
    let failure = iam(&parrot, "").await.mfa_devices().await.unwrap_err();
    assert!(failure.message.contains("only empty pages"), "{failure}");
    assert_eq!(parrot.asked().len(), 20);
}

#[tokio::test]
async fn the_callers_own_devices_are_asked_for() {
    let device = "<MFADevices><member><UserName>ana</UserName><SerialNumber>arn:aws:iam::111122223333:mfa/ana\
        </SerialNumber><EnableDate>2026-11-22T12:00:00Z</EnableDate></member></MFADevices><IsTruncated>false</IsTruncated>";
    let parrot = Parrot::saying(answer("ListMFADevices", device));
    assert_eq!(iam(&parrot, "").await.mfa_devices().await.unwrap(), ["arn:aws:iam::111122223333:mfa/ana"]);
    assert!(!parrot.asked()[0].body.contains("UserName"));
}

#[tokio::test]
async fn iam_is_asked_at_its_one_address_or_where_the_profile_says() {
    for (more, uri, region) in [
        ("", "https://iam.amazonaws.com/", "/us-east-1/iam/"),
        ("endpoint_url=http://127.0.0.1:9\n", "http://127.0.0.1:9/", "/eu-west-1/iam/"),
        ("services=own\n[services own]\niam =\n  endpoint_url=http://127.0.0.1:8\n", "http://127.0.0.1:8/", "/iam/"),
    ] {
        let parrot = Parrot::saying(answer("GetUser", USER));
        iam(&parrot, more).await.user("bo").await.unwrap();
        let asked = parrot.asked().remove(0);
        assert_eq!(asked.uri, uri);
        assert!(asked.authorization.contains(region), "{}", asked.authorization);
    }
}
