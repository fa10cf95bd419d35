//! Names of members, taken apart into words.

/// The words of a name, in lower case; of a URI only what stands behind the last slash or colon.
pub(super) struct Identifier {
    words: Vec<String>,
    joined: String,
}

impl Identifier {
    pub(super) fn of(name: &str) -> Self {
        let last = name.trim_end_matches(['/', ':']).rsplit(['/', ':', '#']).next().unwrap_or(name);
        let mut words = vec![String::new()];
        let mut was_lower = false;
        for character in last.chars() {
            let begins = character.is_uppercase() && was_lower;
            if let Some(word) = words.last_mut().filter(|_| character.is_alphanumeric() && !begins) {
                word.extend(character.to_lowercase());
            } else {
                words.push(character.to_lowercase().filter(|c| c.is_alphanumeric()).collect());
            }
            was_lower = character.is_lowercase() || character.is_numeric();
        }
        words.retain(|word| !word.is_empty());
        Self { joined: words.concat(), words }
    }

    /// Whether the name, without what separates its words, holds one of these.
    pub(super) fn holds(&self, needles: &[&str]) -> bool {
        needles.iter().any(|needle| self.joined.contains(needle))
    }

    /// Whether one of its words is one of these.
    pub(super) fn has_word(&self, words: &[&str]) -> bool {
        self.words.iter().any(|word| words.contains(&&**word))
    }

    /// Whether it is one of these, without what separates its words.
    pub(super) fn is(&self, names: &[&str]) -> bool {
        names.contains(&&*self.joined)
    }

    pub(super) fn ends_with(&self, words: &[&str]) -> bool {
        self.words.last().is_some_and(|word| words.contains(&&**word))
    }
}
