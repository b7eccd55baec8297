//! The versions of one key, page by page.
//!
//! Invariant: the last page is said to be the last, or there is a failure.

use crate::{
    app::{Generation, Message},
    domain::{
        credentials::SessionId,
        object::{VersionListing, VersionTarget},
    },
    worker::handle::{Handle, catch_panic, forgotten_session},
};

impl Handle {
    pub(super) async fn list_versions(self, generation: Generation, session: SessionId, bucket: String, key: String) {
        let client = self.lock_sessions().get(&session).map(|held| held.s3.clone());
        let subject = format!("s3://{bucket}/{key}");
        let mut listing = VersionListing::new(bucket, VersionTarget::Key(key));
        loop {
            let outcome = catch_panic("list the versions of", &subject, async {
                let client = client.as_ref().ok_or_else(|| forgotten_session("list the versions of", &subject))?;
                let page = Box::pin(client.next_versions(&mut listing)).await?;
                Ok(page.map(|page| page.versions).unwrap_or_default())
            })
            .await;
            let ends = outcome.is_err() || listing.is_complete();
            let outcome = outcome.map(|versions| (versions, ends));
            self.send_reply(Message::VersionsArrived { generation, outcome }).await;
            if ends {
                return;
            }
        }
    }
}
