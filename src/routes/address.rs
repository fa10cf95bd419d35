//! Which address a request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum_core::extract::FromRequestParts;
use http::{HeaderMap, request::Parts};

use super::forwarded;
use crate::{
    error::{AuthError, Code},
    telemetry::event,
};

/// How many proxies of your own stand in front, and in which header they say whose request they pass on.
///
/// Each proxy appends to the header where its request came from. Of the entries only the last ones are your
/// proxies' own, the others are whatever the client sent; so they are counted from the end.
///
/// ```
/// use jwtower::routes::TrustedProxies;
///
/// // A load balancer in front of nginx, both appending to `X-Forwarded-For`.
/// let proxies = TrustedProxies::x_forwarded_for(2);
/// ```
///
/// # Security
///
/// Give the exact number. Were it too high, a client could write its own address and be counted as somebody
/// else with each request; were it too low, all clients would have the address of a proxy. The service must
/// not be reachable past the proxies.
#[derive(Clone, Copy, Debug, Default)]
pub struct TrustedProxies {
    header: Header,
    count: usize,
}

#[derive(Clone, Copy, Debug, Default)]
enum Header {
    #[default]
    XForwardedFor,
    Forwarded,
}

impl TrustedProxies {
    /// This many proxies, which append to `X-Forwarded-For`.
    #[must_use]
    pub fn x_forwarded_for(count: usize) -> Self {
        Self { header: Header::XForwardedFor, count }
    }

    /// This many proxies, which append to `Forwarded` (RFC 7239).
    #[must_use]
    pub fn forwarded(count: usize) -> Self {
        Self { header: Header::Forwarded, count }
    }

    /// The client's address: what the proxy farthest from us has seen, or the peer's own.
    ///
    /// A request without a full list came past a proxy, so that its peer is the nearest that is known of it.
    pub(super) async fn client(self, head: &mut Parts) -> Result<IpAddr, AuthError> {
        if let Some(address) = self.told(&head.headers) {
            return Ok(address);
        }
        match ConnectInfo::<SocketAddr>::from_request_parts(head, &()).await {
            Ok(ConnectInfo(peer)) => Ok(peer.ip()),
            Err(_) => Err(self.unknown()),
        }
    }

    fn told(self, headers: &HeaderMap) -> Option<IpAddr> {
        let place = self.count.checked_sub(1)?;
        match self.header {
            Header::XForwardedFor => forwarded::x_forwarded_for(headers, place),
            Header::Forwarded => forwarded::forwarded(headers, place),
        }
    }

    fn unknown(self) -> AuthError {
        match (self.count, self.header) {
            (0, _) => event!(
                error,
                "the client's address is unknown; serve the router with \
                 `.into_make_service_with_connect_info::<SocketAddr>()`, or call \
                 `AuthRoutes::trusted_proxies` where a proxy stands in front",
                code = Code::UnknownAddress.name(),
            ),
            (_, Header::XForwardedFor) => event!(
                error,
                "the trusted proxies sent no `X-Forwarded-For` with an address for each of them",
                code = Code::UnknownAddress.name(),
                proxies = self.count,
            ),
            (_, Header::Forwarded) => event!(
                error,
                "the trusted proxies sent no `Forwarded` with an address for each of them",
                code = Code::UnknownAddress.name(),
                proxies = self.count,
            ),
        }
        Code::UnknownAddress.into()
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    const PEER: &str = "198.51.100.7";

    fn head(lines: &[(&str, &str)], peer: Option<&str>) -> Parts {
        let mut request = Request::post("/login");
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        let mut head = request.body(()).unwrap().into_parts().0;
        if let Some(peer) = peer {
            let peer: SocketAddr = (peer.parse::<IpAddr>().unwrap(), 1234).into();
            head.extensions.insert(ConnectInfo(peer));
        }
        head
    }

    async fn client(proxies: TrustedProxies, lines: &[(&str, &str)], peer: Option<&str>) -> String {
        match proxies.client(&mut head(lines, peer)).await {
            Ok(address) => address.to_string(),
            Err(error) => error.code().to_owned(),
        }
    }

    #[tokio::test]
    async fn without_a_setting_only_the_peer_counts() {
        let spoofed = [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.1")];
        for proxies in
            [TrustedProxies::default(), TrustedProxies::x_forwarded_for(0), TrustedProxies::forwarded(0)]
        {
            assert_eq!(client(proxies, &spoofed, Some(PEER)).await, PEER);
            assert_eq!(client(proxies, &spoofed, None).await, "unknown_address");
        }
    }

    #[tokio::test]
    async fn a_proxys_word_goes_before_the_peer_and_the_peer_before_nothing() {
        let xff = TrustedProxies::x_forwarded_for(1);
        let forwarded = TrustedProxies::forwarded(1);
        assert_eq!(client(xff, &[("x-forwarded-for", "192.0.2.1")], Some(PEER)).await, "192.0.2.1");
        assert_eq!(client(xff, &[("x-forwarded-for", "192.0.2.1")], None).await, "192.0.2.1");
        assert_eq!(client(forwarded, &[("forwarded", "for=192.0.2.1")], Some(PEER)).await, "192.0.2.1");
        assert_eq!(client(xff, &[("forwarded", "for=192.0.2.1")], Some(PEER)).await, PEER);
        assert_eq!(client(forwarded, &[("x-forwarded-for", "192.0.2.1")], Some(PEER)).await, PEER);
        assert_eq!(client(xff, &[], None).await, "unknown_address");
        assert_eq!(client(xff, &[("x-forwarded-for", "unknown")], Some(PEER)).await, PEER);
    }
}
