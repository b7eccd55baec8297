//! The fields of the form, each with its remark.
//!
//! Invariant: a remark says what is wrong with its field, else what AWS would say, else what the field means.

use ratatui::{
    style::Style,
    text::{Line, Span},
};

use super::{cells_of, extra_fields, foreign, preflight, window, wrap};
use crate::{
    app::{Model, SessionForm},
    domain::{
        mint::{Checked, Field, Limits, Mode, Note, Verdict},
        policy::{SessionPolicy, Verbs},
        safe_text::printable,
    },
    ui::Theme,
};

/// Cells of the labels: as many as the longest on screen takes.
pub(super) fn label_cells(form: &SessionForm) -> usize {
    form.fields().into_iter().map(|field| field.label().len() + 2).max().unwrap_or_default()
}

/// How much stands between the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spacing {
    /// A remark below each field, and an empty line.
    Airy,
    /// A remark below each field.
    Normal,
    /// A remark below the focused field, and below those that cannot be or are not what was typed.
    Tight,
}

/// Every field but the profile with its remark: each line, and of which field it is.
pub(super) fn lines(
    model: &Model,
    width: usize,
    spacing: Spacing,
    theme: Theme,
) -> Vec<(Option<Field>, Line<'static>)> {
    let form = &model.form;
    let checked = form.checked();
    let mut lines = vec![];
    for field in form.fields().into_iter().filter(|field| *field != Field::Profile) {
        lines.push((Some(field), field_line(model, field, width, theme)));
        let refused = checked.as_ref().is_err_and(|notes| notes.iter().any(|note| note.field == field));
        let lacking = field == Field::RoleArn && form.lacks_role();
        let narrowed =
            field == Field::Location && checked.as_ref().is_ok_and(|checked| checked.narrowed_from.is_some());
        if spacing != Spacing::Tight || field == form.focus || refused || lacking || narrowed {
            lines.extend(remark_lines(model, field, width, theme).into_iter().map(|line| (Some(field), line)));
        }
        if spacing == Spacing::Airy {
            lines.push((None, Line::raw("")));
        }
    }
    lines.extend(extra_fields::fold_line(form, theme).map(|line| (None, line)));
    lines
}

fn field_line(model: &Model, field: Field, width: usize, theme: Theme) -> Line<'static> {
    let form = &model.form;
    let focused = form.focus == field;
    let label_style = if focused { theme.focus() } else { theme.dim() };
    let (mark, label) = (if focused { "▌" } else { " " }, label_cells(form));
    let mut spans = vec![Span::styled(format!("{mark}{:<1$}", field.label(), label - 1), label_style)];
    match form.text(field) {
        Some(input) => {
            let (text, _) = window(input, width.saturating_sub(label));
            let room = width.saturating_sub(label + cells_of(&text));
            spans.push(Span::styled(text, if focused { theme.strong() } else { Style::new() }));
            if let Some(rest) = form.completion(field).filter(|_| focused) {
                spans.extend(foreign(rest, room, theme.dim(), theme));
            }
        }
        None if field == Field::MfaCode => {
            spans.push(Span::styled(extra_fields::masked(&form.extra.code), theme.strong()));
        }
        None => spans.extend(choices(model, field, width.saturating_sub(label), theme)),
    }
    Line::from(spans)
}

/// `● session  ○ federation  ○ role  ○ direct`, or `‹ session ›` where there is no room for all.
fn choices(model: &Model, field: Field, cells: usize, theme: Theme) -> Vec<Span<'static>> {
    let form = &model.form;
    let closed = |name: &str| match name.parse() {
        Ok(mode) if field == Field::Mode => matches!(form.verdict(mode), Verdict::Closed(_)),
        _ => false,
    };
    let options: Vec<(bool, String)> = match field {
        Field::Mode => Mode::ALL.map(|mode| (mode == form.mode, mode.name().to_owned())).to_vec(),
        Field::Scope if form.policy.is_some() => vec![(true, "your own policy".into())],
        Field::Scope => {
            let built = form.verbs.filter(|verbs| !Verbs::PRESETS.contains(verbs));
            std::iter::once((form.verbs.is_none(), "none".into()))
                .chain(Verbs::PRESETS.map(|preset| (form.verbs == Some(preset), preset.to_string())))
                .chain(built.map(|verbs| (true, verbs.to_string())))
                .collect()
        }
        _ => vec![],
    };
    let style = |chosen, closed| match (chosen, closed) {
        (true, _) => theme.focus(),
        (false, true) => theme.dim(),
        (false, false) => Style::new(),
    };
    if options.iter().map(|(_, name)| name.len() + 4).sum::<usize>() > cells + 2 {
        let chosen = options.iter().find_map(|(chosen, name)| chosen.then_some(name.as_str())).unwrap_or_default();
        return vec![Span::styled(format!("‹ {chosen} ›"), theme.focus())];
    }
    options
        .into_iter()
        .map(|(chosen, name)| {
            let mark = match (chosen, closed(&name)) {
                (true, _) => '●',
                (false, true) => '✗',
                (false, false) => '○',
            };
            Span::styled(format!("{mark} {name}  "), style(chosen, closed(&name)))
        })
        .collect()
}

/// Below each field: what is wrong with it, what AWS would say, or what it means.
fn remark_lines(model: &Model, field: Field, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let form = &model.form;
    let (checked, label) = (form.checked(), label_cells(form));
    let note = |notes: &[Note]| notes.iter().find(|note| note.field == field).map(|note| note.text.clone());
    let (text, style) = match checked {
        Err(_) if field == Field::MfaCode => extra_fields::code_of_form(model, theme),
        Err(notes) if note(notes).is_some() => (format!("▲ {}", note(notes).unwrap_or_default()), theme.warning()),
        _ if field == Field::Mode && preflight::not_sent(model).is_some() => {
            (preflight::not_sent(model).unwrap_or_default(), theme.warning())
        }
        Ok(checked) if note(&checked.advice).is_some() => {
            let decides = field != Field::Location && form.limits() == Limits::Advised;
            let decides = if decides { "; this endpoint decides" } else { "" };
            (format!("{}{decides}", note(&checked.advice).unwrap_or_default()), theme.dim())
        }
        Ok(checked) if field == Field::Scope && !risks(checked).is_empty() => {
            (format!("▲ {}", risks(checked).join("; ")), theme.warning())
        }
        _ if field == Field::MfaCode => extra_fields::code_of_form(model, theme),
        _ if field == Field::RoleArn && model.form.lacks_role() => {
            ("▲ IAM has no such role in your account".into(), theme.warning())
        }
        _ => (meaning(model, field), theme.dim()),
    };
    wrap(&printable(&text), width.saturating_sub(label))
        .into_iter()
        .map(|part| Line::from(vec![Span::raw(" ".repeat(label)), Span::styled(part, style)]))
        .collect()
}

fn risks(checked: &Checked) -> Vec<&'static str> {
    checked.request.policy().map(SessionPolicy::find_risks).unwrap_or_default()
}

fn meaning(model: &Model, field: Field) -> String {
    let form = &model.form;
    if let (Field::RoleArn | Field::Name | Field::ExternalId | Field::MfaSerial, Some(filler)) =
        (field, form.filled_by(field))
    {
        return format!("from {filler}");
    }
    match field {
        Field::Mode => preflight::of_mode(model).unwrap_or_else(|| mode_meaning(form.mode).into()),
        Field::Duration => match form.asked_duration() {
            Some(duration) => format!("{} seconds; {}", duration.as_secs(), preflight::of_duration(model)),
            None => "such as 15m, 1h30m or 7200".into(),
        },
        Field::Name => "the session's name in CloudTrail".into(),
        Field::RoleArn => "arn:aws:iam::ACCOUNT:role/NAME".into(),
        Field::Location if form.mode.takes_policy() => "where to start, what to allow; empty: all".into(),
        Field::Location => "where to start; empty: the list of buckets".into(),
        Field::Scope => scope_meaning(form),
        field => extra_fields::meaning(form, field).unwrap_or_default(),
    }
}

/// What the session may do, whatever else is wrong with the form.
fn scope_meaning(form: &SessionForm) -> String {
    let draft = form.draft();
    match draft.session_policy() {
        Ok(Some(policy)) => {
            let verbs = form.verbs.filter(|_| form.policy.is_none());
            let what = verbs.map_or_else(|| "policy".into(), |verbs| format!("may {}", verbs.in_words()));
            format!("{what} · {} of {} characters", policy.as_json().len(), SessionPolicy::MOST_CHARACTERS)
        }
        Ok(None) if !draft.policy_arns.is_empty() => "no session policy: what the managed policies allow".into(),
        Ok(None) if form.mode == Mode::Federation => "no session policy: no permissions".into(),
        Ok(None) => "no session policy: all the role's rights".into(),
        Err(notes) => {
            let field = notes.first().map_or(Field::Scope, |note| note.field);
            format!("depends on {}, which is not valid yet", field.label())
        }
    }
}

const fn mode_meaning(mode: Mode) -> &'static str {
    match mode {
        Mode::Session => "all the user's rights; no session policy",
        Mode::Federation => "a named user with the scope below; no MFA",
        Mode::Role => "the role's rights, or less with a scope",
        Mode::Direct => "no minting: the profile's own credentials",
    }
}
