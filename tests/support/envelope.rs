//! Encrypted tokens made by hand, from the RFCs and the crypto library alone, so that each part can be wrong.

use aws_lc_rs::{
    aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement::{self, ECDH_P256, PrivateKey, UnparsedPublicKey, X25519},
    digest, key_wrap,
    key_wrap::KeyWrap,
    rand,
    rsa::{
        OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPublicEncryptingKey,
        Pkcs1PublicEncryptingKey, PrivateDecryptingKey, PublicEncryptingKey,
    },
};
use base64_simd::{STANDARD, URL_SAFE_NO_PAD};
use jwtower::jwe::{Curve, DecryptionKey, EncryptionKey, KeyManagement};
use serde_json::{Map, Value, json};

use crate::encode;

/// Who encrypts to one key, well or badly.
#[derive(Debug)]
pub struct Sender {
    /// What the recipient decrypts with.
    pub key: DecryptionKey,
}

/// The five segments, decoded but for the first.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// The first segment as it is sent and as the tag covers it.
    pub header: String,
    /// The second.
    pub encrypted_key: Vec<u8>,
    /// The third.
    pub nonce: Vec<u8>,
    /// The fourth.
    pub ciphertext: Vec<u8>,
    /// The fifth.
    pub tag: Vec<u8>,
}

/// How an RSA key encrypts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Padding {
    /// As RSA-OAEP-256 says.
    Oaep256,
    /// As RSA-OAEP says.
    Oaep1,
    /// As RSA1_5 says.
    Pkcs1,
}

/// What a sender does to the key of the content; `Plan::default()` is right.
#[derive(Debug)]
pub struct Plan {
    /// Bytes of the content's key; as many as `enc` says where absent.
    pub key_len: Option<usize>,
    /// How it is encrypted by RSA.
    pub padding: Padding,
    /// The other side of the agreement: its `epk`, and the secret that comes out.
    pub agreed: Option<(Value, Vec<u8>)>,
}

impl Default for Plan {
    fn default() -> Self {
        Self { key_len: None, padding: Padding::Oaep256, agreed: None }
    }
}

impl Sender {
    /// One for every kind of key.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let direct = DecryptionKey::from_bytes(KeyManagement::Dir, random(16));
        let generated = [KeyManagement::Dir, KeyManagement::A256KW, KeyManagement::RsaOaep256];
        let mut keys = vec![direct.expect("it is random")];
        keys.extend(generated.map(|algorithm| DecryptionKey::generate(algorithm).expect("a key is made")));
        for algorithm in [KeyManagement::EcdhEs, KeyManagement::EcdhEsA256KW] {
            let pair = |curve| DecryptionKey::generate_on(curve, algorithm).expect("a key is made");
            keys.extend(Curve::ALL.map(pair));
        }
        keys.into_iter().map(|key| Self { key }).collect()
    }

    /// A right envelope.
    #[must_use]
    pub fn seal(&self, content: impl AsRef<[u8]>) -> Envelope {
        self.seal_with(|header| header, content)
    }

    /// An envelope whose header is changed before anything is encrypted, so that nothing else is wrong.
    #[must_use]
    pub fn seal_with(
        &self,
        change: impl FnOnce(Map<String, Value>) -> Map<String, Value>,
        content: impl AsRef<[u8]>,
    ) -> Envelope {
        self.seal_by(&Plan::default(), |header| encode(Value::Object(change(header)).to_string()), content)
    }

    /// An envelope by a plan, with the header's segment written by `segment`.
    ///
    /// # Panics
    ///
    /// If the crypto library fails.
    #[must_use]
    pub fn seal_by(
        &self,
        plan: &Plan,
        segment: impl FnOnce(Map<String, Value>) -> String,
        content: impl AsRef<[u8]>,
    ) -> Envelope {
        let algorithm = self.key.algorithm();
        let (epk, shared) = match &plan.agreed {
            Some((epk, shared)) => (Some(epk.clone()), shared.clone()),
            None => self.key.curve().map_or((None, Vec::new()), |curve| self.agree(curve)),
        };
        let segment = segment(self.header(epk));
        let header = URL_SAFE_NO_PAD.decode_to_vec(segment.trim_end_matches('=')).unwrap_or_default();
        let header: Value = serde_json::from_slice(&header).unwrap_or_default();
        let enc = header["enc"].as_str().unwrap_or("A256GCM").to_owned();
        let key_len = if enc == "A128GCM" { 16 } else { 32 };
        let content_key = || random(plan.key_len.unwrap_or(key_len));
        let (content_key, encrypted_key) = match algorithm {
            KeyManagement::Dir => (self.secret(), Vec::new()),
            KeyManagement::EcdhEs => (derive(&shared, &enc, key_len, &header), Vec::new()),
            KeyManagement::A256KW => wrapped(&self.secret(), content_key()),
            KeyManagement::EcdhEsA256KW => {
                wrapped(&derive(&shared, algorithm.name(), 32, &header), content_key())
            }
            _ => {
                let key = content_key();
                let encrypted = self.encrypt_by_rsa(plan.padding, &key);
                (key, encrypted)
            }
        };
        Envelope::sealed(segment, encrypted_key, &content_key, content.as_ref())
    }

    fn header(&self, epk: Option<Value>) -> Map<String, Value> {
        let enc = EncryptionKey::from(&self.key).content().name();
        let members = json!({ "alg": self.key.algorithm().name(), "enc": enc, "cty": "JWT" });
        let Value::Object(mut members) = members else { unreachable!("the literal is an object") };
        members.extend(self.key.kid().map(|kid| ("kid".to_owned(), kid.into())));
        members.extend(epk.map(|epk| ("epk".to_owned(), epk)));
        members
    }

    fn secret(&self) -> Vec<u8> {
        let text = self.key.secret().expect("it is a secret");
        URL_SAFE_NO_PAD.decode_to_vec(text).expect("it is base64url")
    }

    /// The `epk` of a fresh pair, and what it agrees on with the recipient.
    fn agree(&self, curve: Curve) -> (Option<Value>, Vec<u8>) {
        let jwk = EncryptionKey::from(&self.key).to_jwk().expect("it is a pair");
        let jwk: Value = serde_json::from_str(&jwk).expect("it is JSON");
        let number = |name: &str| {
            URL_SAFE_NO_PAD.decode_to_vec(jwk[name].as_str().expect("it is there")).expect("it is base64url")
        };
        let (library, public) = match curve {
            Curve::P256 => (&ECDH_P256, [vec![4], number("x"), number("y")].concat()),
            _ => (&X25519, number("x")),
        };
        let pair = PrivateKey::generate(library).expect("a pair is made");
        let own = pair.compute_public_key().expect("it has a public half");
        let shared =
            agreement::agree(
                &pair,
                UnparsedPublicKey::new(library, public),
                (),
                |shared| Ok(shared.to_vec()),
            );
        (Some(point(curve, own.as_ref())), shared.expect("the point is good"))
    }

    fn encrypt_by_rsa(&self, padding: Padding, key: &[u8]) -> Vec<u8> {
        let pem = self.key.to_pem().expect("it is a pair");
        let digits: String = pem.secret().lines().filter(|line| !line.starts_with('-')).collect();
        let der = STANDARD.decode_to_vec(digits).expect("a PEM is base64");
        let public = PrivateDecryptingKey::from_pkcs8(&der).expect("it is RSA").public_key();
        encrypt_by(public, padding, key)
    }
}

fn encrypt_by(public: PublicEncryptingKey, padding: Padding, key: &[u8]) -> Vec<u8> {
    let mut encrypted = vec![0; public.key_size_bytes()];
    let by_oaep = |algorithm: &'static OaepAlgorithm, encrypted: &mut [u8]| {
        let public = OaepPublicEncryptingKey::new(public.clone()).expect("it can encrypt");
        public.encrypt(algorithm, key, encrypted, None).map(drop)
    };
    match padding {
        Padding::Oaep256 => by_oaep(&OAEP_SHA256_MGF1SHA256, &mut encrypted),
        Padding::Oaep1 => by_oaep(&OAEP_SHA1_MGF1SHA1, &mut encrypted),
        Padding::Pkcs1 => {
            let public = Pkcs1PublicEncryptingKey::new(public.clone()).expect("it can encrypt");
            public.encrypt(key, &mut encrypted).map(drop)
        }
    }
    .expect("it encrypts");
    encrypted
}

/// The `epk` of a point as the library writes it.
#[must_use]
pub fn point(curve: Curve, bytes: &[u8]) -> Value {
    match curve {
        Curve::P256 => {
            json!({ "kty": "EC", "crv": "P-256", "x": encode(&bytes[1..33]), "y": encode(&bytes[33..]) })
        }
        _ => json!({ "kty": "OKP", "crv": "X25519", "x": encode(bytes) }),
    }
}

/// RFC 7518 §4.6.2, of which SHA-256 needs one round.
fn derive(shared: &[u8], name: &str, length: usize, header: &Value) -> Vec<u8> {
    let party = |member: &str| {
        URL_SAFE_NO_PAD.decode_to_vec(header[member].as_str().unwrap_or_default()).unwrap_or_default()
    };
    let mut input = [&[0, 0, 0, 1], shared].concat();
    for part in [name.as_bytes().to_vec(), party("apu"), party("apv")] {
        input.extend(u32::try_from(part.len()).expect("it is short").to_be_bytes());
        input.extend(part);
    }
    input.extend(u32::try_from(length * 8).expect("it is short").to_be_bytes());
    digest::digest(&digest::SHA256, &input).as_ref()[..length].to_vec()
}

fn wrapped(secret: &[u8], key: Vec<u8>) -> (Vec<u8>, Vec<u8>) {
    let mut wrapped = vec![0; key.len() + 8];
    let wrapping = key_wrap::AesKek::new(&key_wrap::AES_256, secret).expect("it has 32 bytes");
    wrapping.wrap(&key, &mut wrapped).expect("it wraps");
    (key, wrapped)
}

impl Envelope {
    /// A content under a key of 16 or 32 bytes; under a key of no use, one of nobody's.
    fn sealed(header: String, encrypted_key: Vec<u8>, key: &[u8], content: &[u8]) -> Self {
        let key = match key.len() {
            16 => UnboundKey::new(&AES_128_GCM, key),
            32 => UnboundKey::new(&AES_256_GCM, key),
            _ => UnboundKey::new(&AES_256_GCM, &random(32)),
        };
        let key = LessSafeKey::new(key.expect("the length is right"));
        let nonce = random(12);
        let mut ciphertext = content.to_vec();
        let unique = Nonce::try_assume_unique_for_key(&nonce).expect("it has 12 bytes");
        let tag = key.seal_in_place_separate_tag(unique, Aad::from(header.as_bytes()), &mut ciphertext);
        let tag = tag.expect("it encrypts").as_ref().to_vec();
        Self { header, encrypted_key, nonce, ciphertext, tag }
    }

    /// The segments as they are sent.
    #[must_use]
    pub fn segments(&self) -> [String; 5] {
        let [key, nonce] = [&self.encrypted_key, &self.nonce].map(encode);
        [self.header.clone(), key, nonce, encode(&self.ciphertext), encode(&self.tag)]
    }

    /// The compact form.
    #[must_use]
    pub fn token(&self) -> String {
        self.segments().join(".")
    }
}

/// Bytes of nobody's.
#[must_use]
pub fn random(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    rand::fill(&mut bytes).expect("the system has randomness");
    bytes
}
