//! Where a beacon can be reached.

use std::{fmt, net::Ipv6Addr, str::FromStr};

use thiserror::Error;

use super::{BeaconId, ParseIdError};

/// An address to dial: `host:port`, `[v6]:port`, or either behind `ID@`, which pins who must answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DialAddress {
    /// Who must answer; anyone where `None`.
    pub id: Option<BeaconId>,
    /// A host name or an IP address without brackets.
    pub host: String,
    /// The UDP port, never 0.
    pub port: u16,
}

/// A text that should have been an address and is not.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DialAddressError {
    /// Not of the form `host:port`.
    #[error("`{0}` is not an address; write it like \"198.51.100.7:9000\", \"[2001:db8::7]:9000\" or \"ID@host:9000\"")]
    NotAnAddress(String),
    /// The part before `@` is no beacon id.
    #[error("the part before `@` is wrong: {0}")]
    Id(#[from] ParseIdError),
    /// The port is missing, zero or above 65535.
    #[error("`{0}` has no port between 1 and 65535")]
    Port(String),
}

impl FromStr for DialAddress {
    type Err = DialAddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (id, rest) = match text.split_once('@') {
            Some((id, rest)) => (Some(id.parse()?), rest),
            None => (None, text),
        };
        let not_an_address = || DialAddressError::NotAnAddress(text.to_owned());
        let (host, port) = rest.rsplit_once(':').ok_or_else(not_an_address)?;
        let host = match host.strip_prefix('[') {
            Some(inner) => {
                let inner = inner.strip_suffix(']').ok_or_else(not_an_address)?;
                if inner.parse::<Ipv6Addr>().is_err() {
                    return Err(not_an_address());
                }
                inner
            }
            None => host,
        };
        let name_like = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if host.is_empty() || (host.parse::<Ipv6Addr>().is_err() && !host.chars().all(name_like)) {
            return Err(not_an_address());
        }
        if host.contains(':') && !rest.starts_with('[') {
            return Err(not_an_address());
        }
        match port.parse() {
            Ok(port) if port != 0 => Ok(Self { id, host: host.to_owned(), port }),
            _ => Err(DialAddressError::Port(text.to_owned())),
        }
    }
}

impl fmt::Display for DialAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(id) = self.id {
            write!(f, "{id}@")?;
        }
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_survive_being_read_and_written() {
        let id = "ab".repeat(32);
        for text in ["198.51.100.7:9000", "[2001:db8::7]:9000", "attic.example.org:1", &format!("{id}@host:9000")] {
            assert_eq!(text.parse::<DialAddress>().expect(text).to_string(), text);
        }
    }

    #[test]
    fn bad_addresses_say_what_is_wrong() {
        for text in ["", "host", ":9000", "2001:db8::7:9000", "[::1:9000", "[host]:9000", "ho st:1"] {
            assert!(matches!(text.parse::<DialAddress>(), Err(DialAddressError::NotAnAddress(_))), "{text}");
        }
        for text in ["host:0", "host:70000", "host:"] {
            assert!(matches!(text.parse::<DialAddress>(), Err(DialAddressError::Port(_))), "{text}");
        }
        assert!(matches!("xyz@host:1".parse::<DialAddress>(), Err(DialAddressError::Id(_))));
    }
}
