//! The first exchange on a new connection: one frame each way, by which both ends prove that they know the network key.
//!
//! The dialer opens a bidirectional stream and sends its frame; the other end checks it, decides whether it wants the link,
//! and answers with its own frame, or closes the connection with a reason. The frame is
//! `version (1) | keyed (1) | instance (8) | proof (32)`, with a proof of zeros in the open network.

use std::time::Duration;

use quinn::{Connection, ConnectionError};
use thiserror::Error;

use super::{
    close::{CloseCode, describe},
    key::NetworkKeys,
};

/// A random number that a beacon draws at every start: another one under the same id means that it was restarted.
pub(super) type Instance = [u8; 8];

/// Which end of the connection a frame comes from; part of what is proved, so that no frame can be sent back as one's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The end that dialed.
    Dialer,
    /// The end that was dialed.
    Acceptor,
}

/// Why a connection did not become a link.
#[derive(Debug, Error)]
pub(super) enum AdmissionError {
    #[error("{}", describe(.0))]
    Connection(ConnectionError),
    #[error("the first message was not a greeting between beacons")]
    Malformed,
    #[error("it speaks version {0} of the greeting, and this beacon version {VERSION}")]
    Version(u8),
    #[error("this network needs a key, and the other beacon has none")]
    KeyMissing,
    #[error("the other beacon has a network key, and this one is in the open network")]
    KeyUnexpected,
    #[error("the network keys differ")]
    KeyWrong,
    #[error("no greeting came within {} s", ADMISSION_TIMEOUT.as_secs())]
    TooSlow,
}

impl AdmissionError {
    /// What to tell the other end, in words that are true from where it stands.
    pub(super) fn farewell(&self) -> (CloseCode, &'static str) {
        match self {
            Self::KeyMissing => (CloseCode::NetworkKey, "this network needs a key"),
            Self::KeyUnexpected => {
                (CloseCode::NetworkKey, "this beacon is in the open network and takes no network key")
            }
            Self::KeyWrong => (CloseCode::NetworkKey, "the network keys differ"),
            Self::TooSlow => (CloseCode::TooSlow, "no greeting came in time"),
            Self::Version(_) => (CloseCode::Protocol, "this version of the greeting is not understood"),
            Self::Malformed | Self::Connection(_) => (CloseCode::Protocol, "the greeting is malformed"),
        }
    }
}

impl From<ConnectionError> for AdmissionError {
    fn from(error: ConnectionError) -> Self {
        Self::Connection(error)
    }
}

/// What both ends are admitted by.
#[derive(Debug)]
pub(super) struct Credentials {
    pub(super) keys: NetworkKeys,
    pub(super) instance: Instance,
}

impl Credentials {
    /// The dialer's part: greets, and waits to be greeted.
    pub(super) async fn greet(&self, connection: &Connection) -> Result<Instance, AdmissionError> {
        within(async {
            let (mut send, mut receive) = connection.open_bi().await?;
            let lost = |_write_error| AdmissionError::Connection(ended(connection));
            send.write_all(&self.frame(connection, Role::Dialer)?).await.map_err(lost)?;
            // Fails only where the other end has closed already, which reading then tells.
            let _finished = send.finish();
            let frame = read(connection, &mut receive).await?;
            self.check(connection, Role::Acceptor, &frame)
        })
        .await
    }

    /// The acceptor's first part: waits to be greeted, and keeps the stream for the answer.
    pub(super) async fn await_greeting(
        &self,
        connection: &Connection,
    ) -> Result<(Instance, quinn::SendStream), AdmissionError> {
        within(async {
            let (send, mut receive) = connection.accept_bi().await?;
            let frame = read(connection, &mut receive).await?;
            Ok((self.check(connection, Role::Dialer, &frame)?, send))
        })
        .await
    }

    /// The acceptor's second part: greets back, which makes the link.
    pub(super) async fn answer(
        &self,
        connection: &Connection,
        mut stream: quinn::SendStream,
    ) -> Result<(), AdmissionError> {
        within(async {
            let lost = |_write_error| AdmissionError::Connection(ended(connection));
            stream.write_all(&self.frame(connection, Role::Acceptor)?).await.map_err(lost)?;
            let _finished = stream.finish();
            Ok(())
        })
        .await
    }

    fn frame(&self, connection: &Connection, role: Role) -> Result<[u8; FRAME_BYTES], AdmissionError> {
        let proof = self.keys.prove(&challenge(connection, role, self.instance)?);
        let mut frame = [0; FRAME_BYTES];
        frame[0] = VERSION;
        frame[1] = u8::from(proof.is_some());
        frame[2..10].copy_from_slice(&self.instance);
        frame[10..].copy_from_slice(&proof.unwrap_or_default());
        Ok(frame)
    }

    fn check(&self, connection: &Connection, role: Role, frame: &[u8]) -> Result<Instance, AdmissionError> {
        let greeting = Greeting::parse(frame)?;
        match (greeting.proof, self.keys.is_open()) {
            (None, true) => Ok(greeting.instance),
            (None, false) => Err(AdmissionError::KeyMissing),
            (Some(_), true) => Err(AdmissionError::KeyUnexpected),
            (Some(proof), false) => {
                let challenge = challenge(connection, role, greeting.instance)?;
                let known = self.keys.verify(&challenge, &proof);
                if known { Ok(greeting.instance) } else { Err(AdmissionError::KeyWrong) }
            }
        }
    }
}

/// A frame, read.
#[derive(Debug, PartialEq, Eq)]
struct Greeting {
    instance: Instance,
    proof: Option<[u8; 32]>,
}

impl Greeting {
    fn parse(frame: &[u8]) -> Result<Self, AdmissionError> {
        let (&version, rest) = frame.split_first().ok_or(AdmissionError::Malformed)?;
        if version != VERSION {
            return Err(AdmissionError::Version(version));
        }
        let (&keyed, rest) = rest.split_first().ok_or(AdmissionError::Malformed)?;
        let (&instance, rest) = rest.split_first_chunk().ok_or(AdmissionError::Malformed)?;
        let proof: [u8; 32] = rest.try_into().map_err(|_wrong_length| AdmissionError::Malformed)?;
        match keyed {
            0 if proof == [0; 32] => Ok(Self { instance, proof: None }),
            1 => Ok(Self { instance, proof: Some(proof) }),
            _ => Err(AdmissionError::Malformed),
        }
    }
}

/// How long either end waits for the other's frame.
const ADMISSION_TIMEOUT: Duration = Duration::from_secs(5);
const VERSION: u8 = 1;
const FRAME_BYTES: usize = 42;

/// What a proof is made over: a secret that only the two ends of this very connection can compute (RFC 8446, section 7.5),
/// so that a proof is worth nothing anywhere else.
fn challenge(connection: &Connection, role: Role, instance: Instance) -> Result<[u8; 41], AdmissionError> {
    let mut challenge = [0; 41];
    connection
        .export_keying_material(&mut challenge[..32], b"EXPORTER-beacon-net", b"")
        .map_err(|_no_keys| AdmissionError::Connection(ended(connection)))?;
    challenge[32] = match role {
        Role::Dialer => 0,
        Role::Acceptor => 1,
    };
    challenge[33..].copy_from_slice(&instance);
    Ok(challenge)
}

async fn read(connection: &Connection, stream: &mut quinn::RecvStream) -> Result<Vec<u8>, AdmissionError> {
    match stream.read_to_end(FRAME_BYTES).await {
        Ok(frame) => Ok(frame),
        Err(quinn::ReadToEndError::TooLong) => Err(AdmissionError::Malformed),
        Err(quinn::ReadToEndError::Read(_)) => {
            Err(connection.close_reason().map_or(AdmissionError::Malformed, AdmissionError::Connection))
        }
    }
}

fn ended(connection: &Connection) -> ConnectionError {
    connection.close_reason().unwrap_or(ConnectionError::LocallyClosed)
}

async fn within<T>(exchange: impl Future<Output = Result<T, AdmissionError>>) -> Result<T, AdmissionError> {
    tokio::time::timeout(ADMISSION_TIMEOUT, exchange).await.unwrap_or(Err(AdmissionError::TooSlow))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn frames_are_read_strictly() {
        let mut frame = [0; FRAME_BYTES];
        frame[0] = VERSION;
        frame[2] = 7;
        let instance = [7, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(Greeting::parse(&frame).unwrap(), Greeting { instance, proof: None });
        frame[FRAME_BYTES - 1] = 1;
        assert!(matches!(Greeting::parse(&frame), Err(AdmissionError::Malformed)), "a proof without a key");
        frame[1] = 1;
        assert!(Greeting::parse(&frame).unwrap().proof.is_some());
        assert!(Greeting::parse(&frame[..FRAME_BYTES - 1]).is_err());
        frame[0] = 9;
        assert!(matches!(Greeting::parse(&frame), Err(AdmissionError::Version(9))));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            if Greeting::parse(&bytes).is_ok() {
                prop_assert_eq!(bytes.len(), FRAME_BYTES);
            }
        }
    }
}
