//! Whether a request was sent to this machine by its own name.

use http::{HeaderMap, header::HOST, request::Parts, uri::Authority};

use super::origin::is_loopback;

/// Whether every host that the request names is a loopback host, and it names one.
///
/// A request for another host has crossed a network in clear text, or its page has had another name resolved to
/// this machine (DNS rebinding).
pub(super) fn names_this_machine(request: &Parts) -> bool {
    let target = request.uri.authority().map(is_this_machine);
    let header = (request.headers.contains_key(HOST)).then(|| is_named_in(&request.headers));
    let mut named = [target, header].into_iter().flatten().peekable();
    named.peek().is_some() && named.all(|is_loopback| is_loopback)
}

fn is_named_in(headers: &HeaderMap) -> bool {
    let mut lines = headers.get_all(HOST).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else { return false };
    Authority::try_from(line.as_bytes()).is_ok_and(|authority| is_this_machine(&authority))
}

fn is_this_machine(authority: &Authority) -> bool {
    !authority.as_str().contains('@') && is_loopback(&authority.host().to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[test]
    fn only_a_request_that_names_loopback_hosts_alone_is_for_this_machine() {
        type Row = (&'static str, &'static [&'static str], bool);
        let rows: &[Row] = &[
            ("/", &["localhost"], true),
            ("/", &["localhost:3000"], true),
            ("/", &["LocalHost:3000"], true),
            ("/", &["127.0.0.1:3000"], true),
            ("/", &["127.8.8.8"], true),
            ("/", &["[::1]:3000"], true),
            ("http://localhost:3000/", &[], true),
            ("http://localhost:3000/", &["localhost:3000"], true),
            ("/", &[], false),
            ("/", &[""], false),
            ("/", &["example.com"], false),
            ("/", &["localhost.example.com"], false),
            ("/", &["127.0.0.1.nip.io"], false),
            ("/", &["192.168.0.7:3000"], false),
            ("/", &["0.0.0.0:3000"], false),
            ("/", &["[::ffff:127.0.0.1]"], false),
            ("/", &["localhost@example.com"], false),
            ("/", &["example.com@localhost"], false),
            ("/", &["localhost, example.com"], false),
            ("/", &["localhost", "localhost"], false),
            ("/", &["localhost", "example.com"], false),
            ("http://example.com/", &["localhost"], false),
            ("http://localhost/", &["example.com"], false),
        ];
        for (uri, hosts, expected) in rows {
            let mut request = Request::get(*uri);
            for host in *hosts {
                request = request.header(HOST, *host);
            }
            let parts = request.body(()).unwrap().into_parts().0;
            assert_eq!(names_this_machine(&parts), *expected, "{uri} {hosts:?}");
        }
    }
}
