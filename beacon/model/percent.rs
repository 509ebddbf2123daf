//! Percent-encoding (RFC 3986), read into bytes: what stands behind it need not be text.

/// Decodes `text`, with `+` as a space where `plus_is_space`. A `%` that begins no two hexadecimal digits stays as it is,
/// since links with bare ones ("100% tested") are about.
pub fn percent_decoded(text: &[u8], plus_is_space: bool) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [byte, after @ ..] = rest {
        rest = after;
        match (byte, after) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                decoded.push(nibble(*high) << 4 | nibble(*low));
                rest = after;
            }
            (b'+', _) if plus_is_space => decoded.push(b' '),
            _ => decoded.push(*byte),
        }
    }
    decoded
}

fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        b'A'..=b'F' => digit - b'A' + 10,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_can_be_written() {
        for byte in 0..=255_u8 {
            for encoded in [format!("%{byte:02x}"), format!("%{byte:02X}")] {
                assert_eq!(percent_decoded(encoded.as_bytes(), false), [byte], "{encoded}");
            }
        }
    }

    #[test]
    fn what_is_not_encoded_stays() {
        assert_eq!(percent_decoded(b"100% a+b %4", false), b"100% a+b %4");
        assert_eq!(percent_decoded(b"a+b", true), b"a b");
    }
}
