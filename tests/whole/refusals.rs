//! What cannot be done says what happened and what to do next, on screen, as long as it lasts.

use crate::{
    browsing::{SIZE, browsing},
    stage::Stage,
};

#[tokio::test(start_paused = true)]
async fn a_place_that_cannot_be_listed_says_why_and_what_to_do() {
    let rows: [(&str, &[&str]); 4] = [
        ("s3://tide-vault/", &["not allowed to list s3://tide-vault/", "AccessDenied (403)", "new session", "← back"]),
        ("s3://tide-nowhere/", &["there is no s3://tide-nowhere/", "NoSuchBucket (404)", "check the spelling"]),
        ("s3://tide-logs/nothing/", &["no keys under s3://tide-logs/nothing/", "g go to"]),
        ("s3://tide-eu/", &["galway/", ", all ╯"]),
    ];
    for (location, expected) in rows {
        let stage = browsing(location, "1h").await;
        for text in expected {
            stage.until(text).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_explained_and_left_with_the_rows_of_before() {
    let stage = browsing("", "1h").await;
    stage.press("G enter").await;
    stage.until("not allowed to list s3://tide-vault/").await;
    stage.press("e").await;
    for text in ["what went wrong", "Code", "AccessDenied", "403", "us-west-2", "Rights"] {
        assert!(stage.screen().contains(text), "{text}:\n{}", stage.screen());
    }
    let asked = stage.network.asked().len();
    stage.press("esc left").await;
    stage.until("6 of 6").await;
    assert_eq!(stage.network.asked().len(), asked, "going back costs no request");
}

#[tokio::test(start_paused = true)]
async fn a_bucket_in_another_region_is_followed_once_and_remembered() {
    let stage = browsing("s3://tide-eu/", "1h").await;
    stage.until("galway/").await;
    assert!(stage.screen().contains("s3://tide-eu/ in eu-west-1"), "{}", stage.screen());
    let to_eu = || stage.network.asked().iter().filter(|asked| asked.starts_with("/tide-eu")).count();
    assert_eq!(to_eu(), 2, "the home region, then its own");
    stage.press("enter").await;
    stage.until("gauge-01.csv").await;
    assert_eq!(to_eu(), 3, "and from then on at once");
}

#[tokio::test(start_paused = true)]
async fn a_wrong_secret_mints_nothing_and_names_the_profile() {
    let stage = Stage::demo(SIZE, |_| {});
    stage.until("mistyped").await;
    stage.press("down down down down down down enter").await;
    stage.until("SignatureDoesNotMatch").await;
    stage.press("F2").await;
    for text in ["what went wrong", "mistyped", "SignatureDoesNotMatch", "403", "check the profile's"] {
        assert!(stage.screen().contains(text), "{text}:\n{}", stage.screen());
    }
    assert_eq!(stage.network.asked(), ["GetSessionToken"], "asked once");
    stage.press("esc up up up up up up enter").await;
    stage.until("tide-vault").await;
}
