//! What is asked: a token's verification with these keys, against these demands.

use jwtower::{
    AccessToken, AuthError, Claims, ConfigError, ErrorKind, JwtAuthLayer, Verifier, jwe::DecryptionKeys,
};

use super::{
    arguments::Arguments,
    demands::{AnyClaims, Demands},
    keys::Keys,
    steps::Step,
    unverified::Unverified,
};
use crate::failure::Failure;

pub(crate) struct Asked<'a> {
    pub(crate) keys: Keys,
    /// None where plain tokens are taken.
    pub(crate) decryption: Option<DecryptionKeys>,
    /// None where a token of any is taken.
    pub(crate) issuer: Option<&'a str>,
    pub(crate) demands: &'a Demands,
    verifier: Verifier<AnyClaims>,
}

/// Why a token was refused.
pub(crate) struct Refusal {
    pub(crate) error: AuthError,
    /// The step that it failed.
    pub(crate) step: Option<Step>,
    /// What the token said of itself.
    pub(crate) token: Unverified,
}

impl<'a> Asked<'a> {
    pub(crate) fn of(arguments: &'a Arguments) -> Result<Self, Failure> {
        let demands = &arguments.demands;
        let keys = arguments.keys.read(demands.alg)?;
        let decryption = arguments.decryption.read()?;
        let issuer = demands.issuer.as_deref().or(arguments.keys.discovered());
        let verifier = demands.verifier(&keys, decryption.as_ref(), issuer)?;
        Ok(Self { keys, decryption, issuer, demands, verifier })
    }

    /// Verifies the token; where that cannot be done, says why.
    pub(crate) async fn judge(&self, token: &str) -> Result<Result<Claims<AnyClaims>, Refusal>, Failure> {
        let layer = JwtAuthLayer::new(self.verifier.clone());
        let mut outcome = layer.authenticate(token).await;
        // A request waits two seconds for keys; here is more time.
        if is_unavailable(&outcome) && self.verifier.ready().await.is_ok() {
            outcome = layer.authenticate(token).await;
        }
        match outcome {
            Ok(claims) => Ok(Ok(claims)),
            Err(error) if error.kind() == ErrorKind::Unavailable => {
                let why = self.verifier.key_status().pop().and_then(|status| status.error);
                let why = why.unwrap_or_else(|| error.to_string());
                Err(Failure::new(format_args!("{}: {why}", error.code())))
            }
            Err(error) => Ok(Err(self.refusal(error, token)?)),
        }
    }

    fn refusal(&self, error: AuthError, token: &str) -> Result<Refusal, ConfigError> {
        let opened = self.decryption.as_ref().map(|keys| keys.decrypt(token));
        let inside = match &opened {
            Some(Ok(inside)) => Unverified::of(inside.secret()),
            _ => Unverified::of(token),
        };
        let step = match Step::of(error.code()) {
            Some(step) => Some(self.reached(step, &error, token, &inside, opened.as_ref())?),
            None => None,
        };
        Ok(Refusal { error, step, token: inside })
    }

    /// The step at which the library stopped, where a code can be told at several.
    fn reached(
        &self,
        step: Step,
        error: &AuthError,
        token: &str,
        inside: &Unverified,
        opened: Option<&Result<AccessToken, AuthError>>,
    ) -> Result<Step, ConfigError> {
        // An envelope has a header and a key too.
        let step = match opened {
            None => step,
            Some(Err(_)) => step.min(Step::Encryption),
            Some(Ok(_)) => step.max(Step::Encryption),
        };
        // `exp` is asked for before the time is, the others at the end.
        if error.code() == "missing_claim" && inside.claim("exp").is_none() {
            return Ok(Step::Time);
        }
        // Nothing is fetched for a token that says itself that it is of another issuer.
        if self.issuer.is_some() && matches!(self.keys, Keys::Elsewhere(_)) {
            let of_any_issuer = self.demands.verifier(&self.keys, self.decryption.as_ref(), None)?;
            let stopped = of_any_issuer.verify(token).err().and_then(|error| Step::of(error.code()));
            return Ok(if stopped == Some(Step::Key) { step.min(Step::Key) } else { step });
        }
        Ok(step)
    }
}

fn is_unavailable<T>(outcome: &Result<T, AuthError>) -> bool {
    outcome.as_ref().is_err_and(|error| error.kind() == ErrorKind::Unavailable)
}
