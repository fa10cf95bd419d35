//! Writing a payload, member by member.

use serde::Serialize;

/// Most tokens fit.
const USUAL_SIZE: usize = 1024;

/// A JSON object that is being written; whoever writes names no member twice.
pub(super) struct Payload(Vec<u8>);

impl Payload {
    pub(super) fn new() -> Self {
        let mut text = Vec::with_capacity(USUAL_SIZE);
        text.push(b'{');
        Self(text)
    }

    /// Adds what [`prepared`] made.
    pub(super) fn prepared(&mut self, member: &[u8]) {
        self.separate();
        self.0.extend_from_slice(member);
    }

    pub(super) fn member<T: Serialize + ?Sized>(
        &mut self,
        name: &str,
        value: &T,
    ) -> Result<(), serde_json::Error> {
        self.separate();
        write_member(&mut self.0, name, value)
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.0.push(b'}');
        self.0
    }

    fn separate(&mut self) {
        if self.0.len() > 1 {
            self.0.push(b',');
        }
    }
}

/// A member whose text is the same in every token.
pub(super) fn prepared<T: Serialize + ?Sized>(name: &str, value: &T) -> Result<Vec<u8>, serde_json::Error> {
    let mut text = Vec::new();
    write_member(&mut text, name, value)?;
    Ok(text)
}

fn write_member<T: Serialize + ?Sized>(
    text: &mut Vec<u8>,
    name: &str,
    value: &T,
) -> Result<(), serde_json::Error> {
    serde_json::to_writer(&mut *text, name)?;
    text.push(b':');
    serde_json::to_writer(text, value)
}
