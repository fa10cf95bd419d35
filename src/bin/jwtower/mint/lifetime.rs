//! How long a token lives, as an option gives it.

use std::{str::FromStr, time::Duration};

use jiff::{Span, SpanRelativeTo};

/// A span of time with its unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetime(pub(crate) Duration);

impl FromStr for Lifetime {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let span: Option<Span> = text.parse().ok();
        let duration = span.and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()).ok());
        let duration = duration.and_then(|duration| Duration::try_from(duration).ok());
        duration.map(Self).ok_or("write a number and s, m, h or d, such as 90s, 10m, 8h or 7d")
    }
}
