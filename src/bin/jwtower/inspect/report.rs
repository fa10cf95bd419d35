//! All that can be said about a token without a key.

use super::{
    claims,
    confidential::{self, Readers},
    finding::{Finding, Findings, Level, Pointer},
    header,
    kind::Kind,
    node::Node,
    parts::{self, CLAIMS, Content, HEADER, Parts},
    times::{Now, Time, Times},
};

/// What `inspect` prints.
pub(super) struct Report {
    pub(super) form: Form,
    pub(super) kind: Kind,
    pub(super) bytes: usize,
    pub(super) header: Content,
    pub(super) claims: Content,
    pub(super) times: Vec<Time>,
    pub(super) lifetime: Option<f64>,
    pub(super) scopes: Vec<String>,
    pub(super) findings: Vec<Finding>,
    /// The token in an encrypted one, where a key opened it.
    pub(super) inner: Option<Box<Report>>,
}

/// How many bytes the parts have that are no JSON.
pub(super) enum Form {
    Signed { signature: usize },
    Encrypted { key: usize, ciphertext: usize, tag: usize },
    Broken,
}

/// Where a token comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Outside,
    /// Out of an encrypted token: only its recipient reads it.
    Decrypted,
}

/// Sizes in bytes, and what stops a larger token.
const SIZES: [(usize, Level, &str, &str); 3] = [
    (16 * 1024, Level::Error, "token_too_large", "jwtower reads at most 16 KiB"),
    (8 * 1024, Level::Warning, "large_for_headers", "many servers and proxies take no header above 8 KiB"),
    (4096, Level::Note, "large_for_cookies", "browsers keep no cookie above 4096 bytes"),
];

impl Report {
    pub(super) fn new(token: &str, origin: Origin, now: &Now) -> Self {
        let mut findings = Findings::default();
        if let Some((_, level, code, limit)) = SIZES.into_iter().find(|(limit, ..)| token.len() > *limit) {
            findings.add(level, code, None, format!("it has {} bytes; {limit}", token.len()));
        }
        let parts = Parts::split(token, &mut findings);
        let (header_part, claims_part) = match &parts {
            Parts::Signed([header, claims, _]) => (Some(*header), Some(*claims)),
            Parts::Encrypted([header, ..]) => (Some(*header), None),
            Parts::Broken([header, claims]) => (*header, *claims),
        };
        let header = header_part.map_or(Content::Absent, |part| parts::read(part, &HEADER, &mut findings));
        if let Some((object, part)) = header.object().zip(header_part) {
            header::judge(object, part, &mut findings);
            claims::judge_members(object, &Pointer::header(), "duplicate_header_member", &mut findings);
        }
        let form = Form::of(&parts, header.object(), &mut findings);
        let claims = claims_part.map_or(Content::Absent, |part| parts::read(part, &CLAIMS, &mut findings));
        let mut report = Self {
            form,
            kind: Kind::Unknown,
            bytes: token.len(),
            header,
            claims,
            times: Vec::new(),
            lifetime: None,
            scopes: Vec::new(),
            findings: Vec::new(),
            inner: None,
        };
        report.judge_claims(origin, now, &mut findings);
        report.findings = findings.sorted();
        report
    }

    fn judge_claims(&mut self, origin: Origin, now: &Now, findings: &mut Findings) {
        let claims = self.claims.object();
        if claims.is_some() {
            self.kind = Kind::of(self.header.object(), claims, findings);
        }
        let readers = match (origin, self.kind) {
            (Origin::Decrypted, _) => Readers { who: "whoever can decrypt it", personal: Level::Note },
            // It is there to say who somebody is.
            (_, Kind::Id) => Readers { who: "whoever holds it", personal: Level::Note },
            _ => Readers { who: "whoever holds it", personal: Level::Warning },
        };
        if let Some(header) = self.header.object() {
            confidential::find(header, &Pointer::header(), readers, findings);
        }
        let Some(claims) = claims else { return };
        claims::judge(claims, findings);
        claims::judge_members(claims, &Pointer::claims(), "duplicate_claim", findings);
        confidential::find(claims, &Pointer::claims(), readers, findings);
        let times = Times::of(claims, now, findings);
        times.judge(self.kind.is_long_lived(), now, findings);
        self.scopes = claims::scopes(claims);
        (self.times, self.lifetime) = (times.all, times.lifetime);
    }

    /// Adds why a key did not open the token.
    pub(super) fn refuse(&mut self, code: &'static str, message: String) {
        self.findings.insert(0, Finding { level: Level::Error, code, member: None, message });
    }

    /// The value of a header's member that is a text.
    pub(super) fn header_text(&self, name: &str) -> Option<&str> {
        self.header.object()?.get(name)?.as_text()
    }
}

impl Form {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Signed { signature: 0 } => "unsigned",
            Self::Signed { .. } => "signed",
            Self::Encrypted { .. } => "encrypted",
            Self::Broken => "broken",
        }
    }
    fn of(parts: &Parts<'_>, header: Option<&Node>, findings: &mut Findings) -> Self {
        match *parts {
            Parts::Signed([_, _, signature]) => {
                let signature = parts::decode(signature, "the signature", None, findings).len();
                if let Some(header) = header {
                    header::judge_signature(header, signature, findings);
                }
                Self::Signed { signature }
            }
            Parts::Encrypted([_, key, nonce, ciphertext, tag]) => {
                if let Some(header) = header {
                    header::judge_encryption(header, findings);
                }
                parts::decode(nonce, "the nonce", None, findings);
                Self::Encrypted {
                    key: parts::decode(key, "the encrypted key", None, findings).len(),
                    ciphertext: parts::decode(ciphertext, "the ciphertext", None, findings).len(),
                    tag: parts::decode(tag, "the tag", None, findings).len(),
                }
            }
            Parts::Broken(_) => Self::Broken,
        }
    }
}
