//! A bound on nesting that also holds in members that nobody reads.

/// How deep arrays and objects may nest.
const MAX_DEPTH: usize = 128;

/// Whether `json` nests at most 128 levels.
///
/// The parser bounds what it builds, but skips unread members without counting. Most payloads have fewer
/// brackets than levels are allowed, and counting those is fast.
pub(super) fn is_bounded(json: &str) -> bool {
    brackets(json.as_bytes()) <= MAX_DEPTH || deepest(json) <= MAX_DEPTH
}

/// Counts `[` and `{`, which differ in one bit, in a form that compilers turn into vector instructions.
fn brackets(json: &[u8]) -> usize {
    let count = |chunk: &[u8]| chunk.iter().fold(0_u8, |sum, byte| sum + u8::from(byte | 0x20 == b'{'));
    json.chunks(usize::from(u8::MAX)).map(|chunk| usize::from(count(chunk))).sum()
}

fn deepest(json: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    let (mut in_string, mut escaped) = (false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_is_bounded_wherever_it_stands() {
        let nested = |depth: usize| format!("{{\"x\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
        assert!(is_bounded(&nested(128)));
        assert!(!is_bounded(&nested(129)));
        assert!(
            is_bounded(&format!("{{\"x\":[{}0]}}", "[],".repeat(500))),
            "many brackets side by side are fine"
        );
        assert!(
            is_bounded(&format!("{{\"x\":\"{}\"}}", "[".repeat(500))),
            "brackets in a string do not nest"
        );
        assert!(is_bounded(&format!("{{\"x\":\"\\\"{}\"}}", "[".repeat(500))), "nor after an escaped quote");
        assert!(!is_bounded(&format!("{{\"x\":\"\\\\\",\"y\":{}0{}}}", "[".repeat(500), "]".repeat(500))));
    }
}
