//! The sandbox over a real socket, and what it hands out so that others can use it.

use aws_sdk_s3::config::{BehaviorVersion, Region};
use ebbtide::{
    clock::Clock,
    sandbox::{Sandbox, Settings},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::Instant,
};

use crate::support::in_process::{InProcess, keys, refusal};

#[tokio::test]
async fn it_serves_the_sdk_over_a_socket_until_it_is_dropped() {
    let sandbox = Sandbox::new(Clock::system(), Settings::default()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let greeting = sandbox.greeting(&endpoint);
    let server = tokio::spawn(sandbox.serve(listener));
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(&endpoint)
        .force_path_style(true)
        .region(Region::new(greeting.region))
        .credentials_provider(keys(&greeting.access_key_id, &greeting.secret_access_key, None))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .retry_config(aws_sdk_s3::config::retry::RetryConfig::disabled())
        .build();
    let s3 = aws_sdk_s3::Client::from_conf(config);
    let page = s3.list_objects_v2().bucket("tide-logs").send().await.expect("ana may");
    assert_eq!(page.key_count(), Some(1000));
    let head = s3.head_object().bucket("tide-archive").key("README.md").send().await.expect("a HEAD over HTTP");
    assert!(head.content_length().unwrap() > 0);
    let missing = s3.head_object().bucket("tide-archive").key("none").send().await;
    assert_eq!(refusal(missing).status, 404, "and one that is refused");

    server.abort();
    assert!(server.await.unwrap_err().is_cancelled());
    let gone = s3.list_buckets().send().await.expect_err("nobody listens any more");
    assert!(gone.raw_response().is_none());
}

/// A sandbox that serves, and a connection to it.
async fn connected() -> (tokio::task::JoinHandle<()>, TcpStream) {
    let sandbox = Sandbox::new(Clock::system(), Settings::default()).expect("its world is sound");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let address = listener.local_addr().expect("it is bound");
    let server = tokio::spawn(sandbox.serve(listener));
    (server, TcpStream::connect(address).await.expect("it listens"))
}

/// Sends what there is, waits for the connection's end; what came, and after how many seconds.
async fn sent(bytes: &[u8]) -> (String, u64) {
    let (_server, mut client) = connected().await;
    client.write_all(bytes).await.expect("it reads");
    let begun = Instant::now();
    let mut came = String::new();
    client.read_to_string(&mut came).await.expect("it answers or closes");
    (came, begun.elapsed().as_secs())
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_slow_to_ask_is_given_up() {
    assert_eq!(sent(b"GET /tide-archive HTTP/1.1\r\nHost: x\r\nX-Sl").await, (String::new(), 30), "half a head");
    assert_eq!(sent(b"").await, (String::new(), 30), "nothing at all");
    let head = "PUT /tide-archive/new HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf";
    let (came, seconds) = sent(head.as_bytes()).await;
    assert!(came.starts_with("HTTP/1.1 400") && came.contains("<Code>RequestTimeout<"), "{came}");
    assert!(came.contains("connection: close\r\n"), "{came}");
    assert_eq!(seconds, 30, "half a body");
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_kept_for_a_while() {
    let request = b"GET /tide-archive HTTP/1.1\r\nHost: x\r\n\r\n";
    let (came, seconds) = sent(request).await;
    assert!(came.starts_with("HTTP/1.1 403"), "{came}");
    assert_eq!(seconds, 30);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_after_its_end() {
    let (_server, mut client) = connected().await;
    let length = (16 << 20) + 1;
    let head = format!(
        "PUT /tide-archive/new HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n"
    );
    client.write_all(head.as_bytes()).await.unwrap();
    let mut go_on = [0; 25];
    client.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    client.write_all(&vec![b'x'; length]).await.unwrap();
    let mut came = String::new();
    client.read_to_string(&mut came).await.unwrap();
    assert!(came.contains("<Code>EntityTooLarge<") && came.contains(&format!("<ProposedSize>{length}<")), "{came}");
}

#[tokio::test]
async fn an_upload_as_large_as_a_part_is_answered_by_its_denial() {
    let (_server, mut client) = connected().await;
    let body = vec![b'x'; 15 << 20];
    let head = format!(
        "PUT /tide-none/new HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    client.write_all(head.as_bytes()).await.unwrap();
    client.write_all(&body).await.unwrap();
    let mut came = String::new();
    client.read_to_string(&mut came).await.unwrap();
    assert!(came.contains("<Code>NoSuchBucket<"), "{came}");
}

#[tokio::test(start_paused = true)]
async fn more_clients_than_there_is_room_for_wait_until_idle_ones_are_given_up() {
    let (_server, first) = connected().await;
    let address = first.peer_addr().unwrap();
    let mut idle = vec![first];
    for _ in 1..256 {
        idle.push(TcpStream::connect(address).await.unwrap());
    }
    let mut late = TcpStream::connect(address).await.unwrap();
    let begun = Instant::now();
    late.write_all(b"GET /tide-none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut came = String::new();
    late.read_to_string(&mut came).await.unwrap();
    assert!(came.contains("<Code>NoSuchBucket<"), "{came}");
    assert_eq!(begun.elapsed().as_secs(), 30);
}

#[tokio::test]
async fn the_greeting_has_its_names_in_order() {
    let world = InProcess::new(Settings::default());
    let text = serde_json::to_string(&world.sandbox.greeting("http://127.0.0.1:1")).unwrap();
    let names =
        ["endpoint", "access_key_id", "secret_access_key", "region", "role_arn", "mfa_serial", "mfa_seed", "buckets"];
    let places: Vec<_> = names.iter().map(|name| text.find(&format!("\"{name}\":")).unwrap()).collect();
    assert!(places.is_sorted() && places[0] == 1, "{text}");
    assert!(text.contains("\"http://127.0.0.1:1\"") && text.contains("\"tide-vault\""));
}

#[tokio::test]
async fn the_shared_config_has_a_profile_that_works_and_one_that_does_not() {
    let world = InProcess::new(Settings::default());
    let text = world.sandbox.shared_config("http://127.0.0.1:1");
    assert!(text.starts_with("[default]\n"), "{text}");
    let secrets: Vec<_> = ["default", "profile guest", "profile mistyped"].map(|section| secret(&text, section)).into();
    let works = async |index: usize| {
        let (key, secret) = &secrets[index];
        world.sts(keys(key, secret, None)).get_session_token().send().await
    };
    works(0).await.expect("a newcomer can mint at once");
    works(1).await.expect("the guest too");
    assert_eq!(refusal(works(2).await).code, "SignatureDoesNotMatch");
}

/// Key and secret of a section.
fn secret(text: &str, section: &str) -> (String, String) {
    let body = text.split(&format!("[{section}]\n")).nth(1).expect("the section is there");
    let value = |name: &str| {
        let line = body.lines().find_map(|line| line.strip_prefix(name)).expect("the setting is there");
        line.trim_start_matches(" = ").to_owned()
    };
    (value("aws_access_key_id"), value("aws_secret_access_key"))
}
