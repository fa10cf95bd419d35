//! The example `auth_server` with `--encrypt`: its access tokens show nothing, and open what plain ones open.

use std::fs;

use base64_simd::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::{
    example::{self, Example},
    http,
};

#[test]
fn an_encrypted_token_opens_the_service_that_made_it_also_after_a_restart() {
    let program = example::build("jwtower", "auth_server", &["jwe", "redb"]);
    let folder = tempfile::tempdir().expect("a folder");
    let store = format!("redb:{}", folder.path().join("store.redb").display());
    let start =
        |address: &str| Example::start(&program, &["--encrypt", "--store", &store, "--listen", address]);
    let mut example = start("127.0.0.1:0");
    let address = example.address().to_owned();
    let login = http::post_form(&address, "/auth/login", "username=root&password=correct-horse");
    let pair: Value = serde_json::from_str(&login.expect("an answer").body).expect("JSON");
    let text = |name: &str| pair[name].as_str().expect("a token").to_owned();
    let (access, refresh) = (text("access_token"), text("refresh_token"));

    let segments: Vec<_> = access.split('.').collect();
    assert_eq!(segments.len(), 5);
    let header = URL_SAFE_NO_PAD.decode_to_vec(segments[0]).expect("base64url");
    let header: Value = serde_json::from_slice(&header).expect("JSON");
    assert_eq!((&header["alg"], &header["cty"]), (&json!("A256KW"), &json!("JWT")), "{header}");

    let status = |path: &str| http::send(&address, "GET", path, Some(&access)).status;
    assert_eq!((status("/me"), status("/admin"), status("/auth/sessions")), (200, 200, 200));
    example.kill();
    example = start(&address);
    assert_eq!(status("/me"), 200, "the key is in the store");
    let stored = fs::read(folder.path().join("store.redb")).expect("the store");
    assert!(!stored.windows(9).any(|part| part == b"\"private\""), "the keys are sealed");

    let form = format!("refresh_token={refresh}");
    assert_eq!(http::post_form(&address, "/auth/refresh", &form).expect("an answer").status, 200);
    assert_eq!(http::post_form(&address, "/auth/logout", &form).expect("an answer").status, 204);
    assert_eq!(status("/me"), 401);
    drop(example);
}
