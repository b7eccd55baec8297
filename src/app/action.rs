//! What a person can do: the vocabulary between keys and state.
//!
//! Invariant: an action says what is wanted, never how it was typed; the keymap decides which key means what.

pub use tui_input::InputRequest as Edit;

use crate::handover::Offer;

/// The name of a dialog: that of its type. A name that no dialog has opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DialogName(pub &'static str);

/// One wish of the person at the keyboard or mouse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// End the program.
    Quit,
    /// Stop the process group and give the terminal back until it is continued.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Show the keys of this screen.
    Help,
    /// Show a dialog that needs nothing more to be said.
    Show(DialogName),
    /// A key of the dialog in front alone, by the name that its row has.
    Own(&'static str),
    /// Scroll what is in front so that this line of it is the first one; there are so many.
    ScrollTo(usize),
    /// Close or cancel exactly one thing.
    Dismiss,
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
    /// Back to the earlier location.
    Earlier,
    /// To the place after this one, where one has gone back.
    Later,
    /// Read this location anew, or ask again for the page that failed.
    Refresh,
    /// Mint again with the same request.
    Renew,
    /// List the sessions that are held.
    Sessions,
    /// Use the session so many rows further on in the list; negative is further up.
    SwitchSession(isize),
    /// Another choice of what happens ahead of the session's end.
    ChooseRenewal,
    /// See this location as two sessions see it.
    Compare,
    /// List recent requests.
    Recents,
    /// Offer the forms in which the session's credentials are handed over.
    HandOver,
    /// Put this on the clipboard; asked for twice.
    Copy(Offer),
    /// Mask what is being looked at: nobody sits in front of it.
    Hide,
    /// Go to the form for another session.
    NewSession,
    /// Ask where to go.
    GoTo,
    /// Show everything about the selected row.
    Details,
    /// Show what went wrong and what to do next.
    Explain,
    /// Put the selected row's `s3://` address on the clipboard.
    CopyUri,
    /// Search among the profiles, or filter the loaded rows.
    Find,
    /// Ask S3 for the names that begin with something.
    AskPrefix,
    /// Show the loaded rows in the next order.
    Sort,
    /// Turn the order of the loaded rows round.
    ReverseOrder,
    /// Ask IAM: which roles there are, or whether a user exists.
    AskIam,
    /// To the next field of a form.
    NextField,
    /// To the previous field of a form.
    PreviousField,
    /// Another choice in this field; negative is the one before.
    Choose(isize),
    /// Do what the form is for.
    Submit,
    /// Build the session policy.
    BuildPolicy,
    /// Go to the form for a session that is narrowed to where one stands.
    ScopeHere,
    /// End the line in a text of several.
    NewLine,
    /// Change the text of the focused field.
    Edit(Edit),
    /// Choose among the profiles.
    Profiles,
    /// Put the AWS CLI command that does the same on the clipboard.
    CopyCommand,
    /// Show or fold away that command.
    FoldCommand,
    /// The interface over the sandbox instead, where there is no profile.
    Demo,
    /// Show or fold away the fields that most sessions do without.
    MoreFields,
    /// Mint again, for the hour that every role grants: after STS refused a duration.
    AskForLess,
    /// Text from the clipboard, for the focused field.
    Paste(String),
}
