//! Which scopes a token gets: never more than its login, never more than the accounts name now.

use serde_json::{Map, Value};

use crate::error::{AuthError, Code};

/// What the accounts name, as a text or as a list, at the places where verifiers look for scopes.
pub(super) fn offered(claims: &Map<String, Value>) -> Option<String> {
    let mut all = None::<Vec<&str>>;
    for place in ["scope", "scp"] {
        let texts = match claims.get(place) {
            Some(Value::String(text)) => vec![&**text],
            Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect(),
            _ => continue,
        };
        let all = all.get_or_insert_default();
        for name in texts.into_iter().flat_map(names) {
            if !all.contains(&name) {
                all.push(name);
            }
        }
    }
    all.map(|names| names.join(" "))
}

/// What a login is granted: what it asks for, or all that the accounts name.
pub(super) fn at_login(asked: Option<&str>, offered: Option<&str>) -> Result<Option<String>, AuthError> {
    match asked {
        None => Ok(offered.map(normal)),
        Some(asked) if covers(offered.unwrap_or_default(), asked) => Ok(Some(normal(asked))),
        Some(_) => Err(Code::ScopeWidened.into()),
    }
}

/// What a refresh is granted: what it asks for, of the login's scope, as far as the accounts still name it.
pub(super) fn at_refresh(
    asked: Option<&str>,
    granted: Option<&str>,
    offered: Option<&str>,
) -> Result<Option<String>, AuthError> {
    let Some(granted) = granted else {
        return if asked.is_none_or(|asked| names(asked).next().is_none()) {
            Ok(None)
        } else {
            Err(Code::ScopeWidened.into())
        };
    };
    let asked = asked.unwrap_or(granted);
    if !covers(granted, asked) {
        return Err(Code::ScopeWidened.into());
    }
    let offered = offered.unwrap_or_default();
    let left: Vec<_> = names(asked).filter(|name| names(offered).any(|known| known == *name)).collect();
    Ok(Some(left.join(" ")))
}

fn covers(granted: &str, asked: &str) -> bool {
    names(asked).all(|name| names(granted).any(|known| known == name))
}

fn names(scope: &str) -> impl Iterator<Item = &str> {
    scope.split(' ').filter(|name| !name.is_empty())
}

fn normal(scope: &str) -> String {
    names(scope).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_accounts_name_scopes_in_two_places_and_two_forms() {
        let rows = [
            (json!({}), None),
            (json!({ "scope": null, "scp": 7 }), None),
            (json!({ "scope": " write  read" }), Some("write read")),
            (json!({ "scp": ["read", "write read", 7] }), Some("read write")),
            (json!({ "scope": "read", "scp": "read write" }), Some("read write")),
            (json!({ "scope": "" }), Some("")),
            (json!({ "scope": null, "scp": [] }), Some("")),
        ];
        for (claims, expected) in rows {
            assert_eq!(offered(claims.as_object().unwrap()).as_deref(), expected, "{claims}");
        }
    }

    fn said(result: Result<Option<String>, AuthError>) -> Result<Option<String>, &'static str> {
        result.map_err(|error| error.code())
    }

    #[test]
    fn a_login_gets_what_it_asks_for_of_what_the_accounts_name() {
        let rows = [
            (None, None, Ok(None)),
            (None, Some("read write"), Ok(Some("read write"))),
            (Some("read"), Some("read write"), Ok(Some("read"))),
            (Some(" write  read"), Some("read write"), Ok(Some("write read"))),
            (Some("admin"), Some("read write"), Err("scope_widened")),
            (Some("read admin"), Some("read write"), Err("scope_widened")),
            (Some("read"), None, Err("scope_widened")),
            (Some("rea"), Some("read"), Err("scope_widened")),
        ];
        for (asked, offered, expected) in rows {
            let expected = expected.map(|scope: Option<&str>| scope.map(str::to_owned));
            assert_eq!(said(at_login(asked, offered)), expected, "{asked:?} of {offered:?}");
        }
    }

    #[test]
    fn a_refresh_may_narrow_and_never_widen() {
        let rows = [
            (None, Some("read write"), Some("read write admin"), Ok(Some("read write"))),
            (Some("read"), Some("read write"), Some("read write"), Ok(Some("read"))),
            (Some("admin"), Some("read write"), Some("read write admin"), Err("scope_widened")),
            (None, Some("read write"), Some("read"), Ok(Some("read"))),
            (Some("write"), Some("read write"), Some("read"), Ok(Some(""))),
            (None, Some("read"), None, Ok(Some(""))),
            (None, None, Some("read"), Ok(None)),
            (Some("read"), None, Some("read"), Err("scope_widened")),
            (Some(""), None, Some("read"), Ok(None)),
        ];
        for (asked, granted, offered, expected) in rows {
            let expected = expected.map(|scope: Option<&str>| scope.map(str::to_owned));
            let given = said(at_refresh(asked, granted, offered));
            assert_eq!(given, expected, "{asked:?} of {granted:?}, now {offered:?}");
        }
    }
}
