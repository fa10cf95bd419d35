use std::{
    io::{Read, Write},
    thread,
    time::Duration,
};

use http::Request;

use super::fixture::{Server, read_head, saying, url};
use crate::keys::remote::{
    answer::{get, get_keys},
    client::HttpClient,
    fetch::{Fetch, Reach},
};

#[tokio::test]
async fn a_request_says_who_asks_and_takes_nothing_compressed() {
    let server = saying("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    assert_eq!(get(&HttpClient::new(), &server.url()).await.unwrap(), "{}");
    let head = server.end().await.to_ascii_lowercase();
    assert!(head.starts_with("get /jwks.json http/1.1\r\n"), "{head}");
    for header in [
        concat!("\r\nuser-agent: jwtower/", env!("CARGO_PKG_VERSION"), "\r\n"),
        "\r\naccept: application/json\r\n",
    ] {
        assert!(head.contains(header), "{head}");
    }
    assert!(!head.contains("accept-encoding"), "{head}");
}

#[tokio::test]
async fn an_answer_of_many_pieces_is_put_together() {
    let server = saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n");
    assert_eq!(get(&HttpClient::new(), &server.url()).await.unwrap(), "{}");
}

#[tokio::test]
async fn an_answer_that_is_none_is_refused() {
    const MIB: usize = 1024 * 1024;
    let large = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", 10 * MIB, " ".repeat(10 * MIB));
    let endless = format!("HTTP/1.1 200 OK\r\n\r\n{}", " ".repeat(MIB + 1));
    for (said, problem) in [
        (
            "HTTP/1.1 302 Found\r\nLocation: https://b.example/x\r\n\r\n".into(),
            "to \"https://b.example\", and redirects are not followed",
        ),
        (large, "the answer is larger than 1 MiB"),
        (endless, "the answer is larger than 1 MiB"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}".into(), "the connection was closed too early"),
        (String::new(), "the connection failed, or what came over it is not HTTP"),
        (
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n".into(),
            "\"text/html\", not JSON",
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\u{1f}x".into(),
            "compressed (\"gzip\")",
        ),
        ("SSH-2.0-OpenSSH\r\n\r\n".into(), "or what came over it is not HTTP"),
    ] {
        let server = saying(said);
        let error = get_keys(&HttpClient::new(), &server.url(), None).await.unwrap_err().to_string();
        assert!(error.contains(problem), "{problem}: {error}");
        server.end().await;
    }
}

#[tokio::test]
async fn nobody_at_the_port_is_told_as_such() {
    let server = Server::new(|_| ());
    let (closed, client) = (server.url(), HttpClient::new());
    assert!(get(&client, &closed).await.is_err());
    server.end().await;
    let error = get(&client, &closed).await.unwrap_err().to_string();
    assert_eq!(error, format!("{closed}: the connection was refused"));
}

#[tokio::test]
async fn a_fetch_that_is_given_up_closes_its_connection() {
    // Before a word was said, amid the head, and while the body drips.
    for (said, drips) in [
        ("", false),
        ("HTTP/1.1 200 OK\r\n", false),
        ("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", true),
    ] {
        let server = Server::new(move |mut stream| {
            read_head(&mut stream);
            stream.write_all(said.as_bytes()).unwrap();
            while drips && stream.write_all(b" ").is_ok() {
                thread::sleep(Duration::from_millis(10));
            }
            drips || matches!(stream.read(&mut [0]), Ok(0))
        });
        let (client, url) = (HttpClient::new(), server.url());
        let given_up = tokio::time::timeout(Duration::from_millis(200), get(&client, &url)).await;
        assert!(given_up.is_err(), "{said:?}");
        let closed = server.end();
        assert!(tokio::time::timeout(Duration::from_secs(4), closed).await.unwrap(), "{said:?}");
    }
}

#[tokio::test]
async fn a_name_that_leads_here_is_refused_where_a_document_named_it() {
    let server = saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    for (host, reach, scheme, refused) in [
        ("localhost", Some(Reach::Discovered), "https", "its host is no public address"),
        ("127.0.0.1", Some(Reach::Discovered), "https", "its host is no public address"),
        ("localhost", None, "https", "its host is no public address"),
        ("localhost", Some(Reach::Discovered), "http", "it is plain http"),
    ] {
        let mut request = url(&format!("{scheme}://{host}:{}/", server.port)).request("application/json");
        request.extensions_mut().clear();
        if let Some(reach) = reach {
            request.extensions_mut().insert(reach);
        }
        let error = HttpClient::new().fetch(request).await.unwrap_err().to_string();
        assert!(error.starts_with(refused), "{host} {reach:?} {scheme}: {error}");
    }
    let given = url(&format!("http://localhost:{}/", server.port));
    assert_eq!(get(&HttpClient::new(), &given).await.unwrap(), "{}");
    assert!(
        server.end().await.contains("host: localhost:"),
        "the first connection is the one that was allowed"
    );
}

#[tokio::test]
async fn plain_http_to_the_internet_is_refused() {
    let mut request = Request::get("http://1.1.1.1/jwks").body(()).unwrap();
    request.extensions_mut().insert(Reach::Given);
    let error = HttpClient::new().fetch(request).await.unwrap_err().to_string();
    assert!(error.contains("lets anybody on the way forge the keys; write https"), "{error}");
}
