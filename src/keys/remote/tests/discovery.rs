use serde_json::json;

use super::fixture::{answer, answering};
use crate::keys::remote::{
    discovery::{IssuerUrl, locate},
    fetch::Reach,
};

#[tokio::test]
async fn an_issuer_is_asked_for_by_the_forms_of_its_url_in_turn() {
    let table: [(&str, &[&str]); 5] = [
        (
            "https://a.example",
            &["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"],
        ),
        (
            "https://a.example/",
            &["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"],
        ),
        (
            "https://a.example:8443/realms/shop",
            &[
                "/realms/shop/.well-known/openid-configuration",
                "/.well-known/oauth-authorization-server/realms/shop",
                "/.well-known/openid-configuration/realms/shop",
            ],
        ),
        (
            "https://a.example/tenant/",
            &[
                "/tenant/.well-known/openid-configuration",
                "/.well-known/oauth-authorization-server/tenant",
                "/.well-known/openid-configuration/tenant",
            ],
        ),
        (
            "http://[::1]:8080",
            &["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"],
        ),
    ];
    for (issuer, paths) in table {
        let (fetch, asked) = answering(paths.iter().map(|_| answer(404, &[], "")));
        let error = locate(&fetch, &IssuerUrl::given(issuer).unwrap()).await.unwrap_err();
        let asked: Vec<String> = asked.lock().unwrap().iter().map(|asked| asked.uri().to_string()).collect();
        let origin = issuer.split('/').take(3).collect::<Vec<_>>().join("/");
        assert_eq!(asked, paths.iter().map(|path| format!("{origin}{path}")).collect::<Vec<_>>(), "{issuer}");
        let answers: Vec<_> =
            asked.iter().map(|url| format!("{url} (the server answered 404 Not Found)")).collect();
        let expected = format!("{issuer}: the issuer has no discovery document at {}", answers.join(", "));
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn what_is_no_discovery_document_leads_to_the_next_form() {
    const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
    const HTML: &[(&str, &str)] = &[("content-type", "text/html; charset=utf-8")];
    let issuer = "https://a.example/shop";
    let document = json!({ "issuer": issuer, "jwks_uri": "https://a.example/jwks" }).to_string();
    let other = json!({ "issuer": "https://b.example", "jwks_uri": "https://b.example/jwks" }).to_string();
    let plain = json!({ "issuer": issuer, "jwks_uri": "http://a.example/jwks" }).to_string();
    for (status, headers, body, more) in [
        (404, JSON, "{}", true),
        (400, JSON, "", true),
        (401, JSON, "", true),
        (403, JSON, "", true),
        (204, JSON, "", true),
        (302, &[("location", "/login")], "", true),
        (301, &[("location", "https://b.example/")], "", true),
        (200, HTML, "<!doctype html><title>shop</title>", true),
        (200, HTML, &document, true),
        (200, &[("content-encoding", "gzip")], "x", true),
        (200, JSON, "<!doctype html>", true),
        (200, JSON, "", true),
        (200, JSON, "{}", true),
        (200, JSON, r#"{"jwks_uri":"https://a.example/jwks"}"#, true),
        (200, JSON, r#"{"issuer":"https://a.example/shop"}"#, true),
        (200, JSON, &other, false),
        (200, JSON, r#"{"issuer":"https://b.example"}"#, false),
        (200, JSON, &plain, false),
        (429, JSON, "", false),
        (500, JSON, "", false),
        (503, HTML, "<title>busy</title>", false),
    ] {
        let answers = [answer(status, headers, body.to_owned()), answer(200, &[], document.clone())];
        let (fetch, asked) = answering(answers);
        let found = locate(&fetch, &IssuerUrl::given(issuer).unwrap()).await;
        let seen = (found.is_ok(), asked.lock().unwrap().len());
        assert_eq!(seen, (more, 1 + usize::from(more)), "{status} {headers:?} {body}: {found:?}");
    }

    let (fetch, asked) = answering([]);
    let error = locate(&fetch, &IssuerUrl::given(issuer).unwrap()).await.unwrap_err().to_string();
    assert!(error.contains("the application's own Fetch failed: "), "{error}");
    assert_eq!(asked.lock().unwrap().len(), 1, "the network is the same for all forms");
}

#[tokio::test]
async fn an_issuer_without_a_document_is_told_what_each_form_answered() {
    let (fetch, _) = answering([
        answer(200, &[("content-type", "text/html")], "<title>secret</title>"),
        answer(404, &[], ""),
        answer(302, &[("location", "https://b.example/login?secret")], ""),
    ]);
    let issuer = IssuerUrl::given("https://a.example/shop").unwrap();
    let error = locate(&fetch, &issuer).await.unwrap_err().to_string();
    let expected = "https://a.example/shop: the issuer has no discovery document at \
                    https://a.example/shop/.well-known/openid-configuration (the answer is \"text/html\", not JSON), \
                    https://a.example/.well-known/oauth-authorization-server/shop (the server answered 404 Not Found), \
                    https://a.example/.well-known/openid-configuration/shop (the server answered 302 Found, \
                    to \"https://b.example\", and redirects are not followed; write the URL where it ends)";
    assert_eq!(error, expected);
}

const FIRST: &str = "https://a.example/.well-known/openid-configuration";

/// What comes of this document where there is no other.
async fn read(document: &str) -> Result<(String, Reach), String> {
    let issuer = IssuerUrl::at("https://a.example", FIRST).unwrap();
    let (fetch, _) = answering([answer(200, &[], document.to_owned())]);
    let found = locate(&fetch, &issuer).await;
    found.map(|url| (url.to_string(), url.reach())).map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_document_that_fits_names_the_keys() {
    for (jwks_uri, reach) in
        [("https://a.example/jwks", Reach::Given), ("https://keys.example/jwks", Reach::Discovered)]
    {
        let document =
            json!({ "issuer": "https://a.example", "jwks_uri": jwks_uri, "x": [1, { "issuer": 2 }] });
        assert_eq!(read(&document.to_string()).await.unwrap(), (jwks_uri.to_owned(), reach));
    }
}

#[tokio::test]
async fn a_document_that_does_not_fit_is_refused() {
    for (document, problem) in [
        ("", "is not a JSON object"),
        ("<html>", "is not a JSON object"),
        (r#"["https://a.example","https://a.example/jwks"]"#, "is not a JSON object"),
        (r#"{"issuer":"https://a.example"}"#, "names no jwks_uri"),
        (r#"{"jwks_uri":"https://a.example/jwks"}"#, "with one issuer and one jwks_uri"),
        (r#"{"issuer":1,"jwks_uri":"https://a.example/jwks"}"#, "both strings"),
        (r#"{"issuer":"https://a.example","jwks_uri":null}"#, "names no jwks_uri"),
        (r#"{"issuer":"https://a.example","jwks_uri":1}"#, "both strings"),
        (
            r#"{"issuer":"https://a.example","jwks_uri":"https://a.example/","issuer":"https://a.example"}"#,
            "one issuer",
        ),
        (
            r#"{"issuer":"https://a.example","jwks_uri":"https://a.example/","jwks_ur\u0069":"https://a.example/"}"#,
            "one jwks_uri",
        ),
        (
            r#"{"issuer":"https://a.example/","jwks_uri":"https://a.example/jwks"}"#,
            r#"about the issuer "https://a.example/", and "https://a.example" was asked for"#,
        ),
        (
            r#"{"issuer":"https://A.example","jwks_uri":"https://a.example/jwks"}"#,
            r#"about the issuer "https://A.example""#,
        ),
        (
            r#"{"issuer":"\u001b[31m","jwks_uri":"https://a.example/jwks"}"#,
            r#"about the issuer "\u{1b}[31m""#,
        ),
        (
            r#"{"issuer":"https://a.example","jwks_uri":"http://a.example/jwks"}"#,
            r#"jwks_uri "http://a.example/jwks" is not https"#,
        ),
        (r#"{"issuer":"https://a.example","jwks_uri":"https://169.254.169.254/"}"#, "is no public address"),
    ] {
        let error = read(document).await.unwrap_err();
        assert!(error.contains(FIRST), "{error}");
        assert!(error.contains(problem), "{document}: {error}");
    }
}

#[test]
fn an_issuer_is_a_url_without_a_query() {
    for (issuer, problem) in [
        ("https://a.example/?tenant=1", "has a query"),
        ("https://a.example?", "has a query"),
        ("https://a.example/#a", "has a fragment"),
        ("a.example", "is neither https nor http"),
    ] {
        for error in
            [IssuerUrl::given(issuer).unwrap_err(), IssuerUrl::at(issuer, "https://b.example").unwrap_err()]
        {
            assert_eq!(error.setting(), "issuer");
            assert!(error.to_string().contains(problem), "{error}");
        }
    }
    assert_eq!(IssuerUrl::at("https://a.example", "b.example").unwrap_err().setting(), "document");
}

#[tokio::test]
async fn a_document_that_lies_elsewhere_is_asked_for_there_alone() {
    let issuer =
        IssuerUrl::at("https://sts.example/1/", "https://login.example/1/.well-known/openid-configuration");
    let issuer = issuer.unwrap();
    let document = json!({ "issuer": "https://sts.example/1/", "jwks_uri": "https://login.example/keys" });
    let (fetch, _) = answering([answer(200, &[], document.to_string())]);
    let url = locate(&fetch, &issuer).await.unwrap();
    assert_eq!((url.to_string().as_str(), url.reach()), ("https://login.example/keys", Reach::Given));

    let (fetch, asked) = answering([answer(404, &[], "")]);
    assert!(locate(&fetch, &issuer).await.is_err());
    assert_eq!(asked.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_document_for_many_tenants_says_to_write_one() {
    let document = r#"{"issuer":"https://a.example/{tenantid}/v2.0","jwks_uri":"https://a.example/jwks"}"#;
    let (fetch, _) = answering([answer(200, &[], document.to_owned())]);
    let issuer = IssuerUrl::given("https://a.example/common/v2.0").unwrap();
    let error = locate(&fetch, &issuer).await.unwrap_err().to_string();
    assert!(error.ends_with("write the issuer of one, as its tokens have it"), "{error}");
}
