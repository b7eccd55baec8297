//! The console's sign-in URL from the interface: through the worker and the SDK, from the sandbox, to the clipboard.

use std::sync::{Arc, Mutex};

use crate::{browsing::SIZE, stage::Stage};

/// A form with another mode than the first, minted: so many keys to the right.
async fn minted(mode_keys: &str, who: &str) -> Stage {
    let stage = Stage::demo(SIZE, |setup| setup.draft.location = "s3://tide-archive/2026/".into());
    stage.until("✓ Enter mints").await;
    stage.press("tab").await;
    stage.press(mode_keys).await;
    stage.press("enter").await;
    stage.until(who).await;
    stage
}

#[tokio::test(start_paused = true)]
async fn a_role_session_and_a_federated_user_have_a_sign_in_url_on_the_clipboard() {
    for (mode_keys, who) in [("right right", "as assumed-role/reader/"), ("right", "as federated-user/")] {
        let stage = minted(mode_keys, who).await;
        let frames = Arc::new(Mutex::new(String::new()));
        let kept = frames.clone();
        stage.watch(move |_, frame| kept.lock().unwrap().push_str(frame));
        stage.press("x").await;
        stage.until("from http://127.0.0.1:9").await;
        stage.press("w").await;
        stage.until("Press w again").await;
        assert!(stage.copied().is_empty(), "it is asked for twice");
        stage.press("w").await;
        stage.until("URL sent to the terminal").await;
        let [url] = &stage.copied()[..] else { panic!("{:?}", stage.copied()) };
        assert!(url.starts_with("http://127.0.0.1:9/federation?Action=login&"), "{url}");
        assert!(url.contains("%2Fs3%2Fbuckets%2Ftide-archive%3Fregion%3Dus-west-2%26prefix%3D2026%252F"), "{url}");
        let token = url.split("SigninToken=").nth(1).unwrap();
        assert!(token.len() > 64 && !frames.lock().unwrap().contains(&token[..16]), "no frame shows it");
        assert_eq!(stage.network.asked().iter().filter(|asked| *asked == "getSigninToken").count(), 1);
        assert!(stage.network.asked().iter().all(|asked| !asked.contains("sessionKey")), "no address holds the key");
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_token_has_no_console_and_nobody_is_asked_for_one() {
    let stage = minted("", "as user/ana").await;
    stage.press("x").await;
    stage.until("only role sessions and federated users").await;
    stage.press("w w").await;
    stage.until("no sign-in URL").await;
    assert!(!stage.network.asked().contains(&"getSigninToken".to_owned()));
    assert!(stage.copied().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_session_that_has_ended_gets_no_url_and_the_reason_is_said() {
    let stage = minted("right right", "as assumed-role/reader/").await;
    stage.until("EXPIRED").await;
    stage.press("x w w").await;
    stage.until("not copied").await;
    assert!(stage.copied().is_empty());
}
