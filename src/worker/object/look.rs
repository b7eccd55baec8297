//! A look: the bytes it shows, and what the decoder needs besides, within its budget.
//!
//! Invariant: ranges that a decoder asks for are read only if they lie in the object, and all of them fit what is left of
//! the budget and of the round trips. One that asks for more is treated as one that failed: its content is shown plainly.

use std::io;

use super::{
    SharedContents,
    content::ReadContent,
    ranges::{first_request, join_spans, read_first, read_spans, shown_span},
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
    preview::{
        ByteSpan, ContentWindow, DecodeTask, LARGEST_BUDGET, LARGEST_FOOTER, MOST_TRIPS, NextWindow, Preview,
        PreviewReply, PreviewRequest, PreviewView, map_ranges,
    },
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
            return Ok(reply_of(Preview::default(), &content, request, 0));
        }
        if request.part == LookPart::Map {
            return self.look_at_map(request, content).await;
        }
        // More than the first range is asked for of the beginning alone: other parts are shown as they are.
        let mut trips = if request.part == LookPart::Beginning { MOST_TRIPS.saturating_sub(1) } else { 0 };
        loop {
            let shown = preview_request(request, &content, trips);
            let (left, begins) = (shown.budget, shown_offset(&shown));
            let fault = match self.decode_once(&DecodeTask::Show(shown)).await {
                Ok(PreviewReply::Shown(preview)) => return Ok(reply_of(preview, &content, request, begins)),
                Ok(PreviewReply::Needs(spans)) if trips > 0 && may_read(&spans, &content, left) => {
                    content.is_ranged = true;
                    trips -= 1;
                    self.read(request, &mut content, &spans).await?;
                    continue;
                }
                Ok(PreviewReply::Needs(_)) => DecoderFault::BadReply(TOO_MUCH),
                Err(fault) => fault,
            };
            return Ok(self.show_plain(request, content, &fault).await);
        }
    }

    /// Samples from all over the object.
    async fn look_at_map(&self, request: &LookRequest, mut content: ReadContent) -> Result<LookReply, Failure> {
        let Some(size) = content.size else {
            let subject = request.source.address.to_string();
            return Err(Failure::local(FailureKind::Other, "map", subject, "the service does not say how large it is"));
        };
        let spans = map_ranges(size);
        self.read(request, &mut content, &join_spans(&spans)).await?;
        let task = task_of_map(request, &content, &spans);
        Ok(reply_of(self.decode(task).await, &content, request, 0))
    }

    /// The bytes of a content whose decoder has failed, from the first one on: the decoder may have got the end alone.
    async fn show_plain(&self, request: &LookRequest, mut content: ReadContent, fault: &DecoderFault) -> LookReply {
        let view = if request.view == PreviewView::Hex { PreviewView::Hex } else { PreviewView::Text };
        let plain = LookRequest { view, ..request.clone() };
        let span = shown_span(&plain, &content);
        // Where the beginning cannot be read, what is here is shown, and is said not to be the beginning.
        let is_here = self.read(&plain, &mut content, span.as_slice()).await.is_ok();
        let shown = preview_request(if is_here { &plain } else { request }, &content, 0);
        reply_of(plain_instead(&shown, fault), &content, request, shown_offset(&shown))
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
        let is_known = content.size.is_some() || !content.windows().is_empty() && request.part != LookPart::End;
        if is_known {
            let span = shown_span(request, &content).filter(|_| request.part != LookPart::Map);
            self.read(request, &mut content, span.as_slice()).await?;
        } else {
            refuse_offline(request)?;
            content.read_at.get_or_insert(request.asked_at);
            read_first(&self.s3, &mut content, first_request(request)).await?;
            self.contents.lock().keep(content.clone());
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
        // Of whatever kind they are, lines are compared from the first one on.
        let of_newer = LookRequest { view: PreviewView::Text, ..request.clone() };
        let of_older = LookRequest { source: older.clone(), ..of_newer.clone() };
        let old = self.begin(&of_older, older).await?;
        let new = self.begin(&of_newer, &request.source).await?;
        let task =
            DecodeTask::Compare { old: preview_request(&of_older, &old, 0), new: preview_request(&of_newer, &new, 0) };
        let preview = self.decode(task).await;
        Ok(LookReply { cost: old.cost.plus(new.cost), ..reply_of(preview, &new, request, 0) })
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
            preview: self.decode(DecodeTask::Show(shown)).await,
            cost: ReadCost { requests: 1, bytes: size },
            size: Some(size),
            etag: None,
            read_at: request.asked_at,
            begins: 0,
            is_whole: true,
        })
    }

    /// What a task shows that needs nothing more.
    async fn decode(&self, task: DecodeTask) -> Preview {
        let fault = match self.decode_once(&task).await {
            Ok(PreviewReply::Shown(preview)) => return preview,
            Ok(PreviewReply::Needs(_)) => DecoderFault::BadReply(TOO_MUCH),
            Err(fault) => fault,
        };
        let (DecodeTask::Show(shown) | DecodeTask::Compare { new: shown, .. }) = &task;
        plain_instead(shown, &fault)
    }

    async fn decode_once(&self, task: &DecodeTask) -> Result<PreviewReply, DecoderFault> {
        match &self.decoder {
            Ok(decoder) => decoder.decode(task).await,
            Err(error) => Err(DecoderFault::NotStarted(error.kind().to_string())),
        }
    }
}

/// Why a decoder's wish is not granted.
const TOO_MUCH: &str = "it asks for more than may be read";

/// Bytes that may be asked for at once, whatever the content claims: they are copied several times on their way.
const MOST_WANTED: u64 = LARGEST_BUDGET + LARGEST_FOOTER;

/// Whether ranges that a decoder asks for may be read.
fn may_read(spans: &[ByteSpan], content: &ReadContent, left: u64) -> bool {
    let size = content.size.unwrap_or_default();
    let missing = spans.iter().filter_map(|span| content.missing(*span));
    let wanted = missing.fold(0_u64, |sum, span| sum.saturating_add(span.length));
    // What was read for another part of it is not among the windows before a decoder has asked for a range.
    let is_new = wanted > 0 || !content.is_ranged;
    is_new && wanted <= left.min(MOST_WANTED) && spans.iter().all(|span| span.end() <= size)
}

fn preview_request(request: &LookRequest, content: &ReadContent, trips: u8) -> PreviewRequest {
    let first = shown_span(request, content);
    let first = first.map(|span| ContentWindow { offset: span.offset, bytes: content.piece(span).to_vec() });
    let first = first.filter(|window| !window.bytes.is_empty());
    // Of another part than the beginning, and of bytes as they are, nothing else is shown.
    let is_ranged = content.is_ranged && request.part == LookPart::Beginning && request.view != PreviewView::Hex;
    let others = content.windows().iter().filter(|_| is_ranged).cloned();
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

fn reply_of(preview: Preview, content: &ReadContent, request: &LookRequest, begins: u64) -> LookReply {
    LookReply {
        preview,
        cost: content.cost,
        size: content.size,
        etag: content.etag.clone(),
        read_at: content.read_at.unwrap_or(request.asked_at),
        begins,
        is_whole: content.is_whole(),
    }
}

/// Where the bytes begin that a request shows.
fn shown_offset(shown: &PreviewRequest) -> u64 {
    shown.windows.iter().map(|window| window.offset).min().unwrap_or_default()
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
        let mut huge = content.clone();
        huge.size = Some(1 << 40);
        for (length, may) in [(MOST_WANTED, true), (MOST_WANTED + 1, false)] {
            assert_eq!(may_read(&[ByteSpan { offset: 1 << 30, length }], &huge, u64::MAX), may, "whatever is claimed");
        }
        content.is_ranged = false;
        assert!(may_read(&[ByteSpan { offset: 900, length: 100 }], &content, 0), "it costs nothing to show it");
    }
}
