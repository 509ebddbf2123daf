//! Joining a network with a beacon that does not run, most often before its first start.

use super::inviter::Inviter;
use crate::{
    config::Settings,
    daemon::{DaemonError, start},
    model::Invitation,
    net::Identity,
    node::{NEIGHBORS_MAX, NeighborError},
    store::Store,
    web::{JoinRefusal, Joined},
};

/// Takes an invitation for the beacon with these settings, which must not run: it dials the neighbors when it starts.
///
/// # Errors
/// [`DaemonError`] where the data directory cannot be used, as while the beacon runs; inside, why the invitation is not taken.
pub fn join(settings: &Settings, invitation: &Invitation) -> Result<Result<Joined, JoinRefusal>, DaemonError> {
    start::make_dir(&settings.data_dir)?;
    let mut store = Store::open(&settings.data_dir)?;
    let identity = Identity::load_or_create(&settings.data_dir.join("identity"))?;
    let inviter = Inviter::new(identity.id(), start::network_keys(settings)?, settings);
    let known = store.neighbors()?;
    let new: Vec<_> = invitation
        .neighbors()
        .filter(|address| !known.contains(address) && !settings.neighbors.contains(address))
        .collect();
    if known.len() + new.len() > NEIGHBORS_MAX {
        return Ok(Err(NeighborError::TooMany.into()));
    }
    let mut joined = match inviter.accept(invitation) {
        Ok(joined) => joined,
        Err(refusal) => return Ok(Err(refusal)),
    };
    for address in &new {
        store.set_neighbor(address, true)?;
    }
    if !joined.restart_needed {
        "its addresses are neighbors now, and are connected to once the beacon runs".clone_into(&mut joined.message);
    }
    Ok(Ok(joined))
}
