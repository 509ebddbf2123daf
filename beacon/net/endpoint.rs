//! The network of one beacon, as its owner holds it.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use quinn::{
    ClientConfig, Endpoint, EndpointConfig, IdleTimeout, NoneTokenStore, ServerConfig, TokioRuntime, TransportConfig,
    crypto::rustls::{QuicClientConfig, QuicServerConfig},
};
use ring::rand::{SecureRandom, SystemRandom};
use tokio::{sync::Semaphore, task::AbortHandle, time::timeout};

use super::{
    accept::accept_all,
    admission::Credentials,
    close::CloseCode,
    dial::{DIALS_MAX, dial},
    event::{EventSender, NetEvent, NetEvents, queue},
    inbox::LargeRoom,
    lan,
    link::SendError,
    registry::{Registry, Traffic},
    settings::{NetError, NetSettings},
    socket, stun, tls,
};
use crate::model::{BeaconId, Channel, DialAddress, LinkId};

/// The network of one beacon. Dropping it closes everything.
#[derive(Debug)]
pub struct Net {
    pub(super) shared: Arc<Shared>,
    discovery: Option<AbortHandle>,
}

/// What all tasks of the network need.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) endpoint: Endpoint,
    pub(super) client_config: ClientConfig,
    pub(super) credentials: Credentials,
    pub(super) own: BeaconId,
    /// Where the socket listens.
    pub(super) address: SocketAddr,
    pub(super) registry: Arc<Registry>,
    pub(super) events: EventSender,
    pub(super) large_room: LargeRoom,
    pub(super) dials: Semaphore,
}

impl Net {
    /// Binds the socket, asks for the public address (two seconds at most) and starts to listen.
    pub async fn start(settings: NetSettings) -> Result<(Self, NetEvents), NetError> {
        let (client_config, server_config) = quic_configs(&settings)?;
        let mut instance = [0; 8];
        SystemRandom::new().fill(&mut instance).map_err(|_unspecified| NetError::NoRandomness)?;

        let cannot_listen = |source: io::Error| NetError::Listen { address: settings.listen, source };
        let udp = socket::bind(settings.listen).map_err(cannot_listen)?;
        let udp = tokio::net::UdpSocket::from_std(udp).map_err(cannot_listen)?;
        let address = udp.local_addr().map_err(cannot_listen)?;
        let public_address = stun::public_address(&udp, &settings.stun_servers).await;
        let udp = udp.into_std().map_err(cannot_listen)?;
        let endpoint = Endpoint::new(EndpointConfig::default(), Some(server_config), udp, Arc::new(TokioRuntime))
            .map_err(cannot_listen)?;

        let own = settings.identity.id();
        let (events, receiver) = queue();
        if let Some(address) = public_address {
            events.offer(NetEvent::PublicAddress(address));
        }
        let discovery = settings.lan_discovery.then(|| {
            let own = lan::Packet { network: settings.network_keys.network_id(), beacon: own, port: address.port() };
            tokio::spawn(lan::discover(own, settings.network_keys.clone(), address.ip(), events.clone())).abort_handle()
        });
        let shared = Arc::new(Shared {
            endpoint,
            client_config,
            credentials: Credentials { keys: settings.network_keys, instance },
            own,
            address,
            registry: Arc::new(Registry::new(own, settings.links_max)),
            events,
            large_room: LargeRoom::new(),
            dials: Semaphore::new(DIALS_MAX),
        });
        tokio::spawn(accept_all(shared.clone()));
        Ok((Self { shared, discovery }, receiver))
    }

    /// Where the socket listens, with the port the system chose.
    pub fn local_address(&self) -> SocketAddr {
        self.shared.address
    }

    /// Dials in the background; `LinkUp` or `DialFailed` tells how it went.
    pub fn dial(&self, to: DialAddress) {
        tokio::spawn(dial(self.shared.clone(), to));
    }

    /// Takes a message for sending; never waits. A datagram that does not fit into a packet goes as a stream.
    pub fn send(&self, link: LinkId, channel: Channel, bytes: Bytes) -> Result<(), SendError> {
        self.shared.registry.link(link).ok_or(SendError::Gone)?.send(channel, bytes)
    }

    /// Closes a link, telling the other beacon why; what waits to be sent over it is lost. `LinkDown` follows.
    pub fn close(&self, link: LinkId, reason: &str) {
        if let Some(link) = self.shared.registry.link(link) {
            link.close(CloseCode::Unwanted, reason);
        }
    }

    /// Bytes sent and received since the start.
    pub fn traffic(&self) -> Traffic {
        self.shared.registry.traffic()
    }

    /// How long packets take on each link, there and back.
    pub fn round_trips(&self) -> Vec<(LinkId, Duration)> {
        self.shared.registry.round_trips()
    }

    /// Closes all links and waits, for less than half a second, until the other beacons can know.
    pub async fn shutdown(self) {
        self.stop();
        let _elapsed = timeout(FAREWELL_TIMEOUT, self.shared.endpoint.wait_idle()).await;
    }

    fn stop(&self) {
        if let Some(discovery) = &self.discovery {
            discovery.abort();
        }
        self.shared.endpoint.close(CloseCode::Shutdown.as_var_int(), b"the beacon stops");
    }
}

impl Drop for Net {
    fn drop(&mut self) {
        self.stop();
    }
}

pub(super) fn quic_configs(settings: &NetSettings) -> Result<(ClientConfig, ServerConfig), NetError> {
    let transport = Arc::new(transport_config(settings.idle_timeout)?);
    let (client, server) = tls::configs(&settings.identity)?;
    let no_suite = |_error| rustls::Error::General("the cipher suite of QUIC's first packets is missing".to_owned());

    let mut client = ClientConfig::new(Arc::new(QuicClientConfig::try_from(client).map_err(no_suite)?));
    client.transport_config(transport.clone());
    // Tokens are kept by server name, and all beacons have the same.
    client.token_store(Arc::new(NoneTokenStore));

    let mut server = ServerConfig::with_crypto(Arc::new(QuicServerConfig::try_from(server).map_err(no_suite)?));
    server.transport_config(transport);
    server.max_incoming(INCOMING_MAX);
    server.incoming_buffer_size(INCOMING_BUFFER_BYTES).incoming_buffer_size_total(INCOMING_BUFFERS_BYTES);
    server.validation_token.sent(0);
    Ok((client, server))
}

fn transport_config(idle_timeout: Duration) -> Result<TransportConfig, NetError> {
    let possible = Duration::from_secs(1)..=Duration::from_hours(1);
    let idle =
        Some(idle_timeout).filter(|idle| possible.contains(idle)).and_then(|idle| IdleTimeout::try_from(idle).ok());
    let mut transport = TransportConfig::default();
    transport
        .max_idle_timeout(Some(idle.ok_or(NetError::IdleTimeout(idle_timeout))?))
        .keep_alive_interval(Some(idle_timeout / 3))
        .max_concurrent_bidi_streams(1u8.into())
        .max_concurrent_uni_streams(STREAMS_MAX.into())
        .stream_receive_window(STREAM_WINDOW_BYTES.into())
        .receive_window(LINK_WINDOW_BYTES.into())
        .send_window(LINK_WINDOW_BYTES.into())
        .datagram_receive_buffer_size(Some(DATAGRAM_BUFFER_BYTES))
        .datagram_send_buffer_size(DATAGRAM_BUFFER_BYTES);
    Ok(transport)
}

/// How many messages the other end may have under way at once.
const STREAMS_MAX: u8 = 16;
/// What of one message, and of one link, may be on its way: 80 Mbit/s at 100 ms.
const STREAM_WINDOW_BYTES: u32 = 512 << 10;
const LINK_WINDOW_BYTES: u32 = 1 << 20;
/// Some hundred datagrams each way; when full, the oldest is lost.
const DATAGRAM_BUFFER_BYTES: usize = 256 << 10;
/// Connections that have not been looked at yet, and what is kept of them.
const INCOMING_MAX: usize = 256;
const INCOMING_BUFFER_BYTES: u64 = 64 << 10;
const INCOMING_BUFFERS_BYTES: u64 = 2 << 20;
/// How long the other beacons have to take notice that we stop.
const FAREWELL_TIMEOUT: Duration = Duration::from_millis(400);
