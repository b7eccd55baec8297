//! The form alone: actions in, wishes out.

use jiff::{SignedDuration, Timestamp};
use proptest::{collection::vec, prelude::*};

use super::SessionForm;
use crate::{
    app::{
        Action, Edit, FieldAction, FormAction, ListAction, Setup, TextAction,
        cx::{Cx, Facts, Generations},
        wish::Wish,
    },
    domain::{
        iam::Role,
        identity::{Caller, Identity},
        lifetime::Phase,
        moment::Moment,
        profile::{Profile, ProfileKind},
    },
};

const ROLE: &str = "arn:aws:iam::111122223333:role/reader";

fn act(form: &mut SessionForm, action: Action) -> Vec<Wish> {
    let moment = Moment { local: Timestamp::UNIX_EPOCH, offset: SignedDuration::ZERO };
    let facts = Facts { moment, size: (80, 24), session: None, phase: Phase::Fresh, minting: false, sessions: 0 };
    let (setup, mut generations) = (Setup::default(), Generations::default());
    form.act(&mut Cx { facts, setup: &setup, generations: &mut generations }, action)
}

fn form() -> SessionForm {
    let setup = Setup::default();
    let mut form = SessionForm::new(&setup.source, &setup.draft, &setup.wishes);
    let profile = |name: &str, kind, role_arn: Option<&str>| Profile {
        name: name.into(),
        kind,
        role_arn: role_arn.map(Into::into),
        ..Profile::default()
    };
    form.profiles_loaded(Ok(vec![
        profile("ana", ProfileKind::Keys, None),
        profile("reader", ProfileKind::Role, Some(ROLE)),
        Profile { mfa_serial: Some("GAHT12345".into()), ..profile("careful", ProfileKind::Keys, Some(ROLE)) },
    ]));
    form
}

/// What can happen to a form.
#[derive(Debug, Clone)]
enum Event {
    Act(Action),
    Typed(&'static str),
    Identified(bool),
    RoleFound,
    Reloaded,
}

fn events() -> impl Strategy<Value = Event> {
    let action = prop_oneof![
        Just(Action::Fields(FieldAction::Next)),
        Just(Action::Fields(FieldAction::Previous)),
        Just(Action::Fields(FieldAction::Choose(1))),
        Just(Action::Fields(FieldAction::Choose(-1))),
        Just(Action::List(ListAction::Move(1))),
        Just(Action::Form(FormAction::MoreFields)),
        Just(Action::Submit),
        Just(Action::Form(FormAction::FindProfile)),
        Just(Action::Text(TextAction::Edit(Edit::DeleteLine))),
        Just(Action::Text(TextAction::Edit(Edit::GoToEnd))),
        Just(Action::Refresh),
    ];
    prop_oneof![
        6 => action.prop_map(Event::Act),
        3 => prop_oneof![Just(ROLE), Just("730461"), Just("2h"), Just("a b"), Just("s3://tide/x")].prop_map(Event::Typed),
        1 => any::<bool>().prop_map(Event::Identified),
        1 => Just(Event::RoleFound),
        1 => Just(Event::Reloaded),
    ]
}

fn apply(form: &mut SessionForm, event: Event) {
    match event {
        Event::Act(action) => drop(act(form, action)),
        Event::Typed(text) => drop(act(form, Action::Text(TextAction::Paste(text.into())))),
        Event::Identified(temporary) => {
            let super::Preflight::Asking { generation, .. } = form.preflight else { return };
            let arn = "arn:aws:iam::111122223333:user/ana".into();
            let identity = Identity { account: "111122223333".into(), arn, user_id: String::new() };
            form.source_identified(generation, Ok(Caller { identity, temporary }));
        }
        Event::RoleFound => {
            let role = Role {
                name: "reader".into(),
                arn: ROLE.into(),
                longest: "1h".parse().ok(),
                trust_policy: String::new(),
                description: None,
            };
            form.role_found(form.source(), ROLE.into(), Ok(Some(role)));
        }
        Event::Reloaded => form.profiles_loaded(Ok(form.profiles.all().to_vec())),
    }
}

proptest! {
    #[test]
    fn what_is_kept_of_a_check_is_what_a_check_of_the_form_gives(events in vec(events(), 0..24)) {
        let mut form = form();
        for event in events {
            let what = format!("{event:?}");
            apply(&mut form, event);
            prop_assert_eq!(form.checked(), &form.check(), "after {}", what);
        }
    }
}
