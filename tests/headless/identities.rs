//! A service that grants one identity and then tells of another.

use std::{
    fs,
    io::{Read, Write as _},
    net::TcpListener,
};

use ebbtide::clock::Clock;
use jiff::SignedDuration;

use crate::shore::Shore;

/// An STS that grants what it is asked for and takes every session for the account's root.
fn sts_of_root() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let (mut request, mut byte) = (vec![], [0]);
            while !request.ends_with(b"\r\n\r\n") && connection.read(&mut byte).is_ok_and(|read| read == 1) {
                request.push(byte[0]);
            }
            let head = String::from_utf8(request).unwrap().to_ascii_lowercase();
            let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
            let mut body = vec![0; length.unwrap_or(0)];
            connection.read_exact(&mut body).unwrap();
            let reply = answer(&String::from_utf8(body).unwrap());
            let length = reply.len();
            let _ =
                write!(connection, "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{reply}");
        }
    });
    url
}

fn answer(form: &str) -> String {
    let call = form.split("Action=").nth(1).unwrap().split('&').next().unwrap();
    let account = "111122223333";
    let told = if call == "GetCallerIdentity" {
        format!("<Arn>arn:aws:iam::{account}:root</Arn><UserId>{account}</UserId><Account>{account}</Account>")
    } else {
        let end = Clock::system().now() + SignedDuration::from_hours(1);
        let who = match call {
            "GetFederationToken" => format!(
                "<FederatedUser><Arn>arn:aws:sts::{account}:federated-user/ana</Arn>\
                     <FederatedUserId>{account}:ana</FederatedUserId></FederatedUser>"
            ),
            "AssumeRole" => format!(
                "<AssumedRoleUser><Arn>arn:aws:sts::{account}:assumed-role/reader/ana</Arn>\
                     <AssumedRoleId>AROAREADER:ana</AssumedRoleId></AssumedRoleUser>"
            ),
            _ => String::new(),
        };
        let end = end.strftime("%Y-%m-%dT%H:%M:%SZ");
        format!(
            "<Credentials><AccessKeyId>ASIATIDEGRANTED00001</AccessKeyId>\
                 <SecretAccessKey>grantedgrantedgrantedgrantedgrantedgrant</SecretAccessKey>\
                 <SessionToken>grantedtokengrantedtokengrantedtoken</SessionToken>\
                 <Expiration>{end}</Expiration></Credentials>{who}"
        )
    };
    format!(
        "<{call}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{call}Result>{told}</{call}Result>\
         <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></{call}Response>"
    )
}

#[test]
fn two_identities_that_disagree_are_a_warning_and_end_nothing() {
    let shore = Shore::new();
    let keys = "aws_access_key_id = AKIATIDE\naws_secret_access_key = s\nregion = us-west-2\n";
    fs::write(shore.path("config"), format!("[default]\n{keys}endpoint_url = {}\n", sts_of_root())).unwrap();
    let policy = "warning: GetCallerIdentity returns root, but STS granted federated-user/ana: this service ignores \
                  the session policy\n";
    let role = "returns root, but STS granted assumed-role/reader/ana: ";
    let reader = "--role-arn arn:aws:iam::111122223333:role/reader -u ana";
    for (line, warning) in [
        ("whoami -u ana".to_owned(), policy.to_owned()),
        ("mint -u ana".to_owned(), policy.to_owned()),
        (format!("whoami {reader}"), format!("{role}these are not the requested credentials")),
        (format!("whoami {reader} --scope list"), format!("{role}this service ignores the session policy")),
    ] {
        let told = shore.run(&line);
        assert_eq!(told.code, 0, "{line}: {}", told.err);
        assert!(told.err.contains(&warning), "{line}: {}", told.err);
        assert!(told.out.contains("root"), "{line}: {}", told.out);
    }
    for line in ["whoami", "whoami -m direct"] {
        assert!(!shore.run(line).err.contains("warning"), "{line}: nothing else was granted");
    }
}
