//! What a person can do: the vocabulary between keys and state, grouped by the part that it is for.
//!
//! Invariant: an action says what is wanted, never how it was typed; the keymap decides which key means what.

pub use tui_input::InputRequest as Edit;

use crate::{domain::mint::Field, handover::Offer};

/// The name of a dialog: that of its type. A name that no dialog has opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DialogName(pub &'static str);

/// One wish of the person at the keyboard or mouse: one that has a meaning everywhere, or one for a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// End the program.
    Quit,
    /// Stop the process group and give the terminal back until it is continued.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Mask what is being looked at: nobody sits in front of it.
    Hide,
    /// Show the keys of this screen.
    Help,
    /// Show a dialog that needs nothing more to be said.
    Show(DialogName),
    /// Show what went wrong and what to do next.
    Explain,
    /// Read anew what is in front, or ask again for what failed.
    Refresh,
    /// Do what a form, a line or a question is for.
    Submit,
    /// Close or cancel exactly one thing.
    Dismiss,
    /// In rows of any kind.
    List(ListAction),
    /// Among the fields of a form.
    Fields(FieldAction),
    /// In a text that is being typed.
    Text(TextAction),
    /// For the browser.
    Browser(BrowserAction),
    /// For the object that is looked at.
    Object(ViewerAction),
    /// With the row or the object that is selected.
    Row(RowAction),
    /// For the form.
    Form(FormAction),
    /// For the sessions that are held.
    Sessions(SessionAction),
    /// For the dialog in front alone.
    Dialog(DialogAction),
}

/// What is done with rows of any kind, or with a text that scrolls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListAction {
    /// Move the selection by rows; negative is up.
    Move(isize),
    /// Move the selection by parts of a screenful, in halves; negative is up.
    MoveHalfScreens(isize),
    /// To the first row.
    Top,
    /// To the last row that is loaded, and on to the next page.
    Bottom,
    /// Select the row at this place of the list on screen; on the selected row, open it.
    Click(usize),
    /// Open what is selected.
    Open,
    /// One step out.
    Back,
}

/// What is done with the fields of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldAction {
    /// To the next field.
    Next,
    /// To the previous field.
    Previous,
    /// Another choice in this field; negative is the one before.
    Choose(isize),
}

/// What is done with a text that is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextAction {
    /// Change it at the cursor, or move the cursor.
    Edit(Edit),
    /// Insert text from the clipboard.
    Paste(String),
    /// End the line, in a text of several.
    NewLine,
}

/// What is done in the browser alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrowserAction {
    /// Back to the earlier location.
    Earlier,
    /// To the place after this one, where one has gone back.
    Later,
    /// Ask where to go.
    GoTo,
    /// Filter the loaded rows.
    Filter,
    /// Ask S3 for the names that begin with something.
    AskPrefix,
    /// Show the loaded rows in the next order.
    Sort,
    /// Turn the order of the loaded rows round.
    ReverseOrder,
    /// Show everything about the selected row.
    Details,
    /// Put the selected row's `s3://` address on the clipboard.
    CopyUri,
}

/// What is done with the row that is selected, or with the object on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowAction {
    /// Offer its names in every form to copy.
    CopyMenu,
    /// Make a link to it that works without credentials.
    Link,
    /// Tell what the session may do with it.
    Access,
    /// Ask as of which time to list the location on screen.
    AsOfHere,
    /// Ask as of which time to list it.
    AsOfRow,
}

/// A side of an object that its screen shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ObjectTab {
    /// Its content.
    #[default]
    Look,
    /// Everything about it.
    Details,
    /// Every version of its key.
    Versions,
}

/// What is done with the object that is looked at, on its screen or in the pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViewerAction {
    /// Show or hide the pane beside the list; where there is no room for it, open the screen.
    Pane,
    /// Show this side of the object.
    Show(ObjectTab),
    /// Go to the object so many objects further on in the list.
    Neighbour(isize),
    /// Read more of the content.
    ReadMore,
    /// Show the content in the next way that it has.
    NextView,
    /// Read text with the next encoding.
    NextEncoding,
    /// Wrap long lines, or not.
    Wrap,
    /// Move sideways; negative is to the left.
    Sideways(isize),
    /// Find text in what was read.
    Find,
    /// Show the map of entropy, once its price has been told.
    Map,
    /// Read a Parquet footer that is too long to be read unasked.
    LongFooter,
    /// A screen on; among versions, mark this one.
    Space,
    /// Compare the two versions that are marked.
    Compare,
    /// Put the value that is selected on the clipboard.
    CopyValue,
    /// Scroll the content by rows.
    Scroll(isize),
}

/// What is done in the form alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormAction {
    /// Go to this field; in the field that keys go to already, the next choice.
    Focus(Field),
    /// Choose among the profiles.
    Profiles,
    /// Search among the profiles.
    FindProfile,
    /// List recent requests.
    Recents,
    /// Ask IAM: which roles there are, or whether a user exists.
    AskIam,
    /// Build the session policy.
    BuildPolicy,
    /// Show or fold away the fields that most sessions do without.
    MoreFields,
    /// Put the AWS CLI command that does the same on the clipboard.
    CopyCommand,
    /// Show or fold away that command.
    FoldCommand,
    /// The interface over the sandbox instead, where there is no profile.
    Demo,
}

/// What is done with the sessions that are held, or to get another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionAction {
    /// Mint again with the same request.
    Renew,
    /// Mint again, for the hour that every role grants: after STS refused a duration.
    RetryWithLess,
    /// Another choice of what happens ahead of the session's end.
    ChooseRenewal,
    /// Go to the form for another session.
    New,
    /// Go to the form for a session that is narrowed to where one stands.
    NewForLocation,
    /// List the sessions.
    List,
    /// Use the session so many rows further on in the list; negative is further up.
    Switch(isize),
    /// See this location as two sessions see it.
    Compare,
    /// Offer the forms in which the session's credentials are exported.
    Export,
}

/// What is done in a dialog that no screen knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DialogAction {
    /// A key of its own, by the name that its row has.
    Own(&'static str),
    /// Scroll its text so that this line is the first one; there are so many.
    ScrollTo(usize),
    /// Put this on the clipboard; asked for twice.
    Copy(Offer),
}
