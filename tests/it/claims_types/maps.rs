//! Maps, JSON values, and structs with a map for the rest; these see every member.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde_json::{Map, Value, json, value::RawValue};

use super::fixture::reads;

#[test]
fn a_json_value() {
    reads(&[("name", r#"{"a":[1,null]}"#)], |value: &Value| {
        value["name"] == json!({"a": [1, null]})
            && value["sid"] == "s-1"
            && value.as_object().unwrap().len() == 15
    });
    reads(&[], |value: &Map<String, Value>| value["roles"] == json!(["user", "auditor"]));
}

#[test]
fn a_map_of_strings() {
    reads(&[("name", "\"Alice\"")], |map: &HashMap<String, Value>| {
        map["name"] == "Alice" && map["iat"] == 1_700_000_000 && map.len() == 15
    });
}

#[test]
fn a_map_of_raw_json() {
    reads(&[("name", "[ 1 ]")], |map: &BTreeMap<String, Box<RawValue>>| {
        map["name"].get() == "[ 1 ]" && map["nbf"].get() == "-1"
    });
}

#[test]
fn a_map_whose_keys_are_a_type_of_their_own() {
    #[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
    struct Name(String);
    #[derive(Deserialize, PartialEq, Eq, Hash)]
    #[serde(rename_all = "snake_case")]
    enum Known {
        Name,
        Exp,
        #[serde(other)]
        Other,
    }
    reads(&[("name", "1")], |map: &BTreeMap<Name, Value>| {
        map[&Name("name".into())] == 1 && map.contains_key(&Name("acr".into()))
    });
    reads(&[("name", "1")], |map: &BTreeMap<Option<Name>, Value>| map[&Some(Name("name".into()))] == 1);
    reads(&[("name", "1")], |map: &HashMap<Known, Value>| {
        map[&Known::Name] == 1 && map[&Known::Exp] == 4_102_444_800.5 && map.len() == 3
    });
}

#[test]
fn a_struct_with_a_map_for_the_rest() {
    #[derive(Deserialize)]
    struct User {
        name: String,
        sub: String,
        #[serde(flatten)]
        rest: HashMap<String, Value>,
    }
    reads(&[("name", "\"Alice\""), ("tenant", "7")], |user: &User| {
        user.name == "Alice"
            && user.sub == "alice"
            && user.rest["tenant"] == 7
            && user.rest["exp"] == 4_102_444_800.5
            && !user.rest.contains_key("sub")
    });
}

#[test]
fn a_struct_with_the_fields_of_another() {
    #[derive(Deserialize)]
    struct Tenant {
        tenant: u8,
        region: Option<String>,
        sid: String,
    }
    #[derive(Deserialize)]
    struct User {
        #[serde(flatten)]
        tenant: Tenant,
        #[serde(flatten)]
        missing: Option<Missing>,
        name: String,
    }
    #[derive(Deserialize)]
    struct Missing {
        #[allow(dead_code, reason = "it is never there")]
        nowhere: String,
    }
    reads(&[("name", "\"Alice\""), ("tenant", "7")], |user: &User| {
        user.name == "Alice"
            && user.tenant.tenant == 7
            && user.tenant.region.is_none()
            && user.tenant.sid == "s-1"
            && user.missing.is_none()
    });
}
