//! What was typed is what is minted: for every combination of options, kinds of profile and sequences of edits.

use ebbtide::{
    app::{Effect, Message, Setup},
    cli::{ScopeArg, SessionArgs},
    domain::{
        identity::{Caller, Identity},
        mint::{Draft, Field, MintRequest, Mode, ValueOrigin},
        policy::{SessionPolicy, Verbs},
        profile::{Profile, ProfileKind},
    },
};
use proptest::{collection::vec, prelude::*};

use crate::play::{Play, profile};

const ROLE: &str = "arn:aws:iam::111122223333:role/reader";
const OTHER: &str = "arn:aws:iam::111122223333:role/other";

fn profiles() -> Vec<Profile> {
    let of = |name: &str, kind| Profile { kind, ..profile(name, None) };
    let role = |name: &str, role: &str| Profile { kind: ProfileKind::Role, ..profile(name, Some(role)) };
    vec![
        of("keys", ProfileKind::Keys),
        Profile { role_session_name: Some("shift".into()), ..role("reader", ROLE) },
        Profile { duration_seconds: Some(1800), external_id: Some("tide-42".into()), ..role("other", OTHER) },
        of("sso", ProfileKind::Sso),
        of("session", ProfileKind::SessionKeys),
        of("process", ProfileKind::Process),
        Profile { ambient: true, has_session_token: true, ..of("environment", ProfileKind::Environment) },
        Profile { ambient: true, ..of("instance", ProfileKind::Instance) },
    ]
}

/// Something a person does to the form.
#[derive(Debug, Clone)]
enum Edit {
    Profile(usize),
    Mode(isize),
    Scope(isize),
    Text(Field, &'static str),
    ReadAgain,
    /// Who the profile is, with a session token or without.
    Asked(bool),
    /// A place on the way and back again.
    Fold,
}

fn edits() -> impl Strategy<Value = Edit> {
    let text = prop_oneof![
        Just((Field::Duration, "2h")),
        Just((Field::Duration, "1h")),
        Just((Field::Name, "ana")),
        Just((Field::Name, "ebbtide")),
        Just((Field::RoleArn, ROLE)),
        Just((Field::RoleArn, OTHER)),
        Just((Field::RoleArn, "")),
        Just((Field::Location, "s3://tide-logs/app/")),
        Just((Field::Location, "")),
        Just((Field::ExternalId, "mine")),
        Just((Field::ExternalId, "")),
    ];
    prop_oneof![
        3 => (0..profiles().len()).prop_map(Edit::Profile),
        3 => (-3..4_isize).prop_map(Edit::Mode),
        2 => (-3..4_isize).prop_map(Edit::Scope),
        3 => text.prop_map(|(field, text)| Edit::Text(field, text)),
        1 => Just(Edit::ReadAgain),
        1 => any::<bool>().prop_map(Edit::Asked),
        1 => Just(Edit::Fold),
    ]
}

fn options() -> impl Strategy<Value = SessionArgs> {
    let mode = prop_oneof![3 => Just(None), 2 => prop::sample::select(&Mode::ALL[..]).prop_map(Some)];
    let scope = prop::option::of(prop::sample::select(vec![None, Some(Verbs::LIST), Some(Verbs::WRITE)]));
    let some = |text: &'static str| prop::option::of(Just(text.to_owned()));
    (mode, scope, some("45m"), some("bo"), some(OTHER), some("s3://tide-archive/")).prop_map(
        |(mode, scope, duration, user, role_arn, location)| SessionArgs {
            mode,
            scope: scope.map(ScopeArg),
            duration,
            user,
            role_arn,
            location,
            ..SessionArgs::default()
        },
    )
}

/// What was typed or chosen last, as somebody would note it who only looks on.
#[derive(Debug, Clone, Default)]
struct Noted {
    mode: Option<Mode>,
    #[expect(clippy::option_option, reason = "not typed, typed as `none`, typed as words")]
    scope: Option<Option<Verbs>>,
    texts: Vec<(Field, String)>,
    user_option: bool,
}

impl Noted {
    fn of(args: &SessionArgs) -> Self {
        let texts = [
            (Field::Duration, &args.duration),
            (Field::Name, &args.user),
            (Field::RoleArn, &args.role_arn),
            (Field::Location, &args.location),
        ];
        Self {
            mode: args.mode.or(args.role_arn.as_ref().map(|_| Mode::Role)),
            scope: args.scope.map(|ScopeArg(verbs)| verbs),
            texts: texts.into_iter().filter_map(|(field, text)| Some((field, text.clone()?))).collect(),
            user_option: args.user.is_some(),
        }
    }

    fn text(&self, field: Field) -> Option<&str> {
        self.texts.iter().rev().find(|(of, _)| *of == field).map(|(_, text)| text.as_str())
    }

    /// The mode, where nobody chose one.
    fn mode_of(&self, profile: &Profile, temporary: bool) -> Mode {
        match (profile.kind, self.user_option) {
            _ if self.mode.is_some() => self.mode.unwrap(),
            (ProfileKind::Role, _) => Mode::Role,
            (_, true) => Mode::Federation,
            _ if temporary => Mode::Direct,
            _ => Mode::Session,
        }
    }

    /// A text, where nobody typed one.
    fn text_of(&self, field: Field, profile: &Profile, mode: Mode) -> String {
        if let Some(text) = self.text(field) {
            return text.to_owned();
        }
        let role = self.text(Field::RoleArn).or(profile.role_arn.as_deref()).unwrap_or_default();
        let own = profile.role_arn.as_deref() == Some(role);
        match field {
            Field::RoleArn => role.to_owned(),
            Field::Duration if own && profile.duration_seconds.is_some() => "30m".into(),
            Field::Duration => "1h".into(),
            Field::Name if own && profile.role_session_name.is_some() => "shift".into(),
            Field::Name => "ebbtide".into(),
            Field::ExternalId if own && mode == Mode::Role => profile.external_id.clone().unwrap_or_default(),
            _ => String::new(),
        }
    }
}

/// Does it by keys, and notes what a person meant by it.
fn apply(play: &mut Play, edit: &Edit, noted: &mut Noted, asked: &mut Option<(String, bool)>) {
    let arrows = |steps: isize| vec![if steps < 0 { "left" } else { "right" }; steps.unsigned_abs()].join(" ");
    match edit {
        Edit::Profile(at) => {
            play.model.form.focus = Field::Profile;
            play.press(&format!("home {}", vec!["down"; *at].join(" ")));
        }
        Edit::Mode(steps) => {
            play.model.form.focus = Field::Mode;
            play.press(&arrows(*steps));
            if *steps != 0 {
                noted.mode = Some(play.model.form.mode);
            }
        }
        Edit::Scope(steps) if play.model.form.fields().contains(&Field::Scope) => {
            play.model.form.focus = Field::Scope;
            play.press(&arrows(*steps));
            if *steps != 0 {
                noted.scope = Some(play.model.form.verbs);
            }
        }
        Edit::Text(field, text) => {
            play.model.form.extra.unfolded = true;
            if play.model.form.fields().contains(field) {
                let before = play.model.form.text(*field).unwrap().text().to_owned();
                play.model.form.focus = *field;
                play.press("ctrl-u");
                play.write(text);
                if !before.is_empty() || !text.is_empty() {
                    noted.texts.push((*field, (*text).to_owned()));
                    // Who names a role means to assume it.
                    noted.mode = noted.mode.or((*field == Field::RoleArn).then_some(Mode::Role));
                }
            }
        }
        Edit::ReadAgain => {
            play.press("F5");
            play.tell(Message::ProfilesLoaded(Ok(profiles())));
            *asked = None;
        }
        Edit::Asked(temporary) => {
            play.model.form.focus = Field::Profile;
            let effects = play.press("tab");
            let question = effects.iter().find_map(|effect| match effect {
                Effect::IdentifySource { generation, .. } => Some(*generation),
                _ => None,
            });
            if let Some(generation) = question {
                let arn = "arn:aws:iam::111122223333:user/ana".into();
                let identity = Identity { account: "111122223333".into(), arn, user_id: String::new() };
                let outcome = Ok(Caller { identity, temporary: *temporary });
                play.tell(Message::SourceIdentified { generation, outcome });
                *asked = Some((play.model.form.chosen().unwrap().name.clone(), *temporary));
            }
        }
        Edit::Scope(_) | Edit::Fold => {
            play.press("F4 F4");
        }
    }
}

/// What the form shows and what was noted agree, field by field.
fn agree(play: &Play, noted: &Noted, asked: Option<&(String, bool)>) -> Result<(), TestCaseError> {
    let form = &play.model.form;
    let profile = form.chosen().unwrap();
    let learnt = asked.is_some_and(|(name, temporary)| *name == profile.name && *temporary);
    let temporary = match profile.kind {
        ProfileKind::Keys => false,
        ProfileKind::Process => learnt,
        _ => true,
    };
    let mode = noted.mode_of(profile, temporary);
    prop_assert_eq!(form.mode, mode);
    prop_assert_eq!(form.origin(Field::Mode) == ValueOrigin::Typed, noted.mode.is_some());
    prop_assert_eq!(form.verbs, noted.scope.unwrap_or_else(|| mode.default_verbs()));
    for field in [Field::Duration, Field::Name, Field::RoleArn, Field::Location, Field::ExternalId] {
        prop_assert_eq!(form.text(field).unwrap().text(), noted.text_of(field, profile, mode), "{:?}", field);
        prop_assert_eq!(form.origin(field) == ValueOrigin::Typed, noted.text(field).is_some(), "{:?}", field);
    }
    Ok(())
}

/// What STS is asked for is what the form shows.
fn sent(request: &MintRequest, play: &Play) -> Result<(), TestCaseError> {
    let form = &play.model.form;
    let (shown, place) = (form.draft(), form.location.text().parse().unwrap_or_default());
    let policy = form.verbs.map(|verbs| SessionPolicy::for_scope(verbs, &place));
    prop_assert_eq!(request.mode(), form.mode);
    prop_assert_eq!(request.duration(), (form.mode != Mode::Direct).then(|| shown.duration.parse().unwrap()));
    match request {
        MintRequest::AssumeRole(call) => {
            let external_id = Some(shown.external_id).filter(|id| !id.is_empty());
            prop_assert_eq!(
                (&call.role_arn, &call.session_name, &call.external_id),
                (&shown.role_arn, &shown.name, &external_id)
            );
            prop_assert_eq!(&call.policy, &policy);
        }
        MintRequest::FederationToken(call) => {
            prop_assert_eq!((&call.name, &call.policy), (&shown.name, &policy));
        }
        MintRequest::SessionToken(_) | MintRequest::Direct => {}
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_the_form_says_what_sts_is_asked_for_and_what_was_typed_last_agree(
        args in options(),
        first in 0..profiles().len(),
        edits in vec(edits(), 0..14),
    ) {
        let Ok(wishes) = args.requested_session() else { return Ok(()) };
        let mut setup = Setup { wishes: wishes.clone(), ..Setup::default() };
        setup.source.profile = profiles()[first].choice();
        let mut play = Play::at_the_form(setup);
        play.tell(Message::ProfilesLoaded(Ok(profiles())));
        let (mut noted, mut asked) = (Noted::of(&args), None);
        // The first edit comes to the profile that was named; the list in between had another.
        apply(&mut play, &Edit::Profile(first), &mut noted, &mut asked);
        agree(&play, &noted, None)?;
        // The command line derives the same as the form.
        let headless = wishes.fill_draft(&Draft::default(), Some(&profiles()[first]), None);
        prop_assert_eq!(&headless.mode, &play.model.form.mode);
        if wishes.ignored_by(headless.mode).is_empty() {
            prop_assert_eq!(headless, play.model.form.wishes().fill_draft(&Draft::default(), Some(&profiles()[first]), None));
        }
        for edit in &edits {
            apply(&mut play, edit, &mut noted, &mut asked);
            agree(&play, &noted, asked.as_ref())?;
        }
        // A second Enter is asked for where rights that were to be narrowed are not.
        let effects = play.press("enter enter");
        if let Some(request) = effects.iter().find_map(|effect| match effect {
            Effect::Mint { request, .. } => Some(request),
            _ => None,
        }) {
            sent(request, &play)?;
        }
    }
}

fn with(args: &SessionArgs, profiles: Vec<Profile>) -> Play {
    let mut play = Play::at_the_form(Setup { wishes: args.requested_session().unwrap(), ..Setup::default() });
    play.tell(Message::ProfilesLoaded(Ok(profiles)));
    play.press("home");
    play
}

fn requests(effects: &[Effect]) -> Vec<&MintRequest> {
    let requests =
        effects.iter().map(|effect| if let Effect::Mint { request, .. } = effect { Some(request) } else { None });
    requests.flatten().collect()
}

#[test]
fn a_scope_of_the_command_line_is_what_a_role_profile_is_minted_with() {
    let args = SessionArgs {
        scope: Some(ScopeArg(Some(Verbs::LIST))),
        location: Some("s3://tide-logs/app/".into()),
        ..SessionArgs::default()
    };
    let mut play = with(&args, vec![profiles().remove(1)]);
    assert_eq!((play.model.form.mode, play.model.form.verbs), (Mode::Role, Some(Verbs::LIST)));
    play.press("tab right right right right");
    assert_eq!((play.model.form.mode, play.model.form.verbs), (Mode::Role, Some(Verbs::LIST)), "once around");
    let effects = play.press("enter");
    let policy = SessionPolicy::for_scope(Verbs::LIST, &"s3://tide-logs/app/".parse().unwrap());
    assert_eq!(requests(&effects)[0].policy(), Some(&policy));
}

#[test]
fn a_scope_that_the_profiles_own_mode_cannot_send_mints_nothing_until_a_mode_is_chosen() {
    let args = || SessionArgs { scope: Some(ScopeArg(Some(Verbs::LIST))), ..SessionArgs::default() };
    for at in [0, 3, 4] {
        let mut play = with(&args(), vec![profiles().remove(at)]);
        assert_eq!(requests(&play.press("enter enter")), Vec::<&MintRequest>::new(), "{at}");
        assert_eq!(play.model.form.focus, Field::Mode);
        let notes = play.model.form.checked().clone().unwrap_err();
        assert!(notes[0].field == Field::Mode && notes[0].text.contains("takes no session policy"), "{notes:?}");
        // Who chooses the mode all the same is told, and asked once more.
        play.press("right left");
        assert_eq!(requests(&play.press("enter")), Vec::<&MintRequest>::new());
        assert!(play.model.form.confirming);
        assert_eq!(requests(&play.press("enter")).len(), 1, "{at}");
    }
}

#[test]
fn what_was_typed_and_the_profiles_own_mode_does_not_take_is_never_dropped_unsaid() {
    use ebbtide::cli::ExtraArgs;
    let tagged = ExtraArgs { tag: vec!["team=tide".into()], ..ExtraArgs::default() };
    let who = ExtraArgs { source_identity: Some("ana".into()), ..ExtraArgs::default() };
    for (args, at, said) in [
        (SessionArgs { duration: Some("2h".into()), ..SessionArgs::default() }, 3, "Duration: mode direct"),
        (SessionArgs { further: tagged, ..SessionArgs::default() }, 0, "Session tags: only a federated user"),
        (SessionArgs { further: who, ..SessionArgs::default() }, 0, "Source identity: only a role session"),
        (SessionArgs { policy: Some("{}".into()), ..SessionArgs::default() }, 0, "Policy: a session token takes no"),
    ] {
        let mut play = with(&args, vec![profiles().remove(at)]);
        assert_eq!(requests(&play.press("enter enter")), Vec::<&MintRequest>::new(), "{said}");
        let notes = play.model.form.checked().clone().unwrap_err();
        assert!(notes[0].field == Field::Mode && notes[0].text.contains(said), "{notes:?}");
    }
}

#[test]
fn a_session_for_here_keeps_what_was_chosen() {
    for (verbs, taken) in [(None, Verbs::READ), (Some(Verbs::LIST), Verbs::LIST), (Some(Verbs::WRITE), Verbs::WRITE)] {
        let mut play = Play::browsing();
        play.press("n tab");
        play.model.form.focus = Field::Mode;
        play.press("right right");
        play.model.form.focus = Field::Scope;
        while play.model.form.verbs != verbs {
            play.press("right");
        }
        play.press("esc p");
        assert_eq!((play.model.form.mode, play.model.form.verbs), (Mode::Role, Some(taken)), "{verbs:?}");
    }
}

#[test]
fn a_role_that_is_picked_keeps_the_scope_that_was_chosen() {
    use ebbtide::{
        app::Generation,
        domain::iam::{Admission, MfaNeed, OfferedRole},
    };
    let args = SessionArgs { scope: Some(ScopeArg(Some(Verbs::LIST))), ..SessionArgs::default() };
    let mut play = with(&args, vec![profiles().remove(0)]);
    let generation: Generation = play
        .press("F6")
        .iter()
        .find_map(|effect| if let Effect::ListRoles { generation, .. } = effect { Some(*generation) } else { None })
        .unwrap();
    let admission = Admission::Likely;
    let role = OfferedRole {
        name: "other".into(),
        arn: OTHER.into(),
        longest: None,
        admission,
        needs_mfa: MfaNeed::default(),
        needs_external_id: false,
    };
    play.tell(Message::RolesArrived { generation, outcome: Ok((vec![role], false)) });
    play.press("enter");
    let form = &play.model.form;
    assert_eq!((form.mode, form.role_arn.text(), form.verbs), (Mode::Role, OTHER, Some(Verbs::LIST)));
}

#[test]
fn a_variation_begins_with_what_was_typed_and_with_the_next_profiles_own_role() {
    let mut play = with(&SessionArgs::default(), profiles());
    play.press("down tab tab tab ctrl-u");
    play.write("20m");
    play.press("enter");
    play.minted(1, 1200);
    play.press("S v");
    let form = &play.model.form;
    assert_eq!((form.duration.text(), form.role_arn.text(), form.name.text()), ("20m", ROLE, "shift"));
    play.model.form.focus = Field::Profile;
    play.press("down");
    let form = &play.model.form;
    assert_eq!((form.duration.text(), form.role_arn.text(), form.name.text()), ("20m", OTHER, "ebbtide"));
}
