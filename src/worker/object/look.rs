//! A look: the bytes it shows, and what the decoder needs besides, within its budget.
//!
//! Invariant: ranges that a decoder asks for are read only if they lie in the object, and all of them fit what is left of
//! the budget and of the round trips. One that asks for more is treated as one that failed: its content is shown plainly.

use std::io;

use super::{
    SharedContents,
    content::ReadContent,
    ranges::{first_request, read_first, read_spans, samples, shown_span},
};
use crate::{
    app::{Generation, LookPart, LookReply, LookRequest, LookSource, LookTarget, Message},
    aws::S3,
    decoder::{DecoderFault, DecoderProcess, plain_instead},
    domain::{
        credentials::SessionId,
        failure::{Failure, FailureKind},
        object::ReadCost,
    },
    preview::{ByteSpan, ContentWindow, DecodeTask, MOST_TRIPS, NextWindow, Preview, PreviewReply, PreviewRequest},
    worker::handle::{Handle, catch_panic, forgotten_session},
};

/// What a look needs besides its request.
struct Looker {
    s3: S3,
    session: SessionId,
    contents: SharedContents,
    decoder: io::Result<DecoderProcess>,
}

impl Handle {
    pub(super) async fn look(
        self,
        generation: Generation,
        session: SessionId,
        request: LookRequest,
        contents: SharedContents,
        decoder: io::Result<DecoderProcess>,
    ) {
        let client = self.lock_sessions().get(&session).map(|held| held.s3.clone());
        let subject = request.source.address.to_string();
        let outcome = catch_panic("look at", &subject, async {
            let s3 = client.ok_or_else(|| forgotten_session("look at", &subject))?;
            let looker = Looker { s3, session, contents, decoder };
            match &request.target {
                LookTarget::Content => looker.look_at_content(&request).await,
                LookTarget::Difference(older) => looker.compare(&request, older).await,
                LookTarget::Annotation(name) => looker.look_at_annotation(&request, name).await,
            }
        })
        .await;
        self.send_reply(Message::Looked { generation, outcome: outcome.map(Box::new) }).await;
    }
}

impl Looker {
    async fn look_at_content(&self, request: &LookRequest) -> Result<LookReply, Failure> {
        let mut content = self.begin(request, &request.source).await?;
        if content.size == Some(0) {
            return Ok(reply_of(Preview::default(), &content, request));
        }
        if request.part == LookPart::Map {
            let spans = samples(content.size.unwrap_or_default());
            self.read(request, &mut content, &spans).await?;
            let task = task_of_map(request, &content, &spans);
            return Ok(reply_of(self.decode(&task).await?, &content, request));
        }
        let mut trips = MOST_TRIPS.saturating_sub(1);
        loop {
            let shown = preview_request(request, &content, trips);
            let left = shown.budget;
            match self.decode_once(&DecodeTask::Show(shown.clone())).await {
                PreviewReply::Shown(preview) => return Ok(reply_of(preview, &content, request)),
                PreviewReply::Needs(spans) if trips > 0 && may_read(&spans, &content, left) => {
                    content.is_ranged = true;
                    trips -= 1;
                    self.read(request, &mut content, &spans).await?;
                }
                PreviewReply::Needs(_) => {
                    let fault = DecoderFault::BadReply("it asks for more than may be read");
                    return Ok(reply_of(plain_instead(&shown, &fault), &content, request));
                }
            }
        }
    }

    /// The content with the bytes that are to be shown, read as far as they are not here.
    async fn begin(&self, request: &LookRequest, source: &LookSource) -> Result<ReadContent, Failure> {
        let mut content = if request.fresh {
            ReadContent::new(self.session, source)
        } else {
            self.contents.lock().take(self.session, source)
        };
        // Kept until the end of this look: it may be abandoned.
        if !request.fresh {
            self.contents.lock().keep(content.clone());
        }
        match content.size {
            None => {
                refuse_offline(request)?;
                content.read_at.get_or_insert(request.asked_at);
                read_first(&self.s3, &mut content, first_request(request)).await?;
                self.contents.lock().keep(content.clone());
            }
            Some(size) => {
                let span = shown_span(request, &content, size).filter(|_| request.part != LookPart::Map);
                self.read(request, &mut content, span.as_slice()).await?;
            }
        }
        Ok(content)
    }

    /// Reads what is missing of these spans.
    async fn read(&self, request: &LookRequest, content: &mut ReadContent, spans: &[ByteSpan]) -> Result<(), Failure> {
        if spans.iter().all(|span| content.missing(*span).is_none()) {
            return Ok(());
        }
        refuse_offline(request)?;
        content.read_at.get_or_insert(request.asked_at);
        let outcome = read_spans(&self.s3, content, spans).await;
        // What came is kept, also if the rest did not.
        self.contents.lock().keep(content.clone());
        outcome
    }

    /// Shows how two contents differ, both read as far as one look goes.
    async fn compare(&self, request: &LookRequest, older: &LookSource) -> Result<LookReply, Failure> {
        let of_older = LookRequest { source: older.clone(), ..request.clone() };
        let old = self.begin(&of_older, older).await?;
        let new = self.begin(request, &request.source).await?;
        let task =
            DecodeTask::Compare { old: preview_request(&of_older, &old, 0), new: preview_request(request, &new, 0) };
        let preview = self.decode(&task).await?;
        Ok(LookReply { cost: old.cost.plus(new.cost), ..reply_of(preview, &new, request) })
    }

    /// Shows what an annotation holds: at most 1 MiB, read whole.
    async fn look_at_annotation(&self, request: &LookRequest, name: &str) -> Result<LookReply, Failure> {
        refuse_offline(request)?;
        let bytes = self.s3.read_annotation(&request.source.address, name).await?;
        let size = bytes.len() as u64;
        let shown = PreviewRequest {
            view: request.view,
            encoding: request.encoding.map(str::to_owned),
            ..PreviewRequest::of_beginning(name, Some(size), bytes.to_vec())
        };
        let shown = PreviewRequest { budget: 0, trips: 0, ..shown };
        Ok(LookReply {
            preview: self.decode(&DecodeTask::Show(shown)).await?,
            cost: ReadCost { requests: 1, bytes: size },
            size: Some(size),
            etag: None,
            read_at: request.asked_at,
        })
    }

    /// What a task shows that needs nothing more.
    async fn decode(&self, task: &DecodeTask) -> Result<Preview, Failure> {
        let shown = match task {
            DecodeTask::Show(request) | DecodeTask::Compare { new: request, .. } => request,
        };
        Ok(match self.decode_once(task).await {
            PreviewReply::Shown(preview) => preview,
            PreviewReply::Needs(_) => {
                plain_instead(shown, &DecoderFault::BadReply("it asks for more than may be read"))
            }
        })
    }

    async fn decode_once(&self, task: &DecodeTask) -> PreviewReply {
        match &self.decoder {
            Ok(decoder) => decoder.decode_or_plain(task).await,
            Err(error) => {
                let (DecodeTask::Show(shown) | DecodeTask::Compare { new: shown, .. }) = task;
                PreviewReply::Shown(plain_instead(shown, &DecoderFault::NotStarted(error.kind().to_string())))
            }
        }
    }
}

/// Whether ranges that a decoder asks for may be read.
fn may_read(spans: &[ByteSpan], content: &ReadContent, left: u64) -> bool {
    let size = content.size.unwrap_or_default();
    let missing = spans.iter().filter_map(|span| content.missing(*span));
    let wanted = missing.fold(0_u64, |sum, span| sum.saturating_add(span.length));
    // What was read for another part of it is not among the windows before a decoder has asked for a range.
    let is_new = wanted > 0 || !content.is_ranged;
    is_new && wanted <= left && spans.iter().all(|span| span.end() <= size)
}

fn preview_request(request: &LookRequest, content: &ReadContent, trips: u8) -> PreviewRequest {
    let first = content.size.and_then(|size| shown_span(request, content, size));
    let first = first.map(|span| ContentWindow { offset: span.offset, bytes: content.piece(span).to_vec() });
    let others = content.windows().iter().filter(|_| content.is_ranged).cloned();
    PreviewRequest {
        name: content.address.key.clone(),
        content_type: content.content_type.clone(),
        content_encoding: content.content_encoding.clone(),
        size: content.size,
        windows: first.into_iter().chain(others).collect(),
        view: request.view,
        encoding: request.encoding.map(str::to_owned),
        delimiter: None,
        first_line: match request.part {
            LookPart::Onward(NextWindow { line, .. }) => line,
            LookPart::Beginning | LookPart::End | LookPart::Map => None,
        },
        budget: if request.offline { 0 } else { request.allowance().saturating_sub(content.cost.bytes) },
        trips,
        long_footer: request.long_footer.is_some(),
    }
}

fn reply_of(preview: Preview, content: &ReadContent, request: &LookRequest) -> LookReply {
    LookReply {
        preview,
        cost: content.cost,
        size: content.size,
        etag: content.etag.clone(),
        read_at: content.read_at.unwrap_or(request.asked_at),
    }
}

/// Sends no request where none may be sent.
fn refuse_offline(request: &LookRequest) -> Result<(), Failure> {
    if !request.offline {
        return Ok(());
    }
    let subject = request.source.address.to_string();
    Err(Failure::local(FailureKind::Expired, "read", subject, "the session has expired · no request was sent"))
}

fn task_of_map(request: &LookRequest, content: &ReadContent, spans: &[ByteSpan]) -> DecodeTask {
    let windows = spans.iter().map(|span| ContentWindow { offset: span.offset, bytes: content.piece(*span).to_vec() });
    DecodeTask::Show(PreviewRequest { windows: windows.collect(), budget: 0, ..preview_request(request, content, 0) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::object::ObjectAddress;

    #[test]
    fn a_decoder_gets_what_lies_in_the_object_and_fits_the_budget() {
        let source = LookSource { address: ObjectAddress::new("b", "k"), etag: None, size: Some(1000) };
        let mut content = ReadContent::new(SessionId(1), &source);
        content.add(ContentWindow { offset: 900, bytes: vec![0; 100] });
        content.is_ranged = true;
        for (spans, left, may) in [
            (vec![(0, 100)], 100, true),
            (vec![(0, 100)], 99, false),
            (vec![(0, 60), (500, 60)], 119, false),
            (vec![(850, 150)], 150, true),
            (vec![(850, 151)], 1000, false),
            (vec![(900, 100)], 1000, false), // what is here already would be asked for again and again
            (vec![(u64::MAX - 1, 1)], u64::MAX, false),
            (vec![(0, u64::MAX)], u64::MAX, false),
        ] {
            let spans: Vec<ByteSpan> = spans.into_iter().map(|(offset, length)| ByteSpan { offset, length }).collect();
            assert_eq!(may_read(&spans, &content, left), may, "{spans:?} of {left}");
        }
        content.is_ranged = false;
        assert!(may_read(&[ByteSpan { offset: 900, length: 100 }], &content, 0), "it costs nothing to show it");
    }
}
