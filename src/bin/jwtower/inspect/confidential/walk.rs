//! Every member, at every depth.

use super::{
    identifier::Identifier,
    personal::{self, Personal},
    secrets,
};
use crate::{
    input,
    inspect::{
        finding::{Findings, Level, Pointer},
        node::Node,
    },
};

/// Who reads what is in the token.
#[derive(Clone, Copy)]
pub(in crate::inspect) struct Readers {
    pub(in crate::inspect) who: &'static str,
    /// How bad personal data is before them.
    pub(in crate::inspect) personal: Level,
}

/// Finds what not everybody should read.
pub(in crate::inspect) fn find(object: &Node, at: &Pointer, readers: Readers, findings: &mut Findings) {
    Walk { readers, findings }.members(object, at, false);
}

struct Walk<'a> {
    readers: Readers,
    findings: &'a mut Findings,
}

impl Walk<'_> {
    /// `is_known`: what these are part of was named before.
    fn members(&mut self, object: &Node, at: &Pointer, is_known: bool) {
        for (name, value) in object.members() {
            self.value(&Identifier::of(name), value, &at.below(name), is_known);
        }
    }

    fn value(&mut self, name: &Identifier, value: &Node, at: &Pointer, is_known: bool) {
        match value {
            Node::Text(text) => self.text(name, text, at, is_known),
            // A number of a card may be written as one.
            Node::Number(text) => {
                if let Some(found) = personal::by_value(name, text).filter(|_| !is_known) {
                    self.tell(&found, at);
                }
            }
            Node::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.value(name, item, &at.below(index), is_known);
                }
            }
            Node::Object(_) if secrets::is_private_jwk(value) => self.secret("a private key", at),
            Node::Object(_) => {
                let found = personal::by_name(name).filter(|_| !is_known);
                if let Some(found) = &found {
                    self.tell(found, at);
                }
                self.members(value, at, is_known || found.is_some());
            }
            _ => {}
        }
    }

    fn text(&mut self, name: &Identifier, text: &str, at: &Pointer, is_known: bool) {
        if input::is_token(text) {
            let message = format!("it looks like another token: {} has that one too", self.readers.who);
            self.findings.warning("token_in_claim", at.clone(), message);
        } else if let Some(what) = secrets::by_value(text) {
            self.secret(what, at);
        } else if secrets::by_name(name, text) {
            self.secret("a secret by its name", at);
        } else if !is_known && !["", "true", "false"].contains(&text) {
            let found = personal::by_value(name, text).or_else(|| personal::by_name(name));
            if let Some(found) = found {
                self.tell(&found, at);
            }
        }
    }

    fn secret(&mut self, what: &str, at: &Pointer) {
        let message = format!("it looks like {what}: {} can read it", self.readers.who);
        self.findings.warning("secret_in_claim", at.clone(), message);
    }

    fn tell(&mut self, found: &Personal, at: &Pointer) {
        let level = if found.is_name { Level::Note } else { self.readers.personal };
        let message = format!("it looks like {}: {} can read it", found.what, self.readers.who);
        self.findings.add(level, "personal_data", Some(at.clone()), message);
    }
}
