//! What the session's own policies say to what is on screen, before S3 is asked.
//!
//! Invariant: only the session policies speak here, which take away and never give: "may" means that they do not stand
//! in the way. A mark says no only where nothing that is not known could allow it, but for a bucket's policy that names the
//! session: wherever rights are told in full, that is told too. Where nothing narrows the session, nothing is said.

use crate::{
    app::Model,
    domain::{
        failure::{Failure, FailureKind, Service},
        listing::Entry,
        location::Location,
        object::{ObjectAction, Permit},
        policy::{Ruling, SessionRights},
        translator::{DenyingPolicy, PolicyDenial},
    },
};

/// What the session's own policies cannot tell.
const BUCKET_POLICY: &str = "a bucket policy can deny more, or allow this session by name";

/// Whether a row leads nowhere with this session: neither it nor anything below it is in its policies.
pub(super) fn is_out_of_reach(model: &Model, entry: &Entry) -> bool {
    let (Some(rights), Some(browser)) = (model.rights(), model.browser()) else { return false };
    !matches!(entry, Entry::Object(_)) && rights.may_reach(&browser.location().of_entry(entry)).is_refused()
}

/// Why the session's policies refuse to list where the browser stands, if they do and the service blames nothing else.
/// Foreign text.
pub(super) fn why_not_listed(model: &Model, failure: &Failure) -> Option<String> {
    let blamed = PolicyDenial::of_failure(failure).map(|denial| denial.policy);
    let other = blamed.is_some_and(|policy| policy != DenyingPolicy::Session);
    if failure.service != Service::S3 || failure.kind != FailureKind::Denied || other {
        return None;
    }
    let (rights, here) = (model.rights()?, model.browser()?.location());
    if model.browser()?.place.past.is_some() {
        let permit = Permit::of_location(Some(&rights), ObjectAction::ListVersions, here)?;
        return permit.refusal();
    }
    let listable = rights.listable_places();
    match rights.may_list(here) {
        Ruling::Denied(by) => Some(format!("{by} of the session's own policy denies it")),
        Ruling::NotAllowed if listable.is_empty() => {
            Some("the session's own policy does not cover it: it lists nothing at all".into())
        }
        Ruling::NotAllowed => {
            Some(format!("the session's own policy does not cover it: it may list {} only", listable.join(" and ")))
        }
        Ruling::Allowed(_) | Ruling::Unclear { .. } => None,
    }
}

/// What the session's policies say to a bucket or prefix, by labels, and what else can change that. Foreign text.
pub(super) fn rights_on(model: &Model, entry: &Entry) -> Vec<(&'static str, String)> {
    let (Some(rights), Some(browser)) = (model.rights(), model.browser()) else { return vec![] };
    let location = browser.location().of_entry(entry);
    vec![("Policy", on_place(&rights, &location)), ("Also", BUCKET_POLICY.into())]
}

fn on_place(rights: &SessionRights<'_>, location: &Location) -> String {
    match (rights.may_list(location), rights.may_reach(location)) {
        (Ruling::Allowed(_), _) => "may: list".into(),
        (Ruling::Unclear { why, .. }, _) => format!("may: list, depending on {why}"),
        (Ruling::Denied(by), _) => format!("may not: list; denied by {by}"),
        (Ruling::NotAllowed, reached) if reached.is_refused() => "may not: list, nor reach anything in it".into(),
        (Ruling::NotAllowed, _) => "may not: list; but may reach keys in it, by g".into(),
    }
}
