//! What is promised before the call, held against what STS then does: source × mode × duration × MFA.

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use ebbtide::{
    aws::{Aws, Setting, Source},
    domain::{
        credentials::{Credentials, ExposeSecret},
        duration::SessionDuration,
        mint::{
            AssumeRole, Draft, FederationToken, Limits, MfaCode, MintFacts, MintRequest, Mode, SourceKind, Verdict,
        },
        policy::Verbs,
        profile::SourceOptions,
        totp::Seed,
    },
    sandbox::Settings,
};

use crate::support::in_process::{InProcess, pass};

/// Grants an hour, to whomever the account lets.
const MATE: &str = "arn:aws:iam::111122223333:role/mate";
/// Grants four hours, with MFA.
const DIVER: &str = "arn:aws:iam::111122223333:role/diver";
const CREW: &str = "arn:aws:iam::111122223333:role/crew";

/// What goes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mfa {
    None,
    Right,
    Wrong,
}

/// What comes of it: the seconds granted, or that it is refused.
type Outcome = Option<u32>;

async fn source(world: &InProcess, config: String) -> Source {
    let aws = Aws::new(world.clock.clone(), Setting::Fixed { shared_config: config });
    let aws = aws.with_http_client(SharedHttpClient::new(world.clone()));
    aws.source(&SourceOptions::default()).await.expect("a profile")
}

fn config(keys: &Credentials) -> String {
    let token = keys.session_token.as_ref().map(|token| format!("aws_session_token = {}\n", token.expose_secret()));
    format!(
        "[default]\nendpoint_url = http://127.0.0.1:1\naws_access_key_id = {}\naws_secret_access_key = {}\n{}",
        keys.access_key_id,
        keys.secret_access_key.expose_secret(),
        token.unwrap_or_default()
    )
}

/// The sandbox's own profile of this name.
async fn told(world: &InProcess, name: &str) -> Source {
    let all = world.sandbox.shared_config("http://127.0.0.1:1");
    let section = all.split(&format!("[{name}]\n")).nth(1).expect("it has the profile");
    let section = section.split("\n[").next().unwrap_or_default();
    source(world, format!("[default]\n{section}\n")).await
}

async fn of_kind(world: &InProcess, kind: SourceKind) -> Source {
    let half_a_day = SessionDuration::from_secs(43_200);
    let request = match kind {
        SourceKind::User => return told(world, "default").await,
        SourceKind::Root => return told(world, "profile root").await,
        SourceKind::SessionToken => return told(world, "profile session").await,
        SourceKind::AssumedRole => MintRequest::AssumeRole(Box::new(AssumeRole::new(CREW, "tests", half_a_day))),
        SourceKind::FederatedUser => MintRequest::FederationToken(Box::new(FederationToken::new("tests", half_a_day))),
    };
    let minted = told(world, "default").await.mint_session(&request, None).await.expect("ana may");
    source(world, config(&minted.credentials)).await
}

/// The device of whoever is behind a source: ana, unless it is root.
fn device(world: &InProcess, kind: SourceKind) -> (&str, &Seed) {
    let device = if kind == SourceKind::Root { world.sandbox.root_device() } else { world.sandbox.first_device() };
    device.expect("both have one")
}

fn draft(mode: Mode, role: &str, seconds: u32, serial: Option<&str>) -> Draft {
    Draft {
        mode,
        role_arn: role.into(),
        duration: seconds.to_string(),
        verbs: (mode == Mode::Federation).then_some(Verbs::READ),
        mfa_serial: serial.unwrap_or_default().into(),
        ..Draft::default()
    }
}

fn promised(draft: &Draft, kind: SourceKind, mfa: Mfa) -> Outcome {
    let hours = if draft.role_arn == DIVER { 4 } else { 1 };
    let known = MintFacts {
        source: Some(kind),
        role_maximum: Some(SessionDuration::from_secs(hours * 3600)),
        role_needs_mfa: draft.role_arn == DIVER,
        role_needs_external_id: false,
    };
    let asked = draft.check_fields(Limits::Enforced, known).ok()?.request.duration()?.as_secs();
    match known.judge_mode(draft.mode) {
        Verdict::Open(most) if most.clamps => Some(asked.min(most.duration.as_secs())),
        _ => Some(asked),
    }
    .filter(|_| mfa != Mfa::Wrong)
}

async fn done(world: &InProcess, source: &Source, draft: &Draft, mfa: Mfa, seed: &Seed) -> Outcome {
    let request = draft.check_fields(Limits::Advised, MintFacts::default()).ok()?.request;
    let code = match mfa {
        Mfa::None => None,
        Mfa::Right => {
            pass(30).await;
            Some(seed.code_at(world.clock.now()))
        }
        Mfa::Wrong => {
            Some((0..4).map(|n| format!("00000{n}")).find(|c| !near(world, seed, c)).expect("three are right"))
        }
    };
    let code = code.map(|code| MfaCode::parse_code(&code).expect("six digits"));
    let minted = source.mint_session(&request, code.as_ref()).await.ok()?;
    let left = minted.credentials.expiration?.duration_since(minted.issued).as_secs();
    u32::try_from((left + 1) / 60 * 60).ok()
}

/// Whether it is the code of a window near now.
fn near(world: &InProcess, seed: &Seed, code: &str) -> bool {
    let window = ebbtide::domain::totp::window_at(world.clock.now());
    (window - 1..=window + 1).any(|window| seed.code_of(window) == code)
}

#[tokio::test(start_paused = true)]
async fn what_is_promised_before_the_call_is_what_the_service_does() {
    let world = InProcess::new(Settings::default());
    let (mut rows, mut wrong) = (0, vec![]);
    for kind in SourceKind::ALL {
        let source = of_kind(&world, kind).await;
        let caller = source.get_caller().await.expect("anybody may ask who they are");
        assert_eq!(SourceKind::from_arn(&caller.identity.arn, caller.temporary), Some(kind));
        for (mode, role) in [(Mode::Session, ""), (Mode::Federation, ""), (Mode::Role, MATE), (Mode::Role, DIVER)] {
            for seconds in [600, 900, 3600, 7200, 14_400, 46_800, 129_600, 133_200] {
                for mfa in [Mfa::None, Mfa::Right, Mfa::Wrong] {
                    let (serial, seed) = device(&world, kind);
                    let draft = draft(mode, role, seconds, (mfa != Mfa::None).then_some(serial));
                    let (before, after) = (promised(&draft, kind, mfa), done(&world, &source, &draft, mfa, seed).await);
                    rows += 1;
                    if before != after {
                        wrong.push(format!(
                            "{kind:?} {mode} {role} {seconds} s {mfa:?}: {before:?} promised, {after:?}"
                        ));
                    }
                }
            }
        }
    }
    assert_eq!(rows, 5 * 4 * 8 * 3, "every row was walked");
    assert!(wrong.is_empty(), "{} of {rows} rows:\n{}", wrong.len(), wrong.join("\n"));
}
