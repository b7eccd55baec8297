//! The details of an object, all parts at the same time.
//!
//! Invariant: every call gets exactly one answer, whatever becomes of the others.

use futures_util::{StreamExt, stream::FuturesUnordered};

use crate::{
    app::{DetailCall, DetailReply, Generation, Message},
    aws::S3,
    domain::{credentials::SessionId, failure::Failure, object::ObjectAddress},
    worker::handle::{Handle, catch_panic, forgotten_session},
};

impl Handle {
    pub(super) async fn read_details(
        self,
        generation: Generation,
        session: SessionId,
        address: ObjectAddress,
        calls: Vec<DetailCall>,
    ) {
        let client = self.lock_sessions().get(&session).map(|held| held.s3.clone());
        let mut answers: FuturesUnordered<_> =
            calls.into_iter().map(|call| answer(client.as_ref(), &address, call)).collect();
        while let Some(reply) = answers.next().await {
            self.send_reply(Message::DetailArrived { generation, reply }).await;
        }
    }
}

async fn answer(client: Option<&S3>, address: &ObjectAddress, call: DetailCall) -> DetailReply {
    match call {
        DetailCall::Head => {
            DetailReply::Head(guarded(client, address, |s3| s3.head_object(address)).await.map(Box::new))
        }
        DetailCall::Attributes => {
            DetailReply::Attributes(guarded(client, address, |s3| s3.object_attributes(address)).await.map(Box::new))
        }
        DetailCall::Tags => DetailReply::Tags(guarded(client, address, |s3| s3.object_tags(address)).await),
        DetailCall::Retention => {
            DetailReply::Retention(guarded(client, address, |s3| s3.object_retention(address)).await)
        }
        DetailCall::LegalHold => {
            DetailReply::LegalHold(guarded(client, address, |s3| s3.object_legal_hold(address)).await)
        }
        DetailCall::Annotations => {
            DetailReply::Annotations(guarded(client, address, |s3| s3.object_annotations(address)).await)
        }
    }
}

async fn guarded<'a, T, F>(
    client: Option<&'a S3>,
    address: &ObjectAddress,
    call: impl FnOnce(&'a S3) -> F,
) -> Result<T, Failure>
where
    F: Future<Output = Result<T, Failure>>,
{
    const ACTION: &str = "look at";
    let subject = address.to_string();
    let client = client.ok_or_else(|| forgotten_session(ACTION, &subject))?;
    catch_panic(ACTION, &subject, Box::pin(call(client))).await
}
