//! Keys for what is selected: copy its names, link to it, tell what the session may do with it, see it as of a time.
//!
//! Invariant: everything is about the row or the object that is on screen when the key is pressed, and about the session in
//! use: no other session signs for it.

use super::{
    action::{ObjectTab, RowAction},
    answers::AskedAccess,
    browser::Browser,
    dialogs::{AccessPanel, AskTime, CopyMenu, CopyPlace, LinkDialog},
    effect::{Effect, Generation},
    export_replies::{handed_over, no_console},
    model::Model,
    notice::Tone,
    row_target::{AccessReply, RowTarget},
    scope_here::scope_at,
    screen::Screen,
    wish::RowWish,
};
use crate::{
    domain::{
        credentials::SessionId,
        failure::{Failure, FailureKind},
        listing::{Entry, Object},
        location::Location,
        object::{ObjectAction, ObjectAddress, PresignPlan},
        profile::PathStyle,
    },
    handover::{LinkTicket, Offer},
};

/// What a key does with what is selected.
pub(super) fn act_on_row(model: &mut Model, action: RowAction) {
    let Some(session) = model.in_use().map(|held| held.session.id) else { return };
    let Some(target) = selected_target(model) else { return };
    match (action, target) {
        (RowAction::CopyMenu, target) => open_copy_menu(model, session, target),
        (RowAction::Link, RowTarget::Object { address, .. }) => model.dialogs.open(LinkDialog::of(session, address)),
        (RowAction::Link, RowTarget::Place { .. }) => {
            model.say(Tone::Warning, "select an object first: u makes a link to one object");
        }
        (RowAction::Access, target) => model.dialogs.open(AccessPanel::of(session, target)),
        (RowAction::AsOfHere, _) => {
            let here = model.browser().map(Browser::location).cloned().unwrap_or_default();
            ask_time(model, here);
        }
        (RowAction::AsOfRow, target) => ask_time(model, target.scope()),
    }
}

/// The object on screen, else the selected row, else where the list stands.
fn selected_target(model: &Model) -> Option<RowTarget> {
    let browser = match model.screen {
        Screen::Object => return viewed_target(model),
        Screen::Browser => model.browser()?,
        Screen::MintForm | Screen::Compare => return None,
    };
    let place = &browser.place;
    Some(match place.entry() {
        Some(entry) => RowTarget::of_row(browser.location(), entry, place.selected_version()),
        None => RowTarget::of_place(browser.location().clone()),
    })
}

/// The version that is selected among its versions, or the object that is looked at.
fn viewed_target(model: &Model) -> Option<RowTarget> {
    let subject = model.object.subject.as_ref()?;
    let version = model.object.versions.selected_version().filter(|_| model.object.tab == ObjectTab::Versions);
    if let Some((version, row)) = version.and_then(|version| Some((version, version.as_row()?))) {
        return Some(RowTarget::Object { address: version.address(&subject.address.bucket), row: Some(row) });
    }
    let row = Object {
        key: subject.address.key.clone(),
        size: subject.size,
        modified: subject.modified,
        storage_class: subject.storage_class.clone(),
        etag: subject.etag.clone(),
    };
    Some(RowTarget::Object { address: subject.address.clone(), row: Some(row) })
}

fn open_copy_menu(model: &mut Model, session: SessionId, target: RowTarget) {
    let Some(stored) = model.sessions.in_use() else { return };
    let held = &stored.held;
    let elsewhere = match &target {
        RowTarget::Place { row: Some(Entry::Bucket(bucket)), .. } => bucket.region.clone(),
        _ => stored.view.place.listing.elsewhere.clone(),
    };
    let endpoint = held.session.endpoint.clone();
    let path_style = match held.source.path_style {
        PathStyle::Auto => endpoint.is_some(),
        PathStyle::Always => true,
        PathStyle::Never => false,
    };
    let place = CopyPlace { region: elsewhere.unwrap_or_else(|| held.session.region.clone()), endpoint, path_style };
    let menu = CopyMenu::of(session, target, &place, no_console(held));
    model.dialogs.open(menu);
}

fn ask_time(model: &mut Model, location: Location) {
    if location.bucket.is_none() {
        return model.say(Tone::Warning, "open a bucket first: the list of buckets has no versions");
    }
    let shown = model.browser().and_then(|browser| browser.place.past.as_ref()).map(|past| past.at);
    let dialog = AskTime::of(location, shown, &model.setup.time_zone);
    model.dialogs.open(dialog);
}

/// What the dialogs about a row want to be opened.
pub(super) fn fulfil_row_wish(model: &mut Model, wish: RowWish) {
    match wish {
        RowWish::Link(address) => {
            if let Some(session) = model.in_use().map(|held| held.session.id) {
                model.dialogs.open(LinkDialog::of(session, address));
            }
        }
        RowWish::MintFor { location, verbs } => scope_at(model, &location, Some(verbs)),
        // The browser's.
        RowWish::ListPast { .. } => {}
    }
}

/// The worker has signed a link, or says why not. It was asked for to be copied, wherever the person is by now.
pub(super) fn link_signed(model: &mut Model, session: SessionId, outcome: Result<PresignPlan, Failure>) -> Vec<Effect> {
    match outcome {
        Ok(plan) => {
            let offer = Offer::Link(LinkTicket { session, ends_at: plan.expires_at() });
            vec![Effect::HandOver { session, offer }]
        }
        Err(failure) => {
            let ended = failure.kind == FailureKind::Expired;
            let offer = Offer::Link(LinkTicket { session, ends_at: model.service_now() });
            handed_over(model, offer, Err(failure));
            if ended {
                model.say(Tone::Warning, "no link: the session is over · R renews it");
            }
            vec![]
        }
    }
}

/// A service has answered what is really allowed; that the session is over, if it said so.
pub(super) fn probed(
    model: &mut Model,
    generation: Generation,
    session: SessionId,
    target: &RowTarget,
    reply: &AccessReply,
) -> Option<Failure> {
    model.dialogs.probed(generation);
    let now = model.now;
    let AccessReply { read, list } = reply;
    if let (RowTarget::Object { address, .. }, Some(answer)) = (target, read) {
        for action in read_actions(address) {
            let asked = AskedAccess::of_object(session, *action, address);
            model.answers.note(asked, answer.as_ref().err(), now);
        }
    }
    model.answers.note(asked_listing(session, target), list.as_ref().err(), now);
    let failures = [read.as_ref(), Some(list)].into_iter().flatten().filter_map(|answer| answer.as_ref().err());
    failures.into_iter().find(|failure| failure.kind == FailureKind::Expired).cloned()
}

/// What a read of the object tells: of a version that is named, also whether versions may be read.
const fn read_actions(address: &ObjectAddress) -> &'static [ObjectAction] {
    match address.version_id {
        Some(_) => &[ObjectAction::Read, ObjectAction::ReadVersion],
        None => &[ObjectAction::Read],
    }
}

/// The question that a listing of one row is.
fn asked_listing(session: SessionId, target: &RowTarget) -> AskedAccess {
    match target {
        RowTarget::Object { address, .. } => AskedAccess::of_object(session, ObjectAction::List, address),
        RowTarget::Place { location, .. } => AskedAccess::of_place(session, ObjectAction::List, location),
    }
}
