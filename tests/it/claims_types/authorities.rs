//! Roles, permissions and scopes at other places of the payload.

use jwtower::{JwtAuthLayer, NoClaims, claims::AuthorityMap};
use jwtower_tests::{Forge, HEADER};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::fixture::{Member, object, verifier, with_ours};

/// Roles, permissions and scopes of one token, or the code of its refusal.
fn read<C>(map: AuthorityMap, own: &[Member<'_>]) -> Result<[Vec<String>; 3], &'static str>
where
    C: DeserializeOwned + Send + Sync + 'static,
{
    let forge = Forge::new();
    let verifier = verifier::<C>(&forge).authorities(map).build().expect("the verifier is complete");
    let token = forge.sign(HEADER, object(&with_ours(own)));
    let claims = jwtower_tests::at_once(JwtAuthLayer::new(verifier).authenticate(&token))
        .map_err(|error| error.code())?;
    let principal = claims.principal();
    let owned = |names: &mut dyn Iterator<Item = &str>| names.map(str::to_owned).collect();
    Ok([owned(&mut principal.roles()), owned(&mut principal.permissions()), owned(&mut principal.scopes())])
}

/// The roles at these pointers, whatever the claims type.
fn roles(pointers: &[&str], own: &[Member<'_>]) -> Result<Vec<String>, &'static str> {
    let map = AuthorityMap::new().roles(pointers.iter().copied()).expect("these are pointers");
    let found = read::<NoClaims>(map.clone(), own).map(|[roles, ..]| roles);
    assert_eq!(read::<Value>(map, own).map(|[roles, ..]| roles), found, "as a value");
    found
}

#[test]
fn roles_are_found_along_a_pointer() {
    let keycloak = r#"{"other":[1],"roles":["a","b"],"more":{}}"#;
    let clients = r#"{"web":{"roles":["w"]},"api":{"roles":["x","y"]}}"#;
    for (pointers, own, expected) in [
        (&["/realm_access/roles"][..], &[("realm_access", keycloak)][..], &["a", "b"][..]),
        (&["/resource_access/api/roles"], &[("resource_access", clients)], &["x", "y"]),
        (
            &["/resource_access/web/roles", "/resource_access/api/roles"],
            &[("resource_access", clients)],
            &["w", "x", "y"],
        ),
        (&["/realm_access/roles", "/roles"], &[("realm_access", keycloak)], &["a", "b", "user", "auditor"]),
        (&["/https:~1~1example.com~1roles"], &[("https://example.com/roles", "[\"a\"]")], &["a"]),
        (&["/a~1b/c~0d"], &[("a/b", r#"{"c~d":"x"}"#)], &["x"]),
        (&["/a~01"], &[("a~1", "\"x\"")], &["x"]),
        (&["/"], &[("", "\"x\"")], &["x"]),
        (&["/a//b"], &[("a", r#"{"":{"b":"x"}}"#)], &["x"]),
        (&["/gruppen/größe"], &[("gruppen", r#"{"gr\u00f6\u00dfe":"x"}"#)], &["x"]),
        (&["/groups/1"], &[("groups", r#"["a","b","c"]"#)], &["b"]),
        (&["/groups/1/names"], &[("groups", r#"[{"names":"a"},{"names":["b","c"]}]"#)], &["b", "c"]),
        (&["/groups/0/0"], &[("groups", r#"[["a"],["b"]]"#)], &["a"]),
        (&["/groups/1"], &[("groups", r#"{"1":"a"}"#)], &["a"]),
        (&["/one"], &[("one", "\"two words\"")], &["two words"]),
        (&["/one"], &[("one", r#""\u0061\n""#)], &["a\n"]),
        (&["/sub"], &[], &["alice"]),
        (&["/roles"], &[("roles", "[]")], &[]),
    ] {
        assert_eq!(
            roles(pointers, own).as_deref(),
            Ok(expected.map_owned().as_slice()),
            "{pointers:?} {own:?}"
        );
    }
}

#[test]
fn a_pointer_that_ends_before_its_place_finds_nothing() {
    for (pointer, own) in [
        ("/absent", &[][..]),
        ("/realm_access/roles", &[]),
        ("/realm_access/roles", &[("realm_access", r#"{"other":["a"]}"#)]),
        ("/groups/3", &[("groups", r#"["a","b","c"]"#)]),
        ("/groups/name", &[("groups", r#"["a"]"#)]),
        // RFC 6901 §4: digits without a leading zero, and "-" is the place behind the last one.
        ("/groups/01", &[("groups", r#"["a","b"]"#)]),
        ("/groups/+1", &[("groups", r#"["a","b"]"#)]),
        ("/groups/-", &[("groups", r#"["a"]"#)]),
        ("/groups/99999999999999999999999", &[("groups", r#"["a"]"#)]),
    ] {
        assert_eq!(roles(&[pointer], own).as_deref(), Ok(&[][..]), "{pointer} {own:?}");
    }
}

#[test]
fn what_is_no_name_and_no_list_of_names_makes_the_token_invalid() {
    for (pointer, own) in [
        ("/roles", &[("roles", "5")][..]),
        ("/roles", &[("roles", "null")]),
        ("/roles", &[("roles", "true")]),
        ("/roles", &[("roles", r#"{"a":true}"#)]),
        ("/roles", &[("roles", r#"["a",1]"#)]),
        ("/roles", &[("roles", r#"["a",["b"]]"#)]),
        ("/realm_access/roles", &[("realm_access", r#"{"roles":5}"#)]),
        ("/realm_access/roles", &[("realm_access", "null")]),
        ("/realm_access/roles", &[("realm_access", "\"roles\"")]),
        ("/realm_access/roles", &[("realm_access", r#"{"roles":["a"],"roles":["b"]}"#)]),
        ("/realm_access/roles", &[("realm_access", r#"{"roles":["a"],"r\u006fles":["b"]}"#)]),
        ("/groups/0/name", &[("groups", "[1]")]),
    ] {
        assert_eq!(roles(&[pointer], own), Err("mistyped_claim"), "{pointer} {own:?}");
    }
}

#[test]
fn permissions_and_scopes_have_their_own_places() {
    let map = AuthorityMap::new()
        .permissions(["/rights/can"])
        .unwrap()
        .scopes(["/scopes", "/rights/more"])
        .unwrap();
    let own = [("rights", r#"{"can":["p q","r"],"more":" s  t "}"#), ("scopes", r#"["u","v w"]"#)];
    let [roles, permissions, scopes] = read::<NoClaims>(map, &own).unwrap();
    assert_eq!(roles, ["user", "auditor"]);
    assert_eq!(permissions, ["p q", "r"]);
    scopes.iter().for_each(|scope| assert!(["s", "t", "u", "v", "w"].contains(&&**scope), "{scope}"));
    assert_eq!(scopes.len(), 5);
}

#[test]
fn scopes_stand_in_scope_and_scp_together() {
    let own = [("scope", "\"a b\""), ("scp", r#"["c"]"#)];
    assert_eq!(read::<NoClaims>(AuthorityMap::new(), &own).unwrap()[2], ["a", "b", "c"]);
}

#[test]
fn one_claim_may_be_role_permission_and_scope_at_once() {
    let map = AuthorityMap::new();
    let map = map.roles(["/all"]).unwrap().permissions(["/all"]).unwrap().scopes(["/all"]).unwrap();
    let read = read::<Value>(map, &[("all", r#"["a","b"]"#)]).unwrap();
    assert_eq!(read, [["a", "b"], ["a", "b"], ["a", "b"]].map(|names| names.map(str::to_owned).to_vec()));
}

/// Owned copies of names, for comparing.
trait MapOwned {
    fn map_owned(&self) -> Vec<String>;
}

impl MapOwned for [&str] {
    fn map_owned(&self) -> Vec<String> {
        self.iter().map(|name| (*name).to_owned()).collect()
    }
}
