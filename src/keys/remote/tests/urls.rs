use crate::keys::remote::{fetch::Reach, tests::fixture::url, url::KeyUrl};

#[test]
fn a_url_of_the_application_is_taken_or_refused() {
    for text in [
        "https://login.example.com/jwks.json",
        "HTTPS://login.example.com",
        "http://keycloak:8080/realms/shop",
        "http://192.168.0.1/",
        "http://[fd00::1]/",
        "https://8.8.8.8/jwks.json",
        "https://[::1]:8443/jwks?p=signin",
        "https://10.0.0.1/%20",
    ] {
        let url = KeyUrl::given("url", text).unwrap();
        assert_eq!(url.reach(), Reach::Given, "{text}");
    }
    for (text, problem) in [
        ("", "is not a URL"),
        ("login.example.com", "is neither https nor http"),
        ("/jwks.json", "is neither https nor http"),
        ("ftp://login.example.com/", "is neither https nor http"),
        ("file:///etc/jwks.json", "is not a URL"),
        ("https:///jwks.json", "is not a URL"),
        ("https://:443/jwks.json", "has no host"),
        ("https://[]/", "has no host"),
        ("https://me:secret@login.example.com/", "has a user name or a password"),
        ("https://login.example.com/#keys", "has a fragment"),
        ("https://login.example.com/ jwks", "holds a space"),
        ("https://login.example.com/\n", "holds a space"),
        ("https://löschen.example/", "holds a space, a control character or one beyond ASCII"),
        ("https://login.example.com:/", "has no port"),
        ("https://login.example.com:0/", "has no port"),
        ("https://login.example.com:99999/", "has no port"),
        ("https://login.example.com\\@evil.example/", "is not a URL"),
        ("http://8.8.8.8/jwks.json", "is plain http"),
        ("http://[2606:4700:4700::1111]:8080/jwks.json", "is plain http"),
        ("http://[::ffff:8.8.8.8]/", "is plain http"),
    ] {
        let error = KeyUrl::given("url", text).unwrap_err();
        let message = error.to_string();
        assert_eq!(error.setting(), "url");
        assert!(message.contains(problem) && message.contains("write a URL such as"), "{text}: {message}");
    }
}

#[test]
fn a_url_is_shown_without_what_may_be_secret() {
    for (text, expected) in [
        ("https://a.example/jwks.json", "https://a.example/jwks.json"),
        ("https://a.example/jwks?key=secret", "https://a.example/jwks?.."),
        ("https://a.example?key=secret?secret", "https://a.example/?.."),
        ("https://a.example/?", "https://a.example/?.."),
    ] {
        let url = url(text);
        assert_eq!(url.to_string(), expected);
        assert_eq!(url.request("application/json").uri(), text, "it is asked for as it was given");
    }
    for text in [
        "https://me:secret@a.example/jwks",
        "https://a.example/jwks?key=secret#secret",
        "https://a.example/\u{e9}?key=secret",
        "ftp://me:secret@a.example/?secret",
        "me:secret@a.example/",
    ] {
        let error = KeyUrl::given("url", text).unwrap_err().to_string();
        assert!(error.contains("a.example/") && !error.contains("secret"), "{error}");
        let error = KeyUrl::discovered(text, &url("https://a.example/doc?secret")).unwrap_err().to_string();
        assert!(error.starts_with("https://a.example/doc?..: ") && !error.contains("secret"), "{error}");
    }
}

#[test]
fn a_url_of_a_document_reaches_as_far_as_its_document_says() {
    use Reach::{Discovered, Given};
    for (text, from, expected) in [
        ("https://a.example/jwks", "https://a.example/", Some(Given)),
        ("https://A.example:443/jwks", "https://a.EXAMPLE/x", Some(Given)),
        ("http://10.0.0.1:8080/jwks", "http://10.0.0.1:8080/", Some(Given)),
        ("http://localhost/jwks", "http://localhost:80/", Some(Given)),
        ("https://b.example/jwks", "https://a.example/", Some(Discovered)),
        ("https://a.example:8443/jwks", "https://a.example/", Some(Discovered)),
        ("https://a.example/jwks", "http://a.example/", Some(Discovered)),
        ("https://1.1.1.1/jwks", "https://a.example/", Some(Discovered)),
        ("http://a.example/jwks", "https://a.example/", None),
        ("http://10.0.0.1:8081/jwks", "http://10.0.0.1:8080/", None),
        ("https://10.0.0.2/jwks", "https://10.0.0.1/", None),
        ("https://[::1]/jwks", "https://a.example/", None),
        ("https://[::ffff:10.0.0.1]/jwks", "https://a.example/", None),
        ("https://localhost/jwks", "https://a.example/", None),
        ("https://LocalHost./jwks", "https://a.example/", None),
        ("https://x.localhost/jwks", "https://a.example/", None),
        ("https://me@a.example/jwks", "https://a.example/", None),
        ("/jwks", "https://a.example/", None),
    ] {
        let found = KeyUrl::discovered(text, &url(from));
        assert_eq!(found.as_ref().ok().map(KeyUrl::reach), expected, "{text} from {from}: {found:?}");
    }
}

#[test]
fn what_a_discovered_url_names_is_discovered_too() {
    let discovered = KeyUrl::discovered("https://b.example/", &url("https://a.example/")).unwrap();
    let next = KeyUrl::discovered("https://b.example/jwks", &discovered).unwrap();
    assert_eq!(next.reach(), Reach::Discovered);
}

#[test]
fn a_refused_url_of_a_document_is_shown_escaped_and_cut() {
    let text = format!("http://evil.example/\u{1b}[31m{}", "x".repeat(10_000));
    let error = KeyUrl::discovered(&text, &url("https://a.example/doc")).unwrap_err().to_string();
    assert!(
        error.starts_with("https://a.example/doc: its jwks_uri \"http://evil.example/\\u{1b}[31mxxx"),
        "{error}"
    );
    assert!(error.len() < 500, "{error}");
}
