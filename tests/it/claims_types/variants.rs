//! Enums, in every way that serde writes them.

use serde::Deserialize;

use super::fixture::reads;

#[test]
fn an_enum_with_its_tag_inside() {
    #[derive(Deserialize)]
    #[serde(tag = "kind", rename_all = "lowercase")]
    enum Caller {
        User { name: String, sub: String },
        Service(Service),
        Guest,
    }
    #[derive(Deserialize)]
    struct Service {
        owner: String,
        client_id: String,
    }
    reads(
        &[("kind", "\"user\""), ("name", "\"Alice\"")],
        |caller: &Caller| matches!(caller, Caller::User { name, sub } if name == "Alice" && sub == "alice"),
    );
    reads(
        &[("kind", "\"service\""), ("owner", "\"ops\"")],
        |caller: &Caller| matches!(caller, Caller::Service(service) if service.owner == "ops" && service.client_id == "web"),
    );
    reads(&[("kind", "\"guest\"")], |caller: &Caller| matches!(caller, Caller::Guest));
}

#[test]
fn an_enum_whose_tag_is_one_of_ours() {
    #[derive(Deserialize)]
    #[serde(tag = "acr")]
    enum Level {
        #[serde(rename = "urn:mfa")]
        Strong { name: String },
        #[serde(other)]
        Weak,
    }
    reads(
        &[("name", "\"Alice\"")],
        |level: &Level| matches!(level, Level::Strong { name } if name == "Alice"),
    );
    reads(&[("name", "\"Alice\""), ("kind", "0")], |level: &Level| !matches!(level, Level::Weak));
}

#[test]
fn an_enum_with_its_tag_beside_its_content() {
    #[derive(Deserialize)]
    #[serde(tag = "kind", content = "data")]
    enum Caller {
        User { name: String },
        Pair(u8, u8),
        Guest,
    }
    reads(
        &[("kind", "\"User\""), ("data", r#"{"name":"Alice"}"#)],
        |caller: &Caller| matches!(caller, Caller::User { name } if name == "Alice"),
    );
    reads(&[("data", "[1,2]"), ("kind", "\"Pair\"")], |caller: &Caller| matches!(caller, Caller::Pair(1, 2)));
    reads(&[("kind", "\"Guest\"")], |caller: &Caller| matches!(caller, Caller::Guest));
}

#[test]
fn an_enum_with_its_tag_outside() {
    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Caller {
        User { name: String },
        Service(String),
        Pair(u8, u8),
        Guest,
    }
    reads(
        &[("user", r#"{"name":"Alice"}"#)],
        |caller: &Caller| matches!(caller, Caller::User { name } if name == "Alice"),
    );
    reads(
        &[("service", "\"ops\"")],
        |caller: &Caller| matches!(caller, Caller::Service(name) if name == "ops"),
    );
    reads(&[("pair", "[1,2]")], |caller: &Caller| matches!(caller, Caller::Pair(1, 2)));
    reads(&[("guest", "null")], |caller: &Caller| matches!(caller, Caller::Guest));
}

#[test]
fn an_enum_with_its_tag_outside_that_is_one_of_ours() {
    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Caller {
        Sid(String),
    }
    reads(&[], |Caller::Sid(session): &Caller| session == "s-1");
}

#[test]
fn an_enum_without_a_tag() {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Caller {
        User { name: String, sub: String },
        Service { owner: String },
        Other {},
    }
    reads(
        &[("name", "\"Alice\"")],
        |caller: &Caller| matches!(caller, Caller::User { name, sub } if name == "Alice" && sub == "alice"),
    );
    reads(
        &[("owner", "\"ops\"")],
        |caller: &Caller| matches!(caller, Caller::Service { owner } if owner == "ops"),
    );
    reads(&[("else", "1")], |caller: &Caller| matches!(caller, Caller::Other {}));
}
