use std::{
    future::ready,
    io::{Read, Write},
    sync::Arc,
};

use http::Request;
use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::{ClientConfig, RootCertStore, ServerConfig, ServerConnection, StreamOwned, crypto::aws_lc_rs};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::fixture::{Server, read_head, url};
use crate::keys::remote::{answer::get, client::exchange, fetch::Fetch};

/// A server for one connection with a certificate for this name, and the certificate.
fn server(name: &str) -> (Server<bool>, CertificateDer<'static>) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    let certificate = params.self_signed(&key).unwrap().der().clone();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    let server = Server::new(move |stream| {
        let connection = ServerConnection::new(Arc::new(config)).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        if stream.conn.complete_io(&mut stream.sock).is_err() {
            return false;
        }
        read_head(&mut stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").is_ok()
    });
    (server, certificate)
}

/// A client that trusts this certificate alone.
fn trusting(certificate: CertificateDer<'static>) -> impl Fetch {
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let tls = Arc::new(config);
    move |request: Request<()>| exchange(request, ready(Ok(Arc::clone(&tls))))
}

#[tokio::test]
async fn a_server_is_believed_by_its_certificate_alone() {
    let (right, certificate) = server("localhost");
    let client = trusting(certificate);
    let at = |port| url(&format!("https://localhost:{port}/jwks.json"));
    assert_eq!(get(&client, &at(right.port)).await.unwrap(), "{}");
    assert!(right.end().await);

    // Of an authority that nobody knows, and of one that took the name of another.
    let (_, other) = server("b.example");
    for client in [trusting(other), client] {
        let (unknown, _) = server("localhost");
        let error = get(&client, &at(unknown.port)).await.unwrap_err().to_string();
        assert!(error.contains("is not of an authority that this machine trusts"), "{error}");
        assert!(!unknown.end().await);
    }

    let (other, certificate) = server("b.example");
    let error = get(&trusting(certificate), &at(other.port)).await.unwrap_err().to_string();
    assert!(error.contains("the server's certificate is for another name"), "{error}");
    assert!(!other.end().await);
}

#[tokio::test]
async fn a_server_without_tls_is_told_as_such() {
    let plain = Server::new(|mut stream| {
        assert!(stream.read(&mut [0; 4096]).unwrap() > 0);
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
    });
    let (_, certificate) = server("localhost");
    let error =
        get(&trusting(certificate), &url(&format!("https://localhost:{}/", plain.port))).await.unwrap_err();
    assert!(error.to_string().contains("the server does not speak TLS"), "{error}");
}

#[tokio::test]
async fn a_process_without_a_provider_of_its_own_can_fetch() {
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
    let (right, certificate) = server("localhost");
    let at = url(&format!("https://localhost:{}/jwks.json", right.port));
    assert!(get(&trusting(certificate), &at).await.is_ok());
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
    right.end().await;
}
