//! A listing goes on where it stood also when its continuation token is refused.

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use ebbtide::{
    aws::{Aws, S3, Setting},
    domain::{
        listing::{ContinuationToken, Entry, ListRequest, Listing},
        location::Location,
        mint::MintRequest,
        profile::SourceOptions,
    },
    sandbox::Settings,
};
use jiff::Timestamp;

use crate::support::in_process::InProcess;

async fn s3() -> S3 {
    let sandbox = InProcess::new(Settings::default());
    let setting = Setting::Fixed { shared_config: sandbox.sandbox.shared_config("http://127.0.0.1:1") };
    let aws = Aws::new(sandbox.clock.clone(), setting).with_http_client(SharedHttpClient::new(sandbox));
    let source = aws.source(&SourceOptions::default()).await.expect("a profile");
    let own = source.mint_session(&MintRequest::Direct, None).await.expect("its keys");
    source.s3(&own)
}

/// Every row of `tide-logs`, pages of `rows` at a time, and how many pages that took.
async fn list(s3: &S3, delimited: bool, rows: u32, forge: bool) -> (Vec<Entry>, usize) {
    let mut listing = Listing::new(Location::new("tide-logs", ""));
    while let Some(after) = listing.wanted_token() {
        let after = after.map(|token| if forge { ContinuationToken("forged".into()) } else { token });
        let (location, last) = (listing.location.clone(), listing.last_name());
        let request = ListRequest { location, delimited, after, last, max_keys: Some(rows) };
        let page = s3.list_page(&request).await.expect("ana may list it");
        listing.add_page(page, Timestamp::UNIX_EPOCH).expect("it goes on where it stood");
    }
    (listing.rows.iter().collect(), listing.pages)
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_loses_and_repeats_no_row() {
    let s3 = s3().await;
    for (delimited, rows) in [(true, 1), (true, 2), (false, 900)] {
        let (expected, pages) = list(&s3, delimited, rows, false).await;
        assert!(pages > 1, "one page proves nothing");
        assert!(!delimited || expected.iter().any(|row| matches!(row, Entry::Prefix(_))));
        assert_eq!(list(&s3, delimited, rows, true).await, (expected, pages), "{delimited} {rows}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_row_to_go_on_from_the_refusal_stands() {
    let after = Some(ContinuationToken("forged".into()));
    let location = Location::new("tide-logs", "");
    let failure = s3()
        .await
        .list_page(&ListRequest { location, after, ..ListRequest::default() })
        .await
        .expect_err("the token is forged");
    assert_eq!(failure.code.as_deref(), Some("InvalidArgument"));
}
