//! Work that goes on when nobody waits for it any more.

use std::panic::resume_unwind;

use crate::{AuthError, error::Code};

/// Runs a logout to its end, also where the client goes away meanwhile: a page that logs out is often closed
/// at once, and the server then drops the request.
pub(super) async fn finish<T: Send + 'static>(
    logout: impl Future<Output = Result<T, AuthError>> + Send + 'static,
) -> Result<T, AuthError> {
    match tokio::spawn(logout).await {
        Ok(outcome) => outcome,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime is shutting down.
            Err(_) => Err(Code::StoreUnavailable.into()),
        },
    }
}
