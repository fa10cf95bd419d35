//! Logging in while the subject is logged out everywhere.
//!
//! A login reads the subject's generation, checks the credentials, and inserts its session if the generation
//! is still that one. Whoever knew only an old password must not be inside after the new one was set and the
//! subject logged out everywhere.

use super::random::Random;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// A session is inserted only at the generation that its login read.
    Compare,
    /// A server compares with the generation that it holds itself, too.
    Held,
    /// Raising goes above every session that was ever inserted.
    AboveInserted,
    /// Raising goes above the stored generation.
    AboveStored,
}

#[derive(Clone, Copy, Debug)]
struct Login {
    server: usize,
    generation: u64,
    /// Which password was checked, counted from the first.
    password: u64,
}

#[derive(Clone, Debug, Default)]
struct Kept {
    generation: u64,
    /// The highest one of a session.
    newest: u64,
    /// Each with its generation, and the password of its login.
    sessions: Vec<(u64, u64)>,
}

#[derive(Debug)]
struct Subject {
    without: Option<Rule>,
    kept: Kept,
    before: Vec<Kept>,
    clock: u64,
    /// The generation that each server knows.
    held: [u64; 2],
    password: u64,
    logins: Vec<Login>,
}

impl Subject {
    fn new(without: Option<Rule>) -> Self {
        Self {
            without,
            kept: Kept::default(),
            before: Vec::new(),
            clock: 100,
            held: [0, 0],
            password: 0,
            logins: Vec::new(),
        }
    }

    fn has(&self, rule: Rule) -> bool {
        self.without != Some(rule)
    }

    /// Reads the generation, then checks the credentials.
    fn begin(&mut self, server: usize) {
        // A server that knows more than its store tells it first.
        self.kept.generation = self.kept.generation.max(self.held[server]);
        self.logins.push(Login { server, generation: self.kept.generation, password: self.password });
    }

    /// Tells whether there is a session now.
    fn finish(&mut self, index: usize) -> bool {
        let login = self.logins.remove(index);
        let is_held_off = self.held[login.server] > login.generation && self.has(Rule::Held);
        let is_other = self.kept.generation != login.generation && self.has(Rule::Compare);
        if is_held_off || is_other {
            return false;
        }
        self.before.push(self.kept.clone());
        let generation = login.generation.max(self.clock);
        self.kept.newest = self.kept.newest.max(generation);
        self.kept.sessions.push((generation, login.password));
        true
    }

    fn change_password_and_log_out_everywhere(&mut self, server: usize) {
        self.password += 1;
        self.before.push(self.kept.clone());
        let mut generation = (self.held[server] + 1).max(self.clock);
        if self.has(Rule::AboveStored) {
            generation = generation.max(self.kept.generation + 1);
        }
        if self.has(Rule::AboveInserted) {
            generation = generation.max(self.kept.newest + 1);
        }
        self.kept.generation = generation;
        self.held[server] = generation;
    }

    /// The servers have heard of every generation before; a server that has not lets in whom the store does.
    fn roll_back(&mut self, writes: usize) {
        self.hear();
        for _ in 0..writes {
            if let Some(kept) = self.before.pop() {
                self.kept = kept;
            }
        }
    }

    fn hear(&mut self) {
        let newest = self.held[0].max(self.held[1]);
        self.held = [newest, newest];
    }

    fn alive(&self) -> impl Iterator<Item = u64> {
        let least = self.kept.generation.max(self.held[0].min(self.held[1]));
        self.kept.sessions.iter().filter(move |session| session.0 >= least).map(|session| session.1)
    }

    fn has_an_old_password_inside(&self) -> bool {
        self.alive().any(|password| password < self.password)
    }
}

/// Whether a random schedule keeps everyone with an old password out, and lets everyone else in.
fn is_safe(seed: u64, without: Option<Rule>) -> bool {
    let mut random = Random::new(seed);
    let mut subject = Subject::new(without);
    for _ in 0..30 {
        match random.below(100) {
            0..30 => subject.begin(random.index(2)),
            30..60 if !subject.logins.is_empty() => {
                let index = random.index(subject.logins.len());
                let login = subject.logins[index];
                let is_current = login.generation >= subject.kept.generation.max(subject.held[login.server]);
                let is_inside = subject.finish(index);
                if is_current && !is_inside && subject.kept.generation == login.generation {
                    return false;
                }
            }
            60..75 => subject.change_password_and_log_out_everywhere(random.index(2)),
            75..88 => subject.clock += random.below(3),
            88..94 => subject.clock = subject.clock.saturating_sub(random.below(50)),
            94..97 => subject.roll_back(random.index(3)),
            _ => subject.hear(),
        }
        if subject.has_an_old_password_inside() {
            return false;
        }
    }
    true
}

#[test]
fn an_old_password_that_was_checked_before_a_password_change_and_logout_everywhere() {
    for (clock, text) in [(100, "within one millisecond"), (200, "later"), (30, "the clock was set back")] {
        let mut subject = Subject::new(None);
        subject.begin(0);
        assert!(subject.finish(0), "{text}");
        subject.begin(0);
        subject.clock = clock;
        subject.change_password_and_log_out_everywhere(0);
        assert!(!subject.finish(0), "{text}: the old password was checked in time, and comes too late");
        assert_eq!(subject.alive().count(), 0, "{text}: the session from before is over too");
        subject.begin(0);
        assert!(subject.finish(0), "{text}: the new password logs in at once");
        assert_eq!(subject.alive().count(), 1, "{text}");
        subject.change_password_and_log_out_everywhere(0);
        assert_eq!(subject.alive().count(), 0, "{text}: and its session ends at the next time");
    }
}

#[test]
fn a_store_that_lost_the_generation_lets_no_old_password_in() {
    let schedule = |without| {
        let mut subject = Subject::new(without);
        subject.begin(0);
        subject.change_password_and_log_out_everywhere(0);
        subject.roll_back(1);
        subject.clock += 5;
        (subject.finish(0), subject.has_an_old_password_inside())
    };
    assert_eq!(schedule(None), (false, false));
    assert_eq!(schedule(Some(Rule::Held)), (true, true), "the store alone would let it in");
}

#[test]
fn random_logins_let_no_old_password_in_and_each_rule_is_needed() {
    for seed in 0..20_000 {
        assert!(is_safe(seed, None), "seed {seed}");
    }
    for rule in [Rule::Compare, Rule::Held, Rule::AboveInserted, Rule::AboveStored] {
        assert!((0..20_000).any(|seed| !is_safe(seed, Some(rule))), "no schedule needs {rule:?}");
    }
}
