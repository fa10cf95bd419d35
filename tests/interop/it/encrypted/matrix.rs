//! What was tried, and how it went.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::encrypted::combination::Combination;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Direction {
    /// From the peer to us.
    Received,
    /// From us to the peer.
    Sent,
}

/// By direction and combination, and then by how the key came from one side to the other.
#[derive(Default)]
pub(super) struct Matrix(BTreeMap<(Direction, String), Ways>);

type Ways = BTreeMap<&'static str, Result<(), String>>;

impl Matrix {
    pub(super) fn record(
        &mut self,
        direction: Direction,
        combination: &Combination,
        way: &'static str,
        outcome: Result<(), String>,
    ) {
        let line = self.0.entry((direction, combination.name())).or_default();
        assert!(line.insert(way, outcome).is_none(), "{way} was tried twice");
    }

    /// A line for each combination and direction.
    pub(super) fn lines(&self, peer: &str) -> String {
        let mut text = String::new();
        for ((direction, combination), ways) in &self.0 {
            let arrow = if *direction == Direction::Received { "->" } else { "<-" };
            let bad = ways.iter().filter_map(|(way, outcome)| Some((way, outcome.as_ref().err()?)));
            let bad: Vec<_> = bad.map(|(way, error)| format!("{way}: {error}")).collect();
            let verdict = if bad.is_empty() { "ok".to_owned() } else { format!("FAILED {}", bad.join("; ")) };
            let ways: Vec<_> = ways.keys().copied().collect();
            let _ = writeln!(text, "{peer} {arrow} us  {combination}  {verdict}  ({})", ways.join(", "));
        }
        text
    }

    /// Fails where something went wrong or was left out.
    pub(super) fn assert_complete(&self) {
        for combination in Combination::all() {
            let (received, sent): (&[_], &[_]) = match combination.algorithm {
                algorithm if algorithm.is_symmetric() => {
                    (&["our secret", "their JWK"], &["our secret", "their JWK"])
                }
                algorithm if algorithm.is_agreement() => {
                    (&["our JWK Set", "our JWK Set with apu and apv", "their JWK", "their PEM"], &PAIR_SENT)
                }
                _ => (&["our JWK Set", "their JWK", "their PEM"], &PAIR_SENT),
            };
            for (direction, expected) in [(Direction::Received, received), (Direction::Sent, sent)] {
                let line = self.0.get(&(direction, combination.name()));
                let ways: Vec<_> = line.into_iter().flatten().map(|(way, _)| *way).collect();
                assert_eq!(ways, expected, "{}", combination.name());
            }
        }
        let failed = self.0.values().flatten().filter(|(_, outcome)| outcome.is_err()).count();
        assert_eq!(failed, 0, "something went wrong:\n{}", self.lines("peer"));
    }
}

const PAIR_SENT: [&str; 4] = ["our PEM", "their JWK", "their JWK Set", "their PEM"];
