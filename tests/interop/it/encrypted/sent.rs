//! We sign and encrypt, to a key of the peer or to one of ours that it holds; the peer decrypts and verifies.

use jwtower::{
    Algorithm, Issuer, KeySet, Secret, SigningKey,
    jwe::{DecryptionKey, EncryptionKey},
};
use serde_json::{Value, json};

use crate::{
    AUDIENCE, ISSUER,
    encrypted::{
        Row, ask, claims,
        combination::Combination,
        matrix::{Direction, Matrix},
        oct,
    },
    peer::Peer,
};

/// One token of ours, and to which key it is encrypted.
struct Sent<'a> {
    combination: &'a Combination,
    way: &'static str,
    kid: String,
    input: Value,
}

pub(super) fn all(peer: &Peer, rows: &[Row], matrix: &mut Matrix) {
    let signers = Signers::generate();
    let sent: Vec<_> = rows.iter().flat_map(|row| tokens(row, &signers)).collect();
    let (secrets, pairs): (Vec<_>, Vec<_>) =
        rows.iter().map(|row| &row.ours).partition(|key| key.algorithm().is_symmetric());
    let theirs = rows.iter().map(|row| row.theirs.private.clone());
    let pem = |key: &DecryptionKey| {
        let pem = key.to_pem().expect("a pair has a PEM");
        json!({ "alg": key.algorithm().name(), "pem": pem.secret() })
    };
    let input = json!({
        "keys": theirs.chain(secrets.into_iter().map(oct)).collect::<Vec<_>>(),
        "pems": pairs.into_iter().map(pem).collect::<Vec<_>>(),
        "tokens": sent.iter().map(|sent| &sent.input).collect::<Vec<_>>(),
        "issuer": ISSUER,
        "audience": AUDIENCE,
    });
    let opened: Vec<Value> = ask(peer, "decrypt", &input);

    assert_eq!(opened.len(), sent.len(), "answers");
    for (Sent { combination, way, kid, .. }, opened) in sent.iter().zip(&opened) {
        matrix.record(Direction::Sent, combination, way, check(combination, kid, opened));
    }
}

fn tokens<'a>(Row { combination, ours, theirs }: &'a Row, signers: &Signers) -> Vec<Sent<'a>> {
    let mut recipients = Vec::new();
    if let (Some(public), Some(pem)) = (&theirs.public, &theirs.spki) {
        let jwk = EncryptionKey::from_jwk(public.to_string()).expect("their JWK");
        let set = json!({ "keys": [signers.published(), public] });
        let set = EncryptionKey::from_jwks(set.to_string()).expect("their JWK Set");
        let pem = EncryptionKey::from_pem(combination.algorithm, pem).expect("their PEM");
        let pem = pem.with_kid(jwk.kid().expect("it has a name")).expect("a name");
        recipients.extend([("their JWK", jwk), ("their JWK Set", set), ("their PEM", pem)]);
        recipients.push(("our PEM", ours.into()));
    } else {
        let secret = DecryptionKey::from_jwk(theirs.private.to_string()).expect("their JWK");
        recipients.extend([("their JWK", EncryptionKey::from(&secret)), ("our secret", ours.into())]);
    }
    let token = |(way, recipient): (&'static str, EncryptionKey)| {
        let recipient = recipient.with_content(combination.content).expect("it fits the key");
        let kid = recipient.kid().expect("it has a name").to_owned();
        let input = signers.sign(combination.signer(), recipient);
        Sent { combination, way, kid, input }
    };
    recipients.into_iter().map(token).collect()
}

/// Whether the peer read in the token what we wrote.
fn check(combination: &Combination, kid: &str, opened: &Value) -> Result<(), String> {
    if let Some(error) = opened["error"].as_str() {
        return Err(error.to_owned());
    }
    let header = [
        ("alg", combination.algorithm.name()),
        ("enc", combination.content.name()),
        ("cty", "JWT"),
        ("kid", kid),
    ];
    if let Some((name, _)) = header.iter().find(|(name, value)| opened["header"][name] != **value) {
        return Err(format!("{name} is {}", opened["header"][name]));
    }
    let claims = claims();
    let mut ours = ["iss", "aud", "sub", "name", "roles"].into_iter();
    match ours.find(|name| opened["claims"][name] != claims[name]) {
        Some(name) => Err(format!("{name} is {}", opened["claims"][name])),
        None => Ok(()),
    }
}

/// One key for each algorithm that signs.
struct Signers {
    pair: SigningKey,
    secret: Secret,
}

impl Signers {
    fn generate() -> Self {
        let pair = SigningKey::generate(Algorithm::ES256).expect("a key");
        Self { pair, secret: Secret::generate(Algorithm::HS256).expect("a secret") }
    }

    fn published(&self) -> Value {
        let set: Value = serde_json::from_str(&KeySet::from(&self.pair).to_jwks()).expect("JSON");
        set["keys"][0].clone()
    }

    /// A token, and the key that verifies what is inside.
    fn sign(&self, algorithm: &str, recipient: EncryptionKey) -> Value {
        let builder = Issuer::builder().issuer(ISSUER).audience(AUDIENCE).encrypt_to(recipient);
        let (builder, signer) = if algorithm == "ES256" {
            (builder.key(&self.pair), self.published())
        } else {
            let jwk = json!({ "kty": "oct", "k": self.secret.secret(), "alg": algorithm });
            (builder.key(&self.secret), jwk)
        };
        let user = json!({ "name": claims()["name"], "roles": claims()["roles"] });
        let token = builder.build().and_then(|issuer| issuer.sign("alice", &user)).expect("a token");
        json!({ "token": token.secret(), "signer": signer })
    }
}
