mod nested;
mod pems;
mod points;
mod private_jwks;
mod public_jwks;
mod round_trips;
mod support;
