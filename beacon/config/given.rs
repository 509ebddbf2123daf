//! One value as it was given, read as what it should be.

use std::{net::SocketAddr, path::PathBuf, str::FromStr, time::Duration};

use super::{ConfigError, ConfigFault, duration::parse_duration};
use crate::{
    json::{JsonError, Kind, Located, Node, Object, Position, nearest},
    model::{ByteSize, DialAddress},
};

/// A value and where it came from.
#[derive(Debug, Clone)]
pub(super) struct Given<'a> {
    input: Input<'a>,
    origin: String,
}

/// A value as it stands in the file, or as the text of a variable or flag.
#[derive(Debug, Clone, Copy)]
pub(super) enum Input<'a> {
    /// From the file.
    Node(Node<'a>),
    /// From a variable or a flag.
    Text(&'a str),
}

/// An object and where it came from.
#[derive(Debug)]
pub(super) struct Members<'a> {
    object: Object<'a>,
    given: Given<'a>,
}

impl<'a> Members<'a> {
    /// The value of a key; `None` where it is not there or null.
    pub(super) fn get(&self, key: &str) -> Option<Given<'a>> {
        self.object.get(key).map(|node| self.given.with_node(node))
    }
}

/// A type of counts, and the largest it has.
pub(super) trait Bounded {
    /// The largest.
    const MAX: u64;
}

impl Bounded for u16 {
    const MAX: u64 = Self::MAX as u64;
}

impl Bounded for u32 {
    const MAX: u64 = Self::MAX as u64;
}

impl<'a> Given<'a> {
    pub(super) const fn new(input: Input<'a>, origin: String) -> Self {
        Self { input, origin }
    }

    /// From a variable or flag, in which `null` means what it means in the file: the default, whatever the file says.
    pub(super) fn text(input: Input<'a>, origin: String) -> Option<Self> {
        match input {
            Input::Text("null") => None,
            _ => Some(Self::new(input, origin)),
        }
    }

    /// Whether it stands in the file, whose paths start from its own directory.
    pub(super) const fn is_from_file(&self) -> bool {
        matches!(self.input, Input::Node(_))
    }

    /// An error about this value.
    pub(super) fn error(&self, fault: impl Into<ConfigFault>) -> ConfigError {
        ConfigError { origin: self.origin.clone(), fault: fault.into() }
    }

    /// The text of a variable or flag; `None` for what stands in the file.
    pub(super) const fn plain_text(&self) -> Option<&'a str> {
        match self.input {
            Input::Text(text) => Some(text),
            Input::Node(_) => None,
        }
    }

    /// Another value of the same origin.
    pub(super) fn with_node<'b>(&self, node: Node<'b>) -> Given<'b> {
        Given { input: Input::Node(node), origin: self.origin_of(node.position()) }
    }

    /// An object that may have the keys `known`.
    pub(super) fn members(&self, known: &[&str]) -> Result<Members<'a>, ConfigError> {
        match self.input {
            Input::Node(node) => {
                let object = node.object(known).map_err(|error| self.in_json(error))?;
                Ok(Members { object, given: self.clone() })
            }
            Input::Text(_) => Err(self.error(ConfigFault::HookTarget)),
        }
    }

    /// A text.
    pub(super) fn string(&self) -> Result<String, ConfigError> {
        match self.input {
            Input::Text(text) => Ok(text.to_owned()),
            Input::Node(node) => node.string().map_err(|error| self.in_json(error)),
        }
    }

    /// `true` or `false`.
    pub(super) fn flag(&self) -> Result<bool, ConfigError> {
        match self.input {
            Input::Text("true" | "1" | "yes" | "on") => Ok(true),
            Input::Text("false" | "0" | "no" | "off") => Ok(false),
            Input::Text(word) => Err(self.unknown_word(word, &["true", "false"])),
            Input::Node(node) => node.flag().map_err(|error| self.in_json(error)),
        }
    }

    /// One of several words: its place among them.
    pub(super) fn word(&self, known: &[&'static str]) -> Result<usize, ConfigError> {
        let word = self.string()?;
        known.iter().position(|other| *other == word).ok_or_else(|| self.unknown_word(&word, known))
    }

    /// A path that is not empty.
    pub(super) fn path(&self) -> Result<PathBuf, ConfigError> {
        match self.string()? {
            path if path.trim().is_empty() => Err(self.error(ConfigFault::EmptyPath)),
            path => Ok(path.into()),
        }
    }

    /// The name of a host as browsers send it, without port (RFC 952, RFC 1123), in lower case.
    pub(super) fn host_name(&self) -> Result<String, ConfigError> {
        let text = self.string()?;
        let name = text.trim().trim_end_matches('.').to_ascii_lowercase();
        let is_letter = |letter: u8| letter.is_ascii_alphanumeric() || b"-_".contains(&letter);
        let is_label = |label: &str| !label.is_empty() && label.len() <= 63 && label.bytes().all(is_letter);
        if name.len() <= 253 && name.split('.').all(is_label) {
            Ok(name)
        } else {
            Err(self.error(ConfigFault::HostName(text)))
        }
    }

    /// A size: a text with a unit, or a number of bytes.
    pub(super) fn size(&self) -> Result<ByteSize, ConfigError> {
        match self.input {
            Input::Node(node) if node.kind() == Kind::Number => {
                node.unsigned().map(ByteSize::from_bytes).map_err(|error| self.in_json(error))
            }
            _ => self.parse(),
        }
    }

    /// A whole number that fits its type.
    pub(super) fn count<T: TryFrom<u64> + Bounded>(&self) -> Result<T, ConfigError> {
        let number = match self.input {
            Input::Node(node) => node.unsigned().map_err(|error| self.in_json(error))?,
            Input::Text(text) => {
                text.trim().parse().map_err(|_no_number| self.error(ConfigFault::NotACount(text.to_owned())))?
            }
        };
        T::try_from(number).map_err(|_too_large| self.error(ConfigFault::CountRange { number, max: T::MAX }))
    }

    /// A duration from `min` to `max`.
    pub(super) fn duration(&self, min: Duration, max: Duration) -> Result<Duration, ConfigError> {
        let text = match self.input {
            // A bare number gets the answer that units are missing, not one about quotes.
            Input::Node(node) if node.kind() == Kind::Number => node.text().to_owned(),
            _ => self.string()?,
        };
        let duration = parse_duration(&text).map_err(|error| self.error(error))?;
        if duration < min || duration > max {
            return Err(self.error(ConfigFault::DurationRange { text, min, max }));
        }
        Ok(duration)
    }

    /// An address of this machine, in which port 0 lets the system choose.
    pub(super) fn socket_address(&self) -> Result<SocketAddr, ConfigError> {
        let text = self.string()?;
        text.trim().parse().map_err(|_not_an_address| self.error(ConfigFault::SocketAddress(text)))
    }

    /// A list of addresses of others: in the file a list, else a JSON list or texts with commas between.
    pub(super) fn addresses(&self) -> Result<Vec<DialAddress>, ConfigError> {
        self.items()?.iter().map(Self::parse).collect()
    }

    /// The same, where an id before the address makes no sense.
    pub(super) fn addresses_without_id(&self) -> Result<Vec<DialAddress>, ConfigError> {
        let read = |item: &Self| {
            let address: DialAddress = item.parse()?;
            match address.id {
                Some(_) => Err(item.error(ConfigFault::IdNotWanted(address.to_string()))),
                None => Ok(address),
            }
        };
        self.items()?.iter().map(read).collect()
    }

    fn parse<T: FromStr<Err: Into<ConfigFault>>>(&self) -> Result<T, ConfigError> {
        self.string()?.trim().parse().map_err(|error| self.error(error))
    }

    /// The values of a list: in the file a list, else a JSON list or texts with commas between.
    pub(super) fn items(&self) -> Result<Vec<Self>, ConfigError> {
        match self.input {
            Input::Node(node) => {
                let items = node.list().map_err(|error| self.in_json(error))?;
                let origin = |item: Node<'a>| self.origin_of(item.position());
                Ok(items.into_iter().map(|item| Self::new(Input::Node(item), origin(item))).collect())
            }
            Input::Text(text) => {
                let text = text.trim();
                let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
                let items = inner.split(',').map(|item| item.trim().trim_matches('"')).filter(|item| !item.is_empty());
                Ok(items.map(|item| Self::new(Input::Text(item), self.origin.clone())).collect())
            }
        }
    }

    fn unknown_word(&self, word: &str, known: &[&'static str]) -> ConfigError {
        let suggestion = nearest(word, known.iter().copied());
        self.error(ConfigFault::UnknownWord { word: word.to_owned(), suggestion })
    }

    pub(super) fn in_json(&self, error: Located<JsonError>) -> ConfigError {
        ConfigError { origin: self.origin_of(error.at), fault: error.error.into() }
    }

    /// The origin of something else in the same file.
    fn origin_of(&self, at: Position) -> String {
        let file = self.origin.rsplitn(3, ':').nth(2).unwrap_or(&self.origin);
        format!("{file}:{at}")
    }
}
