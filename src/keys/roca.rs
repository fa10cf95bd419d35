//! Recognises RSA keys of the ROCA generator, whose private half can be computed (CVE-2017-15361).
//!
//! Its primes are powers of 65537 modulo the product of the first small primes, and so is the modulus.

/// The odd primes up to 167, for which the generator of 2048-bit keys is known to do so.
const PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103,
    107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/// Whether the modulus, big-endian, has the generator's mark; of other moduli one in 2^27 has it by chance.
pub(super) fn is_roca(modulus: &[u8]) -> bool {
    PRIMES.into_iter().all(|prime| {
        let residue = modulus.iter().fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % prime);
        let mut power = 1;
        (1..prime).any(|_| {
            power = power * 65537 % prime;
            power == residue
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 65537 to that power, big-endian.
    fn power(exponent: usize) -> Vec<u8> {
        let mut little = vec![1_u8];
        for _ in 0..exponent {
            let shifted = [&[0, 0], &little[..]].concat();
            let mut carry = 0;
            little.resize(shifted.len(), 0);
            for (digit, more) in little.iter_mut().zip(shifted) {
                let sum = u16::from(*digit) + u16::from(more) + carry;
                (*digit, carry) = (sum.to_le_bytes()[0], sum >> 8);
            }
            little.extend((carry > 0).then_some(1));
        }
        little.reverse();
        little
    }

    #[test]
    fn powers_of_65537_are_recognised_and_their_neighbours_are_not() {
        for exponent in [1, 2, 3, 100, 128] {
            let modulus = power(exponent);
            assert!(is_roca(&modulus), "65537^{exponent}");
            let mut neighbour = modulus.clone();
            *neighbour.last_mut().unwrap() += 2;
            assert!(!is_roca(&neighbour), "65537^{exponent} + 2");
        }
        assert!(!is_roca(&[]));
    }
}
