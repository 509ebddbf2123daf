//! Others that do not keep to the rules.

use std::{
    net::UdpSocket,
    sync::Arc,
    time::{Duration, Instant},
};

use quinn::{Connection, Endpoint};

use super::harness::{Beacon, assert_works, link, linked, soon, start};
use crate::net::{
    Identity, MESSAGE_BYTES_MAX, NetSettings, NetworkKeys, close::CloseCode, endpoint::quic_configs, tls,
};

/// A stranger who has finished the handshake and may do as it likes.
async fn stranger(to: &Beacon) -> Connection {
    let identity = Identity::from_seed([77; 32]);
    let listen = "127.0.0.1:0".parse().unwrap();
    let (client, _) = quic_configs(&NetSettings::new(listen, identity, NetworkKeys::open())).unwrap();
    let endpoint = Endpoint::client(listen).unwrap();
    let connecting = endpoint.connect_with(client, to.net.local_address(), "beacon.invalid").unwrap();
    soon(connecting).await.unwrap()
}

#[tokio::test]
async fn garbage_at_the_port_is_harmless() {
    let (mut one, mut two) = (start(1).await, start(2).await);
    let garbage = UdpSocket::bind("127.0.0.1:0").unwrap();
    let mut state = 12_345_u64;
    for length in 0..1400 {
        let mut bytes = vec![0; length];
        for byte in &mut bytes {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *byte = state.to_be_bytes()[0];
        }
        garbage.send_to(&bytes, one.net.local_address()).unwrap();
        if let Some(first) = bytes.first_mut() {
            // Now like a long header of QUIC version 1.
            *first |= 0xc0;
            bytes.iter_mut().skip(1).zip([0, 0, 0, 1]).for_each(|(byte, version)| *byte = version);
            garbage.send_to(&bytes, one.net.local_address()).unwrap();
        }
    }
    let (back, _) = link(&mut two, &mut one).await;
    assert_works(&two, back, &mut one).await;
}

#[tokio::test]
async fn a_message_over_the_limit_ends_the_link_at_the_receiver() {
    let (one, link, mut two, back) = linked().await;
    let connection = one.net.shared.registry.link(link).unwrap().connection.clone();
    let mut stream = connection.open_uni().await.unwrap();
    let _ended = soon(stream.write_all(&vec![0; MESSAGE_BYTES_MAX + 1])).await;
    let (down, reason) = two.link_down().await;
    assert_eq!(down, back);
    assert!(reason.contains("larger than"), "{reason}");
    assert!(CloseCode::TooLarge.is(&soon(connection.closed()).await));
}

#[tokio::test]
async fn a_message_that_is_given_up_is_not_told() {
    let (one, link, mut two, _) = linked().await;
    let connection = one.net.shared.registry.link(link).unwrap().connection.clone();
    let mut stream = connection.open_uni().await.unwrap();
    stream.write_all(b"half of it").await.unwrap();
    stream.reset(0u8.into()).unwrap();
    assert_works(&one, link, &mut two).await;
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the time until the stranger is closed is what is tested")]
async fn who_does_not_greet_is_closed_in_time() {
    let mut one = start(1).await;
    let silent = stranger(&one).await;
    let start = Instant::now();
    assert!(CloseCode::TooSlow.is(&soon(silent.closed()).await));
    assert!(start.elapsed() < Duration::from_secs(7));
    assert!(one.events.try_recv().is_none());
}

#[tokio::test]
async fn many_callers_that_do_not_greet_leave_room_for_one_that_does() {
    let (mut one, mut two) = (start(1).await, start(2).await);
    let mut silent = Vec::new();
    // More than are taken in without proof of their address.
    for _ in 0..40 {
        silent.push(stranger(&one).await);
    }
    link(&mut two, &mut one).await;
    assert!(silent.iter().any(|connection| connection.close_reason().is_none()), "they were still waiting");
}

#[tokio::test]
async fn a_message_that_does_not_go_on_ends_the_link() {
    let (one, link, mut two, back) = linked().await;
    let connection = one.net.shared.registry.link(link).unwrap().connection.clone();
    let mut stream = connection.open_uni().await.unwrap();
    stream.write_all(b"half of it").await.unwrap();
    let (down, reason) = two.link_down().await;
    assert_eq!((down, reason.as_str()), (back, "a message came too slowly"));
}

#[tokio::test]
async fn a_malformed_greeting_is_refused() {
    let mut one = start(1).await;
    for greeting in [&[1; 5][..], &[1; 42], &[9; 42], &[1; 43], &[0; 4000]] {
        let connection = stranger(&one).await;
        let (mut send, _receive) = connection.open_bi().await.unwrap();
        send.write_all(greeting).await.unwrap();
        let _ended = send.finish();
        let error = soon(connection.closed()).await;
        assert!(CloseCode::Protocol.is(&error) || CloseCode::NetworkKey.is(&error), "{error:?}");
    }
    assert!(one.events.try_recv().is_none());
}

#[tokio::test]
async fn a_caller_without_a_key_of_its_own_does_not_get_in() {
    let one = start(1).await;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let (template, _) = tls::configs(&Identity::from_seed([5; 32])).unwrap();
    let verifier = Arc::new(Anyone(provider.clone()));
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = template.alpn_protocols;
    let config = quinn::crypto::rustls::QuicClientConfig::try_from(config).unwrap();
    let endpoint = Endpoint::client("127.0.0.1:0".parse().unwrap()).unwrap();
    let config = quinn::ClientConfig::new(Arc::new(config));
    let connecting = endpoint.connect_with(config, one.net.local_address(), "beacon.invalid").unwrap();
    match soon(connecting).await {
        Err(_refused) => {}
        // The client is done before the server has missed its key.
        Ok(connection) => {
            let error = soon(connection.closed()).await;
            assert!(matches!(error, quinn::ConnectionError::ConnectionClosed(_)), "{error:?}");
        }
    }
}

/// Trusts any server.
#[derive(Debug)]
struct Anyone(Arc<rustls::crypto::CryptoProvider>);

impl rustls::client::danger::ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _end_entity: &rustls::pki_types::CertificateDer<'_>,
        _intermediates: &[rustls::pki_types::CertificateDer<'_>],
        _server_name: &rustls::pki_types::ServerName<'_>,
        _ocsp_response: &[u8],
        _now: rustls::pki_types::UnixTime,
    ) -> Result<rustls::client::danger::ServerCertVerified, rustls::Error> {
        Ok(rustls::client::danger::ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &rustls::pki_types::CertificateDer<'_>,
        _dss: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _cert: &rustls::pki_types::CertificateDer<'_>,
        _dss: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}
