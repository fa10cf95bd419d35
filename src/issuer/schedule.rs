//! When a key is announced, is in use, and goes.

use std::time::Duration;

use crate::{error::ConfigError, keys::Algorithm};

/// How much later than `exp` a verifier may still take a token.
const LEEWAY: Duration = Duration::from_secs(60);

/// More keys than this no verifier reads from a JWK Set; half of it leaves room for rotations by hand.
const MAX_RETIRED: u32 = 50;

/// When keys are announced, are in use, and go.
///
/// A key is announced as the next one, then signs, then stays published as long as a token that it signed may
/// live. The defaults suit most services: a key signs for 90 days and is announced 14 days before.
///
/// | a key is | in a `KeyRing` | in a `DecryptionRing` (feature `jwe`) |
/// |---|---|---|
/// | announced, for `announce` | published, and does not sign yet | on every node, and published nowhere |
/// | current, for `lifetime` | signing | the one that is published and encrypted to |
/// | replaced, for `retire` | still published | still decrypting |
///
/// ```
/// use std::time::Duration;
/// use jwtower::{Algorithm, Schedule};
///
/// let schedule = Schedule::default()
///     .algorithm(Algorithm::Ed25519)
///     .lifetime(Duration::from_secs(30 * 24 * 3600));
/// ```
///
/// A schedule in which a verifier could meet a key that it cannot know, or miss one whose tokens still live,
/// does not open a ring. Nor does one open a ring of decryption keys by which a sender that kept a public key
/// (`jwks_max_age`, `verifier_cache`, `poll`) could encrypt to one that is gone before the token is dead. How long
/// senders' tokens live is not known: 10 minutes are counted, or as long as those of an
/// [`Issuer`](super::Issuer) here that encrypts to the ring. Where senders' tokens live longer, raise `retire`
/// by as much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Schedule {
    pub(super) algorithm: Algorithm,
    pub(super) lifetime: Duration,
    pub(super) announce: Duration,
    pub(super) retire: Duration,
    pub(super) jwks_max_age: Duration,
    pub(super) verifier_cache: Duration,
    pub(super) poll: Duration,
    pub(super) skew: Duration,
}

impl Default for Schedule {
    fn default() -> Self {
        const MINUTE: Duration = Duration::from_secs(60);
        const HOUR: Duration = Duration::from_secs(3600);
        const DAY: Duration = Duration::from_secs(24 * 3600);
        Self {
            algorithm: Algorithm::ES256,
            lifetime: 90 * DAY,
            announce: 14 * DAY,
            retire: DAY,
            jwks_max_age: 10 * MINUTE,
            verifier_cache: HOUR,
            poll: 5 * MINUTE,
            skew: MINUTE,
        }
    }
}

impl Schedule {
    /// How long tokens live unless told.
    pub(super) const USUAL_TOKEN_LIFE: Duration = Duration::from_secs(600);

    /// What new keys sign with; ES256 unless told, which every library verifies. Keys that the ring holds
    /// already keep theirs. A ring of decryption keys is told when it is opened.
    pub fn algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// How long a key signs, or is encrypted to; 90 days unless told.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// How long a key is published before it signs; 14 days unless told, so that verifiers whose keys someone
    /// copies by hand can follow. A decryption key is known to the ring's own nodes that long before.
    pub fn announce(mut self, announce: Duration) -> Self {
        self.announce = announce;
        self
    }

    /// How long a replaced key stays published, or still decrypts; 24 hours unless told.
    pub fn retire(mut self, retire: Duration) -> Self {
        self.retire = retire;
        self
    }

    /// How long the JWK Set may be cached (`Cache-Control`): 1 minute to 1 hour, 10 minutes unless told.
    pub fn jwks_max_age(mut self, max_age: Duration) -> Self {
        self.jwks_max_age = max_age;
        self
    }

    /// How long verifiers, or senders of encrypted tokens, may use a JWK Set beyond that, as when they cannot
    /// get a new one; 1 hour unless told.
    pub fn verifier_cache(mut self, verifier_cache: Duration) -> Self {
        self.verifier_cache = verifier_cache;
        self
    }

    /// How old what a node read from the store may be before the node stops signing, or encrypting; 5 minutes
    /// unless told. Nodes read five times as often.
    pub fn poll(mut self, poll: Duration) -> Self {
        self.poll = poll;
        self
    }

    /// How far the store's clock may jump; 1 minute unless told.
    pub fn skew(mut self, skew: Duration) -> Self {
        self.skew = skew;
        self
    }

    /// How long after it was announced a key is known to every verifier.
    pub(super) fn settling(&self) -> Duration {
        [self.verifier_cache, self.poll, self.skew]
            .iter()
            .fold(self.jwks_max_age, |sum, part| sum.saturating_add(*part))
    }

    /// How long a replaced key stays at least; the store's clock may jump meanwhile.
    pub(super) fn retention(&self) -> Duration {
        self.retire.saturating_add(self.skew)
    }

    /// Refuses what could not work.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let Self { lifetime, announce, retire, jwks_max_age, verifier_cache, poll, skew, .. } = *self;
        for (name, duration) in [("lifetime", lifetime), ("announce", announce), ("retire", retire)] {
            if duration < Duration::from_secs(1) {
                return refuse(format!("{name} is {duration:?}; give a second or more"));
            }
        }
        // Five reads fit into a poll, and no timer is finer than a millisecond.
        if poll < Duration::from_secs(1) {
            return refuse(format!("poll is {poll:?}; give a second or more"));
        }
        if !(Duration::from_secs(60)..=Duration::from_secs(3600)).contains(&jwks_max_age) {
            return refuse(format!("jwks_max_age is {jwks_max_age:?}; give one minute to one hour"));
        }
        if announce < self.settling() {
            return refuse(format!(
                "a key would be in use {announce:?} after it was announced, and may not be known for {:?} \
                 (jwks_max_age {jwks_max_age:?} + verifier_cache {verifier_cache:?} + poll {poll:?} + skew \
                 {skew:?}); raise announce or lower those",
                self.settling()
            ));
        }
        if lifetime <= announce {
            return refuse(format!(
                "a key is in use for {lifetime:?}, and its successor would be announced {announce:?} before; \
                 raise lifetime above announce"
            ));
        }
        if retire > lifetime.saturating_mul(MAX_RETIRED) {
            return refuse(format!(
                "keys that change every {lifetime:?} and stay for {retire:?} would be too many to be \
                 read; raise lifetime or lower retire, which is {MAX_RETIRED} lifetimes at most"
            ));
        }
        Ok(())
    }

    /// Refuses to drop decryption keys before the tokens of senders, who may have kept a public key.
    #[cfg(feature = "jwe")]
    pub(super) fn check_senders(&self, life: Duration) -> Result<(), ConfigError> {
        let Self { retire, jwks_max_age, verifier_cache, poll, .. } = *self;
        let needed = [jwks_max_age, verifier_cache, poll, LEEWAY]
            .iter()
            .fold(life, |sum, part| sum.saturating_add(*part));
        if retire >= needed {
            return Ok(());
        }
        refuse(format!(
            "a replaced key decrypts for {retire:?}, and a token that is encrypted to it may come for {needed:?} \
             (jwks_max_age {jwks_max_age:?} + verifier_cache {verifier_cache:?} + poll {poll:?} + lifetime \
             {life:?} + leeway {LEEWAY:?}); raise the schedule's retire, or lower the others or the issuer's lifetime"
        ))
    }

    /// Refuses to drop keys before the tokens that they signed.
    pub(super) fn check_token_life(&self, life: Duration) -> Result<(), ConfigError> {
        let (retire, poll) = (self.retire, self.poll);
        let needed = life.saturating_add(LEEWAY).saturating_add(poll);
        if retire >= needed {
            return Ok(());
        }
        refuse(format!(
            "a replaced key goes after {retire:?}, and tokens that it signed live for {needed:?} (lifetime \
             {life:?} + leeway {LEEWAY:?} + poll {poll:?}); raise the schedule's retire or lower the issuer's \
             lifetime"
        ))
    }
}

fn refuse(problem: String) -> Result<(), ConfigError> {
    Err(ConfigError::new("schedule", problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const DAY: Duration = Duration::from_secs(24 * 3600);

    #[test]
    fn the_impossible_is_refused_with_its_figures_and_the_way_out() {
        let default = Schedule::default();
        let fitting = default.settling();
        for (schedule, says) in [
            (default.lifetime(Duration::ZERO), "lifetime is 0ns"),
            (default.announce(Duration::ZERO), "announce is 0ns"),
            (default.retire(Duration::ZERO), "retire is 0ns"),
            (default.poll(Duration::ZERO), "poll is 0ns"),
            (default.jwks_max_age(59 * SECOND), "59s; give one minute to one hour"),
            (default.jwks_max_age(3601 * SECOND), "3601s; give one minute to one hour"),
            (default.announce(fitting - SECOND), "4559s after it was announced"),
            (default.announce(fitting - SECOND), "raise announce"),
            (default.verifier_cache(14 * DAY), "verifier_cache 1209600s"),
            (default.verifier_cache(Duration::MAX), "raise announce or lower those"),
            (default.lifetime(14 * DAY), "raise lifetime above announce"),
            (default.lifetime(15 * DAY).retire(751 * DAY), "50 lifetimes"),
        ] {
            let error = schedule.check().unwrap_err().to_string();
            assert!(error.starts_with("schedule: ") && error.contains(says), "{error}");
        }
        for schedule in [
            default,
            default.announce(fitting),
            default.lifetime(14 * DAY + SECOND),
            default.skew(Duration::ZERO).verifier_cache(Duration::ZERO),
            default.jwks_max_age(60 * SECOND),
            default.jwks_max_age(3600 * SECOND),
            default.lifetime(15 * DAY).retire(750 * DAY),
        ] {
            schedule.check().unwrap();
        }
    }

    #[cfg(feature = "jwe")]
    #[test]
    fn decryption_keys_go_after_the_tokens_of_senders_who_kept_the_old_one() {
        // 10 min max-age, 1 h cache, 5 min poll, 1 min leeway.
        let schedule = Schedule::default().retire(4560 * SECOND + 600 * SECOND);
        schedule.check_senders(600 * SECOND).unwrap();
        let error = schedule.check_senders(601 * SECOND).unwrap_err().to_string();
        assert!(error.contains("decrypts for 5160s") && error.contains("come for 5161s"), "{error}");
        assert!(
            error.contains("raise the schedule's retire, or lower the others or the issuer's lifetime"),
            "{error}"
        );
        assert!(Schedule::default().check_senders(Duration::MAX).is_err());
    }

    #[test]
    fn keys_go_after_the_tokens_that_they_signed() {
        let schedule = Schedule::default().retire(960 * SECOND);
        schedule.check_token_life(600 * SECOND).unwrap();
        let error = schedule.check_token_life(601 * SECOND).unwrap_err().to_string();
        assert!(error.contains("after 960s") && error.contains("live for 961s"), "{error}");
        assert!(error.contains("raise the schedule's retire or lower the issuer's lifetime"), "{error}");
    }
}
