//! Links that other beacons dial.

use std::{sync::Arc, time::Duration};

use quinn::{Connection, Incoming};
use tokio::{sync::Semaphore, time::timeout};

use super::{
    carry::carry,
    close::CloseCode,
    endpoint::Shared,
    registry::{Admitted, Candidate, Refusal},
    tls,
};

/// Accepts connections until the endpoint is closed.
pub(super) async fn accept_all(shared: Arc<Shared>) {
    let handshakes = Arc::new(Semaphore::new(HANDSHAKES_MAX));
    while let Some(incoming) = shared.endpoint.accept().await {
        let in_flight = HANDSHAKES_MAX - handshakes.available_permits();
        if in_flight >= UNVALIDATED_MAX && !incoming.remote_address_validated() {
            // Costs us nothing to remember, and the caller must show that its address is its own.
            let _already_retried = incoming.retry();
            continue;
        }
        let Ok(permit) = handshakes.clone().try_acquire_owned() else {
            incoming.refuse();
            continue;
        };
        let shared = shared.clone();
        tokio::spawn(async move {
            let admitted = admit(&shared, incoming).await;
            drop(permit);
            if let Some(admitted) = admitted {
                carry(&shared, admitted, None).await;
            }
        });
    }
}

/// From the first packet to a link, or to nothing.
async fn admit(shared: &Shared, incoming: Incoming) -> Option<Admitted> {
    let address = incoming.remote_address();
    let handshake = incoming.accept().ok()?;
    let connection = match timeout(HANDSHAKE_TIMEOUT, handshake).await {
        Ok(Ok(connection)) => connection,
        Ok(Err(error)) => {
            tracing::debug!(%address, %error, "incoming connection failed");
            return None;
        }
        Err(_elapsed) => return None,
    };
    let Some(beacon) = tls::beacon_id(connection.peer_identity()) else {
        return farewell(&connection, CloseCode::Protocol, "no key was shown");
    };
    if beacon == shared.own {
        return farewell(&connection, CloseCode::Itself, "it is the same beacon");
    }
    let (instance, stream) = match shared.credentials.await_greeting(&connection).await {
        Ok(greeted) => greeted,
        Err(error) => {
            tracing::debug!(%address, beacon = %beacon.short(), %error, "incoming link refused");
            let (code, reason) = error.farewell();
            return farewell(&connection, code, reason);
        }
    };
    let candidate = Candidate { beacon, instance, connection: connection.clone() };
    let admitted = match shared.registry.register_accepted(candidate) {
        Ok(admitted) => admitted,
        Err(Refusal::Duplicate) => return farewell(&connection, CloseCode::Duplicate, "there is another link"),
        Err(Refusal::Full) => return farewell(&connection, CloseCode::Full, "there is no room for another link"),
    };
    // Where the answer fails, the connection has ended, and the link's own end tells of it.
    let _ended = shared.credentials.answer(&connection, stream).await;
    Some(admitted)
}

fn farewell(connection: &Connection, code: CloseCode, reason: &str) -> Option<Admitted> {
    connection.close(code.as_var_int(), reason.as_bytes());
    None
}

/// How long a handshake may take.
pub(super) const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);
/// How many connections may be on their way to a link at once.
const HANDSHAKES_MAX: usize = 128;
/// From this many on, callers must prove their address first (RFC 9000, section 8.1.2).
const UNVALIDATED_MAX: usize = 32;
