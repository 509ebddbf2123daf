//! Bencoding (BEP 3) as slices: what is read still points into the bytes it was read from.
//!
//! The whole input is checked once, without recursion, into a flat list of tokens; after that every look at it is cheap
//! and cannot fail. Strict where two readers could otherwise differ: no leading zeros, no `-0`, no key twice in a
//! dictionary, nothing after the end. Keys out of order are accepted, since torrents made so are about and their
//! info-hash is over the bytes as they stand.

use std::ops::Range;

use super::{
    BencodeError,
    limits::{BENCODE_DEPTH_MAX, BENCODE_TOKENS_MAX, METAINFO_BYTES_MAX},
};

/// Checked bencoded bytes.
#[derive(Debug)]
pub(super) struct Bencode<'a> {
    bytes: &'a [u8],
    tokens: Vec<Token>,
}

/// One value within a [`Bencode`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'a> {
    bytes: &'a [u8],
    tokens: &'a [Token],
    at: usize,
}

/// Where a value lies; of 32 bits each, since there can be millions and the input is far below 4 GiB.
#[derive(Debug, Clone, Copy)]
struct Token {
    start: u32,
    end: u32,
    /// The token after this value and everything in it.
    next: u32,
}

impl<'a> Bencode<'a> {
    /// Checks all of `bytes`, which must be exactly one value.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, BencodeError> {
        if bytes.len() > METAINFO_BYTES_MAX {
            return Err(BencodeError::TooLarge { length: bytes.len() });
        }
        let mut scan = Scan { bytes, at: 0, tokens: Vec::new(), open: Vec::new() };
        scan.step()?;
        while !scan.open.is_empty() {
            scan.step()?;
        }
        match bytes.len() - scan.at {
            0 => Ok(Self { bytes, tokens: scan.tokens }),
            extra => Err(BencodeError::TrailingData { offset: scan.at, extra }),
        }
    }

    /// The outermost value.
    pub(super) fn root(&self) -> Value<'_> {
        Value { bytes: self.bytes, tokens: &self.tokens, at: 0 }
    }
}

impl<'a> Value<'a> {
    /// Where the value's bytes lie in the input.
    pub(super) fn range(self) -> Range<usize> {
        let token = self.tokens[self.at];
        token.start as usize..token.end as usize
    }

    /// The value's bytes as they stand.
    pub(super) fn raw(self) -> &'a [u8] {
        &self.bytes[self.range()]
    }

    /// The content of a string.
    pub(super) fn string(self) -> Option<&'a [u8]> {
        let raw = self.raw();
        let colon = raw[0].is_ascii_digit().then(|| raw.iter().position(|&byte| byte == b':'))??;
        Some(&raw[colon + 1..])
    }

    /// The digits of an integer, with `-` before them where it is negative. It may be of any length.
    pub(super) fn integer_digits(self) -> Option<&'a str> {
        let digits = self.raw().strip_prefix(b"i")?.strip_suffix(b"e")?;
        str::from_utf8(digits).ok()
    }

    /// An integer, where it fits.
    pub(super) fn integer(self) -> Option<i64> {
        self.integer_digits()?.parse().ok()
    }

    /// The values of a list.
    pub(super) fn list(self) -> Option<impl Iterator<Item = Self>> {
        (self.raw()[0] == b'l').then(|| self.children())
    }

    /// The keys and values of a dictionary, in the order in which they stand.
    pub(super) fn dictionary(self) -> Option<impl Iterator<Item = (&'a [u8], Self)>> {
        let mut children = (self.raw()[0] == b'd').then(|| self.children())?;
        Some(std::iter::from_fn(move || Some((children.next()?.string()?, children.next()?))))
    }

    /// The value of a dictionary's key.
    pub(super) fn find(self, key: &[u8]) -> Option<Self> {
        self.dictionary()?.find(|(own, _)| *own == key).map(|(_, value)| value)
    }

    fn children(self) -> impl Iterator<Item = Self> {
        let end = self.tokens[self.at].next as usize;
        let mut at = self.at + 1;
        std::iter::from_fn(move || {
            let child = (at < end).then_some(Self { at, ..self })?;
            at = self.tokens[at].next as usize;
            Some(child)
        })
    }
}

/// The one pass over the input.
struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    tokens: Vec<Token>,
    open: Vec<Open>,
}

/// A list or dictionary whose end has not been reached.
struct Open {
    token: usize,
    /// `None` for a list.
    keys: Option<Keys>,
}

/// What is known of the keys of an open dictionary.
struct Keys {
    /// Whether a key, and not a value, comes next.
    expected: bool,
    /// Whether all so far rose, so that none can be there twice.
    rising: bool,
    last: Range<usize>,
}

impl Scan<'_> {
    /// Reads up to the beginning of the next value, or over the end of a list or dictionary.
    fn step(&mut self) -> Result<(), BencodeError> {
        let offset = self.at;
        let Some(&byte) = self.bytes.get(offset) else {
            let begun = self.open.last().map_or(offset, |open| self.tokens[open.token].start as usize);
            return Err(BencodeError::UnexpectedEnd { offset: begun });
        };
        if byte == b'e' && !self.open.is_empty() {
            return self.close();
        }
        if self.tokens.len() == BENCODE_TOKENS_MAX {
            return Err(BencodeError::TooManyValues);
        }
        let keys = self.open.last_mut().and_then(|open| open.keys.as_mut());
        let is_key = keys.is_some_and(|keys| {
            keys.expected = !keys.expected;
            !keys.expected
        });
        match byte {
            b'0'..=b'9' => {
                let content = self.string()?;
                if is_key {
                    self.note_key(content);
                }
            }
            b'i' | b'l' | b'd' if is_key => return Err(BencodeError::KeyNotAString { offset }),
            b'i' => self.integer()?,
            b'l' | b'd' => self.open(byte == b'd')?,
            _ => return Err(BencodeError::UnexpectedByte { offset, byte }),
        }
        Ok(())
    }

    fn open(&mut self, dictionary: bool) -> Result<(), BencodeError> {
        if self.open.len() == BENCODE_DEPTH_MAX {
            return Err(BencodeError::TooDeep { offset: self.at });
        }
        let keys = dictionary.then_some(Keys { expected: true, rising: true, last: 0..0 });
        self.open.push(Open { token: self.tokens.len(), keys });
        self.push(self.at, self.at + 1);
        Ok(())
    }

    fn close(&mut self) -> Result<(), BencodeError> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let offset = self.at;
        self.at += 1;
        let next = narrow(self.tokens.len());
        let token = &mut self.tokens[open.token];
        token.end = narrow(self.at);
        token.next = next;
        match open.keys {
            Some(keys) if !keys.expected => Err(BencodeError::KeyWithoutValue { offset }),
            Some(keys) if !keys.rising => self.refuse_duplicates(open.token),
            _ => Ok(()),
        }
    }

    fn note_key(&mut self, content: Range<usize>) {
        let bytes = self.bytes;
        if let Some(keys) = self.open.last_mut().and_then(|open| open.keys.as_mut()) {
            // The first key has nothing before it; an empty one would otherwise look like a repetition.
            keys.rising &= keys.last.end == 0 || bytes[keys.last.clone()] < bytes[content.clone()];
            keys.last = content;
        }
    }

    fn refuse_duplicates(&self, token: usize) -> Result<(), BencodeError> {
        let dictionary = Value { bytes: self.bytes, tokens: &self.tokens, at: token };
        let mut keys: Vec<&[u8]> = dictionary.dictionary().into_iter().flatten().map(|(key, _)| key).collect();
        keys.sort_unstable();
        match keys.windows(2).find(|pair| pair[0] == pair[1]) {
            None => Ok(()),
            Some(pair) => Err(BencodeError::DuplicateKey {
                offset: dictionary.range().start,
                key: String::from_utf8_lossy(&pair[0][..pair[0].len().min(64)]).into_owned(),
            }),
        }
    }

    /// Reads `digits:content` and tells where the content lies.
    fn string(&mut self) -> Result<Range<usize>, BencodeError> {
        let offset = self.at;
        let digits = self.digits(offset);
        match self.bytes.get(digits.end) {
            Some(b':') if self.bytes[offset] == b'0' && digits.len() > 1 => {
                return Err(BencodeError::NotCanonicalNumber { offset });
            }
            Some(b':') => {}
            Some(&byte) => return Err(BencodeError::UnexpectedByte { offset: digits.end, byte }),
            None => return Err(BencodeError::UnexpectedEnd { offset }),
        }
        let start = digits.end + 1;
        let length = str::from_utf8(&self.bytes[digits]).ok().and_then(|digits| digits.parse::<usize>().ok());
        let end = length.and_then(|length| start.checked_add(length)).filter(|&end| end <= self.bytes.len());
        let end = end.ok_or(BencodeError::UnexpectedEnd { offset })?;
        self.push(offset, end);
        Ok(start..end)
    }

    fn integer(&mut self) -> Result<(), BencodeError> {
        let offset = self.at;
        let negative = self.bytes.get(offset + 1) == Some(&b'-');
        let digits = self.digits(offset + 1 + usize::from(negative));
        match self.bytes.get(digits.end) {
            Some(b'e') if !digits.is_empty() => {}
            Some(&byte) => return Err(BencodeError::UnexpectedByte { offset: digits.end, byte }),
            None => return Err(BencodeError::UnexpectedEnd { offset }),
        }
        if self.bytes[digits.start] == b'0' && (negative || digits.len() > 1) {
            return Err(BencodeError::NotCanonicalNumber { offset: offset + 1 });
        }
        self.push(offset, digits.end + 1);
        Ok(())
    }

    fn digits(&self, start: usize) -> Range<usize> {
        let rest = self.bytes.get(start..).unwrap_or_default();
        start..start + rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    }

    fn push(&mut self, start: usize, end: usize) {
        let next = narrow(self.tokens.len() + 1);
        self.tokens.push(Token { start: narrow(start), end: narrow(end), next });
        self.at = end;
    }
}

/// Offsets and token numbers are bounded by limits far below 32 bits.
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(bytes: &[u8]) -> BencodeError {
        Bencode::read(bytes).expect_err("must be refused")
    }

    #[test]
    fn values_are_slices_of_what_was_read() {
        let bytes = b"d1:ad0:i-7ee1:bl2:hi0:lee1:ci42ee";
        let read = Bencode::read(bytes).expect("valid");
        let root = read.root();
        assert_eq!(root.raw(), bytes);
        let inner = root.find(b"a").expect("a");
        assert_eq!(inner.raw(), b"d0:i-7ee");
        assert_eq!(inner.range(), 4..12);
        assert_eq!(inner.find(b"").and_then(Value::integer), Some(-7));
        let list: Vec<_> = root.find(b"b").and_then(Value::list).expect("a list").collect();
        assert_eq!(list[0].string(), Some(&b"hi"[..]));
        assert_eq!(list[1].string(), Some(&b""[..]));
        assert_eq!(list[2].list().expect("a list").count(), 0);
        assert_eq!(root.find(b"c").and_then(Value::integer_digits), Some("42"));
        assert!(root.find(b"c").and_then(Value::string).is_none());
        assert!(root.find(b"d").is_none());
        assert!(root.list().is_none());
    }

    #[test]
    fn two_ways_to_write_one_thing_are_refused() {
        for number in ["i00e", "i01e", "i-0e", "i-01e", "01:a", "00:"] {
            assert!(matches!(refused(number.as_bytes()), BencodeError::NotCanonicalNumber { .. }), "{number}");
        }
        assert_eq!(refused(b"d1:ai1e1:ai2ee"), BencodeError::DuplicateKey { offset: 0, key: "a".to_owned() });
        assert_eq!(refused(b"ld0:i1e0:i2eee"), BencodeError::DuplicateKey { offset: 1, key: String::new() });
        assert_eq!(refused(b"d1:bi1e1:ai2e1:bi3ee"), BencodeError::DuplicateKey { offset: 0, key: "b".to_owned() });
    }

    #[test]
    fn keys_out_of_order_are_read() {
        let read = Bencode::read(b"d1:bi1e1:ai2ee").expect("accepted");
        assert_eq!(read.root().find(b"a").and_then(Value::integer), Some(2));
    }

    #[test]
    fn faults_are_told_with_their_place() {
        assert_eq!(refused(b""), BencodeError::UnexpectedEnd { offset: 0 });
        assert_eq!(refused(b"l1:a"), BencodeError::UnexpectedEnd { offset: 0 });
        assert_eq!(refused(b"l5:abe"), BencodeError::UnexpectedEnd { offset: 1 });
        assert_eq!(refused(b"99999999999999999999999:a"), BencodeError::UnexpectedEnd { offset: 0 });
        assert_eq!(refused(b"i"), BencodeError::UnexpectedEnd { offset: 0 });
        assert_eq!(refused(b"ie"), BencodeError::UnexpectedByte { offset: 1, byte: b'e' });
        assert_eq!(refused(b"e"), BencodeError::UnexpectedByte { offset: 0, byte: b'e' });
        assert_eq!(refused(b"-1:a"), BencodeError::UnexpectedByte { offset: 0, byte: b'-' });
        assert_eq!(refused(b"di1ei2ee"), BencodeError::KeyNotAString { offset: 1 });
        assert_eq!(refused(b"d1:ae"), BencodeError::KeyWithoutValue { offset: 4 });
        assert_eq!(refused(b"i1e\n"), BencodeError::TrailingData { offset: 3, extra: 1 });
    }

    #[test]
    fn depth_number_and_size_are_bounded() {
        let nested = |depth: usize| [b"l".repeat(depth), b"e".repeat(depth)].concat();
        assert!(Bencode::read(&nested(BENCODE_DEPTH_MAX)).is_ok());
        assert_eq!(refused(&nested(BENCODE_DEPTH_MAX + 1)), BencodeError::TooDeep { offset: BENCODE_DEPTH_MAX });
        assert_eq!(refused(&b"l".repeat(1 << 20)), BencodeError::TooDeep { offset: BENCODE_DEPTH_MAX });
        let many = [b"l".to_vec(), b"0:".repeat(BENCODE_TOKENS_MAX), b"e".to_vec()].concat();
        assert_eq!(refused(&many), BencodeError::TooManyValues);
        let large = vec![b'l'; METAINFO_BYTES_MAX + 1];
        assert_eq!(refused(&large), BencodeError::TooLarge { length: METAINFO_BYTES_MAX + 1 });
    }
}
