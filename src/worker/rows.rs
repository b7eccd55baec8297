//! What is asked and signed for the row that is selected, and a location as of a time.
//!
//! Invariant: each is done with exactly the session it names. A link stays here until it is handed over, and is never in
//! a message or a log.

use jiff::Timestamp;

use super::handle::{Handle, catch_panic, forgotten_session};
use crate::{
    app::{AccessReply, Generation, Loaded, Message, RowTarget},
    aws::S3,
    domain::{
        credentials::SessionId,
        failure::{Failure, FailureKind},
        location::Location,
        object::{PastListing, PastRows, PresignPlan, PresignRequest},
    },
};

impl Handle {
    /// Signs a link, and keeps it to be handed over.
    pub(super) async fn sign_link(self, session: SessionId, request: PresignRequest) {
        let subject = request.address.to_string();
        let work = Box::pin(self.signed_link(session, &request));
        let outcome = catch_panic("sign a link to", &subject, work).await;
        self.send_reply(Message::LinkSigned { session, outcome }).await;
    }

    async fn signed_link(&self, session: SessionId, request: &PresignRequest) -> Result<PresignPlan, Failure> {
        let subject = request.address.to_string();
        let forgotten = || forgotten_session("sign a link to", &subject);
        let held = self.lock_sessions().get(&session).map(|held| (held.s3.clone(), held.minted.clone()));
        let (s3, minted) = held.ok_or_else(forgotten)?;
        let plan = s3.plan_link(request, minted.credentials.are_temporary())?;
        let link = s3.sign_link(request, plan).await?;
        let mut sessions = self.lock_sessions();
        sessions.get_mut(&session).ok_or_else(forgotten)?.links.push_back(link.url);
        Ok(link.plan)
    }

    /// Asks what is really allowed, by requests that change nothing.
    pub(super) async fn probe_access(self, generation: Generation, session: SessionId, target: RowTarget) {
        let s3 = self.lock_sessions().get(&session).map(|held| held.s3.clone());
        let subject = target.in_words();
        let probing = Box::pin(async {
            let s3 = s3.as_ref().ok_or_else(|| forgotten_session("test", &subject))?;
            Ok(probe(s3, &target).await)
        });
        let reply = catch_panic("test", &subject, probing).await;
        let reply = reply.unwrap_or_else(|failure| AccessReply { read: None, list: Err(failure) });
        let (target, reply) = (Box::new(target), Box::new(reply));
        self.send_reply(Message::Probed { generation, session, target, reply }).await;
    }

    /// Lists what was current at a time, page after page. The last answer says how it ended.
    pub(super) async fn list_past(
        self,
        generation: Generation,
        session: SessionId,
        (location, at): (Location, Timestamp),
        behind: Option<String>,
    ) {
        let s3 = self.lock_sessions().get(&session).map(|held| held.s3.clone());
        let subject = location.in_words();
        let mut listing = PastListing::new(&location, at, behind);
        let mut requests = 0;
        let outcome = loop {
            let page = Box::pin(next_past_rows(s3.as_ref(), &mut listing, &subject));
            match catch_panic(LIST, &subject, page).await {
                Ok(came) => {
                    requests += 1;
                    let undated = listing.undated();
                    self.send_reply(Message::PastRowsArrived { generation, came, undated, requests }).await;
                }
                Err(failure) => break Err(failure),
            }
            if listing.is_complete() {
                break Ok(Loaded::Everything);
            }
        };
        self.send_reply(Message::EverythingArrived { generation, session, outcome }).await;
    }
}

const LIST: &str = "list the versions of";

async fn next_past_rows(s3: Option<&S3>, listing: &mut PastListing, subject: &str) -> Result<PastRows, Failure> {
    let s3 = s3.ok_or_else(|| forgotten_session(LIST, subject))?;
    let page = s3.next_versions(listing.versions_mut()).await?.unwrap_or_default();
    let rows = listing.take_page(page);
    rows.map_err(|fault| Failure::local(FailureKind::Malformed, LIST, subject, fault.to_string()))
}

async fn probe(s3: &S3, target: &RowTarget) -> AccessReply {
    match target {
        RowTarget::Object { address, .. } => {
            let probe = s3.probe_object(address).await;
            AccessReply { read: Some(probe.look.and(probe.read)), list: probe.list }
        }
        RowTarget::Place { location, .. } => AccessReply { read: None, list: s3.probe_location(location).await },
    }
}
