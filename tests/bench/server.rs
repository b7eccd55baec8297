//! A server of listings that costs next to nothing, so that what is measured is the client; slow where it is told to be.
//!
//! Invariant: pages are those that S3 would give for the same keys: prefix, delimiter, start-after, token, max-keys.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::keys::Keys;

/// Serves any bucket name with the same keys, in a thread of its own, for as long as the process lives.
pub(crate) fn serve(keys: Keys, delay: Duration) -> SocketAddr {
    let (told, address) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(accept(Arc::new(keys), delay, told));
    });
    address.recv().expect("an address")
}

async fn accept(keys: Arc<Keys>, delay: Duration, told: std::sync::mpsc::Sender<SocketAddr>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    told.send(listener.local_addr().expect("an address")).expect("somebody asked");
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        let keys = Arc::clone(&keys);
        tokio::spawn(async move {
            let answer = service_fn(|request| {
                let keys = Arc::clone(&keys);
                async move {
                    if !delay.is_zero() {
                        tokio::time::sleep(delay).await;
                    }
                    Ok::<_, Infallible>(answer(&keys, &request))
                }
            });
            // A client that hangs up has what it wanted.
            drop(http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await);
        });
    }
}

#[derive(Default)]
struct Asked {
    prefix: String,
    delimiter: bool,
    after: String,
    token: Option<u64>,
    max_keys: u64,
}

fn asked(request: &Request<Incoming>) -> Asked {
    let mut asked = Asked { max_keys: 1000, ..Asked::default() };
    for (name, value) in form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()) {
        match &*name {
            "prefix" => asked.prefix = value.into_owned(),
            "delimiter" => asked.delimiter = !value.is_empty(),
            "start-after" => asked.after = value.into_owned(),
            "continuation-token" => asked.token = value.parse().ok(),
            "max-keys" => asked.max_keys = value.parse().unwrap_or(1000).min(1000),
            _ => {}
        }
    }
    asked
}

fn answer(keys: &Keys, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let asked = asked(request);
    if request.uri().path().trim_matches('/').is_empty() {
        return reply(
            "<ListAllMyBucketsResult><Buckets><Bucket><Name>keys</Name></Bucket></Buckets></ListAllMyBucketsResult>"
                .into(),
        );
    }
    let end =
        if asked.prefix.is_empty() { keys.len() } else { keys.rank(&(asked.prefix.clone() + "\u{10ffff}"), true) };
    let mut at = asked.token.unwrap_or_else(|| {
        let behind = if asked.after.is_empty() { 0 } else { keys.rank(&asked.after, true) };
        behind.max(keys.rank(&asked.prefix, false))
    });
    let (mut rows, mut count, mut common) = (Vec::with_capacity(330_000), 0, vec![]);
    while at < end && count < asked.max_keys {
        count += 1;
        let rolled = asked.delimiter.then(|| keys.key(at)).and_then(|key| {
            let slash = key[asked.prefix.len()..].find('/')?;
            Some(key[..=asked.prefix.len() + slash].to_owned())
        });
        if let Some(prefix) = rolled {
            at = keys.rank(&format!("{prefix}\u{10ffff}"), true);
            common.extend_from_slice(b"<CommonPrefixes><Prefix>");
            common.extend_from_slice(prefix.replace('=', "%3D").as_bytes());
            common.extend_from_slice(b"</Prefix></CommonPrefixes>");
        } else {
            keys.write(at, &mut rows);
            at += 1;
        }
    }
    let truncated = at < end;
    let token = if truncated { format!("<NextContinuationToken>{at}</NextContinuationToken>") } else { String::new() };
    let mut page = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
         <Name>keys</Name><Prefix></Prefix>{token}<KeyCount>{count}</KeyCount><MaxKeys>{}</MaxKeys>\
         <EncodingType>url</EncodingType><IsTruncated>{truncated}</IsTruncated>",
        asked.max_keys
    )
    .into_bytes();
    page.extend_from_slice(&rows);
    page.extend_from_slice(&common);
    page.extend_from_slice(b"</ListBucketResult>");
    reply(page.into())
}

fn reply(body: Bytes) -> Response<Full<Bytes>> {
    Response::builder().header("content-type", "application/xml").body(Full::new(body)).expect("a reply")
}
