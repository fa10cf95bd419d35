//! error[E0277]: the trait bound `Secret: Hash` is not satisfied

fn hashed(_: &impl std::hash::Hash) {}

pub fn digest(secret: &jwtower::Secret) {
    hashed(secret);
}
