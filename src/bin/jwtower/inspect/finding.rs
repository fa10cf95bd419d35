//! What is wrong with a token, or unusual about it.

use std::fmt;

use crate::visible;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// Nobody should take such a token.
    Error,
    /// It works, and somebody probably did not mean it.
    Warning,
    /// It is good to know.
    Note,
}

impl Level {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One of them; no value of a claim is in it.
pub(super) struct Finding {
    pub(super) level: Level,
    /// Stable, for programs.
    pub(super) code: &'static str,
    pub(super) member: Option<Pointer>,
    pub(super) message: String,
}

/// Where something stands: the names on the way from the whole token.
#[derive(Clone)]
pub(super) struct Pointer(Vec<String>);

impl Pointer {
    pub(super) fn header() -> Self {
        Self(vec!["header".to_owned()])
    }

    pub(super) fn claims() -> Self {
        Self(vec!["claims".to_owned()])
    }

    /// A member, or an item, of what stands here.
    pub(super) fn below(&self, name: impl fmt::Display) -> Self {
        Self(self.0.iter().cloned().chain([name.to_string()]).collect())
    }

    /// A JSON pointer (RFC 6901) into what `--json` prints.
    pub(super) fn to_json_pointer(&self) -> String {
        self.0.iter().map(|name| format!("/{}", name.replace('~', "~0").replace('/', "~1"))).collect()
    }

    /// The same for people.
    pub(super) fn to_text(&self) -> String {
        visible::name(&self.0.join("/"))
    }
}

/// All that were found so far.
#[derive(Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    pub(super) fn error(
        &mut self,
        code: &'static str,
        member: impl Into<Option<Pointer>>,
        message: impl Into<String>,
    ) {
        self.add(Level::Error, code, member.into(), message.into());
    }

    pub(super) fn warning(
        &mut self,
        code: &'static str,
        member: impl Into<Option<Pointer>>,
        message: impl Into<String>,
    ) {
        self.add(Level::Warning, code, member.into(), message.into());
    }

    pub(super) fn note(
        &mut self,
        code: &'static str,
        member: impl Into<Option<Pointer>>,
        message: impl Into<String>,
    ) {
        self.add(Level::Note, code, member.into(), message.into());
    }

    pub(super) fn add(&mut self, level: Level, code: &'static str, member: Option<Pointer>, message: String) {
        self.0.push(Finding { level, code, member, message });
    }

    /// The worst first.
    pub(super) fn sorted(mut self) -> Vec<Finding> {
        self.0.sort_by_key(|finding| finding.level);
        self.0
    }
}
