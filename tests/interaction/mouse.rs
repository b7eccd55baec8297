//! Clicks, by where they land on the screen as it is drawn.

use ebbtide::{
    app::{BuilderRow, Dialog, Message, PolicyBuilder, Setup},
    domain::{
        mint::{Field, Mode},
        policy::{Verb, Verbs},
    },
    ui::{self, Theme},
};
use ratatui::{Terminal, backend::TestBackend};

use crate::play::Play;

fn screen(play: &Play) -> Vec<String> {
    let (columns, rows) = play.model.size;
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| ui::view(&play.model, &Theme::plain(), frame)).unwrap();
    let buffer = terminal.backend().buffer();
    let line = |y| (0..columns).map(|x| buffer[(x, y)].symbol()).collect();
    (0..rows).map(line).collect()
}

/// Clicks on the first letter of `text`.
fn click(play: &mut Play, text: &str) {
    let screen = screen(play);
    let found = screen.iter().enumerate().find_map(|(y, line)| Some((line[..line.find(text)?].chars().count(), y)));
    let (x, y) = found.unwrap_or_else(|| panic!("no {text:?} in\n{}", screen.join("\n")));
    if let Some(action) = ui::hit(&play.model, u16::try_from(x).unwrap(), u16::try_from(y).unwrap()) {
        play.tell(Message::Action(action));
    }
}

fn federation(size: (u16, u16)) -> Play {
    let mut setup = Setup::default();
    setup.draft.mode = Mode::Federation;
    setup.draft.verbs = Some(Verbs::READ);
    let mut play = Play::at_the_form(setup);
    play.tell(Message::Resized(size.0, size.1));
    play
}

fn builder(play: &Play) -> &PolicyBuilder {
    match play.model.dialogs.front() {
        Some(Dialog::PolicyBuilder(builder)) => builder,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_click_on_a_field_goes_there_and_a_second_one_chooses() {
    for size in [(60, 15), (80, 24), (140, 40)] {
        let mut play = federation(size);
        click(&mut play, "Duration");
        assert_eq!(play.model.form.focus, Field::Duration, "{size:?}");
        click(&mut play, "Mode ");
        assert_eq!((play.model.form.focus, play.model.form.mode), (Field::Mode, Mode::Federation), "{size:?}");
        click(&mut play, "Mode ");
        assert_eq!(play.model.form.mode, Mode::Role, "{size:?}");
    }
}

#[test]
fn a_click_in_the_policy_builder_checks_a_box_and_one_beside_it_loses_nothing() {
    for size in [(60, 15), (80, 24), (140, 40)] {
        let mut play = federation(size);
        play.press("F3");
        let before = builder(&play).verbs;
        click(&mut play, "write objects");
        assert_eq!(builder(&play).focus, BuilderRow::Verb(Verb::Put), "{size:?}");
        assert_eq!(builder(&play).verbs, before.toggle_verb(Verb::Put), "{size:?}");
        click(&mut play, "Bucket");
        assert_eq!(builder(&play).focus, BuilderRow::Location, "{size:?}");
        for beside in ["JSON", "ebbtide"] {
            let before = play.model.clone();
            click(&mut play, beside);
            assert_eq!(play.model, before, "{beside} {size:?}");
        }
    }
}

#[test]
fn the_json_scrolls_to_its_last_line_and_back_at_once() {
    let mut play = federation((60, 15));
    play.press("F3 pgdn");
    let one = builder(&play).scrolled;
    play.press(&"pgdn ".repeat(20));
    let end = builder(&play).scrolled;
    play.press("pgup");
    assert!(one > 0 && end >= one && builder(&play).scrolled < end, "{one} {end} {}", builder(&play).scrolled);
}
