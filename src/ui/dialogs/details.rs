//! Everything the listing says about the selected row.
//!
//! Invariant: no request is made for it. What says most about the row comes first, for a key can be longer than a screen.

use jiff::Timestamp;
use ratatui::{layout::Rect, style::Style};

use super::panel::{Panel, labelled, text_width};
use crate::{
    app::Model,
    domain::listing::Entry,
    ui::{Theme, format, policy_hints},
};

pub(super) fn panel(model: &Model, theme: Theme, area: Rect) -> Panel {
    let Some(place) = model.browser().map(|browser| &browser.place) else { return Panel::default() };
    let Some(entry) = place.entry() else { return Panel::default() };
    let zone = &model.setup.time_zone;
    let unknown = || "not in the listing".to_owned();
    let time = |at: Option<Timestamp>| at.map_or_else(unknown, |at| format::second(at, zone));
    let said = |text: &Option<String>| text.clone().unwrap_or_else(unknown);
    let address = ("Address", place.listing.location.of_entry(&entry).to_string());
    let mut rights = policy_hints::rights_on(model, &entry).into_iter();
    let policy = rights.next();
    let mut values = match &entry {
        Entry::Bucket(bucket) => vec![("Region", said(&bucket.region)), ("Created", time(bucket.created))],
        Entry::Prefix(_) => vec![("Kind", "common prefix".into())],
        // An object has a screen of its own.
        Entry::Object(_) => return Panel::default(),
    };
    values.extend(policy);
    values.push(address);
    values.extend(rights);
    let width = text_width(area);
    let lines = values.iter().flat_map(|(label, value)| labelled(label, value, Style::new(), theme, width));
    Panel::of(lines.collect())
}
