//! Objects, from the key press to what is on screen: ranges, the decoder's process, details, versions. The decoder is a
//! process of its own, so these run in real time.

use std::time::Duration;

use ebbtide::app::Screen;

use crate::stage::Stage;

/// A session that stands at `location`, on a terminal of this size.
async fn standing(size: (u16, u16), location: &str) -> Stage {
    let stage = Stage::demo(size, |setup| {
        setup.draft.duration = "1h".into();
        setup.draft.location = location.into();
    });
    stage.until("Enter mints").await;
    stage.press("enter").await;
    stage.until("as user/ana").await;
    stage.until(", all ").await;
    stage
}

/// What was asked for of the content of objects.
fn gets(stage: &Stage) -> usize {
    stage
        .network
        .asked()
        .iter()
        .filter(|asked| asked.contains("x-id=GetObject") && !asked.contains("list-type"))
        .count()
}

/// Selects the row of this name by the filter.
async fn select(stage: &Stage, name: &str) {
    stage.press("/").await;
    for letter in name.chars() {
        stage.press(&letter.to_string()).await;
    }
    stage.until("1 of ").await;
    stage.press("enter").await;
}

#[tokio::test]
async fn content_of_every_kind_is_decoded_in_a_process_of_its_own() {
    for (name, said) in [
        ("readings.csv.gz", "gzip"),
        ("readings.csv.bz2", "bzip2"),
        ("readings.parquet", "Parquet"),
        ("archive.tar", "tar"),
        ("numbers.json", "JSON"),
        ("wave.png", "PNG"),
    ] {
        let stage = standing((100, 30), "s3://tide-objects/kinds/").await;
        select(&stage, name).await;
        stage.press("enter").await;
        stage.until(said).await;
        stage.until("1 request").await;
        assert!(!stage.screen().contains("the decoder"), "{}", stage.screen());
        assert!(gets(&stage) <= 3, "{name}: {:?}", stage.network.asked());
    }
}

#[tokio::test]
async fn coming_back_to_an_object_sends_no_request() {
    let stage = standing((100, 30), "s3://tide-objects/kinds/").await;
    select(&stage, "readings.json").await;
    stage.press("enter").await;
    stage.until("1 request").await;
    let asked = stage.network.asked().len();
    stage.press("esc enter").await;
    stage.until("1 request").await;
    stage.press("f").await;
    stage.until("▸ text").await;
    assert_eq!(stage.network.asked().len(), asked, "another view of what is here asks nobody either");
}

#[tokio::test]
async fn five_gibibytes_cost_at_most_a_quarter_of_a_mebibyte() {
    let stage = standing((100, 30), "s3://tide-objects/large/").await;
    stage.press("enter").await;
    stage.until("64.0 KiB of 5.0 GiB read in 1 request").await;
    stage.press("G").await;
    stage.until("its end").await;
    stage.until("128.0 KiB of 5.0 GiB read in 2 requests").await;
}

#[tokio::test]
async fn a_thousand_moves_over_the_list_leave_one_look() {
    let stage = standing((120, 30), "s3://tide-objects/kinds/").await;
    stage.press("v").await;
    let before = gets(&stage);
    for _ in 0..500 {
        stage.press("j k").await;
    }
    assert_eq!(gets(&stage), before, "nothing is asked while the cursor moves");
    stage.until("1 request").await;
    stage.advance(Duration::from_millis(300)).await;
    assert!(gets(&stage) - before <= 3, "one look: {:?}", stage.network.asked());
}

#[tokio::test]
async fn each_part_of_the_details_comes_by_itself() {
    let stage = standing((100, 30), "s3://tide-objects/kinds/").await;
    select(&stage, "wave.png").await;
    stage.press("i").await;
    stage.until("Type        image/png").await;
    stage.until("6 requests, 0 bytes of the object").await;
    assert_eq!(gets(&stage), 0);
    stage.watch(|model, _| assert_eq!(model.screen, Screen::Object));
}
