//! Where this beacon and its client can be reached, as far as it knows by itself.

use std::{
    collections::BTreeSet,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use sysinfo::Networks;
use tokio::{net::lookup_host, time::timeout};

use crate::{
    config::{ClientSettings, Settings},
    model::DialAddress,
};

/// What the addresses are worked out from.
#[derive(Debug, Clone, Default)]
pub(super) struct Addresses {
    listen: Option<SocketAddr>,
    advertised: Vec<SocketAddr>,
    interfaces: Vec<IpAddr>,
    public: BTreeSet<SocketAddr>,
    peer_address: Option<SocketAddr>,
    /// Where the client within listens, if not everywhere.
    client_ip: Option<IpAddr>,
    client_is_here: bool,
    client_port: Option<u16>,
}

/// How long a name may take to be looked up.
const LOOKUP: Duration = Duration::from_secs(3);

impl Addresses {
    /// From the settings and where the socket listens.
    pub(super) async fn find(settings: &Settings, listen: SocketAddr) -> Self {
        let (peer_address, client_ip, client_is_here) = match &settings.client {
            ClientSettings::Qbittorrent(client) => (client.peer_address, None, is_here(&client.url, listen)),
            ClientSettings::Embedded(client) => {
                (None, Some(client.listen.ip()).filter(|ip| !ip.is_unspecified()), true)
            }
        };
        Self {
            listen: Some(listen),
            advertised: resolve(&settings.advertise).await,
            interfaces: if listen.ip().is_unspecified() { interfaces(listen) } else { vec![listen.ip()] },
            public: BTreeSet::new(),
            peer_address,
            client_ip,
            client_is_here,
            client_port: None,
        }
    }

    /// Notes where the internet sees the beacon; whether that is news.
    pub(super) fn add_public(&mut self, address: SocketAddr) -> bool {
        self.public.insert(address)
    }

    /// Notes the port of the client; whether that is news.
    pub(super) fn set_client_port(&mut self, port: Option<u16>) -> bool {
        std::mem::replace(&mut self.client_port, port) != port
    }

    /// Where the beacon can be reached: what the user says first, then what the internet says, then its interfaces.
    pub(super) fn beacon(&self) -> Vec<SocketAddr> {
        let own = self
            .listen
            .into_iter()
            .flat_map(|listen| self.interfaces.iter().map(move |ip| SocketAddr::new(*ip, listen.port())));
        self.advertised.iter().copied().chain(self.public.iter().copied()).chain(own).collect()
    }

    /// Where its client can be reached: what the user says, else the beacon's own addresses with the client's port, where
    /// the client runs beside it.
    pub(super) fn client(&self) -> Vec<SocketAddr> {
        if let Some(address) = self.peer_address {
            return vec![address];
        }
        let (true, Some(port)) = (self.client_is_here, self.client_port) else { return Vec::new() };
        let ips: BTreeSet<IpAddr> = match self.client_ip {
            Some(ip) => [ip].into(),
            None => self.beacon().into_iter().map(|address| address.ip()).collect(),
        };
        ips.into_iter().map(|ip| SocketAddr::new(ip, port)).collect()
    }
}

/// Whether a client's Web UI at this URL runs on the beacon's machine.
fn is_here(url: &str, listen: SocketAddr) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = host.split(['/', '?']).next().unwrap_or(host);
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name).trim_matches(['[', ']']);
    match name.parse::<IpAddr>() {
        Ok(ip) => ip.is_loopback() || ip == listen.ip(),
        Err(_) => name == "localhost",
    }
}

/// The addresses that advertised names stand for; a name that cannot be looked up is said and left out.
async fn resolve(advertised: &[DialAddress]) -> Vec<SocketAddr> {
    let mut addresses = Vec::new();
    for address in advertised {
        if let Ok(Ok(found)) = timeout(LOOKUP, lookup_host((address.host.as_str(), address.port))).await {
            addresses.extend(found);
        } else {
            tracing::warn!(
                "{address} cannot be looked up and is not told to others; write an IP address in `advertise`"
            );
        }
    }
    addresses
}

/// Every address of this machine.
pub(super) fn of_this_machine() -> Vec<IpAddr> {
    let Ok(networks) = Networks::new_with_refreshed_list() else { return Vec::new() };
    networks.values().flat_map(sysinfo::NetworkData::ip_networks).map(|network| network.addr).collect()
}

/// The addresses of the machine's interfaces that others may reach, of the family of the listening socket.
fn interfaces(listen: SocketAddr) -> Vec<IpAddr> {
    let usable = |ip: &IpAddr| match ip {
        IpAddr::V4(ip) => !ip.is_loopback() && !ip.is_link_local() && !ip.is_unspecified(),
        IpAddr::V6(ip) => listen.is_ipv6() && !ip.is_loopback() && !ip.is_unicast_link_local() && !ip.is_unspecified(),
    };
    of_this_machine().into_iter().filter(usable).collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> SocketAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_client_beside_the_beacon_is_reached_at_the_beacons_addresses() {
        let mut addresses = Addresses {
            listen: Some(address("198.51.100.7:9000")),
            interfaces: vec![address("198.51.100.7:0").ip()],
            client_is_here: true,
            ..Addresses::default()
        };
        assert_eq!(addresses.client(), vec![]);
        assert!(addresses.set_client_port(Some(6881)));
        assert!(!addresses.set_client_port(Some(6881)));
        assert_eq!(addresses.client(), vec![address("198.51.100.7:6881")]);
        assert!(addresses.add_public(address("203.0.113.9:4000")));
        assert_eq!(addresses.client(), vec![address("198.51.100.7:6881"), address("203.0.113.9:6881")]);
        addresses.client_ip = Some(address("198.51.100.7:0").ip());
        assert_eq!(addresses.client(), vec![address("198.51.100.7:6881")], "it listens nowhere else");
        addresses.client_ip = None;
        addresses.client_is_here = false;
        assert_eq!(addresses.client(), vec![], "nobody knows where a client elsewhere is");
        addresses.peer_address = Some(address("192.0.2.1:1"));
        assert_eq!(addresses.client(), vec![address("192.0.2.1:1")]);
    }

    #[test]
    fn a_client_is_here_when_its_web_ui_is() {
        let listen = address("198.51.100.7:9000");
        for url in ["http://127.0.0.1:8080", "http://localhost:8080/qbt", "https://[::1]:8080", "http://198.51.100.7"] {
            assert!(is_here(url, listen), "{url}");
        }
        for url in ["http://192.0.2.1:8080", "http://nas:8080", "https://example.org"] {
            assert!(!is_here(url, listen), "{url}");
        }
    }
}
