//! The rules, each of which a test can leave out.

use super::super::{Family, Moment, Outcome, Presented, Terms, Timestamp, present};

/// A rule of the rotation, of its caller or of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// Inside the window the current token is served again.
    Coalesce,
    /// A counter above the record is taken over; otherwise it would be rotated.
    Adopt,
    /// Only the current token and its parent are served inside the window.
    ParentOnly,
    /// Outside the window a used token is reuse.
    Alarm,
    /// A used token brings nothing to another client.
    Label,
    /// A session ends by its time.
    Times,
    /// A window that was open when the store went away stays open.
    Outages,
    /// Outages close to each other count as one.
    Merge,
    /// The store keeps when it was first gone, where it is opened again soon.
    Openings,
    /// `rotated_at` is the time of the swap, not of the load before it.
    RotatedAtSwap,
    /// A request that lost a swap is judged as one that was under way.
    Raced,
    /// A swap is made only if the record is the one that was judged.
    Compare,
    /// An ended record is not swapped.
    EndedStays,
    /// A reuse ends the session.
    EndOnReuse,
    /// The server refuses what it knows to be logged out, whatever the store says.
    Held,
    /// A session of an older generation is refused.
    Generation,
}

impl Rule {
    pub(super) const ALL: [Self; 16] = [
        Self::Coalesce,
        Self::Adopt,
        Self::ParentOnly,
        Self::Alarm,
        Self::Label,
        Self::Times,
        Self::Outages,
        Self::Merge,
        Self::Openings,
        Self::RotatedAtSwap,
        Self::Raced,
        Self::Compare,
        Self::EndedStays,
        Self::EndOnReuse,
        Self::Held,
        Self::Generation,
    ];
}

/// The outcome without that rule.
pub(super) fn judge(
    without: Option<Rule>,
    family: &Family,
    terms: &Terms,
    presented: &Presented<'_>,
    moment: Moment,
) -> Outcome {
    let mut presented = *presented;
    let mut moment = moment;
    let mut terms = *terms;
    match without {
        Some(Rule::Raced) => presented.raced = false,
        Some(Rule::Label) => presented.label = None,
        Some(Rule::Times) => terms.expires = Timestamp::from_millis(u64::MAX),
        Some(Rule::Outages) => moment.outage = None,
        _ => {}
    }
    let outcome = present(family, &terms, &presented, moment);
    let (shown, current) = (presented.counter, family.counter);
    match (without, outcome) {
        (Some(Rule::Coalesce), Outcome::Serve { notice, .. }) if shown == current => {
            Outcome::Rotate { counter: current + 1, notice }
        }
        (Some(Rule::Adopt), Outcome::Rotate { notice, .. }) if shown > current => {
            Outcome::Rotate { counter: shown + 1, notice }
        }
        (Some(Rule::ParentOnly), Outcome::Reuse) if moment.now.since(family.rotated_at) <= terms.window => {
            Outcome::Serve { counter: current, notice: None }
        }
        (Some(Rule::Alarm), Outcome::Reuse) if shown + 1 == current => {
            Outcome::Serve { counter: current, notice: None }
        }
        _ => outcome,
    }
}
