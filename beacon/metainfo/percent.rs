//! Percent-encoding (RFC 3986) as magnet links have it.

use std::fmt;

use crate::model::percent_decoded;

/// Decodes `text`, with `+` as a space where `plus_is_space`. Bytes that are no UTF-8 are replaced.
pub(super) fn decode(text: &str, plus_is_space: bool) -> String {
    String::from_utf8_lossy(&percent_decoded(text.as_bytes(), plus_is_space)).into_owned()
}

/// Writes `text` with everything encoded that is not unreserved.
pub(super) fn encode(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            write!(f, "{}", char::from(byte))?;
        } else {
            write!(f, "%{byte:02X}")?;
        }
    }
    Ok(())
}
