//! The form: profiles on the left, what to mint on the right, and what that will call.
//!
//! Invariant: what is wrong with a field, or what it means, stands below that field; the focused field is on screen.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Margin, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Paragraph,
};

use super::{Theme, cells_of, foreign, further, preflight, profile_picker, titled, wrap};
use crate::{
    app::{MintForm, Model, TextInput},
    domain::{
        mint::{Checked, Field, Limits, Mode, Note, Verdict},
        policy::{SessionPolicy, Verbs},
        profile::SourceOptions,
        safe_text::printable,
    },
};

/// Cells of a field's label.
const LABEL: usize = 10;

fn columns(body: Rect) -> [Rect; 2] {
    Layout::horizontal([Constraint::Length((body.width * 2 / 7).min(34)), Constraint::Min(0)]).areas(body)
}

/// The cells of the left column.
pub(super) fn profiles_column(body: Rect) -> Rect {
    columns(body)[0]
}

pub(super) fn draw(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let [left, right] = columns(area);
    profile_picker::draw(model, theme, left, frame);
    request(model, theme, right, frame);
}

fn request(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let form = &model.form;
    let frame_around = titled("session", form.focus != Field::Profile, theme);
    let inner = frame_around.inner(area).inner(Margin::new(1, 0));
    frame.render_widget(frame_around, area);
    let checked = form.check(&model.setup.source);
    let width = usize::from(inner.width);
    let summary = summary(form, &model.setup.source, &checked, width, theme);
    let room = usize::from(inner.height).saturating_sub(summary.len() + 1);
    // As roomy as fits; what Enter will do must not be cut off.
    let spacings = [Spacing::Airy, Spacing::Normal, Spacing::Tight];
    let (mut lines, focused) = spacings
        .into_iter()
        .map(|spacing| fields(model, &checked, width, spacing, theme))
        .find(|(lines, _)| lines.len() <= room)
        .unwrap_or_else(|| fields(model, &checked, width, Spacing::Tight, theme));
    lines.push(Line::styled("─".repeat(width), theme.dim()));
    lines.extend(summary);
    // The focused field and the remark below it stay on screen.
    let scrolled = focused.map_or(0, |line| (line + 2).saturating_sub(inner.height));
    frame.render_widget(Paragraph::new(lines).scroll((scrolled, 0)), inner);
    if let (Field::MfaCode, Some(line)) = (form.focus, focused) {
        let typed = TextInput::new(&"•".repeat(form.further.code.len()));
        place_cursor(&typed, line.saturating_sub(scrolled), inner, frame);
    }
    if let (Some(input), Some(line)) = (form.focused_text(), focused) {
        place_cursor(input, line.saturating_sub(scrolled), inner, frame);
    }
}

/// How much stands between the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spacing {
    /// A remark below each field, and an empty line.
    Airy,
    /// A remark below each field.
    Normal,
    /// A remark below the focused field, and below those that cannot be or are not what was typed.
    Tight,
}

/// Every field but the profile with its remark, and the line of the focused one.
fn fields(
    model: &Model,
    checked: &Result<Checked, Vec<Note>>,
    width: usize,
    spacing: Spacing,
    theme: Theme,
) -> (Vec<Line<'static>>, Option<u16>) {
    let form = &model.form;
    let (mut lines, mut focused) = (vec![], None);
    for field in form.fields().into_iter().filter(|field| *field != Field::Profile) {
        if field == form.focus {
            focused = u16::try_from(lines.len()).ok();
        }
        lines.push(field_line(model, field, width, theme));
        let refused = checked.as_ref().is_err_and(|notes| notes.iter().any(|note| note.field == field));
        let lacking = field == Field::RoleArn && form.lacks_role(&model.setup.source);
        let narrowed =
            field == Field::Location && checked.as_ref().is_ok_and(|checked| checked.narrowed_from.is_some());
        if spacing != Spacing::Tight || field == form.focus || refused || lacking || narrowed {
            lines.extend(remark_lines(model, field, checked, width, theme));
        }
        if spacing == Spacing::Airy {
            lines.push(Line::raw(""));
        }
    }
    lines.extend(further::fold_line(form, theme));
    (lines, focused)
}

fn field_line(model: &Model, field: Field, width: usize, theme: Theme) -> Line<'static> {
    let form = &model.form;
    let focused = form.focus == field;
    let label_style = if focused { theme.focus() } else { theme.dim() };
    let mark = if focused { "▌" } else { " " };
    let mut spans = vec![Span::styled(format!("{mark}{:<1$}", label(field), LABEL - 1), label_style)];
    match form.text(field) {
        Some(input) => {
            let (text, _) = window(input, width.saturating_sub(LABEL));
            let room = width.saturating_sub(LABEL + cells_of(&text));
            spans.push(Span::styled(text, if focused { theme.strong() } else { Style::new() }));
            if let Some(rest) = form.completion(field).filter(|_| focused) {
                spans.extend(foreign(rest, room, theme.dim(), theme));
            }
        }
        None if field == Field::MfaCode => {
            spans.push(Span::styled(further::masked(&form.further.code), theme.strong()));
        }
        None => spans.extend(choices(model, field, width.saturating_sub(LABEL), theme)),
    }
    Line::from(spans)
}

const fn label(field: Field) -> &'static str {
    match field {
        Field::Profile => "Profile",
        Field::Mode => "Mode",
        Field::Duration => "Duration",
        Field::Name => "Name",
        Field::RoleArn => "Role",
        Field::Location => "Location",
        Field::Scope => "Scope",
        Field::Policy => "Policy",
        Field::PolicyArns => "Policies",
        Field::Tags => "Tags",
        Field::TransitiveTags => "Passed on",
        Field::ExternalId => "Ext. id",
        Field::SourceIdentity => "Source",
        Field::MfaSerial => "MFA",
        Field::MfaCode => "MFA code",
    }
}

/// `● session  ○ federation  ○ role  ○ direct`, or `‹ session ›` where there is no room for all.
fn choices(model: &Model, field: Field, cells: usize, theme: Theme) -> Vec<Span<'static>> {
    let form = &model.form;
    let closed = |name: &str| match name.parse() {
        Ok(mode) if field == Field::Mode => matches!(form.verdict(mode, &model.setup.source), Verdict::Closed(_)),
        _ => false,
    };
    let options: Vec<(bool, String)> = match field {
        Field::Mode => Mode::ALL.map(|mode| (mode == form.mode, mode.name().to_owned())).to_vec(),
        Field::Scope if form.policy.is_some() => vec![(true, "a policy of your own".into())],
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
fn remark_lines(
    model: &Model,
    field: Field,
    checked: &Result<Checked, Vec<Note>>,
    width: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let form = &model.form;
    let note = |notes: &[Note]| notes.iter().find(|note| note.field == field).map(|note| note.text.clone());
    let (text, style) = match checked {
        Err(_) if field == Field::MfaCode => further::code_of_form(model, theme),
        Err(notes) if note(notes).is_some() => (format!("▲ {}", note(notes).unwrap_or_default()), theme.warning()),
        Ok(_) if field == Field::Mode && preflight::not_sent(model).is_some() => {
            (preflight::not_sent(model).unwrap_or_default(), theme.warning())
        }
        Ok(checked) if note(&checked.advice).is_some() => {
            let decides = field != Field::Location && form.limits(&model.setup.source) == Limits::Advised;
            let decides = if decides { "; this endpoint decides" } else { "" };
            (format!("{}{decides}", note(&checked.advice).unwrap_or_default()), theme.dim())
        }
        Ok(checked) if field == Field::Scope && !risks(checked).is_empty() => {
            (format!("▲ {}", risks(checked).join("; ")), theme.warning())
        }
        _ if field == Field::MfaCode => further::code_of_form(model, theme),
        _ if field == Field::RoleArn && model.form.lacks_role(&model.setup.source) => {
            ("▲ IAM has no such role in your account".into(), theme.warning())
        }
        _ => (meaning(model, field, checked), theme.dim()),
    };
    wrap(&printable(&text), width.saturating_sub(LABEL))
        .into_iter()
        .map(|part| Line::from(vec![Span::raw(" ".repeat(LABEL)), Span::styled(part, style)]))
        .collect()
}

fn risks(checked: &Checked) -> Vec<&'static str> {
    checked.request.policy().map(SessionPolicy::risks).unwrap_or_default()
}

fn meaning(model: &Model, field: Field, checked: &Result<Checked, Vec<Note>>) -> String {
    let form = &model.form;
    if let (Field::RoleArn | Field::Name | Field::ExternalId | Field::MfaSerial, Some(filler)) =
        (field, form.filled_by(field, &model.setup.source))
    {
        return format!("as {filler} says");
    }
    match field {
        Field::Mode => preflight::of_mode(model).unwrap_or_else(|| mode_meaning(form.mode).into()),
        Field::Duration => match checked.as_ref().ok().and_then(|checked| checked.request.duration()) {
            Some(duration) => format!("{} seconds; {}", duration.as_secs(), preflight::of_duration(model)),
            None => "such as 15m, 1h30m or 7200".into(),
        },
        Field::Name => "who this session is, in the audit trail".into(),
        Field::RoleArn => "arn:aws:iam::ACCOUNT:role/NAME".into(),
        Field::Location if form.mode.takes_policy() => "where to begin, what to allow; empty: all".into(),
        Field::Location => "where to begin; empty: the buckets".into(),
        Field::Scope => match checked.as_ref().map(|checked| checked.request.policy()) {
            Ok(Some(policy)) => {
                let what = form
                    .verbs
                    .filter(|_| form.policy.is_none())
                    .map_or_else(|| "policy".into(), |verbs| format!("may {}", verbs.in_words()));
                let most = SessionPolicy::MOST_CHARACTERS;
                format!("{what} · {} of {most} characters", policy.as_json().len())
            }
            Ok(None) if form.mode == Mode::Federation => "no session policy: it may do nothing".into(),
            _ => "no session policy: all the role's rights".into(),
        },
        field => further::meaning(form, field, &model.setup.source).unwrap_or_default(),
    }
}

const fn mode_meaning(mode: Mode) -> &'static str {
    match mode {
        Mode::Session => "all the user's rights; it takes no policy",
        Mode::Federation => "a named user, in the scope; takes no MFA",
        Mode::Role => "the role's rights, narrowed if you like",
        Mode::Direct => "no minting: the profile's own credentials",
    }
}

/// What Enter does, and how to do the same by hand.
fn summary(
    form: &MintForm,
    told: &SourceOptions,
    checked: &Result<Checked, Vec<Note>>,
    width: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let source = profile_picker::source_lines(form, told, width, theme);
    let Ok(checked) = checked else {
        let fix = Line::styled("Enter goes to the first field to fix", theme.dim());
        return source.into_iter().chain([fix]).collect();
    };
    let request = &checked.request;
    let duration = request.duration().map(|duration| format!(" for {duration}")).unwrap_or_default();
    let at = form.sts_endpoint(told).map(|url| format!(" at {}", printable(url))).unwrap_or_default();
    let call = form.mode.api().map_or("no call to STS".to_owned(), |call| format!("{call}{at}"));
    let rights = printable(&request.rights()).into_owned();
    let mut lines: Vec<Line> = [call, format!("→ {rights}{duration}")]
        .iter()
        .flat_map(|what| wrap(what, width))
        .map(|line| Line::styled(line, theme.strong()))
        .collect();
    lines.splice(0..0, source);
    let profile = form.chosen().filter(|profile| !profile.ambient);
    if let Some(command) = request.by_hand(profile.map(|profile| profile.name.as_str()), form.sts_endpoint(told)) {
        lines.extend(wrap(&printable(&command), width).into_iter().map(|line| Line::styled(line, theme.dim())));
    }
    lines
}

/// The part of a text around its cursor that fits, and the cursor's cell in it.
pub(super) fn window(input: &TextInput, cells: usize) -> (String, usize) {
    let before: String = input.text().chars().take(input.cursor()).collect();
    let after: String = input.text().chars().skip(input.cursor()).collect();
    let (before, after) = (printable(&before), printable(&after));
    let room = cells.saturating_sub(1).max(1);
    let mut shown: Vec<char> = vec![];
    let mut taken = 0;
    for c in before.chars().rev() {
        let width = unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if taken + width > room {
            break;
        }
        taken += width;
        shown.push(c);
    }
    let cursor = taken;
    let mut text: String = shown.into_iter().rev().collect();
    for c in after.chars() {
        taken += unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if taken > cells {
            break;
        }
        text.push(c);
    }
    (text, cursor)
}

fn place_cursor(input: &TextInput, line: u16, inner: Rect, frame: &mut Frame) {
    let (_, cursor) = window(input, usize::from(inner.width).saturating_sub(LABEL));
    let x = inner.x.saturating_add(u16::try_from(LABEL + cursor).unwrap_or(u16::MAX));
    let y = inner.y.saturating_add(line);
    if y < inner.bottom() && x < inner.right() {
        frame.set_cursor_position((x, y));
    }
}
