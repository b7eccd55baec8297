//! Which part of a content is read: more of it, its end, its beginning, a map of it.
//!
//! Invariant: more than a look reads unasked is read by a key of its own, and by none without a live session.

use super::{LookState, ObjectViewer};
use crate::{
    app::{
        cx::Cx,
        object_calls::{LookPart, LookTarget},
        wish::Wish,
    },
    domain::numbers::format_bytes,
    preview::{MAP_SAMPLE_BYTES, MAP_SAMPLES, MOST_ROWS, MoreContent, PreviewView},
};

impl ObjectViewer {
    /// The next bytes.
    pub(super) fn read_more(&mut self, cx: &Cx) -> Vec<Wish> {
        if let Some(wishes) = self.without_session(cx) {
            return wishes;
        }
        let (Some(shown), Some(subject)) = (&self.look.shown, &self.subject) else { return vec![] };
        if matches!(self.look.state, LookState::Asked { .. }) {
            return vec![];
        }
        let preview = &shown.reply.preview;
        match (preview.more, preview.next, self.look.part) {
            (MoreContent::Nothing, _, _) => return vec![Wish::warn("there is no more to read")],
            (MoreContent::LongFooter(_), _, _) => return vec![Wish::warn("F reads the footer")],
            (_, _, LookPart::Map | LookPart::End) => return vec![Wish::warn("Home goes to the beginning")],
            (_, Some(next), LookPart::Onward(_)) => self.look.part = LookPart::Onward(next),
            // As many rows as a reply holds: a larger window would show the same ones.
            (_, Some(next), _) if shown.reply.is_whole || shown.rows() >= MOST_ROWS => {
                (self.look.part, self.look.steps) = (LookPart::Onward(next), 0);
            }
            (_, next, _) if self.look_request(cx, subject, false).is_at_limit() => match next {
                Some(next) => (self.look.part, self.look.steps) = (LookPart::Onward(next), 0),
                None => {
                    return vec![Wish::warn("1 MiB is read, and no look reads more of what it has to unpack or plan")];
                }
            },
            _ => self.look.steps += 1,
        }
        self.ask(cx);
        vec![]
    }

    /// The last bytes, by one range; where there is nothing behind what is shown, or nobody can begin there, its last rows.
    pub(super) fn go_to_end(&mut self, cx: &Cx) -> Vec<Wish> {
        let Some(shown) = &self.look.shown else { return vec![] };
        let preview = &shown.reply.preview;
        let goes_on = preview.more == MoreContent::ReadOn && self.look.target == LookTarget::Content;
        let can_begin_there = preview.next.is_some() && !self.look.is_packed();
        if !goes_on || !can_begin_there || matches!(self.look.part, LookPart::End | LookPart::Map) {
            self.look.scroll.top = usize::MAX;
            self.hold_scroll(cx);
            let says = goes_on && !can_begin_there && self.look.part == LookPart::Beginning;
            return if says { vec![Wish::warn("the end of what was read · m reads on")] } else { vec![] };
        }
        if let Some(wishes) = self.without_session(cx) {
            return wishes;
        }
        (self.look.part, self.look.steps) = (LookPart::End, 0);
        self.ask(cx);
        vec![]
    }

    pub(super) fn go_to_beginning(&mut self, cx: &Cx) -> Vec<Wish> {
        let scroll = &mut self.look.scroll;
        (scroll.top, scroll.part) = (0, 0);
        if self.look.part != LookPart::Beginning {
            if self.look.part == LookPart::Map {
                self.look.view = PreviewView::Auto;
            }
            (self.look.part, self.look.steps) = (LookPart::Beginning, 0);
            self.ask(cx);
        }
        vec![]
    }

    /// Tells the price of the map first.
    pub(super) fn read_map(&mut self, cx: &Cx) -> Vec<Wish> {
        let Some(subject) = &self.subject else { return vec![] };
        if let Some(wishes) = self.without_session(cx) {
            return wishes;
        }
        if self.look.part == LookPart::Map || self.look.target != LookTarget::Content {
            return vec![];
        }
        if self.look.confirms_map.is_none() {
            let known = self.look.shown.as_ref().and_then(|shown| shown.reply.size).or(subject.size);
            self.look.confirms_map = Some(map_price(known));
            return vec![];
        }
        (self.look.part, self.look.view) = (LookPart::Map, PreviewView::Entropy);
        self.ask(cx);
        vec![]
    }

    pub(super) fn read_long_footer(&mut self, cx: &Cx) -> Vec<Wish> {
        let MoreContent::LongFooter(length) = self.look.more() else { return vec![] };
        if let Some(wishes) = self.without_session(cx) {
            return wishes;
        }
        self.look.long_footer = Some(length);
        self.ask(cx);
        vec![]
    }
}

/// What the map of an object costs: `48 requests, 192 KiB`.
fn map_price(size: Option<u64>) -> String {
    match size.filter(|size| *size <= MAP_SAMPLES * MAP_SAMPLE_BYTES) {
        Some(size) => format!("1 request, {}", format_bytes(size)),
        None => format!("{MAP_SAMPLES} requests, {}", format_bytes(MAP_SAMPLES * MAP_SAMPLE_BYTES)),
    }
}
