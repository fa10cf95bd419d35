use jwtower::{Algorithm, KeySet, Secret, SigningKey, Verifier};
use jwtower_benches::*;
fn main() {
    let secret = Secret::generate(Algorithm::HS256).unwrap();
    let t = token(&SigningKey::from(&secret));
    let v = Verifier::<User>::builder().keys(&secret).issuer(ISSUER).audience(AUDIENCE).build().unwrap();
    let n: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    for _ in 0..n {
        std::hint::black_box(v.verify(t.secret()).unwrap());
    }
}
