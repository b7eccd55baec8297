//! Keys in memory, listed as S3 lists them: prefixes, delimiters, tokens, start-after; with delays and faults.
//!
//! Invariant: what a fault does depends on how many requests came before and on nothing else.

use std::{
    collections::HashSet,
    fmt,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use tokio::time::sleep;

use crate::{
    domain::{
        failure::{Failure, FailureKind, Service},
        listing::{BlockBuilder, ContinuationToken, ListRequest, Page, RawRow, RequestCounter, RowKind, TokenListener},
    },
    lister::Pages,
};

/// A fault: of the request with this number, of all before, and of its session.
pub(super) type Fault = fn(u64) -> Option<FailureKind>;

/// A bucket. Clones are the same one.
#[derive(Clone)]
pub(super) struct Shelf {
    pub(super) keys: Arc<[String]>,
    pub(super) page: usize,
    pub(super) latency: Duration,
    /// How much later a page is complete than its token.
    pub(super) body: Duration,
    /// Answers take this many times as long, at most, one other than the next.
    pub(super) jitter: u32,
    /// A start below a common prefix leaves that prefix out, as some services do.
    pub(super) leaves_out: bool,
    pub(super) fault: Fault,
    /// Whether the same request fails once at most.
    pub(super) once: bool,
    /// Pages until a session has expired.
    pub(super) pages_a_session: Option<u64>,
    /// Whether tokens are refused by a new session.
    pub(super) forgets: bool,
    pub(super) state: Arc<Mutex<State>>,
}

/// What happened so far.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    pub(super) requests: u64,
    pub(super) in_flight: usize,
    pub(super) most_in_flight: usize,
    pub(super) renewals: u64,
    pub(super) ends: u64,
    failed: HashSet<Option<String>>,
    session: u64,
    pages_of_session: u64,
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { keys, page, jitter, leaves_out, pages_a_session, forgets, .. } = self;
        let faults: Vec<_> = (0..20).map(self.fault).collect();
        write!(
            f,
            "{page} a page, jitter {jitter}, leaves out {leaves_out}, {pages_a_session:?} pages a session, \
             forgets {forgets}, {faults:?}, {keys:?}"
        )
    }
}

impl Shelf {
    pub(super) fn of(keys: impl IntoIterator<Item = String>) -> Self {
        let mut keys: Vec<String> = keys.into_iter().filter(|key| !key.is_empty()).collect();
        keys.sort_unstable();
        keys.dedup();
        Self {
            keys: keys.into(),
            page: 1000,
            latency: Duration::from_millis(50),
            body: Duration::ZERO,
            jitter: 1,
            leaves_out: false,
            fault: |_| None,
            once: true,
            pages_a_session: None,
            forgets: false,
            state: Arc::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// What happened so far.
    pub(super) fn so_far(&self) -> State {
        self.state().clone()
    }

    /// What one page after another would bring.
    pub(super) fn all(&self, prefix: &str, delimited: bool, behind: Option<&str>) -> Vec<String> {
        let below = self.keys.iter().filter(|key| key.starts_with(prefix));
        let mut names: Vec<String> = below.map(|key| name(key, prefix, delimited).to_owned()).collect();
        names.dedup();
        names.retain(|name| behind.is_none_or(|behind| name.as_str() > behind));
        names
    }

    fn look_up(&self, request: &ListRequest) -> Page {
        let prefix = request.location.prefix.as_str();
        let start = match &request.after {
            Some(token) => token.0[1..].to_owned(),
            None => request.start_after().unwrap_or_default(),
        };
        let skips = request.delimited && (request.after.is_some() || self.leaves_out);
        let skipped = Some(name(&start, prefix, true)).filter(|name| skips && name.ends_with('/') && *name != prefix);
        let from = self.keys.partition_point(|key| *key <= start || key.as_str() < prefix);
        let rest = self.keys[from..].iter().take_while(|key| key.starts_with(prefix));
        let rest = rest.filter(|key| skipped.is_none_or(|skipped| !key.starts_with(skipped)));
        let (mut rows, mut newest, mut next) = (BlockBuilder::default(), "", None);
        let most = self.page.min(request.max_keys.map_or(1000, |most| most as usize));
        for key in rest {
            let name = name(key, prefix, request.delimited);
            if name == newest {
                continue;
            }
            if rows.len() == most {
                next = Some(ContinuationToken(format!("t{newest}")));
                break;
            }
            let is_rolled_up = request.delimited && name.ends_with('/') && name != prefix;
            let kind = if is_rolled_up { RowKind::Prefix } else { RowKind::Object };
            rows.push(RawRow { kind, size: Some(1), ..RawRow::common_prefix(name.as_bytes()) }).unwrap();
            newest = name;
        }
        Page { rows: rows.finish().unwrap(), next, elsewhere: None }
    }

    /// The failure of a request that comes now, if it is to fail.
    fn trouble(&self, request: &ListRequest) -> Option<Failure> {
        let mut state = self.state();
        let number = state.requests;
        state.requests += 1;
        if state.requests > 50_000 {
            return Some(failure(FailureKind::Denied)); // it would not end
        }
        let position = request.after.as_ref().map(|token| token.0.clone()).or_else(|| request.last.clone());
        if let Some(kind) = (self.fault)(number).filter(|_| !self.once || state.failed.insert(position)) {
            return Some(failure(kind));
        }
        if self.pages_a_session.is_some_and(|most| state.pages_of_session >= most) {
            state.ends = state.session + 1;
            return Some(failure(FailureKind::Expired));
        }
        let foreign = request.after.as_ref().is_some_and(|_| self.forgets && state.session % 2 == 1);
        if foreign && request.last.is_none() {
            return Some(failure(FailureKind::Other));
        }
        state.pages_of_session += 1;
        None
    }
}

impl Pages for Shelf {
    async fn get_page(
        &self,
        mut request: ListRequest,
        early: Option<TokenListener>,
        sent: &RequestCounter,
    ) -> Result<Page, Failure> {
        sent.count_request();
        let _under_way = UnderWay::begin(self);
        let trouble = self.trouble(&request);
        let number = u32::try_from(self.state().requests % 1000).unwrap();
        sleep(self.latency * (1 + number * 7919 % self.jitter)).await;
        if let Some(failure) = trouble {
            return Err(failure);
        }
        // As `aws::S3` does where a token is refused.
        let by_name = self.forgets && request.last.is_some();
        if by_name {
            request.after = None;
        }
        let mut page = self.look_up(&request);
        if by_name && page.rows.entry(0).is_some_and(|row| Some(row.name()) == request.last.as_deref()) {
            page.rows = page.rows.slice_rows(1, page.rows.len());
        }
        if let (Some(early), Some(next)) = (early, &page.next) {
            early(next.clone());
        }
        sleep(self.body).await;
        Ok(page)
    }

    async fn sit_out(&self, wait: Duration, _: &Failure, _: u32) {
        sleep(wait).await;
    }

    async fn wait_for_renewal(&self, ended: Failure) -> Result<(), Failure> {
        assert_eq!(ended.kind, FailureKind::Expired);
        sleep(self.latency * 3).await;
        let mut state = self.state();
        (state.session, state.pages_of_session, state.renewals) = (state.session + 1, 0, state.renewals + 1);
        Ok(())
    }
}

/// Counts what is under way, also what is dropped.
struct UnderWay<'a>(&'a Shelf);

impl<'a> UnderWay<'a> {
    fn begin(shelf: &'a Shelf) -> Self {
        let mut state = shelf.state();
        state.in_flight += 1;
        state.most_in_flight = state.most_in_flight.max(state.in_flight);
        Self(shelf)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.state().in_flight -= 1;
    }
}

/// The row that a key is in.
pub(super) fn name<'a>(key: &'a str, prefix: &str, delimited: bool) -> &'a str {
    let slash = key.strip_prefix(prefix).filter(|_| delimited).and_then(|rest| rest.find('/'));
    slash.map_or(key, |slash| &key[..=prefix.len() + slash])
}

pub(super) fn failure(kind: FailureKind) -> Failure {
    Failure { service: Service::S3, ..Failure::local(kind, "list", "s3://shelf/", "on purpose") }
}
