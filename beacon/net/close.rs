//! Why links end: the codes beacons give each other, and words for people.

use quinn::{ConnectionError, TransportErrorCode, VarInt};

/// The application error codes of QUIC connections between beacons. The numbers are on the wire and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum CloseCode {
    /// The beacon stops.
    Shutdown = 0,
    /// The beacon no longer wants this link.
    Unwanted = 1,
    /// The id that answered is not the id that was dialed.
    WrongBeacon = 2,
    /// Both ends are the same beacon.
    Itself = 3,
    /// There is another link between the same two beacons.
    Duplicate = 4,
    /// One end does not know the other's network key.
    NetworkKey = 5,
    /// The other end does not keep to the protocol.
    Protocol = 6,
    /// A message is larger than allowed.
    TooLarge = 7,
    /// A message, or the admission, takes too long.
    TooSlow = 8,
    /// More is queued for the other end than it takes.
    Overflow = 9,
    /// No room for another link.
    Full = 10,
}

impl CloseCode {
    pub(super) fn as_var_int(self) -> VarInt {
        VarInt::from_u32(u32::from(self as u8))
    }

    /// Whether the other end closed the connection with this code.
    pub(super) fn is(self, error: &ConnectionError) -> bool {
        matches!(error, ConnectionError::ApplicationClosed(close) if close.error_code == self.as_var_int())
    }
}

/// Says in words why a connection ended.
pub(super) fn describe(error: &ConnectionError) -> String {
    match error {
        ConnectionError::TimedOut => "nothing was heard for too long".to_owned(),
        ConnectionError::LocallyClosed => "this beacon closed it".to_owned(),
        ConnectionError::Reset => "the other beacon was restarted".to_owned(),
        ConnectionError::VersionMismatch => "the other end speaks another version of QUIC".to_owned(),
        ConnectionError::CidsExhausted => "too many connections".to_owned(),
        ConnectionError::ApplicationClosed(close) if close.reason.is_empty() => {
            format!("the other beacon closed it (code {})", close.error_code)
        }
        ConnectionError::ApplicationClosed(close) => readable(&String::from_utf8_lossy(&close.reason)),
        ConnectionError::ConnectionClosed(close) if close.error_code == TransportErrorCode::CONNECTION_REFUSED => {
            "the other end has no room for another link".to_owned()
        }
        ConnectionError::ConnectionClosed(_) | ConnectionError::TransportError(_) => readable(&error.to_string()),
    }
}

/// What the other end wrote may be anything; logs and pages get one short line of it.
fn readable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(REASON_CHARS_MAX).collect()
}

const REASON_CHARS_MAX: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_other_end_wrote_is_cut_to_one_short_line() {
        let hostile = format!("bye\n\u{1b}[31m{}", "x".repeat(1000));
        let close = quinn::ApplicationClose { error_code: VarInt::from_u32(1), reason: hostile.into() };
        let text = describe(&ConnectionError::ApplicationClosed(close));
        assert!(text.starts_with("bye[31mx") && text.len() == REASON_CHARS_MAX, "{text:?}");
    }
}
