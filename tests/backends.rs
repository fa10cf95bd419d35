//! jwtower beside a jsonwebtoken with two crypto backends.
