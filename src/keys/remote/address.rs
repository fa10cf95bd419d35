//! Which addresses a request may reach.

use std::{
    future::Future,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
    task::{Context, Poll},
    vec,
};

use http::Uri;
use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use tower_service::Service;

use super::{
    fetch::Reach,
    url::{host, is_https},
};

/// Which addresses a request may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    Any,
    Public,
    Local,
}

/// Why an address is not reached. It holds none of the addresses: who may not reach them need not learn them.
#[derive(thiserror::Error, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    #[error("it is plain http, and a URL that a document named must be https")]
    PlainDiscovered,
    #[error("its host is no public address, and a URL that a document named must lead to one")]
    NotPublic,
    #[error(
        "its host is not on the local network, and plain http over the internet lets anybody on the way forge the keys; \
         write https"
    )]
    NotLocal,
    #[error("the name of its host could not be resolved")]
    Unresolved,
}

impl Allowed {
    /// What this URL may reach, where that is known without a look-up; an address in it is checked already.
    pub(super) fn of(uri: &Uri, reach: Reach) -> Result<Self, Refused> {
        let allowed = match (reach, is_https(uri)) {
            (Reach::Given, true) => Self::Any,
            (Reach::Given, false) => Self::Local,
            (Reach::Discovered, true) => Self::Public,
            (Reach::Discovered, false) => return Err(Refused::PlainDiscovered),
        };
        if let Ok(address) = host(uri).parse() {
            allowed.check(address)?;
        }
        Ok(allowed)
    }

    fn check(self, address: IpAddr) -> Result<(), Refused> {
        match self {
            Self::Public if !is_public(address) => Err(Refused::NotPublic),
            Self::Local if !is_local(address) => Err(Refused::NotLocal),
            _ => Ok(()),
        }
    }
}

/// Whether the address is one of the public internet, by IANA's registries of special-purpose addresses.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match embedded(address) {
            Some(inner) => is_public_v4(inner),
            None => is_public_v6(address),
        },
    }
}

/// Whether the address is this machine, or cannot be reached but from a network of one's own.
pub(super) fn is_local(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => match address.octets() {
            [10 | 127, ..] | [169, 254, ..] | [192, 168, ..] => true,
            [172, second, ..] => second & 0xf0 == 16,
            [100, second, ..] => second & 0xc0 == 64,
            _ => false,
        },
        IpAddr::V6(address) => {
            let [first, ..] = address.segments();
            address.is_loopback() || first & 0xfe00 == 0xfc00 || first & 0xff80 == 0xfe80
        }
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    match address.octets() {
        [0 | 10 | 127, ..] | [224..=255, ..] => false,
        [100, second, ..] => second & 0xc0 != 64,
        [169, 254, ..] | [192, 168, ..] => false,
        [172, second, ..] => second & 0xf0 != 16,
        [192, 0, 0 | 2, _] | [192, 88, 99, _] => false,
        [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => false,
        _ => true,
    }
}

/// Only 2000::/3 is given out, and not all of it to the public.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let special = match first {
        // Protocols' own addresses, Teredo among them, and documentation.
        0x2001 => second < 0x0200 || second == 0x0db8,
        // Documentation.
        0x3fff => second < 0x1000,
        _ => false,
    };
    first & 0xe000 == 0x2000 && !special
}

/// The IPv4 address that packets to this one end up at: mapped, by NAT64 (RFC 6052) or by 6to4 (RFC 3056).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let joined = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Some(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => joined(high, low),
        [0x2002, high, low, ..] => joined(high, low),
        _ => None,
    }
}

/// Looks names up, and gives addresses out only where all of them may be reached.
///
/// The connection goes to the addresses that were checked, so a name that means another address the next time (DNS
/// rebinding) gains nothing.
#[derive(Clone, Debug)]
pub(super) struct Resolver<R = GaiResolver> {
    allowed: Allowed,
    inner: R,
}

impl<R> Resolver<R> {
    pub(super) fn new(allowed: Allowed, inner: R) -> Self {
        Self { allowed, inner }
    }
}

type Resolving = Pin<Box<dyn Future<Output = io::Result<vec::IntoIter<SocketAddr>>> + Send>>;

impl<R, A> Service<Name> for Resolver<R>
where
    R: Service<Name, Response = A, Error = io::Error, Future: Send + 'static>,
    A: Iterator<Item = SocketAddr>,
{
    type Response = vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Resolving;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, name: Name) -> Resolving {
        let (allowed, looked_up) = (self.allowed, self.inner.call(name));
        Box::pin(async move {
            let looked_up = looked_up.await.map_err(|_| io::Error::other(Refused::Unresolved))?;
            let addresses: Vec<SocketAddr> = looked_up.collect();
            addresses.iter().try_for_each(|address| allowed.check(address.ip())).map_err(io::Error::other)?;
            Ok(addresses.into_iter())
        })
    }
}
