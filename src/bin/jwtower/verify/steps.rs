//! The steps of a verification, and which codes tell that one of them failed.

/// One step, in the order in which the library takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Form,
    Encryption,
    Header,
    Type,
    Key,
    Signature,
    Payload,
    Kind,
    Time,
    Issuer,
    Claims,
    Audience,
    Binding,
    Requirements,
    Envelope,
}

/// What is to be known of a step.
pub(crate) struct Row {
    pub(crate) step: Step,
    pub(crate) name: &'static str,
    /// What holds where it passed.
    pub(crate) holds: &'static str,
    /// The codes of `AuthError` that say that it failed.
    pub(crate) codes: &'static [&'static str],
}

/// Every step once, in their order.
pub(crate) static STEPS: [Row; 15] = [
    Row {
        step: Step::Form,
        name: "form",
        holds: "three parts, or five where it is encrypted; at most 16 KiB",
        codes: &["token_too_large", "malformed_token"],
    },
    Row {
        step: Step::Encryption,
        name: "encryption",
        holds: "it is plain, and no key that decrypts is given",
        codes: &["encrypted_token", "plain_token", "decryption_failed", "not_nested"],
    },
    Row {
        step: Step::Header,
        name: "header",
        holds: "one JSON object, with an algorithm that is known here",
        codes: &[
            "header_too_large",
            "invalid_header",
            "duplicate_header_member",
            "unsupported_header",
            "unsupported_algorithm",
        ],
    },
    Row {
        step: Step::Type,
        name: "type",
        holds: "typ is one that access tokens have",
        codes: &["wrong_type"],
    },
    Row {
        step: Step::Key,
        name: "key",
        holds: "exactly one key may have signed it, with this algorithm",
        codes: &[
            "algorithm_not_allowed",
            "unknown_issuer",
            "issuers_unavailable",
            "keys_unavailable",
            "key_pending",
            "unknown_key",
            "ambiguous_key",
            "algorithm_mismatch",
        ],
    },
    Row {
        step: Step::Signature,
        name: "signature",
        holds: "that key signed it, and nothing was changed since",
        codes: &["bad_signature"],
    },
    Row {
        step: Step::Payload,
        name: "payload",
        holds: "one JSON object, with claims of the right types",
        codes: &["invalid_payload", "nested_too_deep", "duplicate_claim", "mistyped_claim"],
    },
    Row {
        step: Step::Kind,
        name: "kind",
        holds: "no claim marks another kind of token",
        codes: &["other_token_kind"],
    },
    Row {
        step: Step::Time,
        name: "time",
        holds: "it has begun, and not ended",
        codes: &["token_expired", "too_old", "not_yet_valid", "issued_in_future"],
    },
    Row {
        step: Step::Issuer,
        name: "issuer",
        holds: "iss is the issuer that is trusted",
        codes: &["issuer_mismatch"],
    },
    Row {
        step: Step::Claims,
        name: "claims",
        holds: "every value is one that JSON readers take",
        codes: &["claims_mismatch"],
    },
    Row {
        step: Step::Audience,
        name: "audience",
        holds: "aud names this service",
        codes: &["audience_mismatch"],
    },
    Row {
        step: Step::Binding,
        name: "binding",
        holds: "it is bound to no key of its bearer",
        codes: &["unexpected_binding"],
    },
    Row {
        step: Step::Requirements,
        name: "requirements",
        holds: "every claim that is asked for is there",
        codes: &["missing_claim", "subject_mismatch", "check_failed"],
    },
    Row {
        step: Step::Envelope,
        name: "envelope",
        holds: "no encrypted header says another iss, sub or aud",
        codes: &["header_claim_mismatch"],
    },
];

impl Step {
    /// The step that this code tells of.
    pub(crate) fn of(code: &str) -> Option<Self> {
        STEPS.iter().find(|row| row.codes.contains(&code)).map(|row| row.step)
    }
}
