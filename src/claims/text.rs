//! Strings that point into the decoded payload.

use std::borrow::Cow;

/// A string claim: a piece of the payload, or its own text where the JSON spelt it with escapes.
///
/// Owned strings for every registered claim would cost as much as the signature.
#[derive(Clone, Debug)]
pub(crate) enum Text {
    Span { start: u32, end: u32 },
    Owned(Box<str>),
}

impl Text {
    /// The claim `part`, which the parser borrowed from `payload`.
    ///
    /// A `part` from elsewhere is copied, so that the result is right in any case.
    pub(crate) fn borrowed(part: &str, payload: &str) -> Self {
        let start = (part.as_ptr() as usize).wrapping_sub(payload.as_ptr() as usize);
        let end = start.wrapping_add(part.len());
        match (payload.get(start..end), u32::try_from(start), u32::try_from(end)) {
            (Some(same), Ok(start), Ok(end)) if same.as_ptr() == part.as_ptr() => Self::Span { start, end },
            _ => Self::Owned(part.into()),
        }
    }

    pub(crate) fn resolve<'a>(&'a self, payload: &'a str) -> &'a str {
        match self {
            // The span was cut from this payload at character boundaries, so the lookup finds it.
            Self::Span { start, end } => payload.get(*start as usize..*end as usize).unwrap_or_default(),
            Self::Owned(text) => text,
        }
    }

    /// The same for as long as the payload lives; a text of its own is copied.
    pub(crate) fn to_cow<'p>(&self, payload: &'p str) -> Cow<'p, str> {
        match self {
            Self::Span { start, end } => {
                Cow::Borrowed(payload.get(*start as usize..*end as usize).unwrap_or_default())
            }
            Self::Owned(text) => Cow::Owned(text.to_string()),
        }
    }
}

/// A claim that is one string or an array of strings, such as `aud`.
#[derive(Clone, Debug)]
pub(crate) enum TextList {
    One(Text),
    Many(Vec<Text>),
}

impl TextList {
    pub(crate) fn and(self, more: Self) -> Self {
        let into_vec = |list| match list {
            Self::One(text) => vec![text],
            Self::Many(texts) => texts,
        };
        let mut texts = into_vec(self);
        texts.extend(into_vec(more));
        Self::Many(texts)
    }

    pub(crate) fn resolve<'a>(&'a self, payload: &'a str) -> impl Iterator<Item = &'a str> + Clone {
        let items = match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        };
        items.iter().map(move |text| text.resolve(payload))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_payload_is_kept_as_its_place() {
        let payload = String::from(r#"{"sub":"zoë"}"#);
        let text = Text::borrowed(&payload[8..12], &payload);
        assert!(matches!(text, Text::Span { start: 8, end: 12 }));
        assert_eq!(text.resolve(&payload), "zoë");
    }

    #[test]
    fn a_string_from_elsewhere_is_kept_as_itself() {
        let payload = String::from("abc");
        let text = Text::borrowed("elsewhere", &payload);
        assert!(matches!(text, Text::Owned(_)));
        assert_eq!(text.resolve(&payload), "elsewhere");
    }
}
