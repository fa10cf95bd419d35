//! Tests of the repository itself: who imports whom, who makes a proof, what files look like, whether the
//! README is true.

mod files;
mod imports;
mod paths;
mod proofs;
mod readme;
mod tree;
