//! What a tracker answers, as bencoding.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use super::{PeerForm, ShortHash};

/// How long a client should wait between two scrapes (BEP 48).
const SCRAPE_INTERVAL: Duration = Duration::from_mins(5);

/// The answer to an announce.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Whom the client is told of.
    pub peers: Vec<Told>,
    /// How many clients there are.
    pub counts: Counts,
    /// When the client should come back.
    pub interval: Duration,
    /// The earliest at which it may.
    pub interval_min: Duration,
}

/// A client that another one is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Where it is reached.
    pub address: SocketAddr,
    /// What it calls itself, where it has announced that.
    pub peer_id: Option<[u8; 20]>,
}

/// How many clients a torrent has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Those with all data.
    pub complete: u32,
    /// Those that lack some.
    pub incomplete: u32,
    /// How many have become complete since the tracker runs.
    pub downloaded: u32,
}

impl Answer {
    /// The answer in the form that the client wants.
    pub fn write(&self, form: PeerForm) -> Vec<u8> {
        let mut out = b"d".to_vec();
        put_count(&mut out, "complete", self.counts.complete);
        put_count(&mut out, "downloaded", self.counts.downloaded);
        put_count(&mut out, "incomplete", self.counts.incomplete);
        put_seconds(&mut out, "interval", self.interval);
        put_seconds(&mut out, "min interval", self.interval_min);
        put_text(&mut out, b"peers");
        if form == PeerForm::Compact {
            put_text(&mut out, &self.compact(IpAddr::is_ipv4));
            let ipv6 = self.compact(IpAddr::is_ipv6);
            // Clients that know nothing of BEP 7 need not be bothered where there is nothing to say.
            if !ipv6.is_empty() {
                put_text(&mut out, b"peers6");
                put_text(&mut out, &ipv6);
            }
        } else {
            out.push(b'l');
            self.peers.iter().for_each(|peer| put_peer(&mut out, peer, form == PeerForm::Dictionaries));
            out.push(b'e');
        }
        out.push(b'e');
        out
    }

    fn compact(&self, family: impl Fn(&IpAddr) -> bool) -> Vec<u8> {
        let mut out = Vec::new();
        for address in self.peers.iter().map(|peer| peer.address).filter(|address| family(&address.ip())) {
            match address.ip() {
                IpAddr::V4(ip) => out.extend(ip.octets()),
                IpAddr::V6(ip) => out.extend(ip.octets()),
            }
            out.extend(address.port().to_be_bytes());
        }
        out
    }
}

/// The answer to a scrape (BEP 48), with a flag that says when to come back.
pub fn scrape_answer(torrents: &BTreeMap<ShortHash, Counts>) -> Vec<u8> {
    let mut out = b"d5:filesd".to_vec();
    for (info_hash, counts) in torrents {
        put_text(&mut out, info_hash);
        out.push(b'd');
        put_count(&mut out, "complete", counts.complete);
        put_count(&mut out, "downloaded", counts.downloaded);
        put_count(&mut out, "incomplete", counts.incomplete);
        out.push(b'e');
    }
    out.extend(b"e5:flagsd");
    put_seconds(&mut out, "min_request_interval", SCRAPE_INTERVAL);
    out.extend(b"ee");
    out
}

/// The answer to a request that cannot be granted (BEP 3); clients show the reason to their users.
pub fn failure(reason: &str) -> Vec<u8> {
    let mut out = b"d".to_vec();
    put_text(&mut out, b"failure reason");
    put_text(&mut out, reason.as_bytes());
    out.push(b'e');
    out
}

fn put_peer(out: &mut Vec<u8>, peer: &Told, with_id: bool) {
    out.push(b'd');
    put_text(out, b"ip");
    put_text(out, peer.address.ip().to_string().as_bytes());
    if let Some(id) = peer.peer_id.filter(|_| with_id) {
        put_text(out, b"peer id");
        put_text(out, &id);
    }
    put_count(out, "port", peer.address.port().into());
    out.push(b'e');
}

fn put_count(out: &mut Vec<u8>, key: &str, count: u32) {
    put_text(out, key.as_bytes());
    out.extend(format!("i{count}e").into_bytes());
}

fn put_seconds(out: &mut Vec<u8>, key: &str, duration: Duration) {
    put_count(out, key, u32::try_from(duration.as_secs()).unwrap_or(u32::MAX));
}

fn put_text(out: &mut Vec<u8>, text: &[u8]) {
    out.extend(format!("{}:", text.len()).into_bytes());
    out.extend(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(answer: &Answer, form: PeerForm) -> String {
        answer.write(form).escape_ascii().to_string()
    }

    fn told(address: &str, peer_id: Option<[u8; 20]>) -> Told {
        Told { address: address.parse().expect("an address"), peer_id }
    }

    #[test]
    fn answers_have_the_form_that_is_wanted() {
        let counts = Counts { complete: 2, incomplete: 1, downloaded: 7 };
        let (interval, interval_min) = (Duration::from_mins(1), Duration::from_secs(30));
        let peers = vec![told("1.2.3.4:6881", Some([b'z'; 20])), told("[2001:db8::1]:6882", None)];
        let answer = Answer { peers, counts, interval, interval_min };
        let none = Answer { peers: Vec::new(), ..answer.clone() };
        let all = [
            written(&answer, PeerForm::Compact),
            written(&answer, PeerForm::Dictionaries),
            written(&answer, PeerForm::WithoutIds),
            written(&none, PeerForm::Compact),
            failure("it is full").escape_ascii().to_string(),
            scrape_answer(&BTreeMap::from([([b'a'; 20], counts), ([b'b'; 20], Counts::default())]))
                .escape_ascii()
                .to_string(),
        ];
        insta::assert_snapshot!(all.join("\n"), @r"
        d8:completei2e10:downloadedi7e10:incompletei1e8:intervali60e12:min intervali30e5:peers6:\x01\x02\x03\x04\x1a\xe16:peers618: \x01\r\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x1a\xe2e
        d8:completei2e10:downloadedi7e10:incompletei1e8:intervali60e12:min intervali30e5:peersld2:ip7:1.2.3.47:peer id20:zzzzzzzzzzzzzzzzzzzz4:porti6881eed2:ip11:2001:db8::14:porti6882eeee
        d8:completei2e10:downloadedi7e10:incompletei1e8:intervali60e12:min intervali30e5:peersld2:ip7:1.2.3.44:porti6881eed2:ip11:2001:db8::14:porti6882eeee
        d8:completei2e10:downloadedi7e10:incompletei1e8:intervali60e12:min intervali30e5:peers0:e
        d14:failure reason10:it is fulle
        d5:filesd20:aaaaaaaaaaaaaaaaaaaad8:completei2e10:downloadedi7e10:incompletei1ee20:bbbbbbbbbbbbbbbbbbbbd8:completei0e10:downloadedi0e10:incompletei0eee5:flagsd20:min_request_intervali300eee
        ");
    }
}
