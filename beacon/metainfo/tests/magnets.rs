//! Magnet links: what is read, what is refused, what is written.

use std::net::{IpAddr, SocketAddr};

use proptest::prelude::*;

use crate::{
    metainfo::{MAGNET_BYTES_MAX, Magnet, MagnetError, PeerAddress},
    model::InfoHashes,
};

const V1: &str = "0123456789abcdef0123456789abcdef01234567";
const V1_BASE32: &str = "AERUKZ4JVPG66AJDIVTYTK6N54ASGRLH";
const V2: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

#[track_caller]
fn read(link: &str) -> Magnet {
    Magnet::parse(link).expect("a good link")
}

#[track_caller]
fn refused(link: &str) -> MagnetError {
    Magnet::parse(link).expect_err("must be refused")
}

#[test]
fn hashes_are_read_in_every_spelling() {
    let hex = read(&format!("magnet:?xt=urn:btih:{V1}"));
    assert_eq!(hex.info_hash().to_string(), V1);
    for link in [
        format!("magnet:?xt=urn:btih:{V1_BASE32}"),
        format!("magnet:?xt=urn:btih:{}", V1_BASE32.to_lowercase()),
        format!("MAGNET:?XT=URN:BTIH:{}", V1.to_uppercase()),
        format!("magnet:?xt.1=urn:btih:{V1}"),
        format!("magnet:?dn=&xt=urn%3Abtih%3A{V1}"),
        format!(" magnet:?&&so=1,2&xt=urn:ed2k:354b15e68fb8f36d7cd88ff94116cdc1&xt=urn:btih:{V1}&=&x\n"),
        format!("magnet:?xt=urn:btih:{V1}&xt=urn:btih:{V1_BASE32}"),
    ] {
        assert_eq!(read(&link).hashes, hex.hashes, "{link}");
    }
    let v2 = read(&format!("magnet:?xt=urn:btmh:1220{V2}"));
    assert_eq!((v2.info_hash().to_string(), v2.hashes.v1), (V2.to_owned(), None));
    let hybrid = read(&format!("magnet:?xt.1=urn:btih:{V1}&xt.2=urn:btmh:1220{V2}"));
    assert_eq!(hybrid.hashes, InfoHashes { v1: hex.hashes.v1, v2: v2.hashes.v2 });
}

#[test]
fn what_else_a_link_tells_is_read() {
    let magnet = read(&format!(
        "magnet:?xt=urn:btih:{V1}&dn=Town+archive+%281%29%2c+100%+tested&amp;xl=1234&tr=http%3A%2F%2Fa.example%2Fannounce%3Fk%3D1%2B2\
         &tr.1=udp://b.example:6969/a+b&tr=udp://b.example:6969/a+b&tr=&x.pe=198.51.100.7:6881&x.pe=%5B2001:db8::7%5D:6881\
         &x.pe=attic.example:1&x.pe=attic.example:1",
    ));
    assert_eq!(magnet.name.as_deref(), Some("Town archive (1), 100% tested"));
    assert_eq!(magnet.size, Some(1234));
    assert_eq!(magnet.trackers, ["http://a.example/announce?k=1+2", "udp://b.example:6969/a+b"]);
    let peers: Vec<_> = magnet.peers.iter().map(ToString::to_string).collect();
    assert_eq!(peers, ["198.51.100.7:6881", "[2001:db8::7]:6881", "attic.example:1"]);
}

#[test]
fn links_survive_being_written_and_read() {
    let magnet = read(&format!(
        "magnet:?xt=urn:btmh:1220{V2}&xt=urn:btih:{V1}&dn=%C3%A9t%C3%A9+%26+%2B&xl=7&tr=http://a/%20b&x.pe=[::1]:5",
    ));
    assert_eq!(
        magnet.to_string(),
        format!(
            "magnet:?xt=urn:btih:{V1}&xt=urn:btmh:1220{V2}&dn=%C3%A9t%C3%A9%20%26%20%2B&xl=7&tr=http%3A%2F%2Fa%2F%20b&x.pe=[::1]:5"
        )
    );
    assert_eq!(magnet.to_string().parse(), Ok(magnet));
}

#[test]
fn bad_links_say_what_is_wrong() {
    let good = format!("magnet:?xt=urn:btih:{V1}");
    for link in ["", "magnet", "http://example.org/", "magnet:", "mägnet:?", V1] {
        assert_eq!(refused(link), MagnetError::NotAMagnet, "{link}");
    }
    for link in ["magnet:?", "magnet:?dn=x", "magnet:?xt=", "magnet:?xt=urn:sha1:x", "magnet:?xtt=urn:btih:x"] {
        assert_eq!(refused(link), MagnetError::NoInfoHash, "{link}");
    }
    for hash in ["", "abc", &V1[1..], V2, "!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!", "éééééééééééééééé"] {
        assert_eq!(refused(&format!("magnet:?xt=urn:btih:{hash}")), MagnetError::BadV1(hash.to_owned()));
    }
    for hash in [V2.to_owned(), format!("1114{V1}"), format!("1220{V1}"), format!("1220{V2}00")] {
        assert_eq!(refused(&format!("magnet:?xt=urn:btmh:{hash}")), MagnetError::BadV2(hash));
    }
    assert_eq!(refused(&format!("{good}&xt=urn:btih:{}", V1.replace('0', "1"))), MagnetError::TwoTorrents);
    assert_eq!(refused(&format!("{good}&xl=-5")), MagnetError::BadSize("-5".to_owned()));
    for peer in ["", "host", "host:0", "::1:5", "a b:5"] {
        assert_eq!(refused(&format!("{good}&x.pe={peer}")), MagnetError::BadPeer(peer.to_owned()));
    }
    let long = format!("{good}&dn={}", "a".repeat(MAGNET_BYTES_MAX));
    assert_eq!(refused(&long), MagnetError::TooLong(long.len()));
}

fn hashes() -> impl Strategy<Value = InfoHashes> {
    let both = (any::<Option<[u8; 20]>>(), any::<Option<[u8; 32]>>());
    both.prop_map(|(v1, v2)| InfoHashes { v1: v1.or((v2.is_none()).then_some([9; 20])), v2 })
}

fn peers() -> impl Strategy<Value = Vec<PeerAddress>> {
    let peer = (any::<IpAddr>(), 1..=u16::MAX).prop_map(|(ip, port)| PeerAddress::from(SocketAddr::new(ip, port)));
    proptest::collection::btree_set(peer, 0..10).prop_map(|peers| peers.into_iter().collect())
}

proptest! {
    /// Whatever a torrent is called, and whoever holds it.
    #[test]
    fn what_is_written_is_read_as_it_was(
        hashes in hashes(),
        name in any::<Option<String>>(),
        size in any::<Option<u64>>(),
        trackers in proptest::collection::btree_set("(http|udp)://[a-z.]{1,20}/[a-z ?&=%+é]{0,20}[a-z]", 0..4),
        peers in peers(),
    ) {
        let magnet = Magnet { hashes, name, size, trackers: trackers.into_iter().collect(), peers };
        let link = magnet.to_string();
        prop_assert!(link.is_ascii() && !link.contains(char::is_whitespace), "{}", link);
        prop_assert_eq!(Magnet::parse(&link), Ok(magnet));
    }
}
