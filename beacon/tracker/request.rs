//! What a client asks of a tracker: the query of its request, which holds bytes that are no text.

use thiserror::Error;

use crate::model::percent_decoded;

/// What a torrent is called by trackers: its v1 info-hash, or the first 20 bytes of its v2 info-hash (BEP 52).
pub type ShortHash = [u8; 20];

/// The longest query that is read, in bytes: a scrape of [`SCRAPE_MAX`] torrents with every byte encoded.
const QUERY_BYTES_MAX: usize = 8 << 10;
/// The most torrents in one scrape. Clients ask for 64 or fewer at a time.
pub const SCRAPE_MAX: usize = 100;
/// How many peers are told where nothing else is wanted, as trackers usually do (BEP 3).
const PEERS_WANTED: usize = 50;
/// The most peers that are told at once; more than clients connect to anyway.
const PEERS_MAX: usize = 200;

/// One announce (BEP 3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announce {
    /// Which torrent.
    pub info_hash: ShortHash,
    /// What the client calls itself.
    pub peer_id: [u8; 20],
    /// The port at which it takes connections; 0 where it takes none.
    pub port: u16,
    /// What happened, where something did.
    pub event: Option<Event>,
    /// Whether it says that it has all data. Who does not say lacks some.
    pub is_complete: bool,
    /// Whether it says that it has received data.
    pub has_received: bool,
    /// The most peers that it wants to hear of.
    pub wanted: usize,
    /// How it wants to be told.
    pub form: PeerForm,
}

/// How peers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeerForm {
    /// As bytes, IPv4 and IPv6 apart (BEP 23, BEP 7). Who does not say gets this.
    Compact,
    /// As dictionaries (BEP 3).
    Dictionaries,
    /// As dictionaries without the ids of clients.
    WithoutIds,
}

/// What happened to a client's download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// It began, or goes on after a pause.
    Started,
    /// It is complete now and was not before.
    Completed,
    /// It ends here: the client is not to be told of any more.
    Stopped,
}

/// Why a request is none.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RequestError {
    /// More than any client asks.
    #[error("the query has {0} bytes, and {QUERY_BYTES_MAX} are the most that are read")]
    TooLong(usize),
    /// A value that must be there is not.
    #[error("the query has no `{0}`")]
    Lacks(&'static str),
    /// A value of bytes has the wrong length.
    #[error(
        "`{name}` has {length} bytes and must have {expected}, each percent-encoded where it is no letter or digit"
    )]
    Length {
        /// Which value.
        name: &'static str,
        /// How many bytes it has.
        length: usize,
        /// How many it should have.
        expected: &'static str,
    },
    /// A port that is none.
    #[error("`port` must be a number from 0 to 65535")]
    Port,
    /// A scrape of everything.
    #[error("the torrents to scrape must be named, each by an `info_hash`")]
    ScrapesAll,
    /// A scrape of too many.
    #[error("{0} torrents are too many for one scrape; ask for at most {SCRAPE_MAX} at a time")]
    ScrapesTooMany(usize),
}

impl Announce {
    /// Reads the query of an announce. Where a key is there twice, the first counts; keys that mean nothing here are passed
    /// over. So are the addresses that clients claim (`ip`, `ipv4`, `ipv6`): anybody could name somebody else's.
    pub fn parse(query: &str) -> Result<Self, RequestError> {
        check_length(query)?;
        let find = |name| values(query, name).next();
        let info_hash = find("info_hash").ok_or(RequestError::Lacks("info_hash"))?;
        let peer_id = find("peer_id").ok_or(RequestError::Lacks("peer_id"))?;
        let port = find("port").ok_or(RequestError::Lacks("port"))?;
        let number = |name| find(name).and_then(|value| number::<u64>(&value));
        Ok(Self {
            info_hash: short_hash(&info_hash)?,
            peer_id: peer_id.as_slice().try_into().map_err(|_length| RequestError::Length {
                name: "peer_id",
                length: peer_id.len(),
                expected: "20",
            })?,
            port: number_or(&port, RequestError::Port)?,
            event: find("event").and_then(|word| event(&word)),
            is_complete: number("left") == Some(0),
            has_received: number("downloaded").is_some_and(|bytes| bytes > 0),
            wanted: number("numwant")
                .and_then(|wanted| usize::try_from(wanted).ok())
                .map_or(PEERS_WANTED, |wanted| wanted.min(PEERS_MAX)),
            form: match (number("compact"), number("no_peer_id")) {
                (Some(0), Some(1)) => PeerForm::WithoutIds,
                (Some(0), _) => PeerForm::Dictionaries,
                _ => PeerForm::Compact,
            },
        })
    }
}

/// The torrents that a scrape asks for (BEP 48), each once.
pub fn scraped(query: &str) -> Result<Vec<ShortHash>, RequestError> {
    check_length(query)?;
    let mut hashes = values(query, "info_hash").map(|value| short_hash(&value)).collect::<Result<Vec<_>, _>>()?;
    hashes.sort_unstable();
    hashes.dedup();
    match hashes.len() {
        0 => Err(RequestError::ScrapesAll),
        1..=SCRAPE_MAX => Ok(hashes),
        more => Err(RequestError::ScrapesTooMany(more)),
    }
}

fn check_length(query: &str) -> Result<(), RequestError> {
    if query.len() > QUERY_BYTES_MAX { Err(RequestError::TooLong(query.len())) } else { Ok(()) }
}

/// Every value of a key, decoded. A `+` is itself: clients encode bytes, not forms.
fn values<'a>(query: &'a str, name: &'static str) -> impl Iterator<Item = Vec<u8>> + 'a {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(move |(key, _)| *key == name).map(|(_, value)| percent_decoded(value.as_bytes(), false))
}

fn short_hash(value: &[u8]) -> Result<ShortHash, RequestError> {
    let wrong = RequestError::Length { name: "info_hash", length: value.len(), expected: "20, or 32 of a v2 torrent" };
    match value.len() {
        // Clients send no more than 20 of the 32 bytes of a v2 info-hash; whoever sends them all means the same torrent.
        20 | 32 => value[..20].try_into().map_err(|_length| wrong),
        _ => Err(wrong),
    }
}

fn number<T: std::str::FromStr>(value: &[u8]) -> Option<T> {
    str::from_utf8(value).ok()?.parse().ok()
}

fn number_or<T: std::str::FromStr>(value: &[u8], error: RequestError) -> Result<T, RequestError> {
    number(value).ok_or(error)
}

fn event(word: &[u8]) -> Option<Event> {
    match word {
        b"started" => Some(Event::Started),
        b"completed" => Some(Event::Completed),
        b"stopped" => Some(Event::Stopped),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: &str =
        "info_hash=%124Vx%9a%bc%de%f1%23%45%67%89%ab%cd%ef%124Vx%9a&peer_id=-XX0001-%00%ff%2b+abcdefgh&port=6881";

    #[test]
    fn bytes_are_read_as_they_were_meant() {
        let read = Announce::parse(USUAL).expect("an announce");
        assert_eq!(read.info_hash, *b"\x124Vx\x9a\xbc\xde\xf1\x23\x45\x67\x89\xab\xcd\xef\x124Vx\x9a");
        assert_eq!(&read.peer_id, b"-XX0001-\x00\xff++abcdefgh");
        assert_eq!((read.port, read.event, read.wanted), (6881, None, PEERS_WANTED));
        assert!(read.form == PeerForm::Compact && !read.is_complete && !read.has_received);
    }

    #[test]
    fn what_clients_add_is_understood_or_passed_over() {
        let query = format!(
            "key=a1&{USUAL}&ip=192.0.2.1&ipv6=::1&left=0&downloaded=7&uploaded=9&event=completed&numwant=0&compact=0&no_peer_id=1"
        );
        let read = Announce::parse(&query).expect("an announce");
        assert!(read.is_complete && read.has_received && read.form == PeerForm::WithoutIds);
        assert_eq!((read.event, read.wanted), (Some(Event::Completed), 0));
        let odd =
            Announce::parse(&format!("{USUAL}&left=-1&numwant=-1&event=paused&compact&&=&x")).expect("an announce");
        assert!(!odd.is_complete);
        assert_eq!((odd.event, odd.wanted), (None, PEERS_WANTED));
        assert_eq!(Announce::parse(&format!("{USUAL}&numwant=9999")).expect("an announce").wanted, PEERS_MAX);
    }

    #[test]
    fn the_first_of_two_values_counts_and_a_whole_v2_hash_is_cut() {
        let query = format!("info_hash={}&{USUAL}", "%41".repeat(32));
        assert_eq!(Announce::parse(&query).expect("an announce").info_hash, [b'A'; 20]);
    }

    #[test]
    fn what_is_lacking_or_wrong_is_named() {
        let told = [
            "",
            "info_hash=abc&peer_id=def&port=1",
            &USUAL.replace("&port=6881", ""),
            &USUAL.replace("6881", "70000"),
            &USUAL.replace("-XX0001-", ""),
            &format!("{USUAL}&x={}", "y".repeat(QUERY_BYTES_MAX)),
        ]
        .map(|query| Announce::parse(query).expect_err("refused").to_string())
        .join("\n");
        insta::assert_snapshot!(told, @"
        the query has no `info_hash`
        `info_hash` has 3 bytes and must have 20, or 32 of a v2 torrent, each percent-encoded where it is no letter or digit
        the query has no `port`
        `port` must be a number from 0 to 65535
        `peer_id` has 12 bytes and must have 20, each percent-encoded where it is no letter or digit
        the query has 8298 bytes, and 8192 are the most that are read
        ");
    }

    #[test]
    fn a_scrape_names_each_torrent_once_and_not_too_many() {
        let one = |byte: usize| format!("info_hash={}", format!("%{byte:02x}").repeat(20));
        assert_eq!(scraped(&[one(2), one(1), one(2)].join("&")), Ok(vec![[1; 20], [2; 20]]));
        assert_eq!(scraped("x=y"), Err(RequestError::ScrapesAll));
        let many: Vec<String> = (0..=SCRAPE_MAX).map(one).collect();
        assert_eq!(scraped(&many[1..].join("&")).map(|hashes| hashes.len()), Ok(SCRAPE_MAX));
        assert_eq!(scraped(&many.join("&")), Err(RequestError::ScrapesTooMany(SCRAPE_MAX + 1)));
    }
}
