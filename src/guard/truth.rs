//! Kleene's three truths.

use std::ops::Not;

/// What can be said of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    Held,
    NotHeld,
    /// The token lacks the claim that would tell.
    Unknown,
}

impl Truth {
    pub(super) fn known(held: bool) -> Self {
        if held { Self::Held } else { Self::NotHeld }
    }

    /// Unknown where the claim that would tell is missing, unless it is held all the same.
    pub(super) fn of(held: bool, told: bool) -> Self {
        if held || told { Self::known(held) } else { Self::Unknown }
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Held => Self::NotHeld,
            Self::NotHeld => Self::Held,
            Self::Unknown => Self::Unknown,
        }
    }
}
