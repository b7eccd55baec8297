//! A count with somebody watching.

use std::time::Duration;

use ebbtide::{
    clock::Clock,
    sandbox::{Sandbox, Settings},
};
use tokio::{net::TcpListener, runtime::Runtime};

use crate::pty::{Program, Pty};

#[test]
fn how_far_it_is_stands_on_one_line_and_the_key_that_interrupts_ends_it_with_what_there_is() {
    let settings = Settings { latency: Duration::from_millis(300), ..Settings::default() };
    let sandbox = Sandbox::new(Clock::system(), settings).unwrap();
    let runtime = Runtime::new().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let greeting = sandbox.greeting(&endpoint);
    runtime.spawn(sandbox.serve(listener));
    let mut pty = Pty::start(&Program {
        args: &["count", "-m", "direct", "--max-in-flight", "1", "s3://tide-logs"],
        env: &[
            ("AWS_ACCESS_KEY_ID", &greeting.access_key_id),
            ("AWS_SECRET_ACCESS_KEY", &greeting.secret_access_key),
            ("AWS_ENDPOINT_URL", &endpoint),
        ],
        ..Program::default()
    });
    pty.find(",000 objects, ");
    pty.keys("\x03");
    let ended = pty.end();
    let screen = ended.screen.contents();
    assert_eq!(ended.code, 130, "{screen}");
    assert!(screen.contains(", and more that are not counted"), "{screen}");
    assert!(!screen.contains("Ctrl-C"), "the line is gone: {screen}");
    assert_eq!(ended.modes[0], ended.modes[1]);
}
