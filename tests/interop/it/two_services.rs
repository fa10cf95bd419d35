//! The examples `auth_server` and `resource_server`, of which the second knows nothing but the first one's URL.

use std::{
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    example::{self, Example},
    http,
    server::Server,
};

/// What the second service may take to notice that the first one is back.
const PATIENCE: Duration = Duration::from_secs(20);

/// The example `auth_server`, whose keys are gone with it.
struct Login {
    program: std::path::PathBuf,
    example: Example,
}

impl Login {
    fn start() -> Self {
        let program = example::build("jwtower", "auth_server", &["jwe", "redb"]);
        let example = started(&program, "127.0.0.1:0");
        Self { program, example }
    }

    /// At the same address, with other keys.
    fn restart(&mut self) {
        self.example.kill();
        self.example = started(&self.program, self.example.address());
    }

    fn url(&self) -> String {
        format!("http://{}", self.example.address())
    }

    /// The access token of a fresh login.
    fn token(&self) -> String {
        let form = "username=root&password=correct-horse";
        let answer = http::post_form(self.example.address(), "/auth/login", form).expect("an answer");
        let body: Value = serde_json::from_str(&answer.body).expect("JSON");
        body["access_token"].as_str().expect("a token").to_owned()
    }
}

fn started(program: &Path, address: &str) -> Example {
    Example::start(program, &["--store", "memory", "--listen", address])
}

/// The example `resource_server`, which is told the URL of the other service.
fn api(login: &Login) -> Server {
    let (issuer, audience) = (login.url(), "auth-server-api".to_owned());
    Server::start(&["--discover".into(), "--issuer".into(), issuer, "--audience".into(), audience])
}

#[test]
fn a_login_at_one_service_opens_another_through_a_rotation_and_an_outage() {
    let mut login = Login::start();
    let api = api(&login);
    let first = login.token();
    let whoami = api.get("/whoami", Some(&first));
    assert_eq!(whoami.status, 200, "{}", whoami.body);
    let claims: Value = serde_json::from_str(&whoami.body).expect("JSON");
    assert_eq!(claims["roles"], serde_json::json!(["user", "admin"]));
    assert_eq!(api.get("/admin", Some(&first)).status, 200);

    login.example.kill();
    assert_eq!(api.get("/whoami", Some(&first)).status, 200, "its keys are known");

    login.restart();
    assert_eq!(api.get("/whoami", Some(&first)).status, 200, "nobody has looked yet");
    let second = login.token();
    assert_eq!(api.get("/whoami", Some(&second)).status, 200, "new keys are found at once");
    assert_eq!(api.get("/whoami", Some(&first)).status, 401, "those of before are gone");
}

#[test]
fn a_service_that_starts_first_answers_503_until_the_other_is_there() {
    let mut login = Login::start();
    let early = login.token();
    login.example.kill();
    let api = api(&login);
    assert_eq!(api.get("/healthz", None).status, 200);
    assert_eq!(api.get("/whoami", None).status, 401);
    let answer = api.get("/whoami", Some(&early));
    assert_eq!(answer.status, 503);
    assert!(answer.head.to_lowercase().contains("\r\nretry-after: "), "{}", answer.head);

    login.restart();
    let (token, start) = (login.token(), Instant::now());
    while api.get("/whoami", Some(&token)).status == 503 {
        assert!(start.elapsed() < PATIENCE, "it was never asked again");
        sleep(Duration::from_millis(50));
    }
    assert_eq!(api.get("/whoami", Some(&token)).status, 200);
    assert_eq!(api.get("/whoami", Some(&early)).status, 401);
}
