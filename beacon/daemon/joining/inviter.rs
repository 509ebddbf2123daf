//! What a beacon says to those it invites, and what it makes of invitations.

use std::{
    fs, io,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use crate::{
    config::Settings,
    files,
    model::{BeaconId, DialAddress, Invitation, SharedKey},
    net::{NetworkKey, NetworkKeys},
    web::{Invited, JoinRefusal, Joined},
};

/// The most addresses of an invitation that is made here: a line should stay short.
const ADDRESSES_MAX: usize = 8;
/// What the key of a network that is joined is called in the data directory.
const KEY_FILE: &str = "network.key";
/// More than any key file has.
const KEY_FILE_BYTES_MAX: u64 = 4096;

/// What a beacon says to those it invites, and what it makes of invitations.
#[derive(Debug, Clone)]
pub(in crate::daemon) struct Inviter {
    own: BeaconId,
    keys: NetworkKeys,
    advertised: Vec<DialAddress>,
    data_dir: PathBuf,
    /// What people have to change to close the network, as they know it.
    config: String,
}

/// What is to be done with an invitation.
#[derive(Debug, PartialEq, Eq)]
enum Network {
    /// It is to our network.
    Ours,
    /// It is to a closed one with this key, and ours is open.
    Closed(SharedKey),
}

impl Inviter {
    pub(in crate::daemon) fn new(own: BeaconId, keys: NetworkKeys, settings: &Settings) -> Self {
        let config = settings.file.as_deref().unwrap_or(Path::new("config.json"));
        Self {
            own,
            keys,
            advertised: settings.advertise.clone(),
            data_dir: settings.data_dir.clone(),
            config: config.display().to_string(),
        }
    }

    /// An invitation; `known` is where this beacon can be reached as far as it knows.
    pub(super) fn invite(&self, known: &[SocketAddr], with_key: bool) -> Invited {
        let key = if with_key { self.keys.shared() } else { None };
        let addresses = self.addresses(known);
        let mut warnings = Vec::new();
        if key.is_some() {
            warnings.push("the key of the network is in it: whoever sees the line can join, so send it only where nobody else reads".to_owned());
        } else if !self.keys.is_open() {
            warnings.push(
                "the network is closed, and its key is not in it: whoever joins needs the key file too".to_owned(),
            );
        }
        if !addresses.is_empty() && !addresses.iter().any(is_reachable_from_afar) {
            warnings.push("its addresses are good on this machine or its local network only; list in `advertise` of the configuration where others reach this beacon".to_owned());
        }
        Invited {
            invitation: Invitation {
                id: self.own,
                addresses,
                network: (!self.keys.is_open()).then(|| self.keys.network_id()),
                key,
            },
            is_closed: !self.keys.is_open(),
            warning: (!warnings.is_empty()).then(|| warnings.join("; ")),
        }
    }

    /// Names first, since they stay when addresses change; then what can be reached from afar, then the rest.
    fn addresses(&self, known: &[SocketAddr]) -> Vec<DialAddress> {
        let as_dialed = |address: &SocketAddr| DialAddress {
            id: None,
            host: address.ip().to_canonical().to_string(),
            port: address.port(),
        };
        let usable = known.iter().filter(|address| address.port() != 0 && !address.ip().is_unspecified());
        let mut others: Vec<_> = usable.map(as_dialed).collect();
        others.sort_by_key(|address| !is_reachable_from_afar(address));
        let mut addresses = Vec::new();
        for address in self.advertised.iter().cloned().chain(others) {
            if addresses.len() < ADDRESSES_MAX && !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        addresses
    }

    /// Puts the key of an invitation where it can be named, if it has one that is not ours. Adding its neighbors is left to who
    /// calls this.
    pub(super) fn accept(&self, invitation: &Invitation) -> Result<Joined, JoinRefusal> {
        match self.network_of(invitation)? {
            Network::Ours => {
                let message = "its addresses are neighbors now, and are being connected to".to_owned();
                Ok(Joined { message, restart_needed: false })
            }
            Network::Closed(key) => {
                let path = self.data_dir.join(KEY_FILE);
                put_key(&path, key)?;
                let message = format!(
                    "the key of that network is in {path} now; set \"network_key_file\": \"{path}\" in {config} and start the beacon again. Until then it stays in the open network, and cannot connect to the neighbors that were added",
                    path = path.display(),
                    config = self.config,
                );
                Ok(Joined { message, restart_needed: true })
            }
        }
    }

    fn network_of(&self, invitation: &Invitation) -> Result<Network, JoinRefusal> {
        if invitation.id == self.own {
            return Err(JoinRefusal::Itself);
        }
        let of_key = invitation.key.map(|key| NetworkKey::from(key).network_id());
        match (of_key.or(invitation.network), invitation.key) {
            (None, _) if self.keys.is_open() => Ok(Network::Ours),
            (None, _) => Err(JoinRefusal::OpenNetwork),
            (Some(network), _) if !self.keys.is_open() && self.keys.accepts(&network) => Ok(Network::Ours),
            (Some(_), _) if !self.keys.is_open() => Err(JoinRefusal::OtherNetwork),
            (Some(_), Some(key)) => Ok(Network::Closed(key)),
            (Some(_), None) => Err(JoinRefusal::KeyLacking),
        }
    }
}

/// Writes a key into a file of its own. One that is there with the same key is as good; no other is ever replaced.
fn put_key(path: &Path, key: SharedKey) -> Result<(), JoinRefusal> {
    let unwritable =
        |reason: &dyn ToString| JoinRefusal::Unwritable { path: path.to_owned(), reason: reason.to_string() };
    match files::create_secret(path, format!("{}\n", key.reveal_digits()).as_bytes()) {
        Ok(()) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(unwritable(&error)),
    }
    let length = fs::metadata(path).map_err(|error| unwritable(&error))?.len();
    let text = if length <= KEY_FILE_BYTES_MAX { fs::read_to_string(path) } else { Ok(String::new()) };
    let text = text.map_err(|error| unwritable(&error))?;
    match NetworkKey::parse(&text) {
        Ok(there) if there == NetworkKey::from(key) => Ok(()),
        _ => Err(JoinRefusal::OtherKey(path.to_owned())),
    }
}

/// Whether somebody elsewhere may reach an address. Of a name that is not known here.
fn is_reachable_from_afar(address: &DialAddress) -> bool {
    match address.host.parse::<IpAddr>() {
        // 100.64.0.0/10 is between a provider and its customers (RFC 6598).
        Ok(IpAddr::V4(ip)) => {
            let is_shared = ip.octets()[0] == 100 && ip.octets()[1] & 0b1100_0000 == 64;
            !(ip.is_private() || ip.is_loopback() || ip.is_link_local() || is_shared)
        }
        Ok(IpAddr::V6(ip)) => !(ip.is_unique_local() || ip.is_loopback() || ip.is_unicast_link_local()),
        Err(_) => address.host != "localhost",
    }
}
