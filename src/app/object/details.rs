//! Everything about an object: one part after the other, each of which comes or fails alone.
//!
//! Invariant: the rows say what is known now. A part that is not known says why, and never looks like one that is empty.

use jiff::{Timestamp, tz::TimeZone};

use super::{
    ObjectSubject,
    detail_rows::{DetailRow, RowState, detail_rows},
};
use crate::{
    app::{
        cx::Cx,
        effect::Generation,
        layout::object_content,
        object_calls::{DetailCall, DetailReply},
    },
    domain::{
        failure::{Failure, FailureKind},
        object::{Annotation, DetailPart, ObjectAction, ObjectAttributes, ObjectHead, ObjectTag, RetentionRule},
    },
};

/// The parts, and the person's place among the rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DetailsTab {
    /// What `HeadObject` told.
    pub head: DetailPart<Box<ObjectHead>>,
    /// Parts and checksums.
    pub attributes: DetailPart<Box<ObjectAttributes>>,
    /// In the service's order.
    pub tags: DetailPart<Vec<ObjectTag>>,
    /// How long it is kept.
    pub retention: DetailPart<RetentionRule>,
    /// Whether a legal hold is on.
    pub legal_hold: DetailPart<bool>,
    /// Named payloads.
    pub annotations: DetailPart<Vec<Annotation>>,
    /// What is shown.
    pub rows: Vec<DetailRow>,
    /// Which row is selected.
    pub selected: usize,
    /// The first row on screen.
    pub offset: usize,
    /// How many requests were sent.
    pub requests: u32,
    /// What the session's own policies leave to be done with it. Foreign text.
    pub policy: Option<String>,
    /// Whether everything is asked for, whatever the session's own policies say.
    pub(super) forced: bool,
    /// How many answers are waited for.
    waits: usize,
    asked: Option<(Generation, Timestamp)>,
}

impl DetailsTab {
    /// Nothing yet; `forced` asks for everything, whatever the session's own policies say.
    pub(super) fn asked_by(forced: bool) -> Self {
        Self { forced, ..Self::default() }
    }

    /// Begins to ask, unless that was done: which calls are to be made. Those that are surely refused are not.
    pub(super) fn begin(
        &mut self,
        cx: &mut Cx,
        is_over: bool,
        refusal: &dyn Fn(ObjectAction) -> Option<String>,
    ) -> Option<(Generation, Vec<DetailCall>)> {
        if self.asked.is_some() {
            return None;
        }
        let mut calls = vec![];
        for call in DetailCall::ALL {
            let why_not = if is_over {
                Some("the session has expired".to_owned())
            } else {
                refusal(call.predicted_as()).filter(|_| !self.forced)
            };
            let failure = why_not.map(|why| {
                let kind = if is_over { FailureKind::Expired } else { FailureKind::Denied };
                Failure::local(kind, call.predicted_as().in_words(), "", format!("{why} · no request was sent"))
            });
            if let Some(failure) = failure {
                self.set(failed_reply(call, failure));
            } else {
                self.wait_for(call);
                calls.push(call);
            }
        }
        let generation = cx.next_generation();
        self.asked = Some((generation, cx.now()));
        self.waits = calls.len();
        Some((generation, calls))
    }

    fn wait_for(&mut self, call: DetailCall) {
        match call {
            DetailCall::Head => self.head = DetailPart::Loading,
            DetailCall::Attributes => self.attributes = DetailPart::Loading,
            DetailCall::Tags => self.tags = DetailPart::Loading,
            DetailCall::Retention => self.retention = DetailPart::Loading,
            DetailCall::LegalHold => self.legal_hold = DetailPart::Loading,
            DetailCall::Annotations => self.annotations = DetailPart::Loading,
        }
    }

    fn set(&mut self, reply: DetailReply) {
        match reply {
            DetailReply::Head(answer) => self.head = DetailPart::from_answer(answer.map(Some)),
            DetailReply::Attributes(answer) => self.attributes = DetailPart::from_answer(answer.map(Some)),
            DetailReply::Tags(answer) => self.tags = DetailPart::from_answer(answer.map(Some)),
            DetailReply::Retention(answer) => self.retention = DetailPart::from_answer(answer),
            DetailReply::LegalHold(answer) => self.legal_hold = DetailPart::from_answer(answer),
            DetailReply::Annotations(answer) => self.annotations = DetailPart::from_answer(answer.map(Some)),
        }
    }

    /// Whether an answer to this question is waited for.
    pub(super) fn waits_for(&self, generation: Generation) -> bool {
        self.asked.is_some_and(|(asked, _)| asked == generation)
    }

    /// Takes an answer; says why it is none, if it is none.
    pub(super) fn take_reply(&mut self, reply: DetailReply) -> Option<Failure> {
        self.waits = self.waits.saturating_sub(1);
        self.requests += 1;
        let failure = match &reply {
            DetailReply::Head(answer) => {
                let asked_twice = answer.as_ref().is_ok_and(|head| head.checksum_refusal.is_some());
                self.requests += u32::from(asked_twice);
                answer.as_ref().err()
            }
            DetailReply::Attributes(answer) => answer.as_ref().err(),
            DetailReply::Tags(answer) => answer.as_ref().err(),
            DetailReply::Retention(answer) => answer.as_ref().err(),
            DetailReply::LegalHold(answer) => answer.as_ref().err(),
            DetailReply::Annotations(answer) => answer.as_ref().err(),
        }
        .cloned();
        self.set(reply);
        failure
    }

    /// Writes the rows anew.
    pub(super) fn tell_rows(&mut self, subject: &ObjectSubject, zone: &TimeZone) {
        let selected = self.rows.get(self.selected).map(|row| (row.label, row.copy.clone()));
        self.rows = detail_rows(subject, self, zone);
        let found = |(label, copy): (&'static str, String)| {
            let is_label = |row: &DetailRow| row.label == label;
            let exact = self.rows.iter().position(|row| is_label(row) && row.copy == copy);
            exact.or_else(|| self.rows.iter().position(is_label))
        };
        self.selected = selected.and_then(found).unwrap_or(0);
    }

    /// Since when answers are waited for.
    pub fn loading_since(&self) -> Option<Timestamp> {
        self.asked.filter(|_| self.waits > 0).map(|(_, since)| since)
    }

    /// Why the selected row is not known, if it is not.
    pub fn failure(&self) -> Option<&Failure> {
        let row = self.rows.get(self.selected)?;
        match &row.state {
            RowState::Unknown(failure) => Some(failure),
            RowState::Told | RowState::Waiting => None,
        }
    }

    /// What has not come is asked for again when it is looked at again.
    pub(super) fn abandon(&mut self) {
        if self.waits > 0 {
            *self = Self::default();
        }
    }

    pub(super) fn select(&mut self, size: (u16, u16), to: impl FnOnce(usize) -> usize) {
        self.selected = to(self.selected);
        self.scroll_into_view(size);
    }

    /// Keeps the selected row on screen.
    pub(super) fn scroll_into_view(&mut self, size: (u16, u16)) {
        let (rows, count) = (object_content(size).1, self.rows.len());
        self.selected = self.selected.min(count.saturating_sub(1));
        self.offset = self.offset.clamp((self.selected + 1).saturating_sub(rows), self.selected);
        self.offset = self.offset.min(count.saturating_sub(rows));
    }
}

fn failed_reply(call: DetailCall, failure: Failure) -> DetailReply {
    match call {
        DetailCall::Head => DetailReply::Head(Err(failure)),
        DetailCall::Attributes => DetailReply::Attributes(Err(failure)),
        DetailCall::Tags => DetailReply::Tags(Err(failure)),
        DetailCall::Retention => DetailReply::Retention(Err(failure)),
        DetailCall::LegalHold => DetailReply::LegalHold(Err(failure)),
        DetailCall::Annotations => DetailReply::Annotations(Err(failure)),
    }
}
