//! Small records with the signature of who made them.

use thiserror::Error;

use super::{Signer, Verifier};
use crate::model::{BeaconId, NetworkId};

/// Something that a beacon says and signs.
pub trait Record: Sized {
    /// What keeps a signature of one kind of record from counting for another.
    const KIND: &'static str;

    /// Who says it.
    fn signer(&self) -> &BeaconId;

    /// The network it is for.
    fn network(&self) -> &NetworkId;

    /// Its bytes, without version and signature.
    fn encode(&self) -> Vec<u8>;

    /// Reads what [`Record::encode`] gives.
    ///
    /// # Errors
    /// Where the bytes are anything else.
    fn decode(bytes: &[u8]) -> Result<Self, RecordError>;
}

/// A record with its bytes as they are passed on: a version, the record, 64 bytes of signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed<R> {
    record: R,
    bytes: Box<[u8]>,
}

/// Why bytes are not a signed record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RecordError {
    /// Larger than [`RECORD_BYTES_MAX`].
    #[error("a record of {0} bytes is larger than {RECORD_BYTES_MAX}")]
    TooLarge(usize),
    /// Not in the form of such a record.
    #[error("a record that cannot be read")]
    Malformed,
    /// A version of the form that is not known.
    #[error("a record of version {0}, which is not known here")]
    Version(u8),
}

/// The largest record with its signature.
pub const RECORD_BYTES_MAX: usize = 512;

const VERSION: u8 = 1;
const SIGNATURE_BYTES: usize = 64;

impl<R: Record> Signed<R> {
    /// Signs and encodes a record; `signer` is who makes it.
    pub fn sign(record: R, signer: &Signer) -> Self {
        let mut bytes = vec![VERSION];
        bytes.extend(record.encode());
        let signature = signer.sign(record.network(), R::KIND, &bytes);
        bytes.extend(signature);
        Self { record, bytes: bytes.into() }
    }

    /// Reads a record, but does not check its signature, which costs more: see [`Signed::verify`].
    ///
    /// # Errors
    /// Where the bytes are no such record.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        if bytes.len() > RECORD_BYTES_MAX {
            return Err(RecordError::TooLarge(bytes.len()));
        }
        let body = bytes.len().checked_sub(SIGNATURE_BYTES).map(|end| &bytes[..end]).ok_or(RecordError::Malformed)?;
        match body.split_first() {
            Some((&VERSION, record)) => Ok(Self { record: R::decode(record)?, bytes: bytes.into() }),
            Some((&version, _)) => Err(RecordError::Version(version)),
            None => Err(RecordError::Malformed),
        }
    }

    /// Whether the beacon that it names has signed it.
    pub fn verify(&self, verifier: Verifier) -> bool {
        let (body, signature) = self.bytes.split_at(self.bytes.len() - SIGNATURE_BYTES);
        verifier.accepts(self.record.signer(), self.record.network(), R::KIND, body, signature)
    }

    /// What it says.
    pub const fn record(&self) -> &R {
        &self.record
    }

    /// Its bytes, signature included.
    pub const fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}
