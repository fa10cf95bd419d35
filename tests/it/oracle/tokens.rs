//! Tokens that are right but for one change, or two.

use jwtower_tests::{AUDIENCE, ISSUER, encode, good_claims};
use proptest::{
    collection::{btree_map, vec},
    prelude::*,
    sample::{Index, select},
};
use serde_json::{Map, Value, json};

use super::keys::{PAIRS, Pair};

/// Everything that one token is made from.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    key: Index,
    /// Members of the header that are set, or with `None` removed.
    header: Vec<(String, Option<Value>)>,
    claims: Vec<(String, Option<Value>)>,
    /// A member that stands twice, in the header or in the payload.
    repeated: Option<(Part, Index)>,
    damage: Option<Damage>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Header,
    Payload,
}

/// A change of the finished token's text.
#[derive(Clone, Debug)]
enum Damage {
    Replace(Index, char),
    Insert(Index, char),
    Remove(Index),
    Truncate(Index),
    Append(String),
    /// The alphabet's neighbour of the last character, which differs in its unused bits only.
    LastBits,
}

impl Recipe {
    pub(super) fn pair(&self) -> &'static Pair {
        self.key.get(&PAIRS)
    }

    pub(super) fn token(&self) -> String {
        let pair = self.pair();
        let alg = serde_json::to_value(pair.name).unwrap();
        let header = Map::from_iter([("alg".to_owned(), alg), ("typ".to_owned(), "JWT".into())]);
        let header = self.text(Part::Header, changed(header, &self.header));
        let payload = self.text(Part::Payload, changed(good_claims(), &self.claims));
        let token = pair.sign(&encode(header), &encode(payload));
        match &self.damage {
            None => token,
            Some(damage) => damage.applied(&token),
        }
    }

    fn text(&self, part: Part, members: Map<String, Value>) -> String {
        let mut texts: Vec<String> =
            members.iter().map(|(name, value)| format!("{}:{value}", Value::from(&**name))).collect();
        if let Some((_, index)) = self.repeated.filter(|(repeated, _)| *repeated == part)
            && !texts.is_empty()
        {
            texts.push(index.get(&texts).clone());
        }
        format!("{{{}}}", texts.join(","))
    }
}

fn changed(mut members: Map<String, Value>, changes: &[(String, Option<Value>)]) -> Map<String, Value> {
    for (name, value) in changes {
        match value {
            Some(value) => drop(members.insert(name.clone(), value.clone())),
            None => drop(members.remove(name)),
        }
    }
    members
}

impl Damage {
    fn applied(&self, token: &str) -> String {
        const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut letters: Vec<char> = token.chars().collect();
        match self {
            Self::Replace(place, letter) => letters[place.index(token.len())] = *letter,
            Self::Insert(place, letter) => letters.insert(place.index(token.len() + 1), *letter),
            Self::Remove(place) => drop(letters.remove(place.index(token.len()))),
            Self::Truncate(place) => letters.truncate(place.index(token.len())),
            Self::Append(text) => letters.extend(text.chars()),
            Self::LastBits => {
                let last = letters.pop().and_then(|letter| ALPHABET.find(letter)).unwrap_or_default();
                letters.extend(ALPHABET.chars().nth(last ^ 1));
            }
        }
        letters.into_iter().collect()
    }
}

/// Tokens, most of them with one thing wrong.
pub(super) fn recipe() -> impl Strategy<Value = Recipe> {
    let repeated = (select(vec![Part::Header, Part::Payload]), any::<Index>());
    (
        any::<Index>(),
        few(header_change()),
        few(claim_change()),
        prop_oneof![12 => Just(None), 1 => repeated.prop_map(Some)],
        prop_oneof![4 => Just(None), 1 => damage().prop_map(Some)],
    )
        .prop_map(|(key, header, claims, repeated, damage)| Recipe {
            key,
            header,
            claims,
            repeated,
            damage,
        })
}

fn few<S: Strategy>(change: S) -> impl Strategy<Value = Vec<S::Value>> {
    let change = std::sync::Arc::new(change);
    prop_oneof![
        4 => Just(()).prop_map(|()| Vec::new()),
        3 => vec(change.clone(), 1),
        1 => vec(change, 2..4),
    ]
}

fn header_change() -> impl Strategy<Value = (String, Option<Value>)> {
    let names = vec![
        "alg", "typ", "kid", "crit", "b64", "zip", "cty", "jku", "jwk", "x5u", "x5c", "x5t", "enc", "url",
        "nonce",
    ];
    let values = prop_oneof![
        select(vec![
            json!("HS256"),
            json!("HS512"),
            json!("RS256"),
            json!("ES256"),
            json!("none"),
            json!("hs256"),
            json!("EdDSA"),
            json!("JWT"),
            json!("jwt"),
            json!("at+jwt"),
            json!("application/at+jwt"),
            json!("dpop+jwt"),
            json!(["exp"]),
            json!([]),
            json!(true),
            json!("DEF"),
            json!("k1"),
            json!(null),
        ]),
        json_value(),
    ];
    (prop_oneof![4 => select(names).prop_map(str::to_owned), 1 => "[a-z]{1,8}"], values.prop_map(Some))
}

fn claim_change() -> impl Strategy<Value = (String, Option<Value>)> {
    let dates = select(vec!["exp", "nbf", "iat", "auth_time"]);
    let texts = select(vec![
        "iss",
        "sub",
        "aud",
        "jti",
        "sid",
        "client_id",
        "acr",
        "nonce",
        "at_hash",
        "events",
        "token_use",
        "typ",
        "cnf",
        "roles",
        "permissions",
        "scope",
        "scp",
        "name",
        "azp",
    ]);
    prop_oneof![
        (dates, date().prop_map(Some)).prop_map(|(name, value)| (name.to_owned(), value)),
        (texts.clone(), name_or_names().prop_map(Some)).prop_map(|(name, value)| (name.to_owned(), value)),
        select(vec!["iss", "aud", "exp", "sub", "iat", "nbf"]).prop_map(|name| (name.to_owned(), None)),
        (texts, json_value().prop_map(Some)).prop_map(|(name, value)| (name.to_owned(), value)),
        ("[a-zé]{0,6}", json_value().prop_map(Some)),
    ]
}

/// Points in time, none so near to a bound that a slow test would cross it.
fn date() -> impl Strategy<Value = Value> {
    // Read for each token: a run may take minutes.
    let now = || jsonwebtoken::get_current_timestamp() as i64;
    let offsets = vec![-1_000_000_000, -86_400, -120, -75, -45, -1, 0, 1, 45, 75, 120, 86_400, 1_000_000_000];
    prop_oneof![
        8 => select(offsets.clone()).prop_map(move |offset| json!(now() + offset)),
        2 => select(offsets).prop_map(move |offset| json!((now() + offset) as f64 + 0.25)),
        1 => select(vec![
            json!(0), json!(-1), json!(-1e300), json!(1e300), json!(u64::MAX), json!(i64::MIN), json!(1.8e19),
            json!(2e19), json!("1700000000"), json!(null), json!(true), json!([1]), json!({"a": 1}),
        ]),
    ]
}

/// Strings and lists as `iss` and `aud` have them, right and wrong.
fn name_or_names() -> impl Strategy<Value = Value> {
    select(vec![
        json!(ISSUER),
        json!(AUDIENCE),
        json!([ISSUER]),
        json!([AUDIENCE]),
        json!(["other", AUDIENCE]),
        json!([AUDIENCE, AUDIENCE]),
        json!([AUDIENCE, 1]),
        json!(["other"]),
        json!([]),
        json!(""),
        json!("other"),
        json!(format!("{ISSUER}/")),
        json!(format!("{AUDIENCE}/")),
        json!(AUDIENCE.to_uppercase()),
        json!("access"),
        json!("Bearer"),
        json!("id"),
        json!(null),
        json!(1),
    ])
}

/// Any JSON, not deep.
pub(super) fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(".{0,4}", inner, 0..4).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn damage() -> impl Strategy<Value = Damage> {
    let letter = || select("ABCxyz019-_+/=. \n\u{e9}".chars().collect::<Vec<_>>());
    prop_oneof![
        (any::<Index>(), letter()).prop_map(|(place, letter)| Damage::Replace(place, letter)),
        (any::<Index>(), letter()).prop_map(|(place, letter)| Damage::Insert(place, letter)),
        any::<Index>().prop_map(Damage::Remove),
        any::<Index>().prop_map(Damage::Truncate),
        select(vec!["=", "==", ".", ".AAAA", "A", "\n", " "])
            .prop_map(|text| Damage::Append(text.to_owned())),
        Just(Damage::LastBits),
    ]
}
