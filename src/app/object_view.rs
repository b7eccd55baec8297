//! The object that is looked at, and everything else: the list whose cursor it follows, the session that reads it.
//!
//! Invariant: nothing is asked about an object that is not on screen, nor with another session than the one in use.

use super::{
    action::{ObjectTab, ViewerAction},
    cx::Cx,
    layout::pane_columns,
    model::Model,
    object::{ObjectSubject, ObjectViewer, OwnRights},
    screen::Screen,
    wish::Wish,
};
use crate::domain::{
    listing::Entry,
    object::{ObjectAction, ObjectAddress, Permit},
    policy::SessionRights,
};

fn change_viewer(model: &mut Model, change: impl FnOnce(&mut ObjectViewer, &mut Cx) -> Vec<Wish>) -> Vec<Wish> {
    let facts = model.facts();
    let Model { object, setup, generations, .. } = model;
    change(object, &mut Cx { facts, setup, generations })
}

/// Follows the cursor in the pane, asks what is due, and abandons what is not on screen any more. Called after everything
/// that happens.
pub(super) fn keep_up(model: &mut Model) -> Vec<Wish> {
    let in_use = model.in_use().map(|held| held.session.id);
    let is_foreign = model.object.session().is_some_and(|session| Some(session) != in_use);
    if model.screen == Screen::Object && (is_foreign || model.object.subject.is_none()) {
        model.screen = Screen::Browser;
    }
    let (size, has_pane) = (model.size, model.shows_pane());
    model.object.scroll_into_view(size, has_pane);
    if model.screen == Screen::Object {
        return ask_due(model);
    }
    let subject = if has_pane { selected_subject(model) } else { None };
    let mut wishes = change_viewer(model, |object, cx| object.follow(cx, subject));
    if has_pane {
        wishes.extend(ask_due(model));
    }
    wishes
}

fn ask_due(model: &mut Model) -> Vec<Wish> {
    if model.object.due().is_none_or(|due| due > model.now) {
        return vec![];
    }
    let (facts, service_now) = (model.facts(), model.service_now());
    let Model { object, sessions, setup, generations, .. } = model;
    let rights = sessions.in_use().and_then(|stored| stored.held.session.session_rights(service_now));
    object.ask_due(&mut Cx { facts, setup, generations }, &SessionsOwn(rights))
}

/// The rights of the session in use, as far as its own policies say them.
struct SessionsOwn<'a>(Option<SessionRights<'a>>);

impl OwnRights for SessionsOwn<'_> {
    fn refusal(&self, action: ObjectAction, address: &ObjectAddress) -> Option<String> {
        Permit::of_object(self.0.as_ref(), action, address).refusal()
    }

    fn words(&self, address: &ObjectAddress) -> Option<String> {
        self.0.as_ref().map(|rights| rights.words_on(&address.bucket, &address.key))
    }
}

/// The object that the list's cursor is on.
fn selected_subject(model: &Model) -> Option<ObjectSubject> {
    let stored = model.sessions.in_use()?;
    let bucket = stored.view.location().bucket.as_deref()?;
    match stored.view.place.entry()? {
        Entry::Object(object) => {
            let subject = ObjectSubject::of_row(stored.held.session.id, bucket, object);
            let address = subject.address.in_version(stored.view.place.selected_version());
            Some(ObjectSubject { address, ..subject })
        }
        Entry::Bucket(_) | Entry::Prefix(_) => None,
    }
}

/// Opens the screen of the object that the list's cursor is on.
pub(super) fn open_selected(model: &mut Model, tab: ObjectTab) -> Vec<Wish> {
    let Some(subject) = selected_subject(model) else { return vec![] };
    model.screen = Screen::Object;
    change_viewer(model, |object, cx| object.open(cx, subject, tab))
}

/// Goes to another object of the list without going back to it.
pub(super) fn step_object(model: &mut Model, steps: isize) -> Vec<Wish> {
    let facts = model.facts();
    let Model { sessions, setup, generations, .. } = model;
    let mut cx = Cx { facts, setup, generations };
    let stored = sessions.in_use_mut();
    let mut wishes = stored.map(|stored| stored.view.step_to_object(&mut cx, steps)).unwrap_or_default();
    let subject = selected_subject(model);
    wishes.extend(change_viewer(model, |object, cx| object.step_to(cx, subject)));
    wishes
}

/// The list is in front again.
pub(super) fn close(model: &mut Model) {
    model.screen = Screen::Browser;
    let facts = model.facts();
    let Model { object, setup, generations, .. } = model;
    object.close(&Cx { facts, setup, generations });
}

/// What a key does with the selected object while the list is in front.
pub(super) fn act_beside_list(model: &mut Model, action: ViewerAction) -> Vec<Wish> {
    match action {
        ViewerAction::Pane if pane_columns(model.size.0).is_some() => {
            model.object.pane = !model.object.pane;
            vec![]
        }
        ViewerAction::Pane => open_selected(model, ObjectTab::Look),
        ViewerAction::Show(tab) => open_selected(model, tab),
        action if model.shows_pane() => change_viewer(model, |object, cx| object.act_in_pane(cx, action)),
        _ => vec![],
    }
}
