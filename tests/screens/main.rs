//! What each state looks like, as text beside the claim; and what must hold for every screen.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

mod finding;
mod iam;
mod mint;
mod object;
#[path = "../support/play.rs"]
#[expect(dead_code, reason = "each test file plays with a part of it")]
mod play;
mod policy;
mod row_tools;
mod sessions;

use ebbtide::{
    app::{Message, Setup},
    domain::{
        failure::FailureKind,
        identity::Identity,
        listing::{Block, Bucket, ContinuationToken, Entry, Object, Page},
        mint::{Field, Mode},
        policy::Verbs,
        profile::{FileLine, Profile, ProfileKind, ProfileProblem},
    },
    ui::{Theme, view},
};
use insta::assert_snapshot;
use jiff::SignedDuration;
use play::{Play, asked, refusal};
use ratatui::{Terminal, backend::TestBackend, style::Color};

fn draw(play: &Play, theme: Theme) -> TestBackend {
    let (columns, rows) = play.model.size;
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| view(&play.model, &theme, frame)).unwrap();
    terminal.backend().clone()
}

/// The screen as text, without the spaces at the ends of its rows.
fn screen(play: &Play) -> String {
    let backend = draw(play, Theme::coloured());
    let buffer = backend.buffer();
    let rows = buffer.content.chunks(usize::from(buffer.area.width)).map(|row| {
        let text: String = row.iter().map(ratatui::buffer::Cell::symbol).collect();
        text.trim_end().to_owned()
    });
    rows.collect::<Vec<_>>().join("\n")
}

fn object(key: &str, size: u64, class: &str) -> Entry {
    Entry::Object(Object {
        key: key.into(),
        size: Some(size),
        modified: Some("2026-11-20T08:15:00Z".parse().unwrap()),
        storage_class: Some(class.into()),
        etag: Some("9f1c0a52b7d84e6f93c1e07b5a2d4e07".into()),
    })
}

/// An hour's session in `s3://tide-logs/`, the first page read.
fn reading(entries: Vec<Entry>, next: Option<&str>) -> Play {
    let mut play = Play::browsing();
    let session = play.model.in_use().unwrap().session.id;
    let identity = Identity {
        account: "111122223333".into(),
        arn: "arn:aws:iam::111122223333:user/ana".into(),
        user_id: "AIDA".into(),
    };
    play.tell(Message::Identified { session, outcome: Ok(identity) });
    let question = play.press("r");
    play.answer(
        &question,
        Ok(Page {
            rows: Block::from_entries(entries).unwrap(),
            next: next.map(|token| ContinuationToken(token.into())),
            ..Page::default()
        }),
    );
    play
}

fn logs() -> Vec<Entry> {
    vec![
        Entry::Prefix("app/".into()),
        object("gateway.log", 426, "STANDARD"),
        object("old.tar.zst", 1_288_490_189, "DEEP_ARCHIVE"),
        Entry::Prefix("team-secret/".into()),
        Entry::Prefix("team/".into()),
    ]
}

#[test]
fn the_form_says_what_it_will_call_and_how_to_do_it_by_hand() {
    let mut setup = Setup { sandbox: true, ..Setup::default() };
    setup.draft.mode = Mode::Federation;
    setup.draft.verbs = Some(Verbs::READ);
    setup.draft.location = "s3://tide-logs/app/".into();
    setup.draft.duration = "30s".into();
    let play = Play::at_the_form(setup);
    assert_snapshot!(screen(&play), @r#"
     ebbtide                                                              SANDBOX
     no session yet: mint one below
    ╭ profile ───────────╮╭ session ───────────────────────────────────────────────╮
    │▸ ana           keys││  Mode     ○ session  ● federation  ○ role  ○ direct    │
    │  bo            keys││           a named user with the scope below; no MFA    │
    │                    ││  Duration 30s                                          │
    │                    ││           AWS allows 15m to 36h; this endpoint decides │
    │                    ││  Name     ebbtide                                      │
    │                    ││           the session's name in CloudTrail             │
    │                    ││  Location s3://tide-logs/app/                          │
    │                    ││           where to start, what to allow; empty: all    │
    │                    ││  Scope    ○ none  ○ list  ● read  ○ write              │
    │                    ││           may list and read · 345 of 2048 characters   │
    │                    ││  ▸ F4: 2 more fields                                   │
    │                    ││ ────────────────────────────────────────────────────── │
    │────────────────────││ sts:GetFederationToken for 30s at http://127.0.0.1:1   │
    │long-term keys      ││ → read s3://tide-logs/app/*                            │
    │                    ││ AWS CLI · Ctrl-y copies · Ctrl-t hides:                │
    │                    ││ aws sts get-federation-token --name ebbtide            │
    │                    ││ --duration-seconds 30 --policy                         │
    │                    ││ '{"Version":"2012-10-17","Statement":[{"Effect":"All … │
    ╰────────────────────╯╰────────────────────────────────────────────────────────╯
     ✓ Enter mints: read s3://tide-logs/app/*
     Tab next field  Enter mint  F3 policy                          ? help  q quit
    "#);
}

#[test]
fn the_picker_tells_what_files_say_and_marks_what_cannot_be_used() {
    let mut play = Play::at_the_form(Setup::default());
    play.tell(Message::ProfilesLoaded(Ok(sources())));
    assert_snapshot!(screen(&play), @"
     ebbtide
     no session yet: mint one below
    ╭ profile ───────────╮╭ session ───────────────────────────────────────────────╮
    │▸ reader        role││  Mode     ✗ session  ✗ federation  ● role  ○ direct    │
    │  old       ✗ broken││  Role     arn:aws:iam::111122223333:role/reader        │
    │  corp         ▲ sso││  Duration 1h                                           │
    │                    ││  Name     ebbtide                                      │
    │                    ││  Location                                              │
    │                    ││  Scope    ● none  ○ list  ○ read  ○ write              │
    │                    ││  ▸ F4: 6 more fields                                   │
    │                    ││ ────────────────────────────────────────────────────── │
    │                    ││ runs: /usr/local/bin/vault-keys --team tide            │
    │                    ││ endpoint from AWS_ENDPOINT_URL_STS                     │
    │                    ││ S3 at http://127.0.0.1:2, from [services edge] of      │
    │                    ││ profile reader                                         │
    │────────────────────││ sts:AssumeRole for 1h at http://127.0.0.1:1            │
    │a role              ││ → all the role's rights                                │
    │eu-west-1           ││ AWS CLI · Ctrl-y copies · Ctrl-t hides:                │
    │account 111122223333││ aws sts assume-role --role-arn                         │
    │assumes reader from ││ arn:aws:iam::111122223333:role/reader                  │
    │vault               ││ --role-session-name ebbtide --duration-seconds 3600 …  │
    ╰────────────────────╯╰────────────────────────────────────────────────────────╯
     ✓ Enter mints: all the role's rights
     Tab next field  Enter mint  F3 policy                          ? help  q quit
    ");
    play.press("down");
    assert_snapshot!(screen(&play), @"
     ebbtide
     no session yet: mint one below
    ╭ profile ───────────╮╭ session ───────────────────────────────────────────────╮
    │  reader        role││  Mode     ● session  ○ federation  ○ role  ○ direct    │
    │▸ old       ✗ broken││           all the user's rights; no session policy     │
    │  corp         ▲ sso││                                                        │
    │                    ││  Duration 1h                                           │
    │                    ││           3600 seconds; or 15m, 1h30m, 7200            │
    │                    ││                                                        │
    │                    ││  Location                                              │
    │                    ││           where to start; empty: the list of buckets   │
    │                    ││                                                        │
    │                    ││  ▸ F4: 1 more field                                    │
    │                    ││ ────────────────────────────────────────────────────── │
    │                    ││ ▲ /home/ana/.aws/config, line 7: half a key pair:      │
    │────────────────────││ aws_secret_access_key is missing                       │
    │long-term keys      ││ not ready: Profile · Enter goes there                  │
    │                    ││                                                        │
    │                    ││                                                        │
    │                    ││                                                        │
    │                    ││                                                        │
    ╰────────────────────╯╰────────────────────────────────────────────────────────╯
     ▲ Profile: /home/ana/.aws/config, line 7: half a key pair: aws_secret_access_ke
     Tab next field                                                 ? help  q quit
    ");
    play.press("/");
    play.write("o");
    assert_snapshot!(screen(&play), @r#"
     ebbtide
     no session yet: mint one below
    ╭ profile ───────────╮╭ session ───────────────────────────────────────────────╮
    │  reader        role││  Mode     ● session  ○ federation  ○ role  ○ direct    │
    │▸ old       ✗ broken││           all the user's rights; no session policy     │
    │  corp         ▲ sso││                                                        │
    │                    ││  Duration 1h                                           │
    │                    ││           3600 seconds; or 15m, 1h30m, 7200            │
    │                    ││                                                        │
    │                    ││  Location                                              │
    │                    ││           where to start; empty: the list of buckets   │
    │                    ││                                                        │
    │                    ││  ▸ F4: 1 more field                                    │
    │                    ││ ────────────────────────────────────────────────────── │
    │                    ││ ▲ /home/ana/.aws/config, line 7: half a key pair:      │
    │/o                  ││ aws_secret_access_key is missing                       │
    │                    ││ not ready: Profile · Enter goes there                  │
    │                    ││                                                        │
    │                    ││                                                        │
    │                    ││                                                        │
    │                    ││                                                        │
    ╰────────────────────╯╰────────────────────────────────────────────────────────╯
     ▲ Profile: /home/ana/.aws/config, line 7: half a key pair: aws_secret_access_ke
     Enter choose  Esc show all  ↓ next match                 F1 help  Ctrl-c quit
    "#);
}

/// A role whose chain begins with a command, a login that has ended, half a key pair.
fn sources() -> Vec<Profile> {
    let place = Some(FileLine { file: "/home/ana/.aws/config".into(), line: 7 });
    let problem = |text: &str, blocks: bool| ProfileProblem {
        text: text.into(),
        place: place.clone().filter(|_| blocks),
        blocks,
    };
    vec![
        Profile {
            kind: ProfileKind::Role,
            region: Some("eu-west-1".into()),
            account: Some("111122223333".into()),
            source_profile: Some("vault".into()),
            command: Some("/usr/local/bin/vault-keys --team tide".into()),
            sts_endpoint_origin: Some("AWS_ENDPOINT_URL_STS".into()),
            s3_endpoint: Some("http://127.0.0.1:2".into()),
            s3_endpoint_origin: Some("[services edge] of profile reader".into()),
            ..play::profile("reader", Some("arn:aws:iam::111122223333:role/reader"))
        },
        Profile {
            problem: Some(problem("half a key pair: aws_secret_access_key is missing", true)),
            ..play::profile("old", None)
        },
        Profile {
            kind: ProfileKind::Sso,
            problem: Some(problem("login expired 2h ago: aws sso login --sso-session corp", false)),
            ..play::profile("corp", None)
        },
    ]
}

#[test]
fn a_field_that_cannot_be_says_why_beside_itself() {
    let mut play = Play::at_the_form(Setup::default());
    play.model.form.mode = Mode::Role;
    play.model.form.focus = Field::Name;
    play.press("ctrl-u");
    play.write("ana laptop");
    assert_snapshot!(screen(&play), @"
     ebbtide
     no session yet: mint one below
    ╭ profile ───────────╮╭ session ───────────────────────────────────────────────╮
    │▸ ana           keys││  Mode     ○ session  ○ federation  ● role  ○ direct    │
    │  bo            keys││           the role's rights, or less with a scope      │
    │                    ││  Role                                                  │
    │                    ││           ▲ required: arn:aws:iam::ACCOUNT:role/NAME   │
    │                    ││  Duration 1h                                           │
    │                    ││           3600 seconds; or 15m, 1h30m, 7200            │
    │                    ││ ▌Name     ana laptop                                   │
    │                    ││           ▲ ' ' is not allowed; use letters, digits    │
    │                    ││           and _+=,.@-                                  │
    │                    ││  Location                                              │
    │                    ││           where to start, what to allow; empty: all    │
    │                    ││  Scope    ● none  ○ list  ○ read  ○ write              │
    │────────────────────││           no session policy: all the role's rights     │
    │long-term keys      ││  ▸ F4: 6 more fields                                   │
    │                    ││ ────────────────────────────────────────────────────── │
    │                    ││ not ready: Role, Name · Enter goes there               │
    │                    ││                                                        │
    │                    ││                                                        │
    ╰────────────────────╯╰────────────────────────────────────────────────────────╯
     ▲ Role: required: arn:aws:iam::ACCOUNT:role/NAME
     Tab next field  F3 policy                                F1 help  Ctrl-c quit
    ");
}

#[test]
fn the_browser_says_where_as_whom_with_what_rights_and_for_how_long() {
    let play = reading(logs(), None);
    assert_snapshot!(screen(&play), @"
     ebbtide  ana in 111122223333               SESSION  ● 1h 00m left ━━━━━━━━━━━━
     as user/ana · ends 15:00:00 UTC · all the user's rights
    ╭ s3://tide-logs/ ─────────────────────────────────────────────────────────────╮
    │  Name                                   Size  Modified          Class        │
    │▸ app/                                      —                                 │
    │  gateway.log                           426 B  2026-11-20 08:15  STANDARD     │
    │  old.tar.zst                         1.2 GiB  2026-11-20 08:15  DEEP_ARCHIVE │
    │▸ team-secret/                              —                                 │
    │▸ team/                                     —                                 │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    ╰───────────────────────────────────────────────────────────────── 1 of 5, all ╯
     common prefix
     Enter open  ← back  / filter  g go to  R renew                 ? help  q quit
    ");
}

#[test]
fn a_wide_terminal_has_room_for_etags() {
    let mut play = reading(logs(), Some("t1"));
    play.tell(Message::Resized(110, 15));
    assert_snapshot!(screen(&play), @r#"
     ebbtide  ana in 111122223333                                             SESSION  ● 1h 00m left ━━━━━━━━━━━━
     as user/ana · ends 15:00:00 UTC · all the user's rights
    ╭ s3://tide-logs/ ───────────────────────────────────────────────────────────────────────────────────────────╮
    │  Name                                                 Size  Modified          Class         ETag           │
    │▸ app/                                                    —                                                 │
    │  gateway.log                                         426 B  2026-11-20 08:15  STANDARD      9f1c0a5…2d4e07 │
    │  old.tar.zst                                       1.2 GiB  2026-11-20 08:15  DEEP_ARCHIVE  9f1c0a5…2d4e07 │
    │▸ team-secret/                                            —                                                 │
    │▸ team/                                                   —                                                 │
    │                                                                                                            │
    │                                                                                                            │
    │                                                                                                            │
    ╰─────────────────────────────────────────────────────────────────────────────── 1 of 5 loaded, more to come ╯
       listing page 2 · 5 rows so far · Esc stops
     Enter open  v pane  ← back  / filter  g go to  R renew  n new session  i details             ? help  q quit
    "#);
}

#[test]
fn buckets_show_region_and_creation() {
    let bucket = |name: &str, region: Option<&str>| {
        let created = Some("2026-01-05T09:00:00Z".parse().unwrap());
        Entry::Bucket(Bucket { name: name.into(), region: region.map(str::to_owned), created })
    };
    let mut play = Play::browsing();
    let out = play.press("left");
    let entries = vec![bucket("tide-eu", Some("eu-west-1")), bucket("tide-logs", None)];
    play.answer(&out, Ok(Page { rows: Block::from_entries(entries).unwrap(), ..Page::default() }));
    play.tell(Message::Resized(80, 15));
    assert_snapshot!(screen(&play), @"
     ebbtide  ana                               SESSION  ● 1h 00m left ━━━━━━━━━━━━
     checking identity · ends 15:00:00 UTC · all the user's rights
    ╭ buckets ─────────────────────────────────────────────────────────────────────╮
    │  Name                                         Created           Region       │
    │▸ tide-eu                                      2026-01-05 09:00  eu-west-1    │
    │▸ tide-logs                                    2026-01-05 09:00               │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    ╰───────────────────────────────────────────────────────────────── 2 of 2, all ╯
     2026-01-05 09:00:00 UTC
     Enter open  / filter  g go to  R renew  n new session          ? help  q quit
    ");
}

#[test]
fn foreign_names_cannot_act_and_cannot_hide() {
    let names = ["a\u{1b}[2Jb", "c\rd", "e\u{202e}txt.exe", "f  g ", "h\u{200b}i", "日本語.txt"];
    let play = reading(names.iter().map(|name| object(name, 1, "STANDARD")).collect(), None);
    assert_snapshot!(screen(&play), @r#"
     ebbtide  ana in 111122223333               SESSION  ● 1h 00m left ━━━━━━━━━━━━
     as user/ana · ends 15:00:00 UTC · all the user's rights
    ╭ s3://tide-logs/ ─────────────────────────────────────────────────────────────╮
    │  Name                                   Size  Modified          Class        │
    │  a\x1b[2Jb                               1 B  2026-11-20 08:15  STANDARD     │
    │  c\rd                                    1 B  2026-11-20 08:15  STANDARD     │
    │  e\u{202e}txt.exe                        1 B  2026-11-20 08:15  STANDARD     │
    │  f \x20g\x20                             1 B  2026-11-20 08:15  STANDARD     │
    │  h\u{200b}i                              1 B  2026-11-20 08:15  STANDARD     │
    │  日 本 語 .txt                              1 B  2026-11-20 08:15  STANDARD     │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    ╰───────────────────────────────────────────────────────────────── 1 of 6, all ╯
     etag 9f1c0a52b7d84e6f93c1e07b5a2d4e07 · 1 bytes · 2026-11-20 08:15:00 UTC
     Enter look  ← back  / filter  g go to  R renew                 ? help  q quit
    "#);
}

#[test]
fn a_first_page_on_its_way_says_so_and_how_to_stop() {
    let mut play = Play::browsing();
    play.press("left left");
    play.press("g ctrl-u");
    play.write("tide-archive");
    play.press("enter");
    play.now += SignedDuration::from_millis(400);
    play.tell(Message::Tick);
    assert_snapshot!(screen(&play), @"
     ebbtide  ana                               SESSION  ● 1h 00m left ━━━━━━━━━━━━
     checking identity · ends 15:00:00 UTC · all the user's rights
    ╭ s3://tide-archive/ ──────────────────────────────────────────────────────────╮
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                         ⠼ listing s3://tide-archive/                         │
    │                                                                              │
    │                                   Esc stops                                  │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    ╰────────────────────────────────────────────────────────── nothing loaded yet ╯
     ⠼ listing page 1 · 0 rows so far · Esc stops
     ← back  / filter  g go to  R renew  n new session  a may I?    ? help  q quit
    ");
}

#[test]
fn a_denied_listing_is_not_an_empty_one() {
    let mut play = Play::browsing();
    let question = play.press("g ctrl-u");
    assert_eq!(question, []);
    play.write("tide-vault");
    let question = play.press("enter");
    play.answer(&question, Err(refusal(FailureKind::Denied, "AccessDenied", 403)));
    assert_snapshot!(screen(&play), @"
     ebbtide  ana                               SESSION  ● 1h 00m left ━━━━━━━━━━━━
     checking identity · ends 15:00:00 UTC · all the user's rights
    ╭ s3://tide-vault/ ────────────────────────────────────────────────────────────╮
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                    ✗ not allowed to list s3://tide-vault/                    │
    │                                                                              │
    │                      S3 answered AccessDenied (403): no                      │
    │                                                                              │
    │     no policy allows this, or a policy of the user or role, the bucket or    │
    │                          the organization denies it                          │
    │                     use a session that has the permission                    │
    │                                                                              │
    │                  r retry · ← back · g go to · n new session                  │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    ╰────────────────────────────────────────────────────────────────── not listed ╯
     ✗ not listed · r retries · e explains · AccessDenied (403)
     ← back  / filter  g go to  R renew  n new session  a may I?    ? help  q quit
    ");
    play.press("e");
    assert_snapshot!(screen(&play), @"
     ebbtide  ana                               SESSION  ● 1h 00m left ━━━━━━━━━━━━
     checking identity · ends 15:00:00 UTC · all the user's rights
    ╭ s3://tide-vault/ ────────────────────────────────────────────────────────────╮
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │  ╭ what went wrong ───────────────────────────────────────────────────────╮  │
    │  │ What       could not list s3://tide-logs/                              │  │
    │  │ Why        S3 answered AccessDenied (403): no                          │  │
    │  │ Means      no policy allows this, or a policy of the user or role, the │  │
    │  │            bucket or the organization denies it                        │  │
    │  │ Next       use a session that has the permission                       │  │
    │  │                                                                        │  │
    │  │ Code       AccessDenied                                                │  │
    │  │ HTTP       403                                                         │  │
    │  │ Region     us-west-2                                                   │  │
    │  │ Endpoint   AWS                                                         │  │
    │  │ Rights     all the user's rights                                       │  │
    │  ╰────────────────────────────────────────────────────────────────────────╯  │
    │                                                                              │
    │                                                                              │
    ╰────────────────────────────────────────────────────────────────── not listed ╯
     ✗ not listed · r retries · e explains · AccessDenied (403)
     r retry  R renew  n new session  g go to  Ctrl-c quit       Esc close  ? help
    ");
}

#[test]
fn nothing_below_a_prefix_is_said_as_what_it_is() {
    let mut play = Play::browsing();
    play.press("g ctrl-u");
    play.write("tide-logs/nowhere/");
    let question = play.press("enter");
    play.page(&question, &[], None);
    play.tell(Message::Resized(80, 15));
    assert_snapshot!(screen(&play), @"
     ebbtide  ana                               SESSION  ● 1h 00m left ━━━━━━━━━━━━
     checking identity · ends 15:00:00 UTC · all the user's rights
    ╭ s3://tide-logs/nowhere/ ─────────────────────────────────────────────────────╮
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                     no keys under s3://tide-logs/nowhere/                    │
    │          S3 cannot tell an empty prefix from one that does not exist         │
    │                                                                              │
    │                          ← back · g go to · r reload                         │
    │                                                                              │
    │                                                                              │
    ╰─────────────────────────────────────────────────────────────────────── empty ╯

     ← back  / filter  g go to  R renew  n new session  a may I?    ? help  q quit
    ");
}

#[test]
fn a_session_near_its_end_says_so_in_words() {
    let mut play = reading(logs(), Some("t1"));
    play.wait(3600 - 340);
    play.tell(Message::Resized(80, 15));
    assert_snapshot!(screen(&play), @"
     ebbtide  ana in 111122223333              SESSION  ! 05:40 ending ━━╌╌╌╌╌╌╌╌╌╌
     as user/ana · ends 15:00:00 UTC · all the user's rights
    ╭ s3://tide-logs/ ─────────────────────────────────────────────────────────────╮
    │  Name                                   Size  Modified          Class        │
    │▸ app/                                      —                                 │
    │  gateway.log                           426 B  2026-11-20 08:15  STANDARD     │
    │  old.tar.zst                         1.2 GiB  2026-11-20 08:15  DEEP_ARCHIVE │
    │▸ team-secret/                              —                                 │
    │▸ team/                                     —                                 │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    ╰───────────────────────────────────────────────── 1 of 5 loaded, more to come ╯
     ⠋ listing page 2 · 5 rows so far · Esc stops
     Enter open  ← back  / filter  g go to  R renew                 ? help  q quit
    ");
}

#[test]
fn an_expired_session_keeps_its_rows_and_says_of_when_they_are() {
    let mut play = reading(logs(), Some("t1"));
    play.wait(3637);
    assert_snapshot!(screen(&play), @"
     ebbtide  ana in 111122223333         SESSION  ✗ EXPIRED 00:37 ago ╌╌╌╌╌╌╌╌╌╌╌╌
     as user/ana · ended 15:00:00 UTC · all the user's rights
    ╭ s3://tide-logs/ as of 14:00:00 ──────────────────────────────────────────────╮
    │  Name                                   Size  Modified          Class        │
    │▸ app/                                      —                                 │
    │  gateway.log                           426 B  2026-11-20 08:15  STANDARD     │
    │  old.tar.zst                         1.2 GiB  2026-11-20 08:15  DEEP_ARCHIVE │
    │▸ team-secret/                              —                                 │
    │▸ team/                                     —                                 │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    ╰───────────────────────────────────────────────── 1 of 5 loaded, more to come ╯
     ✗ session expired · rows as of 14:00:00 · R renews it
     R renew  Enter open  ← back  / filter  g go to                 ? help  q quit
    ");
}

#[test]
fn what_the_header_has_no_room_for_is_left_out_or_marked_never_cut_to_something_else() {
    use ebbtide::domain::{
        location::Location,
        mint::{FederationToken, MintRequest},
        policy::SessionPolicy,
    };
    let location = Location::new("tide-logs", "readings/2026/station/");
    let policy = Some(SessionPolicy::for_scope(Verbs::READ, &location));
    let request = MintRequest::FederationToken(Box::new(FederationToken {
        policy,
        ..FederationToken::new("inspector", "1h".parse().unwrap())
    }));
    for (columns, whole_scope) in [(60, false), (80, true), (110, true)] {
        for waited in [0, 3637] {
            let mut play = reading(logs(), None);
            play.model.in_use_mut().unwrap().session.request = request.clone();
            play.model.setup.sandbox = true;
            play.wait(waited);
            play.tell(Message::Resized(columns, 24));
            let shown = screen(&play);
            let lines: Vec<&str> = shown.lines().take(2).collect();
            assert!(lines[0].starts_with(" ebbtide  ana ") || lines[0].contains('…'), "{}", lines[0]);
            assert!(lines[0].contains("in 111122223333 ") || !lines[0].contains("in 1"), "{}", lines[0]);
            let scope = lines[1].split(" · ").last().unwrap();
            assert_eq!(scope == "read s3://tide-logs/readings/2026/station/*", whole_scope, "{}", lines[1]);
            assert!(whole_scope || scope.contains('…'), "{}", lines[1]);
        }
    }
}

#[test]
fn identity_end_and_scope_are_on_screen_however_long_and_narrow() {
    use ebbtide::domain::{
        location::Location,
        mint::{FederationToken, MintRequest},
        policy::SessionPolicy,
    };
    for columns in [60, 80, 100] {
        for (prefix, resource) in [
            ("team/alpha/", "federated-user/ebbtide"),
            ("a/very/long/prefix/that/goes/on/and/on/", "assumed-role/reader-of-everything/somebody@some-laptop"),
        ] {
            for (waited, end) in [(0, "ends 15:00:00"), (3637, "ended 15:00:00")] {
                let mut play = reading(logs(), None);
                let policy = Some(SessionPolicy::for_scope(Verbs::READ, &Location::new("tide-logs", prefix)));
                let duration = "1h".parse().unwrap();
                let current = play.model.in_use_mut().unwrap();
                current.session.request = MintRequest::FederationToken(Box::new(FederationToken {
                    policy,
                    ..FederationToken::new("ebbtide", duration)
                }));
                current.session.identity.as_mut().unwrap().arn = format!("arn:aws:sts::111122223333:{resource}");
                play.wait(waited);
                play.tell(Message::Resized(columns, 24));
                let shown = screen(&play);
                let line = shown.lines().nth(1).unwrap();
                let parts: Vec<&str> = line.split(" · ").collect();
                assert_eq!(parts.len(), 3, "{line}");
                assert!(parts[0] == format!(" as {resource}") || parts[0].contains('…'), "{line}");
                assert!(parts[1].starts_with(end), "{line}");
                let scope = format!("read s3://tide-logs/{prefix}*");
                assert!(parts[2] == scope || parts[2].starts_with("read") && parts[2].contains('…'), "{line}");
            }
        }
    }
}

#[test]
fn a_token_that_travels_unencrypted_is_marked_for_as_long_as_it_lives() {
    let mut play = reading(logs(), None);
    play.model.in_use_mut().unwrap().session.exposed = true;
    assert!(screen(&play).lines().next().unwrap().contains(" UNENCRYPTED   SESSION "));
}

#[test]
fn details_tell_everything_about_a_row() {
    let mut play = reading(logs(), None);
    play.press("i");
    assert_snapshot!(screen(&play), @r#"
     ebbtide  ana in 111122223333               SESSION  ● 1h 00m left ━━━━━━━━━━━━
     as user/ana · ends 15:00:00 UTC · all the user's rights
    ╭ s3://tide-logs/ ─────────────────────────────────────────────────────────────╮
    │  Name                                   Size  Modified          Class        │
    │▸ app/                                      —                                 │
    │  gateway.log                           426 B  2026-11-20 08:15  STANDARD     │
    │  old.tar.zst                         1.2 GiB  2026-11-20 08:15  DEEP_ARCHIVE │
    │▸ team-secret/                              —                                 │
    │▸ team/                                     —                                 │
    │                                                                              │
    │                      ╭ details ───────────────────────╮                      │
    │                      │ Kind       common prefix       │                      │
    │                      │ Address    s3://tide-logs/app/ │                      │
    │                      ╰────────────────────────────────╯                      │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    ╰───────────────────────────────────────────────────────────────── 1 of 5, all ╯
     common prefix
     y copy the s3:// address  Ctrl-c quit                       Esc close  ? help
    "#);
}

#[test]
fn help_lists_the_keys_of_this_screen() {
    let mut play = reading(logs(), None);
    play.tell(Message::Resized(80, 30));
    play.press("?");
    assert_snapshot!(screen(&play), @r#"
     ebbtide  ana in 111122223333               SESSION  ● 1h 00m left ━━━━━━━━━━━━
     as user/ana · ends 15:00:00 UTC · all the user's rights
    ╭ s3:/╭ keys ─────────────────────────────────────────────────────────────╮────╮
    │  Nam│ Enter     open  → l                                               │    │
    │▸ app│ v         look; from 100 columns on, a pane beside the list       │    │
    │  gat│ ←         back  h Backspace                                       │    │
    │  old│ /         filter                                                  │IVE │
    │▸ tea│ g         go to                                                   │    │
    │▸ tea│ [         back to the earlier location                            │    │
    │     │ ]         forward to the later location                           │    │
    │     │ P         list a prefix on the server                             │    │
    │     │ R         renew                                                   │    │
    │     │ n         new session                                             │    │
    │     │ i         details                                                 │    │
    │     │ Tab       next session                                            │    │
    │     │ Shift-Tab previous session                                        │    │
    │     │ Y         copy as                                                 │    │
    │     │ u         link                                                    │    │
    │     │ a         may I?                                                  │    │
    │     │ @         this location as of a time                              │    │
    │     │ V         as of a time                                            │    │
    │     │ S         sessions                                                │    │
    │     │ s         sort: by name, size, time; prefixes first               │    │
    │     │ o         reverse the order                                       │    │
    │     │ c         compare with another session                            │    │
    │     │ A         renewal: manual or automatic                            │    │
    │     │ x         export credentials                                      │    │
    ╰─────╰────────────────────────────────────────────────────────── ↑↓ more ╯all ╯
     common prefix
     Ctrl-c quit                                                 Esc close  ? help
    "#);
}

#[test]
fn too_small_a_terminal_says_so_and_how_to_leave() {
    let mut play = reading(logs(), None);
    play.tell(Message::Resized(20, 5));
    assert_snapshot!(screen(&play), @"
    needs 60×15
    this is 20×5
    session: 1h 00m left
    Ctrl-c quits
    ");
}

#[test]
fn every_size_can_be_drawn() {
    let browser =
        ["", "?", "i", "e", "g", "S", "S d", "S ?", "x", "x F1", "p", "A", "c", "c ?", "/", "/ F1", "P", "P F1"];
    let form = ["n", "n F1", "n /", "n F3", "n F3 e", "n F3 F4 F1", "n F4", "n F4 end", "n F6", "n F7", "n F8", "n F9"];
    let further = ["n tab right", "n tab right F6", "n tab right right F4", "n tab right right F7 ?"];
    for keys in browser.into_iter().chain(form).chain(further) {
        let mut play = reading(logs(), Some("t1"));
        play.press("n enter");
        let first = play.minted(2, 900);
        play.answer(&first, Ok(Page { rows: Block::from_entries(logs()).unwrap(), ..Page::default() }));
        play.press(keys);
        assert_drawn_at_every_size(&mut play, keys);
    }
}

/// Also moves about and clicks at each size.
fn assert_drawn_at_every_size(play: &mut Play, keys: &str) {
    for columns in [0, 1, 2, 20, 59, 60, 61, 80, 100, 200] {
        for rows in [0, 1, 2, 5, 14, 15, 16, 24, 60] {
            play.tell(Message::Resized(columns, rows));
            play.press("pgdn pgup");
            for (column, row) in [(0, 0), (columns / 2, rows / 2), (columns, rows)] {
                let _ = ebbtide::ui::hit(&play.model, column, row);
            }
            if columns > 0 && rows > 0 {
                let drawn = draw(play, Theme::coloured());
                assert_eq!(drawn.buffer().area.as_size(), (columns, rows).into(), "{keys}");
            }
        }
    }
}

#[test]
fn the_rows_that_scrolling_counts_on_are_the_rows_that_are_drawn() {
    let names: Vec<String> = (0..200).map(|n| format!("key-{n:03}")).collect();
    for rows in [15, 24, 31, 60] {
        let mut play = reading(names.iter().map(|name| object(name, 1, "STANDARD")).collect(), None);
        play.tell(Message::Resized(80, rows));
        play.press("end");
        assert!(screen(&play).contains("key-199"), "the last row is on screen at {rows} rows");
        assert_eq!(screen(&play).matches("key-").count(), ebbtide::app::rows_on_screen(rows), "{rows} rows");
    }
}

#[test]
fn without_colour_nothing_is_coloured_and_the_selection_still_shows() {
    let mut play = reading(logs(), Some("t1"));
    play.wait(3500);
    let backend = draw(&play, Theme::plain());
    let coloured = |cell: &ratatui::buffer::Cell| cell.fg != Color::Reset || cell.bg != Color::Reset;
    assert!(!backend.buffer().content.iter().any(coloured));
    let reversed = |cell: &ratatui::buffer::Cell| cell.modifier.contains(ratatui::style::Modifier::REVERSED);
    assert!(backend.buffer().content.iter().filter(|cell| reversed(cell)).count() > 40);
}

#[test]
fn a_theme_of_names_leaves_the_palette_to_the_person() {
    let mut play = reading(logs(), Some("t1"));
    play.wait(3500);
    let backend = draw(&play, Theme::coloured());
    for cell in &backend.buffer().content {
        assert!(!matches!(cell.fg, Color::Rgb(..) | Color::Indexed(_)), "{:?}", cell.fg);
    }
}

#[test]
fn a_click_selects_the_row_that_was_clicked() {
    let mut play = reading(logs(), None);
    let shown = screen(&play);
    let y = shown.lines().position(|line| line.contains("team-secret/")).unwrap();
    let action = ebbtide::ui::hit(&play.model, 10, u16::try_from(y).unwrap()).unwrap();
    play.tell(Message::Action(action.clone()));
    assert_eq!(play.browser().place.entry().unwrap().name(), "team-secret/");
    let effects = play.tell(Message::Action(action));
    assert_eq!(asked(&effects).1.prefix, "team-secret/", "a click on the selected row opens it");
}
