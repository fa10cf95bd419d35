//! Structs, with what serde can say about their fields.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashSet},
};

use jwtower::{NoClaims, claims::NumericDate};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, value::RawValue};

use super::fixture::reads;

#[test]
fn a_plain_struct() {
    #[derive(Deserialize)]
    struct User {
        name: String,
        team: Option<String>,
        roles: Vec<String>,
    }
    reads(&[("name", r#""Zo\u00eb""#)], |user: &User| {
        user.name == "Zoë" && user.team.is_none() && user.roles == ["user", "auditor"]
    });
    reads(&[("name", "\"Z\""), ("team", "\"t\""), ("unknown", "[{}]")], |user: &User| {
        user.team.as_deref() == Some("t")
    });
}

#[test]
fn a_struct_that_denies_unknown_fields_does_not_see_ours() {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        name: String,
    }
    reads(&[("name", "\"Alice\"")], |user: &Strict| user.name == "Alice");
}

#[test]
fn a_struct_that_denies_unknown_fields_and_names_some_of_ours() {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        name: String,
        sub: String,
        exp: f64,
    }
    reads(&[("name", "\"Alice\"")], |user: &Strict| {
        user.name == "Alice" && user.sub == "alice" && user.exp == 4_102_444_800.5
    });
}

#[test]
fn fields_with_aliases_and_other_names_also_of_ours() {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct User {
        #[serde(alias = "given_name", alias = "vorname")]
        first_name: String,
        #[serde(alias = "sub")]
        account: String,
        #[serde(rename = "jti")]
        token: String,
        #[serde(alias = "roles")]
        groups: Vec<String>,
    }
    for name in ["firstName", "given_name", "vorname"] {
        reads(&[(name, "\"Alice\"")], |user: &User| {
            user.first_name == "Alice"
                && user.account == "alice"
                && user.token == "t-1"
                && user.groups.len() == 2
        });
    }
}

#[test]
fn fields_of_ours_with_types_of_their_own() {
    #[derive(Deserialize, PartialEq)]
    struct Subject(String);

    #[derive(Deserialize, PartialEq)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }

    #[derive(Deserialize, PartialEq)]
    #[serde(rename_all = "lowercase")]
    enum Role {
        User,
        Auditor,
    }

    #[derive(Deserialize)]
    struct User {
        sub: Subject,
        aud: OneOrMany,
        permissions: OneOrMany,
        roles: Vec<Role>,
        exp: NumericDate,
        iat: u32,
        nbf: i8,
        acr: Option<String>,
        nonce: Option<String>,
    }
    reads(&[], |user: &User| {
        user.sub == Subject("alice".into())
            && matches!(&user.aud, OneOrMany::Many(names) if names.len() == 2)
            && user.permissions == OneOrMany::One("posts:read".into())
            && user.roles == [Role::User, Role::Auditor]
            && user.exp.as_secs() == 4_102_444_800.5
            && (user.iat, user.nbf) == (1_700_000_000, -1)
            && user.acr.as_deref() == Some("urn:mfa")
            && user.nonce.is_none()
    });
}

#[test]
fn authority_fields_of_every_type_that_fits_them() {
    #[derive(Deserialize, PartialEq, Eq, Hash, PartialOrd, Ord, Clone, Debug)]
    #[serde(rename_all = "lowercase")]
    enum Role {
        User,
        Auditor,
    }
    #[derive(Deserialize)]
    struct Roles(Vec<Role>);
    #[derive(Deserialize)]
    struct Has<R, P, S> {
        roles: R,
        permissions: P,
        scope: S,
    }
    #[derive(Deserialize, PartialEq, Debug)]
    enum Permission {
        #[serde(rename = "posts:read")]
        Read,
    }
    #[derive(Deserialize)]
    #[serde(from = "String")]
    struct Named(String);
    impl From<String> for Named {
        fn from(text: String) -> Self {
            Self(text)
        }
    }
    let owned = |names: [&str; 2]| names.map(str::to_owned);
    reads(&[], |has: &Has<Vec<Role>, Permission, String>| {
        has.roles == [Role::User, Role::Auditor]
            && has.permissions == Permission::Read
            && has.scope == "read  write"
    });
    reads(&[], |has: &Has<HashSet<Role>, Option<Permission>, Box<str>>| {
        has.roles.len() == 2 && has.permissions == Some(Permission::Read) && &*has.scope == "read  write"
    });
    reads(&[], |has: &Has<(String, Role), Value, Value>| {
        has.roles == ("user".to_owned(), Role::Auditor) && has.permissions == "posts:read"
    });
    reads(&[], |has: &Has<[String; 2], Cow<'static, str>, Option<Option<String>>>| {
        has.roles == owned(["user", "auditor"]) && has.scope == Some(Some("read  write".to_owned()))
    });
    reads(&[], |has: &Has<Roles, IgnoredAny, Box<RawValue>>| {
        has.roles.0 == [Role::User, Role::Auditor] && has.scope.get() == r#""read  write""#
    });
    reads(&[], |has: &Has<Box<RawValue>, Box<RawValue>, String>| {
        has.roles.get() == r#"["user", "aud\u0069tor"]"#
    });
    reads(&[], |has: &Has<Vec<Box<RawValue>>, String, Box<str>>| {
        has.roles[1].get() == r#""aud\u0069tor""# && &*has.scope == "read  write"
    });
    reads(&[], |has: &Has<BTreeSet<String>, Named, Cow<'static, str>>| {
        has.roles.len() == 2 && has.permissions.0 == "posts:read" && has.scope.len() == 11
    });
}

#[test]
fn fields_that_take_json_as_it_stands() {
    #[derive(Deserialize)]
    struct User {
        profile: Box<RawValue>,
        aud: Box<RawValue>,
        exp: Box<RawValue>,
        sid: Box<RawValue>,
    }
    reads(&[("profile", r#"{ "a" : [1,  2.50] }"#)], |user: &User| {
        user.profile.get() == r#"{ "a" : [1,  2.50] }"#
            && user.aud.get() == r#"["https://other.example.com", "https://api.example.com"]"#
            && user.exp.get() == "4102444800.5"
            && user.sid.get() == r#""s-\u0031""#
    });
}

#[test]
fn fields_with_defaults() {
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct User {
        name: String,
        level: u8,
        sid: String,
        #[serde(skip)]
        cached: bool,
    }
    reads(&[("level", "3")], |user: &User| {
        user.name.is_empty() && user.level == 3 && user.sid == "s-1" && !user.cached
    });
}

#[test]
fn fields_of_every_number() {
    #[derive(Deserialize)]
    struct Numbers {
        wide: u128,
        deep: i128,
        exact: f64,
        byte: u8,
        iat: u128,
        auth_time: i128,
    }
    let own = [
        ("wide", "340282366920938463463374607431768211455"),
        ("deep", "-170141183460469231731687303715884105728"),
        ("exact", "0.1"),
        ("byte", "255"),
    ];
    reads(&own, |numbers: &Numbers| {
        numbers.wide == u128::MAX
            && numbers.deep == i128::MIN
            && numbers.exact == 0.1
            && numbers.byte == 255
            && (numbers.iat, numbers.auth_time) == (1_700_000_000, 1_699_999_999)
    });
}

#[test]
fn nested_structs_and_wrappers_around_a_struct() {
    #[derive(Deserialize)]
    struct Address {
        city: String,
    }
    #[derive(Deserialize)]
    struct User {
        address: Box<Address>,
        tags: Vec<(u8, String)>,
    }
    #[derive(Deserialize)]
    struct Wrapper(User);
    #[derive(Deserialize)]
    #[serde(transparent)]
    struct Transparent {
        user: User,
    }
    let own = [("address", r#"{"city":"Ulm","exp":1}"#), ("tags", r#"[[1,"a"],[2,"b"]]"#)];
    let is_right = |user: &User| user.address.city == "Ulm" && user.tags[1] == (2, "b".to_owned());
    reads(&own, is_right);
    reads(&own, |wrapper: &Wrapper| is_right(&wrapper.0));
    reads(&own, |wrapper: &Transparent| is_right(&wrapper.user));
    reads(&own, |user: &Option<User>| user.as_ref().is_some_and(is_right));
    reads(&own, |user: &Option<Box<Wrapper>>| user.as_ref().is_some_and(|user| is_right(&user.0)));
}

#[test]
fn types_that_keep_nothing() {
    #[derive(Deserialize)]
    struct Empty {}
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct StrictlyEmpty {}
    reads(&[("name", "1")], |_: &NoClaims| true);
    reads(&[("name", "1")], |_: &IgnoredAny| true);
    reads(&[("name", "1")], |_: &Empty| true);
    reads(&[], |_: &StrictlyEmpty| true);
}

#[test]
fn a_struct_that_is_converted_after_it_was_read() {
    #[derive(Deserialize)]
    struct Wire {
        name: String,
        sub: String,
    }
    #[derive(Deserialize)]
    #[serde(from = "Wire")]
    struct User(String);
    impl From<Wire> for User {
        fn from(wire: Wire) -> Self {
            Self(format!("{} ({})", wire.name, wire.sub))
        }
    }
    reads(&[("name", "\"Alice\"")], |user: &User| user.0 == "Alice (alice)");
}
