//! Events for `tracing`, or nothing where the feature is off.
//!
//! The macro is the only place that knows about the feature. It takes fixed text and values that hold no
//! token and no claim.

#[cfg(feature = "tracing")]
macro_rules! event {
    ($level:ident, $text:literal $(, $key:ident = $value:expr)* $(,)?) => {
        ::tracing::$level!(target: "jwtower", $($key = %$value,)* $text)
    };
}

#[cfg(not(feature = "tracing"))]
macro_rules! event {
    ($level:ident, $text:literal $(, $key:ident = $value:expr)* $(,)?) => {
        { $( let _ = &$value; )* }
    };
}

pub(crate) use event;
