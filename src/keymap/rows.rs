//! The rows: each context's keys and what they do there.
//!
//! Invariant: what help and hints print is what the keys do, for it is the same row.

use crossterm::event::{KeyCode, KeyModifiers};

use super::Context;
use crate::{
    app::{Action, Edit},
    handover::{Dialect, Form, Offer},
};

/// One meaning: its keys, how they are written, and what they do.
pub struct Row {
    pub(super) keys: &'static [(KeyCode, KeyModifiers)],
    /// The key that is named first.
    pub label: &'static str,
    /// The other keys that do the same.
    pub also: &'static str,
    /// What they do, in a word or three.
    pub help: &'static str,
    /// Whether the hint line has room for it; help always has.
    pub hinted: bool,
    pub(super) action: Action,
}

pub(super) const NONE: KeyModifiers = KeyModifiers::NONE;
const CTRL: KeyModifiers = KeyModifiers::CONTROL;

const fn plain(c: char) -> (KeyCode, KeyModifiers) {
    (KeyCode::Char(c), NONE)
}

const fn ctrl(c: char) -> (KeyCode, KeyModifiers) {
    (KeyCode::Char(c), CTRL)
}

const fn key(code: KeyCode) -> (KeyCode, KeyModifiers) {
    (code, NONE)
}

macro_rules! rows {
    ($($hinted:ident [$($key:expr),+] $label:literal $help:literal $((also $also:literal))? => $action:expr;)+) => {
        &[$(Row {
            keys: &[$($key),+],
            label: $label,
            also: concat!($($also)?),
            help: $help,
            hinted: rows!(@$hinted),
            action: $action,
        }),+]
    };
    (@hint) => { true };
    (@help) => { false };
}

const BROWSER: &[Row] = rows! {
    hint [key(KeyCode::Enter), key(KeyCode::Right), plain('l')] "Enter" "open" (also "→ l") => Action::Open;
    hint [key(KeyCode::Left), plain('h'), key(KeyCode::Backspace)] "←" "back" (also "h Backspace") => Action::Back;
    hint [plain('/')] "/" "filter" => Action::Find;
    hint [plain('g')] "g" "go to" => Action::GoTo;
    help [plain('[')] "[" "the place before this" => Action::Earlier;
    help [plain(']')] "]" "the place after this, once gone back" => Action::Later;
    help [plain('P')] "P" "ask S3 for names that begin with …" => Action::AskPrefix;
    hint [plain('R')] "R" "renew" => Action::Renew;
    hint [plain('n')] "n" "new session" => Action::NewSession;
    hint [plain('i')] "i" "details" => Action::Details;
    hint [key(KeyCode::Tab)] "Tab" "next session" => Action::SwitchSession(1);
    help [key(KeyCode::BackTab)] "Shift-Tab" "previous session" => Action::SwitchSession(-1);
    hint [plain('S')] "S" "sessions" => Action::Sessions;
    help [plain('s')] "s" "sort: by name, size, time; prefixes first" => Action::Sort;
    help [plain('c')] "c" "compare with another session" => Action::Compare;
    help [plain('A')] "A" "by hand, by itself, or not: renewal" => Action::ChooseRenewal;
    help [plain('x')] "x" "hand the credentials over" => Action::HandOver;
    help [plain('p')] "p" "a session for where you stand" => Action::ScopeHere;
    help [plain('y')] "y" "copy the s3:// address" => Action::CopyUri;
    help [plain('r'), key(KeyCode::F(5))] "r" "read again" (also "F5") => Action::Refresh;
    help [plain('e')] "e" "explain what went wrong" => Action::Explain;
    help [key(KeyCode::F(9))] "F9" "mint for 1h, not the refused time" => Action::AskForLess;
    help [key(KeyCode::Esc)] "Esc" "stop loading; else show all rows; or put a message away" => Action::Dismiss;
    help [key(KeyCode::Down), plain('j')] "↓" "down" (also "j") => Action::Move(1);
    help [key(KeyCode::Up), plain('k')] "↑" "up" (also "k") => Action::Move(-1);
    help [key(KeyCode::PageDown), ctrl('f')] "PgDn" "a screen down" (also "Ctrl-f") => Action::MoveHalfScreens(2);
    help [key(KeyCode::PageUp), ctrl('b')] "PgUp" "a screen up" (also "Ctrl-b") => Action::MoveHalfScreens(-2);
    help [ctrl('d')] "Ctrl-d" "half a screen down" => Action::MoveHalfScreens(1);
    help [ctrl('u')] "Ctrl-u" "half a screen up" => Action::MoveHalfScreens(-1);
    help [key(KeyCode::Home)] "Home" "first row" => Action::Top;
    help [key(KeyCode::End), plain('G')] "End" "last row, and load all" (also "G") => Action::Bottom;
};

const FORM: &[Row] = rows! {
    hint [key(KeyCode::Tab)] "Tab" "next field" => Action::NextField;
    help [key(KeyCode::BackTab)] "Shift-Tab" "previous field" => Action::PreviousField;
    help [key(KeyCode::Down)] "↓" "next field or profile" => Action::Move(1);
    help [key(KeyCode::Up)] "↑" "previous field or profile" => Action::Move(-1);
    hint [key(KeyCode::Enter)] "Enter" "mint" => Action::Submit;
    hint [key(KeyCode::F(3))] "F3" "policy" => Action::BuildPolicy;
    help [key(KeyCode::F(5))] "F5" "read the config files again" => Action::Refresh;
    help [key(KeyCode::F(8))] "F8" "recent requests" => Action::Recents;
    help [key(KeyCode::F(2))] "F2" "explain what went wrong" => Action::Explain;
    help [key(KeyCode::F(4))] "F4" "more fields, or fewer" => Action::MoreFields;
    help [key(KeyCode::F(7))] "F7" "the way to the session" => Action::Chain;
    help [key(KeyCode::F(9))] "F9" "mint for 1h, not the refused time" => Action::AskForLess;
    hint [key(KeyCode::F(6))] "F6" "roles, users" => Action::AskIam;
    help [ctrl('o')] "Ctrl-o" "profiles" => Action::Profiles;
    help [ctrl('y')] "Ctrl-y" "copy the AWS CLI command" => Action::CopyCommand;
    help [ctrl('t')] "Ctrl-t" "show or hide the AWS CLI command" => Action::FoldCommand;
    hint [key(KeyCode::Esc)] "Esc" "back" => Action::Dismiss;
};

const CHOICE: &[Row] = rows! {
    hint [plain('d')] "d" "demo, where no profile is found" => Action::Demo;
    hint [key(KeyCode::Left), plain('h')] "←→" "change" => Action::Choose(-1);
    help [key(KeyCode::Right), plain('l'), plain(' ')] "→" "next choice" (also "l Space") => Action::Choose(1);
    help [plain('j')] "j" "next field or profile" => Action::Move(1);
    help [plain('k')] "k" "previous field or profile" => Action::Move(-1);
    help [key(KeyCode::PageDown)] "PgDn" "a screen of profiles down" => Action::MoveHalfScreens(2);
    help [key(KeyCode::PageUp)] "PgUp" "a screen of profiles up" => Action::MoveHalfScreens(-2);
    hint [plain('/')] "/" "find a profile" => Action::Find;
    help [key(KeyCode::Home)] "Home" "first profile" => Action::Top;
    help [key(KeyCode::End), plain('G')] "End" "last profile" (also "G") => Action::Bottom;
};

const FIND: &[Row] = rows! {
    hint [key(KeyCode::Enter)] "Enter" "choose" => Action::Submit;
    hint [key(KeyCode::Esc)] "Esc" "show all" => Action::Dismiss;
    hint [key(KeyCode::Down)] "↓" "next match" => Action::Move(1);
    help [key(KeyCode::Up)] "↑" "previous match" => Action::Move(-1);
    help [key(KeyCode::PageDown)] "PgDn" "a screen of matches down" => Action::MoveHalfScreens(2);
    help [key(KeyCode::PageUp)] "PgUp" "a screen of matches up" => Action::MoveHalfScreens(-2);
    help [key(KeyCode::Backspace), ctrl('h')] "Backspace" "delete a letter" => Action::Edit(Edit::DeletePrevChar);
    help [ctrl('u')] "Ctrl-u" "delete all letters" => Action::Edit(Edit::DeleteLine);
    help [key(KeyCode::Tab)] "Tab" "choose, and next field" => Action::NextField;
};

const FILTER_LINE: &[Row] = rows! {
    hint [key(KeyCode::Enter)] "Enter" "keep it" => Action::Submit;
    hint [key(KeyCode::Esc)] "Esc" "show all" => Action::Dismiss;
    hint [key(KeyCode::Down)] "↓" "down; past the last row, load more" => Action::Move(1);
    help [key(KeyCode::Up)] "↑" "up" => Action::Move(-1);
    help [key(KeyCode::PageDown)] "PgDn" "a screen down" => Action::MoveHalfScreens(2);
    help [key(KeyCode::PageUp)] "PgUp" "a screen up" => Action::MoveHalfScreens(-2);
};

const TEXT: &[Row] = rows! {
    help [key(KeyCode::Left)] "←" "one character left" => Action::Edit(Edit::GoToPrevChar);
    help [key(KeyCode::Right)] "→" "one character right; at the end, take what is offered" => Action::Edit(Edit::GoToNextChar);
    help [key(KeyCode::Home), ctrl('a')] "Home" "start of the line" => Action::Edit(Edit::GoToStart);
    help [key(KeyCode::End), ctrl('e')] "End" "end of the line" => Action::Edit(Edit::GoToEnd);
    help [key(KeyCode::Backspace), ctrl('h')] "Backspace" "delete to the left" => Action::Edit(Edit::DeletePrevChar);
    help [key(KeyCode::Delete)] "Del" "delete to the right" => Action::Edit(Edit::DeleteNextChar);
    help [ctrl('w')] "Ctrl-w" "delete a word" => Action::Edit(Edit::DeletePrevWord);
    help [ctrl('u')] "Ctrl-u" "delete the line" => Action::Edit(Edit::DeleteLine);
};

const GO_TO: &[Row] = rows! {
    hint [key(KeyCode::Enter)] "Enter" "go" => Action::Submit;
    hint [key(KeyCode::Esc)] "Esc" "close" => Action::Dismiss;
};

const ASK_PREFIX: &[Row] = rows! {
    hint [key(KeyCode::Enter)] "Enter" "ask S3" => Action::Submit;
    hint [key(KeyCode::Esc)] "Esc" "close" => Action::Dismiss;
};

const CODE: &[Row] = rows! {
    hint [key(KeyCode::Enter)] "Enter" "renew" => Action::Submit;
    hint [key(KeyCode::Esc)] "Esc" "not now" => Action::Dismiss;
};

const ROLES: &[Row] = rows! {
    hint [key(KeyCode::Enter)] "Enter" "take" => Action::Submit;
    hint [key(KeyCode::Down)] "↓" "down" => Action::Move(1);
    help [key(KeyCode::Up)] "↑" "up" => Action::Move(-1);
    help [key(KeyCode::PageDown)] "PgDn" "ten down" => Action::MoveHalfScreens(2);
    help [key(KeyCode::PageUp)] "PgUp" "ten up" => Action::MoveHalfScreens(-2);
    hint [key(KeyCode::F(6))] "F6" "the user" => Action::AskIam;
    hint [key(KeyCode::Esc)] "Esc" "close" => Action::Dismiss;
};

const USER: &[Row] = rows! {
    hint [key(KeyCode::Esc), key(KeyCode::F(6))] "Esc" "close" => Action::Dismiss;
};

const POLICY: &[Row] = rows! {
    hint [key(KeyCode::Enter)] "Enter" "take it" => Action::Submit;
    hint [key(KeyCode::F(4))] "F4" "JSON" => Action::EditPolicy;
    help [key(KeyCode::Tab), key(KeyCode::Down)] "Tab" "next row" (also "↓") => Action::NextField;
    help [key(KeyCode::BackTab), key(KeyCode::Up)] "Shift-Tab" "previous row" (also "↑") => Action::PreviousField;
    help [key(KeyCode::PageDown)] "PgDn" "JSON down" => Action::MoveHalfScreens(1);
    help [key(KeyCode::PageUp)] "PgUp" "JSON up" => Action::MoveHalfScreens(-1);
    hint [key(KeyCode::Esc)] "Esc" "leave" => Action::Dismiss;
};

const POLICY_CHOICE: &[Row] = rows! {
    hint [plain(' '), key(KeyCode::Right), plain('l')] "Space" "change" (also "→ l") => Action::Choose(1);
    help [key(KeyCode::Left), plain('h')] "←" "change, backwards" (also "h") => Action::Choose(-1);
    hint [plain('t')] "t" "template" => Action::NextTemplate;
    help [plain('y')] "y" "copy the policy" => Action::CopyPolicy;
    help [plain('e')] "e" "edit as JSON" => Action::EditPolicy;
    help [plain('j')] "j" "next row" => Action::NextField;
    help [plain('k')] "k" "previous row" => Action::PreviousField;
};

const POLICY_JSON: &[Row] = rows! {
    hint [ctrl('s'), key(KeyCode::F(4))] "Ctrl-s" "take it" (also "F4") => Action::Submit;
    hint [key(KeyCode::Esc)] "Esc" "back, the text is kept" => Action::Dismiss;
    help [key(KeyCode::Enter)] "Enter" "new line" => Action::NewLine;
    help [key(KeyCode::Down)] "↓" "line down" => Action::Move(1);
    help [key(KeyCode::Up)] "↑" "line up" => Action::Move(-1);
    help [key(KeyCode::PageDown)] "PgDn" "a screen down" => Action::MoveHalfScreens(2);
    help [key(KeyCode::PageUp)] "PgUp" "a screen up" => Action::MoveHalfScreens(-2);
};

const PANEL: &[Row] = rows! {
    help [key(KeyCode::Down), plain('j')] "↓" "down" (also "j") => Action::Move(1);
    help [key(KeyCode::Up), plain('k')] "↑" "up" (also "k") => Action::Move(-1);
    help [plain('y')] "y" "copy the s3:// address" => Action::CopyUri;
    help [plain('r'), key(KeyCode::F(5))] "r" "ask again" => Action::Refresh;
    help [plain('R')] "R" "renew" => Action::Renew;
    help [plain('n')] "n" "new session" => Action::NewSession;
    help [plain('p')] "p" "a session for where you stand" => Action::ScopeHere;
    help [plain('g')] "g" "go to" => Action::GoTo;
    help [key(KeyCode::F(9))] "F9" "mint for 1h, not the refused time" => Action::AskForLess;
    hint [key(KeyCode::Esc), key(KeyCode::Enter), plain('i'), plain('e'), key(KeyCode::F(2)), key(KeyCode::F(7)), key(KeyCode::Left), key(KeyCode::Backspace)]
        "Esc" "close" => Action::Dismiss;
};

const LEDGER: &[Row] = rows! {
    hint [key(KeyCode::Enter), key(KeyCode::Right), plain('l')] "Enter" "use" (also "→ l") => Action::Open;
    hint [plain('R')] "R" "renew" => Action::Renew;
    hint [plain('c')] "c" "compare" => Action::Compare;
    help [plain('A')] "A" "by hand, by itself, or not: renewal" => Action::ChooseRenewal;
    hint [plain('v')] "v" "mint a variation" => Action::Vary;
    hint [plain('d'), key(KeyCode::Delete)] "d" "forget" (also "Del") => Action::Forget;
    help [plain('n')] "n" "new session" => Action::NewSession;
    help [key(KeyCode::Down), plain('j')] "↓" "down" (also "j") => Action::Move(1);
    help [key(KeyCode::Up), plain('k')] "↑" "up" (also "k") => Action::Move(-1);
    help [key(KeyCode::Home)] "Home" "first session" => Action::Top;
    help [key(KeyCode::End), plain('G')] "End" "last session" (also "G") => Action::Bottom;
    hint [key(KeyCode::Esc), plain('S'), key(KeyCode::Left), key(KeyCode::Backspace)] "Esc" "close" => Action::Dismiss;
};

const RECENTS: &[Row] = rows! {
    hint [key(KeyCode::Enter), key(KeyCode::Right), plain('l')] "Enter" "fill the form" (also "→ l") => Action::Open;
    help [key(KeyCode::Down), plain('j')] "↓" "down" (also "j") => Action::Move(1);
    help [key(KeyCode::Up), plain('k')] "↑" "up" (also "k") => Action::Move(-1);
    help [key(KeyCode::Home)] "Home" "newest" => Action::Top;
    help [key(KeyCode::End), plain('G')] "End" "oldest" (also "G") => Action::Bottom;
    hint [key(KeyCode::Esc), key(KeyCode::F(8)), key(KeyCode::Left), key(KeyCode::Backspace)] "Esc" "close" => Action::Dismiss;
};

const HAND_OVER: &[Row] = rows! {
    hint [plain('e')] "e" "sh" => Action::Copy(Offer::Credentials(Form::Variables(Dialect::Posix)));
    hint [plain('f')] "f" "fish" => Action::Copy(Offer::Credentials(Form::Variables(Dialect::Fish)));
    hint [plain('p')] "p" "PowerShell" => Action::Copy(Offer::Credentials(Form::Variables(Dialect::PowerShell)));
    hint [plain('i')] "i" "profile" => Action::Copy(Offer::Credentials(Form::Profile));
    hint [plain('j')] "j" "JSON" => Action::Copy(Offer::Credentials(Form::Json));
    hint [plain('v')] "v" "show" => Action::Reveal;
    hint [plain('s')] "s" "shell" => Action::Shell;
    hint [plain('w')] "w" "console" => Action::Copy(Offer::SignInUrl);
    hint [key(KeyCode::Esc), plain('x'), key(KeyCode::Left), key(KeyCode::Backspace)] "Esc" "close" => Action::Dismiss;
};

const COMPARE: &[Row] = rows! {
    hint [key(KeyCode::Enter), key(KeyCode::Right), plain('l')] "Enter" "open in both" (also "→ l") => Action::Open;
    hint [key(KeyCode::Left), plain('h'), key(KeyCode::Backspace)] "←" "out" (also "h Backspace") => Action::Back;
    hint [key(KeyCode::Tab)] "Tab" "another session" => Action::SwitchSession(1);
    help [key(KeyCode::BackTab)] "Shift-Tab" "the one before" => Action::SwitchSession(-1);
    hint [plain('r'), key(KeyCode::F(5))] "r" "read again" (also "F5") => Action::Refresh;
    help [plain('R')] "R" "renew" => Action::Renew;
    help [plain('A')] "A" "by hand, by itself, or not: renewal" => Action::ChooseRenewal;
    help [key(KeyCode::Down), plain('j')] "↓" "down" (also "j") => Action::Move(1);
    help [key(KeyCode::Up), plain('k')] "↑" "up" (also "k") => Action::Move(-1);
    help [key(KeyCode::PageDown), ctrl('f')] "PgDn" "a screen down" (also "Ctrl-f") => Action::MoveHalfScreens(2);
    help [key(KeyCode::PageUp), ctrl('b')] "PgUp" "a screen up" (also "Ctrl-b") => Action::MoveHalfScreens(-2);
    help [key(KeyCode::Home)] "Home" "first row" => Action::Top;
    help [key(KeyCode::End), plain('G')] "End" "last loaded row, and more" (also "G") => Action::Bottom;
    hint [key(KeyCode::Esc), plain('c')] "Esc" "close" => Action::Dismiss;
};

const LETTERS_EVERYWHERE: &[Row] = rows! {
    hint [plain('?'), key(KeyCode::F(1))] "?" "help" => Action::Help;
    hint [plain('q'), ctrl('c')] "q" "quit" => Action::Quit;
};

const EVERYWHERE: &[Row] = rows! {
    hint [key(KeyCode::F(1))] "F1" "help" => Action::Help;
    help [ctrl('l')] "Ctrl-l" "draw again" => Action::Redraw;
    help [ctrl('z')] "Ctrl-z" "suspend" => Action::Suspend;
    hint [ctrl('c')] "Ctrl-c" "quit" => Action::Quit;
};

/// The rows of a context, the nearest first.
pub fn rows(context: Context) -> impl Iterator<Item = &'static Row> {
    let tables: [&'static [Row]; 4] = match context {
        Context::Browser => [BROWSER, LETTERS_EVERYWHERE, EVERYWHERE, &[]],
        Context::FilterLine => [FILTER_LINE, TEXT, EVERYWHERE, &[]],
        Context::FormChoice => [FORM, CHOICE, LETTERS_EVERYWHERE, EVERYWHERE],
        Context::FormText => [FORM, TEXT, EVERYWHERE, &[]],
        Context::FormFind => [FIND, EVERYWHERE, &[], &[]],
        Context::GoTo => [GO_TO, TEXT, EVERYWHERE, &[]],
        Context::AskPrefix => [ASK_PREFIX, TEXT, EVERYWHERE, &[]],
        Context::Recents => [RECENTS, LETTERS_EVERYWHERE, EVERYWHERE, &[]],
        Context::Code => [CODE, TEXT, EVERYWHERE, &[]],
        Context::HandOver => [HAND_OVER, LETTERS_EVERYWHERE, EVERYWHERE, &[]],
        Context::Compare => [COMPARE, LETTERS_EVERYWHERE, EVERYWHERE, &[]],
        Context::Ledger => [LEDGER, LETTERS_EVERYWHERE, EVERYWHERE, &[]],
        Context::Roles => [ROLES, TEXT, EVERYWHERE, &[]],
        Context::User => [USER, LETTERS_EVERYWHERE, EVERYWHERE, &[]],
        Context::PolicyChoice => [POLICY_CHOICE, POLICY, LETTERS_EVERYWHERE, EVERYWHERE],
        Context::PolicyText => [POLICY, TEXT, EVERYWHERE, &[]],
        Context::PolicyJson => [POLICY_JSON, TEXT, EVERYWHERE, &[]],
        Context::Panel => [PANEL, LETTERS_EVERYWHERE, EVERYWHERE, &[]],
    };
    let mut quit_seen = false;
    tables.into_iter().flatten().filter(move |row| {
        // The two tables of what works everywhere name help and quit once each in a hint line.
        let repeated = quit_seen && row.hinted && matches!(row.action, Action::Help | Action::Quit);
        quit_seen |= row.action == Action::Quit;
        !repeated
    })
}
