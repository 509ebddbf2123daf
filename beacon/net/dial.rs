//! Links that this beacon dials.

use std::{collections::BTreeSet, net::SocketAddr, sync::Arc, time::Duration};

use quinn::Connection;
use tokio::time::timeout;

use super::{
    accept::HANDSHAKE_TIMEOUT,
    admission::AdmissionError,
    carry::carry,
    close::{CloseCode, describe},
    endpoint::Shared,
    event::{DialFailure, NetEvent},
    registry::{Admitted, Candidate, DialClaim, Refusal},
    socket::can_reach,
    tls,
};
use crate::model::{BeaconId, DialAddress};

/// How many dials may be under way at once.
pub(super) const DIALS_MAX: usize = 64;

/// Dials, and carries the link where there is one.
pub(super) async fn dial(shared: Arc<Shared>, to: DialAddress) {
    match connect(&shared, &to).await {
        Ok(admitted) => carry(&shared, admitted, Some(to)).await,
        Err(reason) => {
            tracing::debug!(%to, %reason, "dial failed");
            let _owner_gone = shared.events.send(NetEvent::DialFailed { to, reason }).await;
        }
    }
}

/// Tries each address of the host in turn.
async fn connect(shared: &Shared, to: &DialAddress) -> Result<Admitted, DialFailure> {
    if to.id == Some(shared.own) {
        return Err(DialFailure::Itself);
    }
    if let Some(beacon) = to.id
        && shared.registry.is_linked(&beacon)
    {
        return Err(DialFailure::AlreadyLinked { beacon });
    }
    let _permit = shared.dials.try_acquire().map_err(|_none_left| DialFailure::Full)?;
    let mut failure = DialFailure::NoUsableAddress { listen: shared.address };
    for address in resolve(shared, to).await? {
        match connect_to(shared, to, address).await {
            Ok(admitted) => return Ok(admitted),
            Err(DialFailure::AlreadyLinked { beacon }) => return Err(DialFailure::AlreadyLinked { beacon }),
            Err(failed) => failure = failed,
        }
    }
    Err(failure)
}

/// The addresses of a host that can be reached from here, each once.
async fn resolve(shared: &Shared, to: &DialAddress) -> Result<Vec<SocketAddr>, DialFailure> {
    let unresolved = DialFailure::Unresolved;
    let found = timeout(RESOLVE_TIMEOUT, tokio::net::lookup_host((to.host.as_str(), to.port)))
        .await
        .map_err(|_elapsed| unresolved("the name server does not answer".to_owned()))?
        .map_err(|error| unresolved(error.to_string()))?;
    let mut seen = BTreeSet::new();
    let reachable = |address: &SocketAddr| can_reach(shared.address.ip(), address.ip());
    Ok(found.filter(reachable).filter(|address| seen.insert(*address)).take(ADDRESSES_MAX).collect())
}

async fn connect_to(shared: &Shared, to: &DialAddress, address: SocketAddr) -> Result<Admitted, DialFailure> {
    let unreachable = |reason: String| DialFailure::Unreachable { address, reason };
    let handshake = shared
        .endpoint
        .connect_with(shared.client_config.clone(), address, SERVER_NAME)
        .map_err(|error| unreachable(error.to_string()))?;
    let connection = timeout(HANDSHAKE_TIMEOUT, handshake)
        .await
        .map_err(|_elapsed| unreachable(format!("no answer within {} s", HANDSHAKE_TIMEOUT.as_secs())))?
        .map_err(|error| unreachable(describe(&error)))?;
    let (beacon, claim) = match check(shared, to, address, &connection) {
        Ok(checked) => checked,
        Err((failure, code)) => {
            connection.close(code.as_var_int(), failure.to_string().as_bytes());
            return Err(failure);
        }
    };
    let instance = match shared.credentials.greet(&connection).await {
        Ok(instance) => instance,
        Err(AdmissionError::Connection(ended)) if CloseCode::Duplicate.is(&ended) => {
            return Err(DialFailure::AlreadyLinked { beacon });
        }
        Err(error) => {
            let (code, reason) = error.farewell();
            connection.close(code.as_var_int(), reason.as_bytes());
            return Err(DialFailure::Refused { address, reason: error.to_string() });
        }
    };
    Ok(shared.registry.register_dialed(claim, Candidate { beacon, instance, connection }))
}

/// Who answered, and whether we want a link to it.
fn check(
    shared: &Shared,
    to: &DialAddress,
    address: SocketAddr,
    connection: &Connection,
) -> Result<(BeaconId, DialClaim), (DialFailure, CloseCode)> {
    let Some(answered) = tls::beacon_id(connection.peer_identity()) else {
        let failure = DialFailure::Refused { address, reason: "no key was shown".to_owned() };
        return Err((failure, CloseCode::Protocol));
    };
    if answered == shared.own {
        return Err((DialFailure::Itself, CloseCode::Itself));
    }
    if let Some(expected) = to.id
        && expected != answered
    {
        return Err((DialFailure::WrongBeacon { address, expected, answered }, CloseCode::WrongBeacon));
    }
    match shared.registry.claim(answered) {
        Ok(claim) => Ok((answered, claim)),
        Err(Refusal::Duplicate) => Err((DialFailure::AlreadyLinked { beacon: answered }, CloseCode::Duplicate)),
        Err(Refusal::Full) => Err((DialFailure::Full, CloseCode::Full)),
    }
}

/// TLS wants a name; beacons have keys instead, and the name is never sent.
const SERVER_NAME: &str = "beacon.invalid";
/// How long the name server may take.
const RESOLVE_TIMEOUT: Duration = Duration::from_secs(5);
/// How many addresses of one host are tried.
const ADDRESSES_MAX: usize = 8;
