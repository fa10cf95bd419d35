//! A report for programs. Its members are promised in the help.

use super::{
    finding::{Finding, Pointer},
    node::Node,
    parts::Content,
    report::{Form, Report},
    times::Time,
};

impl Report {
    /// One object, and a new line.
    pub(super) fn to_json(&self) -> String {
        format!("{}\n", self.node().pretty(0))
    }

    fn node(&self) -> Node {
        let parts = match self.form {
            Form::Signed { signature } => vec![("signature", signature)],
            Form::Encrypted { key, ciphertext, tag } => {
                vec![("encrypted_key", key), ("ciphertext", ciphertext), ("tag", tag)]
            }
            Form::Broken => Vec::new(),
        };
        let sizes = [("token", self.bytes)].into_iter().chain(parts);
        object([
            ("verified", Node::Bool(false)),
            ("form", Node::text(self.form.name())),
            ("kind", Node::text(self.kind.name())),
            ("bytes", object(sizes.map(|(name, bytes)| (name, Node::number(bytes))))),
            ("header", self.header.node()),
            ("claims", self.claims.node()),
            ("times", object(self.times.iter().map(|time| (time.name, time.node())))),
            ("lifetime", self.lifetime.map_or(Node::Null, Node::number)),
            ("scopes", Node::List(self.scopes.iter().map(Node::text).collect())),
            ("findings", Node::List(self.findings.iter().map(|finding| finding.node()).collect())),
            ("inner", self.inner.as_ref().map_or(Node::Null, |inner| inner.node())),
        ])
    }
}

impl Content {
    fn node(&self) -> Node {
        match self {
            Self::Json(node) => node.readable(),
            Self::Text(_) | Self::Bytes(_) | Self::Absent => Node::Null,
        }
    }
}

impl Time {
    fn node(&self) -> Node {
        object([
            ("seconds", Node::Number(self.written.clone()).readable()),
            (
                "local",
                Node::optional(self.local.as_ref().map(|local| local.strftime("%FT%T%:z").to_string())),
            ),
            ("words", Node::text(&self.words)),
        ])
    }
}

impl Finding {
    fn node(&self) -> Node {
        object([
            ("level", Node::text(self.level.name())),
            ("code", Node::text(self.code)),
            ("member", Node::optional(self.member.as_ref().map(Pointer::to_json_pointer))),
            ("message", Node::text(&self.message)),
        ])
    }
}

fn object<'a>(members: impl IntoIterator<Item = (&'a str, Node)>) -> Node {
    Node::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
