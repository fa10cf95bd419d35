//! Which granted permission covers which required one.

/// Whether `granted` covers `required`: the same segments between colons, where a granted `*` stands for
/// any one segment that is not empty.
pub(super) fn covers(granted: &str, required: &str) -> bool {
    let (mut granted, mut required) = (granted.split(':'), required.split(':'));
    loop {
        match (granted.next(), required.next()) {
            (None, None) => return true,
            (Some(pattern), Some(segment)) if pattern == segment => {}
            (Some("*"), Some(segment)) if !segment.is_empty() => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_on_the_granted_side_stands_for_one_whole_segment() {
        for (granted, required, covered) in [
            ("posts:write", "posts:write", true),
            ("posts:write", "posts:read", false),
            ("posts:write", "Posts:write", false),
            ("posts:*", "posts:write", true),
            ("posts:*", "posts:drafts:write", false),
            ("posts:*", "posts", false),
            ("posts:*", "posts:", false),
            ("posts:*", "users:write", false),
            ("*:write", "posts:write", true),
            ("*:write", "posts:read", false),
            ("*:*", "posts:write", true),
            ("*:*", "posts", false),
            ("*", "posts", true),
            ("*", "posts:write", false),
            ("*", "", false),
            ("posts:*:write", "posts:drafts:write", true),
            ("posts:*:write", "posts:write", false),
            ("posts:dra*", "posts:drafts", false),
            ("posts:**", "posts:drafts", false),
            ("posts", "posts:write", false),
            ("posts:write:all", "posts:write", false),
            ("", "posts", false),
            ("", "", true),
        ] {
            assert_eq!(covers(granted, required), covered, "{granted:?} covers {required:?}");
        }
    }

    #[test]
    fn a_star_on_the_required_side_is_an_ordinary_character() {
        for (granted, required, covered) in [
            ("posts:write", "posts:*", false),
            ("posts:*", "posts:*", true),
            ("*:*", "posts:*", true),
            ("posts:read", "*", false),
            ("*", "*", true),
        ] {
            assert_eq!(covers(granted, required), covered, "{granted:?} covers {required:?}");
        }
    }
}
