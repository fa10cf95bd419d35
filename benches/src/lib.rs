//! What the benches share: a realistic token, and rounds that take turns.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use jwtower::{AccessToken, Issuer, SigningKey};
use serde::{Deserialize, Serialize};

/// The issuer of the benches' tokens.
pub const ISSUER: &str = "https://login.example.com/tenants/acme";

/// The audience of the benches' tokens.
pub const AUDIENCE: &str = "https://api.example.com/orders";

/// Claims of a usual size: three roles, eight permissions, a name and an address.
#[derive(Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "plain data")]
pub struct User {
    pub scope: String,
    pub roles: Vec<String>,
    pub permissions: Vec<String>,
    pub name: String,
    pub email: String,
}

impl User {
    /// The one user of the benches.
    #[must_use]
    pub fn example() -> Self {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            scope: "openid profile".into(),
            roles: list(&["user", "editor", "auditor"]),
            permissions: list(&[
                "posts:read",
                "posts:write",
                "posts:list",
                "users:read",
                "users:list",
                "files:read",
                "files:write",
                "audit:read",
            ]),
            name: "Alice Example-Johnson-Lee, Logistics.".into(),
            email: "alice.example-johnson@mail.example.com".into(),
        }
    }
}

/// A token of an hour.
///
/// # Panics
///
/// When the key cannot sign.
#[must_use]
pub fn token(key: &SigningKey) -> AccessToken {
    let issuer = Issuer::builder()
        .key(key.clone().with_kid("2026-11").expect("the name is short"))
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .client_id("web-frontend-production")
        .lifetime(Duration::from_secs(3600))
        .build();
    issuer
        .and_then(|issuer| issuer.sign("user-0123456789", &User::example()))
        .expect("the example can be signed")
}

/// A named piece of work.
pub struct Work<'a> {
    name: &'static str,
    run: Box<dyn FnMut() + 'a>,
}

impl std::fmt::Debug for Work<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl<'a> Work<'a> {
    /// Work whose result is kept from the optimizer.
    pub fn new<T>(name: &'static str, mut run: impl FnMut() -> T + 'a) -> Self {
        Self { name, run: Box::new(move || drop(black_box(run()))) }
    }
}

/// Runs the pieces of work in turns, prints the median of each, and its ratio to the first; returns the medians in
/// nanoseconds.
///
/// Turns matter: what else the machine does then hits all of them alike.
pub fn compare(title: &str, mut works: Vec<Work<'_>>) -> Vec<f64> {
    // `cargo test --benches` asks only whether they run.
    let (rounds, round) = match std::env::args().any(|argument| argument == "--test") {
        true => (1, Duration::ZERO),
        false => (41, Duration::from_millis(8)),
    };
    let mut times = vec![Vec::with_capacity(rounds); works.len()];
    for _ in 0..rounds {
        for (work, times) in works.iter_mut().zip(&mut times) {
            times.push(nanoseconds(&mut work.run, round));
        }
    }
    println!("\n{title}");
    let mut medians = Vec::with_capacity(works.len());
    for (work, times) in works.iter().zip(&mut times) {
        times.sort_by(f64::total_cmp);
        let median = times[times.len() / 2];
        medians.push(median);
        println!("{:<44} {median:>10.0} ns {:>8.2} x", work.name, median / medians[0]);
    }
    medians
}

fn nanoseconds(run: &mut dyn FnMut(), at_least: Duration) -> f64 {
    let (start, mut count) = (Instant::now(), 0);
    loop {
        for _ in 0..16 {
            run();
        }
        count += 16;
        let elapsed = start.elapsed();
        if elapsed >= at_least {
            return elapsed.as_nanos() as f64 / f64::from(count);
        }
    }
}
