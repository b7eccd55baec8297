//! What keys and clicks do with the object that is looked at.
//!
//! Invariant: what would send a request without a live session sends none and says so.

use super::{ObjectSubject, ObjectViewer, ViewerStep};
use crate::app::{
    action::{Action, ListAction, ObjectTab, ViewerAction},
    cx::Cx,
    effect::Effect,
    layout::{object_content, pane_content},
    object_calls::LookTarget,
    wish::Wish,
};

impl ObjectViewer {
    /// What a key or a click does on the object's screen.
    pub(in crate::app) fn act(&mut self, cx: &mut Cx, action: &Action) -> Vec<Wish> {
        if let Some(wishes) = self.act_in_find_line(cx, action) {
            return wishes;
        }
        if *action != Action::Object(ViewerAction::Map) {
            self.look.confirms_map = None;
        }
        match *action {
            Action::List(action) => self.act_on_rows(cx, action),
            Action::Object(action) => self.act_on_object(cx, action),
            Action::Refresh => self.refresh(cx),
            Action::Dismiss => self.step_back(cx),
            _ => vec![],
        }
    }

    /// What a key or the wheel does in the pane beside the list.
    pub(in crate::app) fn act_in_pane(&mut self, cx: &Cx, action: ViewerAction) -> Vec<Wish> {
        match action {
            ViewerAction::ReadMore => return self.read_more(cx),
            ViewerAction::Scroll(rows) => self.scroll(rows, pane_content(cx.size())),
            _ => {}
        }
        vec![]
    }

    fn act_on_rows(&mut self, cx: &Cx, action: ListAction) -> Vec<Wish> {
        if action == ListAction::Back {
            return self.step_back(cx);
        }
        if self.tab == ObjectTab::Look {
            return self.act_on_content(cx, action);
        }
        if let ListAction::Click(row) = action {
            return self.click(cx, row);
        }
        if action == ListAction::Open {
            return self.open_row(cx, ObjectTab::Look);
        }
        let half = (object_content(cx.size()).1 / 2).max(1).cast_signed();
        self.select(cx, |at| match action {
            ListAction::Move(rows) => at.saturating_add_signed(rows),
            ListAction::MoveHalfScreens(halves) => at.saturating_add_signed(halves * half),
            ListAction::Top => 0,
            ListAction::Bottom => usize::MAX,
            ListAction::Click(_) | ListAction::Open | ListAction::Back => at,
        });
        vec![]
    }

    fn select(&mut self, cx: &Cx, to: impl FnOnce(usize) -> usize) {
        match self.tab {
            ObjectTab::Look => {}
            ObjectTab::Details => self.details.select(cx.size(), to),
            ObjectTab::Versions => self.versions.select(cx.size(), to),
        }
    }

    /// Selects the row at this place of the screen; opens it if it is selected.
    fn click(&mut self, cx: &Cx, row: usize) -> Vec<Wish> {
        let (at, selected, count) = match self.tab {
            ObjectTab::Look => return vec![],
            ObjectTab::Details => (self.details.offset + row, self.details.selected, self.details.rows.len()),
            ObjectTab::Versions => (self.versions.offset + row, self.versions.selected, self.versions.versions.len()),
        };
        if at == selected {
            return self.open_row(cx, ObjectTab::Look);
        }
        if at < count {
            self.select(cx, |_| at);
        }
        vec![]
    }

    fn act_on_content(&mut self, cx: &Cx, action: ListAction) -> Vec<Wish> {
        let size = object_content(cx.size());
        let half = (size.1 / 2).max(1).cast_signed();
        match action {
            ListAction::Move(rows) => self.scroll(rows, size),
            ListAction::MoveHalfScreens(halves) => self.scroll(halves * half, size),
            ListAction::Top => return self.go_to_beginning(cx),
            ListAction::Bottom => return self.go_to_end(cx),
            ListAction::Click(_) | ListAction::Open | ListAction::Back => {}
        }
        vec![]
    }

    fn scroll(&mut self, rows: isize, size: (usize, usize)) {
        if let Some(shown) = &self.look.shown {
            self.look.scroll.move_by(rows, shown, size);
        }
    }

    pub(super) fn hold_scroll(&mut self, cx: &Cx) {
        self.scroll_into_view(cx.size(), false);
    }

    /// Keeps to what there is, where the terminal has another size, or the content other rows.
    pub(in crate::app) fn scroll_into_view(&mut self, size: (u16, u16), in_pane: bool) {
        let content = if in_pane { pane_content(size) } else { object_content(size) };
        if let Some(shown) = &self.look.shown {
            self.look.scroll.hold(shown, content);
        }
        self.details.scroll_into_view(size);
        self.versions.scroll_into_view(size);
    }

    fn act_on_object(&mut self, cx: &Cx, action: ViewerAction) -> Vec<Wish> {
        let size = object_content(cx.size());
        match action {
            ViewerAction::Show(tab) => return self.show(cx, tab),
            ViewerAction::Pane if self.tab == ObjectTab::Versions => return self.open_row(cx, ObjectTab::Look),
            ViewerAction::Pane => return self.show(cx, ObjectTab::Look),
            ViewerAction::Neighbour(steps) => return vec![Wish::StepObject(steps)],
            ViewerAction::CopyValue => return self.copy_value(),
            ViewerAction::Space if self.tab == ObjectTab::Versions => {
                self.versions.toggle_mark();
                self.select(cx, |at| at + 1);
            }
            ViewerAction::Compare if self.tab == ObjectTab::Versions => return self.compare(cx),
            ViewerAction::Space => return self.act_on_rows(cx, ListAction::MoveHalfScreens(2)),
            _ if self.tab != ObjectTab::Look => {}
            ViewerAction::ReadMore => return self.read_more(cx),
            ViewerAction::NextView if self.look.choose_next_view() => self.ask(cx),
            ViewerAction::NextView => return vec![Wish::warn("this content has no other view")],
            ViewerAction::NextEncoding => {
                self.look.choose_next_encoding();
                self.ask(cx);
            }
            ViewerAction::Wrap => {
                let scroll = &mut self.look.scroll;
                (scroll.wrap, scroll.part, scroll.left) = (!scroll.wrap, 0, 0);
                self.hold_scroll(cx);
            }
            ViewerAction::Sideways(steps) => {
                if let Some(shown) = &self.look.shown {
                    self.look.scroll.move_sideways(steps, shown, size);
                }
            }
            ViewerAction::Find if self.look.shown.is_some() => self.look.finding.open(),
            ViewerAction::Map => return self.read_map(cx),
            ViewerAction::LongFooter => return self.read_long_footer(cx),
            ViewerAction::Scroll(rows) => self.scroll(rows, size),
            ViewerAction::Find | ViewerAction::Compare => {}
        }
        vec![]
    }

    /// Another look at the same object is asked for.
    pub(super) fn ask(&mut self, cx: &Cx) {
        self.look.ask_otherwise();
        self.due = Some(cx.now());
    }

    fn show(&mut self, cx: &Cx, tab: ObjectTab) -> Vec<Wish> {
        let selects_version = self.tab == ObjectTab::Versions && tab == ObjectTab::Details;
        if selects_version && self.versions.selected_version().is_some() {
            return self.open_row(cx, tab);
        }
        if let Some(at) = self.came_from.iter().rposition(|step| step.tab == tab) {
            self.came_from.truncate(at + 1);
            return self.step_back(cx);
        }
        self.tab = tab;
        self.due = Some(cx.now());
        vec![]
    }

    /// What is selected in the details or among the versions, opened at a side of it.
    fn open_row(&mut self, cx: &Cx, tab: ObjectTab) -> Vec<Wish> {
        match self.tab {
            ObjectTab::Look => {}
            ObjectTab::Details => {
                let row = self.details.rows.get(self.details.selected);
                if let Some(name) = row.and_then(|row| row.annotation.clone()) {
                    let subject = self.subject.clone();
                    self.come_to(cx, ObjectTab::Look, subject, LookTarget::Annotation(name));
                }
            }
            ObjectTab::Versions => {
                let Some(version) = self.versions.selected_version() else { return self.show(cx, tab) };
                let Some(subject) = self.subject.as_ref().and_then(|subject| subject.of_version(version)) else {
                    return vec![Wish::warn("a delete marker has no content")];
                };
                self.come_to(cx, tab, Some(subject), LookTarget::Content);
            }
        }
        vec![]
    }

    /// Goes on to a side of another subject, or to something else of the same one.
    fn come_to(&mut self, cx: &Cx, tab: ObjectTab, subject: Option<ObjectSubject>, target: LookTarget) {
        let before = ViewerStep { tab: self.tab, subject: self.take_part(subject) };
        self.came_from.push(before);
        (self.look.target, self.tab, self.due) = (target, tab, Some(cx.now()));
    }

    /// Another subject, or the same one anew; which it was before. What is known of another one is not known of it.
    fn take_part(&mut self, subject: Option<ObjectSubject>) -> Option<ObjectSubject> {
        self.look = self.look.of_another_object();
        if subject != self.subject {
            self.details = super::DetailsTab::default();
        }
        std::mem::replace(&mut self.subject, subject)
    }

    /// How the two versions that are marked differ.
    fn compare(&mut self, cx: &Cx) -> Vec<Wish> {
        const MARK: &str = "mark two versions with Space, then D shows how they differ";
        let Some([older, newer]) = self.versions.compared() else { return vec![Wish::warn(MARK)] };
        let subject_of = |version| self.subject.as_ref().and_then(|subject| subject.of_version(version));
        let (Some(older), Some(newer)) = (subject_of(older), subject_of(newer)) else {
            return vec![Wish::warn("a delete marker has no content to compare")];
        };
        self.come_to(cx, ObjectTab::Look, Some(newer), LookTarget::Difference(older.source()));
        vec![]
    }

    /// To where the person came from: the versions, the details, the list.
    fn step_back(&mut self, cx: &Cx) -> Vec<Wish> {
        let mut wishes = self.abandon();
        let Some(ViewerStep { tab, subject }) = self.came_from.pop() else {
            wishes.push(Wish::CloseObject);
            return wishes;
        };
        self.take_part(subject);
        (self.tab, self.due) = (tab, Some(cx.now()));
        wishes
    }

    /// The list is in front again: what it selects is looked at, as in the pane.
    pub(in crate::app) fn close(&mut self, cx: &Cx) {
        let listed = self.came_from.drain(..).next().and_then(|step| step.subject);
        if listed.is_some() && listed != self.subject {
            self.take_part(listed);
        }
        if self.look.target != LookTarget::Content {
            self.look = self.look.of_another_object();
        }
        self.look.finding.line = None;
        (self.tab, self.due) = (ObjectTab::Look, Some(cx.now()));
    }

    fn copy_value(&self) -> Vec<Wish> {
        let Some(subject) = &self.subject else { return vec![] };
        let address = || format!("s3://{}/{}", subject.address.bucket, subject.address.key);
        let text = match self.tab {
            ObjectTab::Look => address(),
            ObjectTab::Details => match self.details.rows.get(self.details.selected) {
                Some(row) if !row.copy.is_empty() => row.copy.clone(),
                _ => return vec![Wish::warn("this value is not known")],
            },
            ObjectTab::Versions => {
                let id = self.versions.selected_version().and_then(|version| version.version_id.clone());
                id.unwrap_or_else(address)
            }
        };
        vec![Effect::Copy(text.into()).into()]
    }

    fn refresh(&mut self, cx: &Cx) -> Vec<Wish> {
        let is_here = self.tab == ObjectTab::Look && self.look.shown.is_some();
        if is_here && let Some(wishes) = self.without_session(cx) {
            return wishes;
        }
        let wishes = self.abandon();
        self.ask_again(cx, true);
        wishes
    }

    /// What is said instead of a request where the session is over.
    pub(super) fn without_session(&self, cx: &Cx) -> Option<Vec<Wish>> {
        let is_live = cx.live_session().is_some() && cx.live_session() == self.session();
        (!is_live).then(|| vec![Wish::warn("the session has expired: R renews it and looks again")])
    }
}
