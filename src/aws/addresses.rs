//! Addresses that requests never go to, however they are written and whatever name resolves to them, and the addresses
//! of this machine.
//!
//! Invariant: an IPv6 address that carries an IPv4 address (for a translator, a relay or a tunnel) is checked as both.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns, ResolveDnsError};
use url::Host;

/// Whether a host is this machine, by an address or name that cannot mean another.
pub(super) fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => unwrap_mapped_address(IpAddr::V6(*address)).is_loopback(),
    }
}

/// Whether nothing is sent to a host.
pub(super) fn is_forbidden(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            matches!(name, "metadata.google.internal" | "metadata.goog" | "metadata" | "instance-data")
                || name.ends_with(".ec2.internal") && name.starts_with("instance-data")
        }
        Host::Ipv4(address) => is_metadata_address(IpAddr::V4(*address)),
        Host::Ipv6(address) => is_metadata_address(IpAddr::V6(*address)),
    }
}

/// Link-local, and the addresses at which clouds hand out the credentials of a machine.
fn is_metadata_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_metadata_v4(address),
        IpAddr::V6(address) => {
            // fd00:ec2::/32 is AWS's for services of an instance, the others are of Google and Scaleway.
            let [first, second, ..] = address.segments();
            address.is_unicast_link_local()
                || (first, second) == (0xfd00, 0xec2)
                || address == Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)
                || address == Ipv6Addr::new(0xfd00, 0x42, 0, 0, 0, 0, 0, 0x42)
                || embedded_ipv4(address).into_iter().any(is_metadata_v4)
        }
    }
}

/// Link-local, and those of Alibaba, Oracle and Azure.
fn is_metadata_v4(address: Ipv4Addr) -> bool {
    const OTHERS: [Ipv4Addr; 3] =
        [Ipv4Addr::new(100, 100, 100, 200), Ipv4Addr::new(192, 0, 0, 192), Ipv4Addr::new(168, 63, 129, 16)];
    address.is_link_local() || OTHERS.contains(&address)
}

/// The IPv4 addresses that an IPv6 address can lead to.
fn embedded_ipv4(address: Ipv6Addr) -> Vec<Ipv4Addr> {
    let bytes = address.octets();
    let at = |places: [usize; 4]| Ipv4Addr::from(places.map(|place| bytes[place]));
    let last = at([12, 13, 14, 15]);
    let mut found = Vec::new();
    // Mapped, compatible and translated: ::ffff:a.b.c.d, ::a.b.c.d, ::ffff:0:a.b.c.d (RFC 4291, RFC 2765).
    let is_in_zeros = bytes[..8] == [0; 8]
        && [[0, 0, 0, 0], [0, 0, 0xff, 0xff], [0xff, 0xff, 0, 0]].iter().any(|middle| bytes[8..12] == *middle);
    match address.segments() {
        _ if is_in_zeros => found.push(last),
        // NAT64: the well-known prefix (RFC 6052), and the local one with every length of a prefix in it (RFC 8215).
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => found.push(last),
        [0x64, 0xff9b, 1, ..] => {
            found.extend([at([6, 7, 9, 10]), at([7, 9, 10, 11]), at([9, 10, 11, 12]), last]);
        }
        // 6to4 (RFC 3056).
        [0x2002, ..] => found.push(at([2, 3, 4, 5])),
        // Teredo: the server, and the client with every bit turned (RFC 4380).
        [0x2001, 0, ..] => found.extend([at([4, 5, 6, 7]), Ipv4Addr::from(!u32::from(last))]),
        _ => {}
    }
    // ISATAP, in any network (RFC 5214).
    if matches!(bytes[8..12], [0 | 2, 0, 0x5e, 0xfe]) {
        found.push(last);
    }
    found
}

/// `::ffff:169.254.169.254` and `::169.254.169.254` are the address inside.
pub(super) fn unwrap_mapped_address(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) if v6 != Ipv6Addr::LOCALHOST && v6 != Ipv6Addr::UNSPECIFIED => {
            v6.to_ipv4().map_or(address, IpAddr::V4)
        }
        _ => address,
    }
}

/// The system's resolver without the addresses to which nothing may be sent: a name can point anywhere.
#[derive(Debug, Clone)]
pub(super) struct PublicResolver;

impl ResolveDns for PublicResolver {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        DnsFuture::new(async move {
            let found = tokio::net::lookup_host((name, 0)).await.map_err(ResolveDnsError::new)?;
            let found: Vec<IpAddr> = found.map(|address| address.ip()).collect();
            if found.iter().copied().any(is_metadata_address) {
                return Err(ResolveDnsError::new(format!("{name} resolves to a link-local or metadata address")));
            }
            Ok(found)
        })
    }
}

/// Resolves names of this machine without the name service, which could say that
/// `s3.localhost` is another. <https://www.rfc-editor.org/rfc/rfc6761#section-6.3>
#[derive(Debug, Clone)]
pub(super) struct LoopbackResolver;

impl ResolveDns for LoopbackResolver {
    fn resolve_dns<'a>(&'a self, _: &'a str) -> DnsFuture<'a> {
        DnsFuture::ready(Ok(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]))
    }
}

/// Names of this machine as [`LoopbackResolver`], others as [`PublicResolver`] has them.
#[derive(Debug, Clone)]
pub(super) struct DirectResolver;

impl ResolveDns for DirectResolver {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        if is_loopback(&Host::Domain(name)) {
            LoopbackResolver.resolve_dns(name)
        } else {
            PublicResolver.resolve_dns(name)
        }
    }
}
