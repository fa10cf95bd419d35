use std::{io, net::SocketAddr};

use http::Uri;
use hyper_util::client::legacy::connect::dns::Name;
use tower::{ServiceExt, service_fn};

use crate::keys::remote::{
    address::{Allowed, Refused, Resolver, is_local, is_public},
    fetch::Reach,
};

#[test]
fn an_address_is_public_or_local_or_neither() {
    let public = [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.0.0.1",
        "128.0.0.1",
        "169.253.0.1",
        "169.255.0.1",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.1",
        "192.167.0.1",
        "192.169.0.1",
        "198.17.0.1",
        "198.20.0.1",
        "203.0.112.1",
        "203.0.114.1",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2001:200::1",
        "2a00:1450:4001::1",
        "::ffff:1.1.1.1",
        "64:ff9b::1.1.1.1",
        "2002:101:101::1",
    ];
    let local = [
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "::1",
        "fc00::1",
        "fdff::1",
        "fe80::1",
        "fec0::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
    ];
    let neither = [
        "0.0.0.0",
        "0.1.2.3",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::7f00:1",
        "::ffff:0.0.0.0",
        "64:ff9b::10.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::1.1.1.1",
        "100::1",
        "2001::1",
        "2001:10::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:a00:1::1",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "ff02::1",
    ];
    let table = [(&public[..], (true, false)), (&local, (false, true)), (&neither, (false, false))];
    for (addresses, expected) in table {
        for address in addresses {
            let parsed = address.parse().unwrap();
            assert_eq!((is_public(parsed), is_local(parsed)), expected, "{address}");
        }
    }
}

#[test]
fn an_address_in_a_url_is_checked_before_anything_is_asked() {
    use Reach::{Discovered, Given};
    for (url, reach, expected) in [
        ("https://10.0.0.1/", Given, Ok(Allowed::Any)),
        ("https://1.1.1.1/", Given, Ok(Allowed::Any)),
        ("http://10.0.0.1/", Given, Ok(Allowed::Local)),
        ("http://[::1]:8080/", Given, Ok(Allowed::Local)),
        ("http://keycloak/", Given, Ok(Allowed::Local)),
        ("http://1.1.1.1/", Given, Err(Refused::NotLocal)),
        ("http://0.0.0.0/", Given, Err(Refused::NotLocal)),
        ("https://1.1.1.1/", Discovered, Ok(Allowed::Public)),
        ("https://login.example.com/", Discovered, Ok(Allowed::Public)),
        ("https://127.0.0.1/", Discovered, Err(Refused::NotPublic)),
        ("https://[::ffff:169.254.169.254]/", Discovered, Err(Refused::NotPublic)),
        ("http://1.1.1.1/", Discovered, Err(Refused::PlainDiscovered)),
    ] {
        assert_eq!(Allowed::of(&Uri::from_static(url), reach), expected, "{url} {reach:?}");
    }
}

async fn resolve(allowed: Allowed, addresses: &'static [&'static str]) -> Result<Vec<String>, String> {
    let names = service_fn(move |_: Name| async move {
        let addresses = addresses.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0));
        Ok::<_, io::Error>(addresses.collect::<Vec<_>>().into_iter())
    });
    let name = "login.example.com".parse().unwrap();
    let found = Resolver::new(allowed, names).oneshot(name).await;
    found.map(|found| found.map(|found| found.ip().to_string()).collect()).map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_name_is_refused_for_any_one_of_its_addresses() {
    for (allowed, addresses, fits) in [
        (Allowed::Public, &["1.1.1.1", "2606:4700::1111"][..], true),
        (Allowed::Public, &["1.1.1.1", "127.0.0.1"], false),
        (Allowed::Public, &["fd00::1", "1.1.1.1"], false),
        (Allowed::Local, &["10.0.0.1", "::1"], true),
        (Allowed::Local, &["10.0.0.1", "1.1.1.1"], false),
        (Allowed::Any, &["10.0.0.1", "1.1.1.1"], true),
    ] {
        let found = resolve(allowed, addresses).await;
        match fits {
            true => assert_eq!(found.unwrap(), addresses),
            false => assert!(found.unwrap_err().starts_with("its host is "), "{allowed:?} {addresses:?}"),
        }
    }
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_called_that() {
    let nobody =
        service_fn(|_: Name| async { Err::<std::vec::IntoIter<SocketAddr>, _>(io::ErrorKind::Other.into()) });
    let error =
        Resolver::new(Allowed::Any, nobody).oneshot("login.example".parse().unwrap()).await.unwrap_err();
    assert_eq!(error.to_string(), "the name of its host could not be resolved");
}
