//! The lists that proxies append to: `X-Forwarded-For`, and `Forwarded` (RFC 7239).
//!
//! They are read from the end, because the beginning is the client's: nothing that stands there, such as a
//! quotation mark that never closes, may change how the end is read.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use http::{HeaderMap, HeaderValue};

/// The address at this place, counted from the end.
pub(super) fn x_forwarded_for(headers: &HeaderMap, place: usize) -> Option<IpAddr> {
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let entry = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b',')).nth(place)?;
    address(str::from_utf8(entry).ok()?.trim())
}

/// The same for `Forwarded`.
pub(super) fn forwarded(headers: &HeaderMap, place: usize) -> Option<IpAddr> {
    let lines = headers.get_all("forwarded").iter().rev();
    let element = lines.flat_map(elements_from_the_end).nth(place)?;
    let mut nodes = split_from_the_end(element, b';').filter_map(|pair| {
        let (name, value) = str::from_utf8(pair).ok()?.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| value.trim())
    });
    match (nodes.next(), nodes.next()) {
        (Some(node), None) => {
            address(node.strip_prefix('"').and_then(|node| node.strip_suffix('"')).unwrap_or(node))
        }
        _ => None,
    }
}

fn elements_from_the_end(line: &HeaderValue) -> impl Iterator<Item = &[u8]> {
    split_from_the_end(line.as_bytes(), b',')
}

/// The parts between separators that stand outside quotation marks, the last one first.
fn split_from_the_end(text: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut is_quoted = false;
        for (position, byte) in text.iter().enumerate().rev() {
            is_quoted ^= *byte == b'"' && !is_escaped(text, position);
            if *byte == separator && !is_quoted {
                let (before, part) = text.split_at(position);
                rest = Some(before);
                return part.get(1..);
            }
        }
        rest.take()
    })
}

/// Whether an odd number of backslashes stands before the byte.
fn is_escaped(text: &[u8], position: usize) -> bool {
    let before = text.iter().take(position).rev();
    before.take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// An address as proxies write it: alone, in brackets, or with a port.
fn address(text: &str) -> Option<IpAddr> {
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    text.parse().ok().or_else(with_port).or_else(|| bracketed().map(IpAddr::V6))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, lines: &[&'static str]) -> HeaderMap {
        lines.iter().map(|line| (name.parse().unwrap(), HeaderValue::from_static(line))).fold(
            HeaderMap::new(),
            |mut headers, (name, line): (http::HeaderName, _)| {
                headers.append(name, line);
                headers
            },
        )
    }

    #[test]
    fn entries_are_counted_from_the_end_over_all_lines() {
        let rows: [(&[&str], usize, Option<&str>); 17] = [
            (&["192.0.2.1"], 0, Some("192.0.2.1")),
            (&["192.0.2.1"], 1, None),
            (&["192.0.2.9, 192.0.2.1"], 0, Some("192.0.2.1")),
            (&["192.0.2.9, 192.0.2.1,10.0.0.1"], 1, Some("192.0.2.1")),
            (&["192.0.2.9", "192.0.2.1, 10.0.0.1"], 1, Some("192.0.2.1")),
            (&["192.0.2.9, 192.0.2.1", "10.0.0.1"], 1, Some("192.0.2.1")),
            (&["junk, \", 192.0.2.1"], 0, Some("192.0.2.1")),
            (&["192.0.2.1:8080"], 0, Some("192.0.2.1")),
            (&["2001:db8::1"], 0, Some("2001:db8::1")),
            (&["[2001:db8::1]"], 0, Some("2001:db8::1")),
            (&["[2001:db8::1]:8080"], 0, Some("2001:db8::1")),
            (&["192.0.2.1, unknown"], 0, None),
            (&["192.0.2.1, unknown"], 1, Some("192.0.2.1")),
            (&["192.0.2.1,"], 0, None),
            (&[""], 0, None),
            (&["192.0.2.1 192.0.2.2"], 0, None),
            (&["localhost"], 0, None),
        ];
        for (lines, place, expected) in rows {
            let found = x_forwarded_for(&headers("x-forwarded-for", lines), place);
            assert_eq!(found, expected.map(|text| text.parse().unwrap()), "{lines:?} at {place}");
        }
    }

    #[test]
    fn elements_of_forwarded_are_counted_from_the_end_whatever_the_client_wrote_before() {
        let rows: [(&[&str], usize, Option<&str>); 21] = [
            (&["for=192.0.2.1"], 0, Some("192.0.2.1")),
            (&["For=192.0.2.1;proto=https;by=10.0.0.1"], 0, Some("192.0.2.1")),
            (&["proto=https; host=\"a,b;c\" ; for=192.0.2.1"], 0, Some("192.0.2.1")),
            (&["for=\"192.0.2.1:8080\""], 0, Some("192.0.2.1")),
            (&["for=\"[2001:db8::1]\""], 0, Some("2001:db8::1")),
            (&["for=\"[2001:db8::1]:8080\";by=x"], 0, Some("2001:db8::1")),
            (&["for=192.0.2.9, for=192.0.2.1"], 0, Some("192.0.2.1")),
            (&["for=192.0.2.9, for=192.0.2.1, for=10.0.0.1"], 1, Some("192.0.2.1")),
            (&["for=192.0.2.9", "for=192.0.2.1", "for=10.0.0.1"], 1, Some("192.0.2.1")),
            // A quotation mark of the client's that swallows what follows, were it read from the start.
            (&["for=\", for=192.0.2.1"], 0, Some("192.0.2.1")),
            (&["for=\"\\, for=192.0.2.1"], 0, Some("192.0.2.1")),
            (&["for=\"192.0.2.9, for=192.0.2.1;host=\"a\\\"b\""], 0, Some("192.0.2.1")),
            (&["for=192.0.2.9, for=192.0.2.1;host=\"a\\\\\""], 0, Some("192.0.2.1")),
            (&["for=192.0.2.9;for=192.0.2.1"], 0, None),
            (&["by=192.0.2.1"], 0, None),
            (&["xfor=192.0.2.1"], 0, None),
            (&["for=unknown"], 0, None),
            (&["for=_hidden"], 0, None),
            (&["for=\"192.0.2.1"], 0, None),
            (&["192.0.2.1"], 0, None),
            (&[""], 0, None),
        ];
        for (lines, place, expected) in rows {
            let found = forwarded(&headers("forwarded", lines), place);
            assert_eq!(found, expected.map(|text| text.parse().unwrap()), "{lines:?} at {place}");
        }
    }
}
