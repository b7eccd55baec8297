//! Who is compared: ebbtide's own listing, the SDK's paginator, and other people's programs.
//!
//! Invariant: each lists every key of the same bucket, and the listings in this file keep all of their fields.

use std::{net::SocketAddr, process::Command};

use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region, retry::RetryConfig};
use ebbtide::{
    aws::{Aws, S3, Setting},
    clock::Clock,
    domain::{listing::Rows, location::Location, mint::MintRequest, profile::SourceOptions},
    lister::{Ended, Event, Plan, RowOrder, list_all},
};

/// Lists everything, and says how much that was and what it took.
pub(crate) fn list(subject: &str, address: SocketAddr, flight: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let base = peak_memory();
    let (keys, held) = match subject {
        "sdk" => runtime.block_on(with_the_sdk(address)),
        "ebbtide" => runtime.block_on(with_ebbtide(address, flight.parse().expect("a number"))),
        other => panic!("nobody is called {other}"),
    };
    let grown = peak_memory() - base;
    println!("{keys} keys, {held} held, {} MB more memory at most ({} bytes a key)", grown / 1_000_000, grown / keys);
}

/// The most that this process has held so far, in bytes.
fn peak_memory() -> u64 {
    peak_memory_of("self").expect("Linux")
}

/// The same of another process, while it runs.
pub(crate) fn peak_memory_of(process: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

async fn with_the_sdk(address: SocketAddr) -> (u64, String) {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-west-2"))
        .credentials_provider(Credentials::new("AKIAEXAMPLE", "secret", None, None, "bench"))
        .endpoint_url(format!("http://{address}"))
        .force_path_style(true)
        .retry_config(RetryConfig::disabled())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    let client = aws_sdk_s3::Client::from_conf(config);
    let mut pages = client.list_objects_v2().bucket("keys").into_paginator().send();
    let mut rows = vec![];
    while let Some(page) = pages.next().await {
        let contents = page.expect("a page").contents.unwrap_or_default();
        rows.extend(
            contents.into_iter().map(|row| (row.key, row.size, row.last_modified, row.e_tag, row.storage_class)),
        );
    }
    (rows.len() as u64, "tuples".into())
}

async fn s3(address: SocketAddr) -> S3 {
    let shared_config = format!(
        "[default]\naws_access_key_id=AKIAEXAMPLE\naws_secret_access_key=secret\nregion=us-west-2\nendpoint_url=http://{address}\n"
    );
    let aws = Aws::new(Clock::system(), Setting::Fixed { shared_config });
    let source = aws.source(&SourceOptions::default()).await.expect("a profile");
    let minted = source.mint_session(&MintRequest::Direct, None).await.expect("its keys");
    source.s3(&minted)
}

/// The lister as the browser uses it, rows in the order of keys; with one request at a time, page after page.
async fn with_ebbtide(address: SocketAddr, most_in_flight: usize) -> (u64, String) {
    let plan = Plan {
        location: Location::new("keys", ""),
        delimited: false,
        behind: None,
        most_in_flight,
        order: RowOrder::Keys,
        most_memory: usize::MAX,
    };
    let (events, mut arriving) = tokio::sync::mpsc::channel(64);
    let listing = tokio::spawn(list_all(s3(address).await, plan, events));
    let (mut rows, mut requests) = (Rows::default(), 0);
    while let Some(event) = arriving.recv().await {
        match event {
            Event::Rows(block) => rows.push(block).expect("it follows"),
            Event::Progress(progress) => requests = progress.requests,
            Event::Paused => panic!("these keys never end"),
        }
    }
    assert_eq!(listing.await.expect("no panic").expect("a listing"), Ended::Complete);
    let each = rows.memory_bytes() / rows.len().max(1);
    (rows.len() as u64, format!("{each} bytes a row, {requests} requests"))
}

/// The program itself, as a person runs it.
pub(crate) fn program(address: SocketAddr, line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ebbtide"));
    command.args(line.split_whitespace());
    command.args(["s3://keys", "--mode", "direct", "--endpoint-url", &format!("http://{address}")]);
    with_keys(command)
}

pub(crate) fn s5cmd(address: SocketAddr) -> Command {
    let mut command = Command::new("s5cmd");
    command.args(["--endpoint-url", &format!("http://{address}"), "ls", "s3://keys/*"]);
    with_keys(command)
}

pub(crate) fn rclone(address: SocketAddr) -> Command {
    let mut command = Command::new("rclone");
    // Its default for services that are not AWS is the older call, which the server does not know.
    let remote = format!(":s3,provider=Other,env_auth=true,list_version=2,endpoint='http://{address}':keys");
    command.args(["lsf", "--fast-list", "-R", &remote]);
    with_keys(command)
}

fn with_keys(mut command: Command) -> Command {
    for (name, value) in
        [("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "secret"), ("AWS_REGION", "us-west-2")]
    {
        command.env(name, value);
    }
    command
}
