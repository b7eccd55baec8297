//! Where to cut, and whether to.
//!
//! Invariant: a cut never decides which rows come, only how many requests that takes. Estimates may be wrong.

use std::sync::Arc;

use super::{
    Keyspace, RequestPurpose, RowOrder, WORTH_CUTTING,
    span::{Span, SpanStart},
};
use crate::domain::{
    listing::Block,
    name_text::{bytes_of, text_of},
};

/// Pages that one span is to have at most where the order of keys is wanted: rows of later spans have to wait.
const PAGES_IN_ORDER: f64 = 24.0;

/// A cut is worth its request if the first page after it is filled to this part.
const WORTHWHILE: f64 = 0.25;

/// The weight of the newest cut in what is thought of all.
const LEARNING: f64 = 0.1;

/// Pages' worth of empty answers that any listing may cost, and for each full page that came: a short listing is over
/// before it is known where its keys are, and must not cost more for that than it has pages.
const WASTED_AT_FIRST: f64 = 8.0;
const WASTED: f64 = 0.25;

/// Directories that must have been passed to say how many rows one has.
const SOME_DIRECTORIES: usize = 2;

/// Part of a page by which estimates may be off.
const SLACK: f64 = 0.03;

/// Keys of a page looked at to learn their characters.
const SAMPLES: usize = 6;

/// A place for a cut.
struct Cut {
    /// The last key before it; it need not exist.
    at: Arc<[u8]>,
    /// Which part of what is still to come is before it.
    share: f64,
    /// Whether there is something after it is not known.
    is_guess: bool,
}

impl Keyspace {
    /// Learns from a page of a span, and estimates what is still to come in it.
    pub(super) fn note_page(&mut self, start: &SpanStart, rows: &Block) {
        if self.most == 1 {
            return;
        }
        self.learn_from(rows);
        self.page = self.page.max(as_float(rows.len()));
        let Some(span) = self.spans.get_mut(start) else { return };
        if std::mem::take(&mut span.is_guess) {
            self.guesses -= 1;
            let was_good = f64::from(as_float(rows.len()) >= WORTHWHILE * self.page);
            self.trust += (was_good - self.trust) * LEARNING;
        }
        if span.done && span.upto.is_none() && span.keys == 0.0 {
            self.ceiling.clone_from(start);
        }
        if !span.done && !self.begun {
            self.begun = true;
            let example = span.position().into_owned();
            self.survey.begin_with(&example);
        }
        let Some(span) = self.spans.get(start).filter(|span| !span.done) else { return };
        let expected = span.rest > self.page;
        let (rest, passed) = self.rest_of(span);
        let page = self.page;
        let Some(span) = self.spans.get_mut(start) else { return };
        (span.whole, span.passed) = (false, passed);
        span.overdue = if expected { 0.0 } else { span.overdue + 1.0 };
        // Rows keep coming that nobody expected: then there will be more.
        span.rest = rest.max((span.overdue - 1.0) * page);
    }

    pub(super) fn learn_from(&mut self, rows: &Block) {
        let Some(last) = rows.len().checked_sub(1) else { return };
        let samples = (0..=SAMPLES).map(|sample| sample * last / SAMPLES);
        let names: Vec<String> = samples.map(|at| text_of(&rows.name(at)).into_owned()).collect();
        let steps = |name| if self.delimited { str::trim_end_matches(name, '/') } else { name };
        self.alphabets.learn_from(names.iter().map(|name| steps(name.as_str())));
    }

    /// Estimates again, by what has just become known of the directories or of where the keys end. A page that comes
    /// late would estimate it too late: a rest of which no end was known looks boundless, and would be cut to pieces.
    pub(super) fn estimate_anew(&mut self) {
        let begun = self.spans.iter().filter(|(_, span)| !span.done && span.keys > 0.0);
        let rests: Vec<_> = begun.map(|(start, span)| (start.clone(), self.rest_of(span))).collect();
        for (start, (rest, passed)) in rests {
            if let Some(span) = self.spans.get_mut(&start) {
                (span.rest, span.passed, span.whole) = (rest, passed, false);
            }
        }
    }

    /// How many rows of a span are thought to be still to come, and how many directories say so.
    fn rest_of(&self, span: &Span) -> (f64, usize) {
        let to = self.end_of(span);
        let from = span.first.as_deref().unwrap_or_default();
        let at = span.position();
        let (passed, hints) = (self.hints_between(from, &at).len(), self.hints_between(&at, &to).len());
        if hints > 0 {
            let each = if passed > 0 { span.keys / as_float(passed) } else { span.keys + self.page };
            return (each * (as_float(hints) + 0.5), passed);
        }
        let rest = match self.alphabets.share_of_way(from, &at, &to) {
            Some(share) if share > 0.0 => span.keys * (1.0 - share) / share,
            // They cannot be told apart: as many as there were.
            _ => span.keys.max(2.0 * self.page),
        };
        (rest, 0)
    }

    /// Where a span ends, as far as is known.
    fn end_of(&self, span: &Span) -> String {
        let end = span.upto.as_ref().or(self.ceiling.as_ref());
        end.map_or_else(|| self.survey.upper_bound(), |end| text_of(end).into_owned())
    }

    fn hints_between(&self, from: &str, to: &str) -> &[String] {
        let hints = &self.survey.hints;
        let first = hints.partition_point(|hint| hint.as_str() <= from);
        let last = hints.partition_point(|hint| hint.as_str() < to);
        hints.get(first..last).unwrap_or_default()
    }

    /// The more guesses were wrong, the fewer are made at a time: keys may be anywhere, and each wrong cut
    /// costs a request.
    pub(super) fn may_guess(&self) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let full = self.found as f64 / self.page;
        let wasted = as_float(self.pages) - full;
        let trusted = (as_float(self.most) * self.trust).max(1.0);
        self.most > 1
            && wasted < WASTED_AT_FIRST + WASTED * full
            && as_float(self.guesses) < trusted.min(WASTED_AT_FIRST + full)
    }

    /// Cuts the span that is thought to have most to come, if that is worth a request.
    pub(super) fn cut_longest(&mut self) {
        let rest = |start: &SpanStart| self.spans.get(start).filter(|span| !span.whole && span.ahead.is_none());
        let spans = self.asked.values().filter_map(|purpose| match purpose {
            RequestPurpose::Page(start) | RequestPurpose::Promoted(start) => rest(start).map(|span| (start, span.rest)),
            RequestPurpose::Ahead(_) | RequestPurpose::Probe(_) => None,
        });
        let longest = spans.max_by(|(_, a), (_, b)| a.total_cmp(b));
        let Some(start) = longest.filter(|(_, rest)| *rest > WORTH_CUTTING * self.page).map(|(start, _)| start.clone())
        else {
            return;
        };
        let cut = self.cut_of(&start);
        let Some(span) = self.spans.get_mut(&start) else { return };
        let Some(Cut { at, share, is_guess }) = cut.filter(|cut| span.can_end_at(&cut.at)) else {
            span.whole = true;
            return;
        };
        let upto = span.upto.replace(at.clone());
        let rest = span.rest * (1.0 - share);
        let mut behind = Span::new(&Some(at.clone()), upto, rest);
        (behind.is_guess, behind.passed) = (is_guess, span.passed);
        span.rest *= share;
        self.guesses += usize::from(is_guess);
        self.spans.insert(Some(at.clone()), behind);
        self.idle.insert(Some(at));
    }

    /// Where to cut a span.
    fn cut_of(&self, start: &SpanStart) -> Option<Cut> {
        let span = self.spans.get(start)?;
        let to = self.end_of(span);
        let from = span.position();
        let pages = span.rest / self.page;
        // Whole pages for who has it, a little less so that the last is the last: half of them, and not more than may wait.
        let share = (((pages / 2.0).ceil().min(self.most_pages()) - SLACK) / pages).min(0.9);
        let hints = self.hints_between(&from, &to);
        if !hints.is_empty() {
            let count = as_float(hints.len());
            // Few directories are worth a request each; many may be small ones.
            let is_guess = span.passed < SOME_DIRECTORIES && hints.len() > self.most;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "less than their number")]
            let hint = (count * share) as usize;
            let share = (as_float(hint) + 0.5) / (count + 0.5);
            return Some(Cut { at: Arc::from(&*bytes_of(&hints[hint])), share, is_guess });
        }
        let cut = self.alphabets.text_between(&from, share, &to)?;
        let cut = if self.delimited { self.above_directories(&cut)? } else { &cut };
        Some(Cut { at: Arc::from(&*bytes_of(cut)), share, is_guess: true })
    }

    fn most_pages(&self) -> f64 {
        if self.order == RowOrder::Keys { PAGES_IN_ORDER } else { f64::INFINITY }
    }

    /// A cut below a common prefix would divide what is one row.
    fn above_directories<'a>(&self, cut: &'a str) -> Option<&'a str> {
        let base = self.location.prefix.len();
        let rest = cut.get(base..)?;
        cut.get(..base + rest.find('/').unwrap_or(rest.len()))
    }
}

#[expect(clippy::cast_precision_loss, reason = "rows of a page, requests at a time and directories are few")]
fn as_float(number: usize) -> f64 {
    number as f64
}
