//! Patterns for `sub`.

use crate::error::ConfigError;

/// A pattern in which `*` stands for any text, such as `user:*`.
#[derive(Debug)]
pub(super) struct SubjectPattern(Vec<Box<str>>);

impl SubjectPattern {
    pub(super) fn parse(text: &str) -> Result<Self, ConfigError> {
        if text.is_empty() {
            return Err(ConfigError::new(
                "subject_pattern",
                "it is empty; write a pattern such as \"user:*\"",
            ));
        }
        Ok(Self(text.split('*').map(Box::from).collect()))
    }

    pub(super) fn fits(&self, subject: &str) -> bool {
        let [first, middle @ .., last] = &*self.0 else {
            return self.0.first().is_some_and(|exact| **exact == *subject);
        };
        let Some(mut rest) = subject.strip_prefix(&**first).and_then(|rest| rest.strip_suffix(&**last))
        else {
            return false;
        };
        for part in middle {
            // The first place that fits leaves the most text for the parts behind it.
            let Some(behind) = rest.find(&**part).and_then(|place| rest.get(place + part.len()..)) else {
                return false;
            };
            rest = behind;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text_and_everything_else_for_itself() {
        for (pattern, subject, fits) in [
            ("alice", "alice", true),
            ("alice", "alice2", false),
            ("user:*", "user:1", true),
            ("user:*", "user:", true),
            ("user:*", "User:1", false),
            ("user:*", "client:user:1", false),
            ("*@example.com", "a@example.com", true),
            ("*@example.com", "a@example.com.evil", false),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("a*b*c", "a--b--c", true),
            ("a*b*c", "a--c--b", false),
            ("a*bc*c", "abc", false),
            ("a*bc*c", "abcc", true),
            ("*", "", true),
            ("**", "x", true),
        ] {
            assert_eq!(SubjectPattern::parse(pattern).unwrap().fits(subject), fits, "{pattern} on {subject}");
        }
        assert!(SubjectPattern::parse("").unwrap_err().to_string().contains("empty"));
    }
}
