//! Session tags and the source identity: what a session is labelled with, and what sticks along a chain of roles.
//!
//! Invariant: keys differ by more than case, and what was inherited is never changed.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html>

use super::call::Call;
use crate::sandbox::{
    caller::{Session, Tag},
    query::{NAME, TAG, Violations},
    refusal::Refusal,
};

/// Tags a mint may give, and keys it may mark as transitive.
const MOST_TAGS: usize = 50;

impl Call<'_> {
    /// `Tags` and `TransitiveTagKeys`, checked in their form. The keys that are no tag's are an error of [`labelled`].
    pub(super) fn read_tags(&self, broken: &mut Violations) -> (Vec<Tag>, Vec<String>) {
        let members = self.parameters.members("Tags", MOST_TAGS, broken);
        let read = |member: &String| Tag {
            key: self.parameters.required(&format!("{member}.Key"), 1..=128, &TAG, broken),
            value: self.parameters.optional(&format!("{member}.Value"), 0..=256, &TAG, broken).unwrap_or_default(),
            transitive: false,
        };
        let tags = members.iter().map(read).collect();
        let members = self.parameters.members("TransitiveTagKeys", MOST_TAGS, broken);
        let read = |member: &String| self.parameters.optional(member, 1..=128, &TAG, broken);
        (tags, members.iter().filter_map(read).collect())
    }

    /// `SourceIdentity`, checked in its form.
    pub(super) fn read_source_identity(&self, broken: &mut Violations) -> Option<String> {
        let name = self.parameters.optional("SourceIdentity", 2..=64, &NAME, broken)?;
        // A colon is no character of it, but AWS names the rule by itself.
        if name.to_ascii_lowercase().starts_with("aws:") {
            broken.add(&name, "sourceIdentity", "Member must not start with aws:");
        }
        Some(name)
    }
}

/// The tags of a new session: those its caller must hand on, and those that are given, some of them to be handed on.
pub(super) fn labelled(session: Option<&Session>, given: Vec<Tag>, transitive: &[String]) -> Result<Vec<Tag>, Refusal> {
    let invalid = |message: String| Err(Refusal::bad("ValidationError", message));
    let handed_on = session.into_iter().flat_map(|session| &session.tags).filter(|tag| tag.transitive);
    let mut tags: Vec<Tag> = handed_on.cloned().collect();
    let inherited = tags.len();
    for tag in given {
        match tags.iter().position(|other| other.is_called(&tag.key)) {
            Some(place) if place < inherited => {
                return invalid(format!("The session tag {} is inherited and cannot be given again.", tag.key));
            }
            Some(_) => {
                return invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive.".into());
            }
            None => tags.push(tag),
        }
    }
    for key in transitive {
        match tags[inherited..].iter_mut().find(|tag| tag.is_called(key)) {
            Some(tag) => tag.transitive = true,
            None => return invalid("The specified transitive tag key must be included in the requested tags.".into()),
        }
    }
    Ok(tags)
}
