//! What is said of a verification.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use jwtower::{
    Claims,
    claims::{NumericDate, RegisteredClaims},
};
use serde::Serialize;

use super::{
    advice::advice,
    asked::{Asked, Refusal},
    demands::AnyClaims,
    steps::{Row, STEPS, Step},
    unverified::quoted,
};
use crate::{failure::Failure, moment, visible};

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const DIM: Style = Style::new().dimmed();

/// What became of a step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    NotReached,
}

impl Outcome {
    fn of(step: Step, failed: Option<Option<Step>>) -> Self {
        match failed {
            None => Self::Passed,
            Some(Some(failed)) if step < failed => Self::Passed,
            Some(Some(failed)) if step == failed => Self::Failed,
            Some(_) => Self::NotReached,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotReached => "not_reached",
        }
    }
}

/// The report for programs, in this order; a member that does not apply is null.
#[derive(Serialize)]
struct Told<'a> {
    valid: bool,
    code: Option<&'static str>,
    meaning: Option<String>,
    advice: Option<String>,
    subject: Option<&'a str>,
    issuer: Option<&'a str>,
    expires_at: Option<NumericDate>,
    steps: Vec<ToldStep>,
}

#[derive(Serialize)]
struct ToldStep {
    step: &'static str,
    outcome: &'static str,
}

/// A verdict on what was asked.
pub(crate) struct Report<'a> {
    pub(crate) asked: &'a Asked<'a>,
    pub(crate) verdict: Result<Claims<AnyClaims>, Refusal>,
}

impl Report<'_> {
    /// For people.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for (row, outcome) in self.steps() {
            let name = row.name;
            let _ = match outcome {
                Outcome::Passed => {
                    writeln!(text, "{GOOD}✓{GOOD:#} {name:<13} {DIM}{}{DIM:#}", self.holds(row))
                }
                Outcome::Failed => writeln!(text, "{BAD}✗ {name}{BAD:#}"),
                Outcome::NotReached => writeln!(text, "{DIM}· {name:<13} not reached{DIM:#}"),
            };
        }
        let _ = match &self.verdict {
            Ok(claims) => {
                let claims = claims.registered();
                let subject = claims.subject().map_or("nobody".into(), quoted);
                let issuer = claims.issuer().map_or("nobody".into(), quoted);
                let end = moment::shown(claims.expires_at().as_secs());
                writeln!(text, "\n{GOOD}valid{GOOD:#}: about {subject}, issued by {issuer}, until {end}")
            }
            Err(refusal) => {
                let (error, advice) = (refusal.error, advice(refusal, self.asked));
                writeln!(text, "\n{BAD}refused{BAD:#}: {}: {error}\n{advice}", error.code())
            }
        };
        text
    }

    /// For programs.
    pub(crate) fn json(&self) -> Result<String, Failure> {
        let steps = self.steps().map(|(row, outcome)| ToldStep { step: row.name, outcome: outcome.name() });
        let claims = self.verdict.as_ref().ok().map(Claims::registered);
        let refusal = self.verdict.as_ref().err();
        let told = Told {
            valid: claims.is_some(),
            code: refusal.map(|refusal| refusal.error.code()),
            meaning: refusal.map(|refusal| refusal.error.to_string()),
            advice: refusal.map(|refusal| advice(refusal, self.asked)),
            subject: claims.and_then(RegisteredClaims::subject),
            issuer: claims.and_then(RegisteredClaims::issuer),
            expires_at: claims.map(RegisteredClaims::expires_at),
            steps: steps.collect(),
        };
        let json = serde_json::to_string_pretty(&told)
            .map_err(|_| Failure::new("the report cannot be written as JSON; leave --json out"))?;
        Ok(visible::json(&json) + "\n")
    }

    fn steps(&self) -> impl Iterator<Item = (&'static Row, Outcome)> {
        let failed = self.verdict.as_ref().err().map(|refusal| refusal.step);
        STEPS.iter().map(move |row| (row, Outcome::of(row.step, failed)))
    }

    /// What a step that passed says, where it was asked for at all.
    fn holds(&self, row: &Row) -> &'static str {
        match row.step {
            Step::Encryption if self.asked.decryption.is_some() => {
                "it is encrypted to the key that was given"
            }
            Step::Issuer if self.asked.issuer.is_none() => "any is taken, as --any-issuer says",
            Step::Audience if self.asked.demands.any_audience => "any is taken, as --any-audience says",
            _ => row.holds,
        }
    }
}
