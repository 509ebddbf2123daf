//! Fixed-length hexadecimal, as ids and hashes are written.

use std::fmt;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

/// Writes `bytes` as lower-case hexadecimal.
pub(super) fn write(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.pad(&HEXLOWER.encode(bytes))
}

/// The same as a text.
pub(super) fn text(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// Reads exactly `N` bytes of hexadecimal, in either case.
pub(super) fn read<const N: usize>(text: &str) -> Option<[u8; N]> {
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?.try_into().ok()
}
