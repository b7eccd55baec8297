//! One page of 1,000 keys, from the bytes of a reply to rows: by ebbtide's reader and by the SDK's parser, both with all
//! that a call of the SDK does besides, but for the network.

use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn},
    orchestrator::{HttpRequest, HttpResponse},
};
use aws_smithy_types::body::SdkBody;
use criterion::Criterion;
use ebbtide::{
    aws::{Aws, S3, Setting},
    clock::Clock,
    domain::{listing::ListRequest, location::Location, mint::MintRequest, profile::SourceOptions},
};

use crate::keys::Keys;

/// Answers everything with the same page.
#[derive(Debug, Clone)]
struct Same(bytes::Bytes);

impl HttpConnector for Same {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let body = SdkBody::from(self.0.clone());
        HttpConnectorFuture::ready(Ok(HttpResponse::new(200.try_into().expect("a status"), body)))
    }
}

fn client(rows: u64) -> SharedHttpClient {
    let mut page = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult><Name>keys</Name><KeyCount>{rows}</KeyCount>\
         <MaxKeys>1000</MaxKeys><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>"
    )
    .into_bytes();
    let keys = Keys::Flat(rows);
    (0..rows).for_each(|at| keys.write(at, &mut page));
    page.extend_from_slice(b"</ListBucketResult>");
    let connector = SharedHttpConnector::new(Same(page.into()));
    http_client_fn(move |_, _| connector.clone())
}

pub(crate) fn one_page(bench: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let request = ListRequest { location: Location::new("keys", ""), ..ListRequest::default() };
    for rows in [1000, 0] {
        let s3 = runtime.block_on(ours(client(rows)));
        bench.bench_function(&format!("page: {rows} rows, ebbtide"), |run| {
            run.iter(|| runtime.block_on(s3.list_page(&request)).expect("a page"));
        });
        let sdk = sdk(client(rows));
        bench.bench_function(&format!("page: {rows} rows, aws-sdk-s3"), |run| {
            run.iter(|| runtime.block_on(sdk.list_objects_v2().bucket("keys").send()).expect("a page"));
        });
    }
}

async fn ours(client: SharedHttpClient) -> S3 {
    let shared_config = "[default]\naws_access_key_id=A\naws_secret_access_key=B\nregion=us-west-2\n".into();
    let aws = Aws::new(Clock::system(), Setting::Fixed { shared_config }).with_http_client(client);
    let source = aws.source(&SourceOptions::default()).await.expect("a profile");
    let minted = source.mint_session(&MintRequest::Direct, None).await.expect("its keys");
    source.s3(&minted)
}

fn sdk(client: SharedHttpClient) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-west-2"))
        .credentials_provider(Credentials::new("A", "B", None, None, "bench"))
        .http_client(client)
        .build();
    aws_sdk_s3::Client::from_conf(config)
}
