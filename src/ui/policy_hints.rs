//! What the session's own policy says to what is on screen, before S3 is asked.
//!
//! Invariant: only the session policy speaks here, which takes away and never gives: "may" means that it does not stand
//! in the way. Where the session has none, nothing is said.

use crate::{
    app::Model,
    domain::{
        listing::Entry,
        policy::{SessionPolicy, Verb, Verbs, Verdict},
    },
};

fn policy(model: &Model) -> Option<&SessionPolicy> {
    model.current.as_ref()?.session.request.policy()
}

/// Whether a row leads nowhere with this session: neither it nor anything below it is in the policy.
pub(super) fn is_out_of_reach(model: &Model, entry: &Entry) -> bool {
    let reached = policy(model)
        .filter(|_| !matches!(entry, Entry::Object(_)))
        .map(|policy| policy.may_reach(&model.browser.place.listing.location.of(entry), model.service_now()));
    reached == Some(Verdict::Denied)
}

/// Why the policy refuses to list where the browser stands, if it does. Foreign text.
pub(super) fn why_not_listed(model: &Model) -> Option<String> {
    let policy = policy(model)?;
    let here = &model.browser.place.listing.location;
    if policy.may_list(here, model.service_now()) != Verdict::Denied {
        return None;
    }
    let listable = policy.listable();
    Some(if listable.is_empty() {
        "the session's own policy does not cover it: it lists nothing at all".into()
    } else {
        format!("the session's own policy does not cover it: it may list {} only", listable.join(" and "))
    })
}

/// `may: list, read · may not: write, delete`: what the policy says to one row.
pub(super) fn rights_on(model: &Model, entry: &Entry) -> Option<String> {
    let (policy, now) = (policy(model)?, model.service_now());
    let location = model.browser.place.listing.location.of(entry);
    let (Entry::Object(_), Some(bucket)) = (entry, &location.bucket) else {
        let words = match (policy.may_list(&location, now), policy.may_reach(&location, now)) {
            (Verdict::Allowed, _) => "may: list",
            (Verdict::Unknown, _) => "may perhaps: list",
            (Verdict::Denied, Verdict::Denied) => "may not: list, nor reach anything in it",
            (Verdict::Denied, _) => "may not: list; but reaches something in it, by g",
        };
        return Some(words.into());
    };
    let (may, may_not) = policy.verbs_on(bucket, &location.prefix, now);
    let perhaps: Verbs =
        Verb::ALL.into_iter().filter(|verb| !may.contains(*verb) && !may_not.contains(*verb)).collect();
    let parts = [("may", may), ("may not", may_not), ("depends", perhaps)];
    let words = |verbs: Verbs| verbs.iter().map(Verb::in_words).collect::<Vec<_>>().join(", ");
    let told = parts.iter().filter(|(_, verbs)| !verbs.is_empty());
    Some(told.map(|(label, verbs)| format!("{label}: {}", words(*verbs))).collect::<Vec<_>>().join(" · "))
}
