//! What a mint narrows a session by: an inline policy and managed ones, and how much room it takes in the session token.
//!
//! Invariant: a policy that is named exists, and one that is given can be evaluated.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session>

use std::sync::Arc;

use super::call::Call;
use crate::{
    domain::policy::{Policy, PolicyKind},
    sandbox::{
        caller::Tag,
        query::{PRINTABLE, Violations},
        refusal::Refusal,
    },
};

/// Characters that session policies and tags may take up together in the token.
pub(super) const MOST_POLICY: usize = 2048;
/// Managed policies that a mint may name.
const MOST_ARNS: usize = 10;
/// What a tag takes up besides its key and value: tags overflow long before there are fifty.
const TAG_OVERHEAD: usize = 40;

/// Policies and tags as they go into the token.
pub(super) struct Packed {
    pub(super) policies: Vec<Arc<Policy>>,
    /// Characters.
    pub(super) size: usize,
    /// `PackedPolicySize`; `None` where nothing was packed.
    pub(super) per_cent: Option<usize>,
}

impl Call<'_> {
    /// `PolicyArns`, checked in their form.
    pub(super) fn read_policy_arns(&self, broken: &mut Violations) -> Vec<String> {
        let members = self.parameters.members("PolicyArns", MOST_ARNS, broken);
        let read = |member: &String| self.parameters.optional(&format!("{member}.arn"), 20..=2048, &PRINTABLE, broken);
        members.iter().filter_map(read).collect()
    }

    /// Packs what was given. AWS has a method of its own; here the length of the text, without insignificant spaces,
    /// stands for that.
    pub(super) fn pack(&self, policy: Option<&str>, arns: &[String], tags: &[Tag]) -> Result<Packed, Refusal> {
        let (mut policies, mut size) = (vec![], 0);
        if let Some(text) = policy {
            let malformed = |what: String| Refusal::bad("MalformedPolicyDocument", what);
            policies.push(Arc::new(Policy::read(text, PolicyKind::Identity).map_err(malformed)?));
            let value: serde_json::Value =
                serde_json::from_str(text).map_err(|error| malformed(format!("Syntax errors in policy: {error}")))?;
            size += value.to_string().chars().count();
        }
        for arn in arns {
            let known = self.inner.world.managed_policies.get(arn).ok_or_else(|| {
                Refusal::bad("ValidationError", format!("The managed policy {arn} does not exist in this account"))
            })?;
            policies.push(Arc::clone(known));
            size += arn.len();
        }
        let of_tags: usize = tags.iter().map(|tag| tag.key.len() + tag.value.len() + TAG_OVERHEAD).sum();
        size += of_tags;
        let per_cent = (size * 100).div_ceil(MOST_POLICY);
        if per_cent > 100 {
            let message = if of_tags * 2 > size {
                format!("Packed size of session tags consumes {per_cent}% of allotted space.")
            } else {
                format!("Packed policy consumes {per_cent}% of allotted space, please use smaller policy.")
            };
            return Err(Refusal::bad("PackedPolicyTooLarge", message));
        }
        Ok(Packed { policies, size, per_cent: (size > 0).then_some(per_cent) })
    }
}
