//! One line of text by which somebody is taken into a network.

use std::{fmt, str::FromStr};

use thiserror::Error;

use super::{BeaconId, DialAddress, DialAddressError, NetworkId, ParseIdError, hex, percent_decoded};

/// What whoever joins needs: where to connect to, who must answer there, and of a closed network which it is.
///
/// Written `beacon:?v=1&id=…&at=host:port&at=…`, with `&net=…` for a closed network and `&key=…` where its secret is given
/// away too. It is read in whatever shape a mail program, a chat or a browser leaves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Who must answer.
    pub id: BeaconId,
    /// Where, the most likely first: at least one, and none has an id of its own.
    pub addresses: Vec<DialAddress>,
    /// The network; `None` is the open one.
    pub network: Option<NetworkId>,
    /// The secret of the network. Whoever has the invitation has it too.
    pub key: Option<SharedKey>,
}

/// The 32 bytes that all beacons of a closed network share. They are never shown by accident.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SharedKey([u8; 32]);

/// Why a text is no invitation.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvitationError {
    /// It begins otherwise.
    #[error("this is no invitation; one begins with `beacon:?v=1&id=`, and `beacon invite` prints it")]
    NotAnInvitation,
    /// More than any invitation has.
    #[error("this is too long for an invitation, which has {max} characters at most; paste nothing else with it", max = Invitation::CHARS_MAX)]
    TooLong,
    /// One of a later version.
    #[error("this invitation is of version {0}, which this program does not know; take a newer Beacon to join")]
    Version(String),
    /// Something is missing, most often because not all of it was copied.
    #[error("the invitation has no `{0}`; perhaps it was not copied whole")]
    Missing(&'static str),
    /// Something is there twice.
    #[error("the invitation has `{0}` twice; paste one invitation, once")]
    Twice(&'static str),
    /// The id is none.
    #[error("the invitation is damaged: {0}")]
    Id(#[from] ParseIdError),
    /// An address is none.
    #[error("the invitation is damaged: {0}")]
    Address(#[from] DialAddressError),
    /// An address that pins somebody else.
    #[error("the invitation is damaged: its addresses have ids of their own")]
    AddressWithId,
    /// More addresses than anybody has.
    #[error("the invitation has more than {max} addresses", max = Invitation::ADDRESSES_MAX)]
    TooManyAddresses,
    /// The key is none. It is a secret and not shown.
    #[error("the key in the invitation is damaged: it has 64 hexadecimal digits; perhaps it was not copied whole")]
    Key,
}

impl Invitation {
    /// The most addresses of one: a machine has a few interfaces and names.
    pub const ADDRESSES_MAX: usize = 16;
    /// The most characters that are read: sixteen of the longest names, twice over for what mail programs put between.
    pub const CHARS_MAX: usize = 10_000;

    /// Each address with the id of who must answer there.
    pub fn neighbors(&self) -> impl Iterator<Item = DialAddress> {
        self.addresses.iter().map(|address| DialAddress { id: Some(self.id), ..address.clone() })
    }
}

impl SharedKey {
    /// Wraps the raw bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The raw bytes, to be handed to whom they are for.
    pub const fn reveal(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 64 hexadecimal digits that a key file has.
    pub fn reveal_digits(&self) -> String {
        hex::text(&self.0)
    }
}

impl fmt::Debug for SharedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedKey(hidden)")
    }
}

impl FromStr for Invitation {
    type Err = InvitationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.chars().count() > Self::CHARS_MAX {
            return Err(InvitationError::TooLong);
        }
        let line = one_line(text);
        let parameters = line.strip_prefix("beacon:").ok_or(InvitationError::NotAnInvitation)?;
        let parameters = parameters.trim_start_matches("//").trim_start_matches(['/', '?']);
        let (mut version, mut id, mut network, mut key, mut addresses) = (None, None, None, None, Vec::new());
        let once = |place: &mut Option<String>, name, value: String| match place.replace(value) {
            Some(before) if place.as_ref() != Some(&before) => Err(InvitationError::Twice(name)),
            _ => Ok(()),
        };
        for (name, value) in parameters.split('&').filter_map(|pair| pair.split_once('=')) {
            let value = String::from_utf8_lossy(&percent_decoded(value.as_bytes(), false)).into_owned();
            match name {
                "v" => once(&mut version, "v", value)?,
                "id" => once(&mut id, "id", value)?,
                "net" => once(&mut network, "net", value)?,
                "key" => once(&mut key, "key", value)?,
                "at" if addresses.len() == Self::ADDRESSES_MAX => return Err(InvitationError::TooManyAddresses),
                "at" => addresses.push(address(&value)?),
                // What later versions may say beside, and what they say needs not be understood: else they would count up.
                _ => {}
            }
        }
        match version.as_deref() {
            Some("1") => {}
            Some(other) => return Err(InvitationError::Version(other.chars().take(20).collect())),
            None => return Err(InvitationError::NotAnInvitation),
        }
        if addresses.is_empty() {
            return Err(InvitationError::Missing("at"));
        }
        Ok(Self {
            id: id.ok_or(InvitationError::Missing("id"))?.parse()?,
            addresses,
            network: network.map(|network| network.parse()).transpose()?,
            key: match key {
                Some(digits) => Some(SharedKey(hex::read(&digits).ok_or(InvitationError::Key)?)),
                None => None,
            },
        })
    }
}

impl fmt::Display for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "beacon:?v=1&id={}", self.id)?;
        for address in &self.addresses {
            write!(f, "&at={}", DialAddress { id: None, ..address.clone() }.to_string().to_lowercase())?;
        }
        if let Some(network) = self.network {
            write!(f, "&net={network}")?;
        }
        match &self.key {
            Some(key) => write!(f, "&key={}", key.reveal_digits()),
            None => Ok(()),
        }
    }
}

fn address(text: &str) -> Result<DialAddress, InvitationError> {
    let address: DialAddress = text.parse()?;
    if address.id.is_some() { Err(InvitationError::AddressWithId) } else { Ok(address) }
}

/// The text without what is put into it on its way: line breaks and other white space, marks that nobody sees, the signs with
/// which mail programs begin quoted lines, and whatever stands around it. Nothing in an invitation depends on case.
fn one_line(text: &str) -> String {
    let unquoted = text.lines().map(|line| line.trim_start_matches(|c: char| c.is_whitespace() || c == '>'));
    let is_unseen = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    };
    let line: String = unquoted.flat_map(str::chars).filter(|c| !is_unseen(*c)).collect();
    let around = ['<', '>', '"', '\'', '`', '(', ')', '“', '”', '„', '«', '»', ',', ';', '.'];
    line.trim_matches(around).to_ascii_lowercase().replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn id() -> String {
        "ab".repeat(32)
    }

    #[test]
    fn an_invitation_is_one_line() {
        let invitation = Invitation {
            id: BeaconId::new([0xab; 32]),
            addresses: vec!["Attic.example.org:9000".parse().unwrap(), "[2001:db8::7]:9000".parse().unwrap()],
            network: Some(NetworkId::new([0xcd; 16])),
            key: Some(SharedKey::new([0xef; 32])),
        };
        let line = invitation.to_string();
        let expected = format!(
            "beacon:?v=1&id={}&at=attic.example.org:9000&at=[2001:db8::7]:9000&net={}&key={}",
            id(),
            "cd".repeat(16),
            "ef".repeat(32)
        );
        assert_eq!(line, expected);
        let dialed: Vec<String> = invitation.neighbors().map(|address| address.to_string()).collect();
        assert_eq!(dialed[1], format!("{}@[2001:db8::7]:9000", id()));
        assert!(!format!("{invitation:?}").contains("efef"), "the secret is never shown by accident");
    }

    #[test]
    fn what_mail_programs_do_to_it_does_no_harm() {
        let plain: Invitation = format!("beacon:?v=1&id={}&at=a.example:1&at=[::1]:2", id()).parse().expect("good");
        let (front, back) = (&id()[..20], &id()[20..]);
        for text in [
            format!("> beacon:?v=1&id={front}\r\n> > {back}&at=a.exa\n  mple:1&at=[::1]:2\n"),
            format!("<BEACON:?V=1&ID={}&AT=A.EXAMPLE:1&AT=[::1]:2>.", id().to_uppercase()),
            format!("\u{feff}\"beacon://?v=1&amp;id={front}\u{ad}{back}&amp;at=a.example%3A1&amp;at=%5B::1%5D:2\""),
            format!("beacon:?later=7&v=1&id={0}&id={0}&at=a.example:1&at=[::1]:2&x", id()),
        ] {
            assert_eq!(text.parse::<Invitation>().as_ref(), Ok(&plain), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_the_way_out() {
        let other = "cd".repeat(32);
        let tail = format!("id={}&at=a:1", id());
        for (text, expected) in [
            (String::new(), "this is no invitation"),
            (format!("magnet:?{tail}"), "this is no invitation"),
            (format!("beacon:?{tail}"), "this is no invitation"),
            (format!("beacon:?v=2&{tail}"), "version 2"),
            (format!("beacon:?v=1&id={}", id()), "no `at`; perhaps it was not copied whole"),
            ("beacon:?v=1&at=a:1".to_owned(), "no `id`"),
            (format!("beacon:?v=1&{tail}&id={other}"), "`id` twice"),
            (format!("beacon:?v=1&{tail}&key=abc"), "64 hexadecimal digits"),
            (format!("beacon:?v=1&{tail}&at=a"), "`a` is not an address"),
            (format!("beacon:?v=1&{tail}&at={other}@a:1"), "ids of their own"),
            (format!("beacon:?v=1&{tail}&net=1"), "not a network id"),
            (format!("beacon:?v=1&id={}&at=a:1", &id()[1..]), "not a beacon id"),
            (format!("beacon:?v=1&{tail}{}", "&at=a:2".repeat(16)), "more than 16 addresses"),
            ("b".repeat(10_001), "too long"),
        ] {
            let error = text.parse::<Invitation>().expect_err(&text).to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    fn any_invitation() -> impl Strategy<Value = Invitation> {
        let address = ("[a-z0-9][a-z0-9.-]{0,20}", 1..=u16::MAX);
        let v6 = (any::<std::net::Ipv6Addr>(), 1..=u16::MAX);
        let address = proptest::prop_oneof![
            address.prop_map(|(host, port)| DialAddress { id: None, host, port }),
            v6.prop_map(|(host, port)| DialAddress { id: None, host: host.to_string(), port }),
        ];
        let addresses = proptest::collection::vec(address, 1..=Invitation::ADDRESSES_MAX);
        (any::<[u8; 32]>(), addresses, any::<Option<[u8; 16]>>(), any::<Option<[u8; 32]>>()).prop_map(
            |(id, addresses, network, key)| Invitation {
                id: BeaconId::new(id),
                addresses,
                network: network.map(NetworkId::new),
                key: key.map(SharedKey::new),
            },
        )
    }

    proptest! {
        #[test]
        fn whatever_is_invited_to_is_joined(
            invitation in any_invitation(),
            breaks in proptest::collection::vec((any::<proptest::sample::Index>(), "(\r?\n[> ]{0,3})|[ \t\u{a0}]"), 0..8),
            shout: bool,
        ) {
            let mut text = invitation.to_string();
            if shout {
                text = text.to_uppercase();
            }
            for (place, gap) in breaks {
                let at = text.floor_char_boundary(place.index(text.len() + 1));
                text.insert_str(at, &gap);
            }
            let read: Result<Invitation, _> = text.parse();
            prop_assert_eq!(read.as_ref(), Ok(&invitation), "{}", text);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,60}", cut: proptest::sample::Index, invitation in any_invitation()) {
            let _ = text.parse::<Invitation>();
            let _ = format!("beacon:?v=1&{text}").parse::<Invitation>();
            let line = invitation.to_string();
            // Cut short it is damaged or means less; the key, of which a part is none, never becomes another.
            if let Ok(read) = line[..cut.index(line.len())].parse::<Invitation>() {
                prop_assert!(read.key.is_none() || read.key == invitation.key);
            }
        }
    }
}
