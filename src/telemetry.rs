//! Events for `tracing` and numbers for `metrics`, or nothing where the feature is off.
//!
//! The macros are the only place that knows about the features. They take fixed text and values that hold no
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

/// Counts one more: `count!("name", label = value)`.
#[cfg(feature = "metrics")]
#[cfg_attr(not(feature = "jwks-client"), allow(unused_macros, reason = "only remote keys are counted"))]
macro_rules! count {
    ($name:literal $(, $key:ident = $value:expr)* $(,)?) => {
        ::metrics::counter!($name $(, stringify!($key) => ($value).to_string())*).increment(1)
    };
}

#[cfg(not(feature = "metrics"))]
#[cfg_attr(not(feature = "jwks-client"), allow(unused_macros, reason = "only remote keys are counted"))]
macro_rules! count {
    ($name:literal $(, $key:ident = $value:expr)* $(,)?) => {
        { $( let _ = &$value; )* }
    };
}

/// Says how much there is now: `gauge!("name", number, label = value)`.
#[cfg(feature = "metrics")]
#[cfg_attr(not(feature = "jwks-client"), allow(unused_macros, reason = "only remote keys are counted"))]
macro_rules! gauge {
    ($name:literal, $number:expr $(, $key:ident = $value:expr)* $(,)?) => {
        ::metrics::gauge!($name $(, stringify!($key) => ($value).to_string())*).set($number)
    };
}

#[cfg(not(feature = "metrics"))]
#[cfg_attr(not(feature = "jwks-client"), allow(unused_macros, reason = "only remote keys are counted"))]
macro_rules! gauge {
    ($name:literal, $number:expr $(, $key:ident = $value:expr)* $(,)?) => {
        { let _ = $number; $( let _ = &$value; )* }
    };
}

pub(crate) use event;
#[cfg(feature = "jwks-client")]
pub(crate) use {count, gauge};
