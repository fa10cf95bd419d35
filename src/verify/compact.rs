//! The compact form: three segments of base64url (RFC 7515 §7.1).

use crate::{error::Code, keys::base64url, token::MAX_TOKEN};

/// The largest header, in bytes once decoded.
pub(super) const MAX_HEADER: usize = 4 * 1024;

/// A token cut at its dots; nothing is decoded yet.
#[derive(Debug)]
pub(super) struct Compact<'t> {
    pub(super) header: &'t str,
    payload: &'t str,
    pub(super) signature: &'t str,
    /// Header, dot and payload as they came: what the signature covers (RFC 7515 §5.2).
    pub(super) signed: &'t [u8],
    /// The payload decoded, once somebody has asked for it.
    text: Option<String>,
}

/// What a token is, by its dots.
#[derive(Debug)]
pub(super) enum Form<'t> {
    Signed(Compact<'t>),
    /// It has more than three segments, as encrypted tokens have (RFC 7516 §9).
    Longer,
}

impl<'t> Form<'t> {
    pub(super) fn of(token: &'t str) -> Result<Self, Code> {
        if token.len() > MAX_TOKEN {
            return Err(Code::TokenTooLarge);
        }
        let mut dots = memchr::memchr_iter(b'.', token.as_bytes());
        let (Some(first), Some(second)) = (dots.next(), dots.next()) else {
            return Err(Code::MalformedToken);
        };
        if dots.next().is_some() {
            return Ok(Self::Longer);
        }
        let (signed, signature) = token.split_at(second);
        let (header, payload) = signed.split_at(first);
        let (Some(payload), Some(signature)) = (payload.get(1..), signature.get(1..)) else {
            return Err(Code::MalformedToken);
        };
        if header.len() > MAX_HEADER.div_ceil(3) * 4 {
            return Err(Code::HeaderTooLarge);
        }
        Ok(Self::Signed(Compact { header, payload, signature, signed: signed.as_bytes(), text: None }))
    }

    /// Why a longer token is refused where none is decrypted.
    pub(super) fn refusal(token: &str) -> Code {
        match memchr::memchr_iter(b'.', token.as_bytes()).count() {
            4 => Code::EncryptedToken,
            _ => Code::MalformedToken,
        }
    }
}

impl<'t> Compact<'t> {
    /// What was in an encrypted token, which is a signed one (RFC 7519 §7.2).
    pub(super) fn nested(token: &'t str) -> Result<Self, Code> {
        match Form::of(token) {
            Ok(Form::Signed(compact)) => Ok(compact),
            Ok(Form::Longer) | Err(_) => Err(Code::NotNested),
        }
    }

    /// What the payload says, which nothing has verified by itself.
    pub(super) fn payload(&mut self) -> Result<&str, Code> {
        let text = self.take_payload()?;
        Ok(self.text.insert(text))
    }

    pub(super) fn into_payload(mut self) -> Result<String, Code> {
        self.take_payload()
    }

    /// The payload in UTF-8 (RFC 7519 §7.2), decoded where nobody has done that before.
    fn take_payload(&mut self) -> Result<String, Code> {
        if let Some(text) = self.text.take() {
            return Ok(text);
        }
        let bytes = base64url::decode(self.payload).ok_or(Code::MalformedToken)?;
        String::from_utf8(bytes).map_err(|_| Code::InvalidPayload)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(token: &str) -> Result<Compact<'_>, Code> {
        match Form::of(token)? {
            Form::Signed(compact) => Ok(compact),
            Form::Longer => Err(Form::refusal(token)),
        }
    }

    #[test]
    fn a_token_is_cut_at_its_two_dots() {
        let compact = split("aa.bb.cc").unwrap();
        assert_eq!((compact.header, compact.payload, compact.signature), ("aa", "bb", "cc"));
        assert_eq!(compact.signed, b"aa.bb");
    }

    #[test]
    fn a_payload_is_the_same_text_however_often_it_is_asked_for() {
        for (segment, payload) in [
            ("e30", Ok("{}")),
            ("", Ok("")),
            ("e30=", Err(Code::MalformedToken)),
            ("_w", Err(Code::InvalidPayload)),
        ] {
            let token = format!("aa.{segment}.cc");
            let mut compact = split(&token).unwrap();
            for _ in 0..2 {
                assert_eq!(compact.payload(), payload, "{segment}");
            }
            assert_eq!(compact.into_payload().as_deref(), payload.as_ref().copied(), "{segment}");
            assert_eq!(split(&token).unwrap().into_payload().as_deref(), payload.as_ref().copied());
        }
    }

    #[test]
    fn other_forms_have_their_own_codes() {
        let large = "a".repeat(MAX_TOKEN + 1);
        let large_header = format!("{}.b.c", "a".repeat(6000));
        for (token, code) in [
            ("", Code::MalformedToken),
            ("a", Code::MalformedToken),
            ("a.b", Code::MalformedToken),
            ("a.b.c.d", Code::MalformedToken),
            ("a.b.c.d.e", Code::EncryptedToken),
            ("a.b.c.d.e.f", Code::MalformedToken),
            (&large, Code::TokenTooLarge),
            (&large_header, Code::HeaderTooLarge),
        ] {
            assert_eq!(split(token).unwrap_err().name(), code.name(), "{token:.20}");
        }
        let parts = split("..").unwrap();
        assert_eq!((parts.header, parts.payload, parts.signature), ("", "", ""));
    }
}
