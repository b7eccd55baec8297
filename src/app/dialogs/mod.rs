//! What lies over a screen: help, explanations, lists to choose from, lines that ask.
//!
//! Invariant: a dialog changes itself alone and names neither the model, nor another part, nor another dialog. What it wants
//! of others is a [`Wish`]. `Esc` closes the one in front; what lies below it is then in front again, as it was.
//!
//! A new dialog is one file here: a type that is a [`DialogPart`], with its keys as rows and what it says as text. It
//! is listed twice below (`mod`, [`dialogs!`]), and opened by a row of the keymap with [`Action::Show`]. One whose drawing
//! is more than text has a file of the same name in `ui/dialogs`.

mod access;
mod ask_code;
mod ask_prefix;
mod ask_renewal;
mod ask_time;
mod copy_menu;
mod details;
mod explanation;
mod export;
mod go_to;
mod help;
mod link;
mod policy_builder;
mod recent_list;
mod role_chain;
mod role_picker;
mod session_list;
mod stack;
mod text;
mod user_panel;

pub use copy_menu::{CopyChoice, CopyEntry};
pub use export::Revealed;
pub use link::LIFETIMES;
pub use policy_builder::{BuilderRow, Origin};
pub use role_picker::Offering;
pub use stack::Dialogs;
pub use text::{TextRow, TextTone};
pub use user_panel::UserState;

pub(in crate::app) use copy_menu::CopyPlace;

use jiff::Timestamp;

use super::{
    action::{Action, DialogName, ListAction},
    cx::Cx,
    key_row::KeyRow,
    wish::Wish,
};
use crate::domain::credentials::SessionId;

/// What became of a dialog after an action.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It stays in front.
    Stay(Vec<Wish>),
    /// It is closed, before its wishes are fulfilled.
    Close(Vec<Wish>),
}

impl Outcome {
    /// It stays, and wants nothing.
    pub(super) const STAY: Self = Self::Stay(vec![]);
    /// It is closed, and wants nothing.
    pub(super) const CLOSE: Self = Self::Close(vec![]);

    /// It is closed, and the action is the screen's.
    fn pass(action: Action) -> Self {
        Self::Close(vec![Wish::Below(action)])
    }
}

/// Which keys a dialog has besides its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moves {
    /// Those that scroll its text.
    Scroll,
    /// Those that select a row of its list.
    Select,
    /// Those that edit the line in it; letters type.
    Type,
    /// Both those that edit a line and those that scroll what is below it.
    TypeAndScroll,
    /// None: its own rows name all of them.
    None,
}

impl Moves {
    /// Whether letters type.
    pub const fn types(self) -> bool {
        matches!(self, Self::Type | Self::TypeAndScroll)
    }

    /// Whether text scrolls.
    pub const fn scrolls(self) -> bool {
        matches!(self, Self::Scroll | Self::TypeAndScroll)
    }
}

/// What every dialog is and does; what most of them have in common is said here once.
pub(super) trait DialogPart {
    /// Opens it by [`Action::Show`], where it needs nothing that the person has not said yet.
    fn open(_: &Cx<'_>) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }

    /// Above it, in its frame.
    fn title(&self) -> &'static str;

    /// Its own keys. They come before those that all dialogs have.
    fn keys(&self) -> &'static [KeyRow];

    /// Which keys it has besides.
    fn moves(&self) -> Moves {
        Moves::Scroll
    }

    /// What it says, where that is text and it holds all of it.
    fn text(&self) -> Vec<TextRow> {
        vec![]
    }

    /// Whether a click beside it would lose what was typed.
    fn holds_text(&self) -> bool {
        false
    }

    /// Whether an action would do something now: what would not is not hinted.
    fn can(&self, _: &Action) -> bool {
        true
    }

    /// Since when it has been waiting for an answer.
    fn busy_since(&self) -> Option<Timestamp> {
        None
    }

    /// Another session has taken the place of one.
    fn renewed(&mut self, _old: SessionId, _new: SessionId) {}

    /// What an action does that does not leave it.
    fn act(&mut self, cx: &mut Cx<'_>, action: Action) -> Outcome;

    /// What is left behind when it is closed without an answer.
    fn dismiss(&mut self) -> Outcome {
        Outcome::CLOSE
    }
}

/// The row that an action selects in a list, from `row` and up to `last`.
fn selected(row: usize, last: usize, action: &Action) -> usize {
    match *action {
        Action::List(ListAction::Move(rows)) => row.saturating_add_signed(rows).min(last),
        Action::List(ListAction::MoveHalfScreens(halves)) => row.saturating_add_signed(halves * HALF_SCREEN).min(last),
        Action::List(ListAction::Top) => 0,
        Action::List(ListAction::Bottom) => last,
        _ => row,
    }
}

/// Rows of a list that half a screen has, about.
const HALF_SCREEN: isize = 5;

/// Lists the dialogs: a variant each, and which one an [`Action::Show`] opens.
macro_rules! dialogs {
    ($($file:ident::$name:ident),+ $(,)?) => {
        $(pub use $file::$name;)+

        /// Something that lies over a screen.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each is told of in its own file")]
        pub enum Dialog {
            $($name($name)),+
        }

        $(impl From<$name> for Dialog {
            fn from(dialog: $name) -> Self {
                Self::$name(dialog)
            }
        })+

        impl Dialog {
            fn part(&self) -> &dyn DialogPart {
                match self { $(Self::$name(part) => part),+ }
            }

            fn part_mut(&mut self) -> &mut dyn DialogPart {
                match self { $(Self::$name(part) => part),+ }
            }
        }

        impl Dialog {
            /// The names of all there are.
            pub const NAMES: &[DialogName] = &[$(DialogName(stringify!($name))),+];

            pub(super) fn named(name: DialogName, cx: &Cx<'_>) -> Option<Self> {
                $(if name.0 == stringify!($name) {
                    return $name::open(cx).map(Self::from);
                })+
                None
            }
        }
    };
}

dialogs! {
    access::AccessPanel,
    ask_code::AskCode,
    ask_prefix::AskPrefix,
    ask_renewal::AskRenewal,
    ask_time::AskTime,
    copy_menu::CopyMenu,
    details::Details,
    explanation::Explanation,
    export::Export,
    go_to::GoTo,
    help::Help,
    link::LinkDialog,
    policy_builder::PolicyBuilder,
    recent_list::RecentList,
    role_chain::RoleChain,
    role_picker::RolePicker,
    session_list::SessionList,
    user_panel::UserPanel,
}

impl Dialog {
    /// Above it, in its frame.
    pub fn title(&self) -> &'static str {
        self.part().title()
    }

    /// Its own keys.
    pub fn keys(&self) -> &'static [KeyRow] {
        self.part().keys()
    }

    /// Which keys it has besides.
    pub fn moves(&self) -> Moves {
        self.part().moves()
    }

    /// What it says, where that is text and it holds all of it.
    pub fn text(&self) -> Vec<TextRow> {
        self.part().text()
    }

    /// Whether a click beside it would lose what was typed.
    pub fn holds_text(&self) -> bool {
        self.part().holds_text()
    }

    /// Whether an action would do something now.
    pub fn can(&self, action: &Action) -> bool {
        self.part().can(action)
    }

    fn act(&mut self, cx: &mut Cx<'_>, action: Action) -> Outcome {
        match action {
            Action::Dismiss | Action::List(ListAction::Back) => self.part_mut().dismiss(),
            action => self.part_mut().act(cx, action),
        }
    }
}
