//! Tests of what is invited with, and of what becomes of invitations.

use std::{fs, net::SocketAddr, path::Path};

use super::{Inviter, join};
use crate::{
    config::{Settings, Sources, load},
    model::{BeaconId, Invitation, SharedKey},
    net::{NetworkKey, NetworkKeys},
    store::Store,
    web::JoinRefusal,
};

const OWN: BeaconId = BeaconId::new([1; 32]);

fn settings(dir: &Path) -> Settings {
    let sources = Sources {
        file: None,
        dir: dir.to_owned(),
        variables: [("BEACON_ADVERTISE".to_owned(), "[\"attic.example:9000\"]".to_owned())].into(),
        flags: Vec::new(),
        default_name: "attic".to_owned(),
    };
    load(&sources).expect("good settings")
}

fn closed(byte: u8) -> NetworkKeys {
    NetworkKeys::new(NetworkKey::from(SharedKey::new([byte; 32])), None)
}

fn inviter(keys: NetworkKeys, dir: &Path) -> Inviter {
    Inviter::new(OWN, keys, &settings(dir))
}

fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
    texts.iter().map(|text| text.parse().expect("an address")).collect()
}

/// An invitation of another beacon into the network of `keys`.
fn from_elsewhere(keys: NetworkKeys, with_key: bool) -> Invitation {
    let dir = tempfile::tempdir().expect("a directory");
    let inviter = Inviter::new(BeaconId::new([2; 32]), keys, &settings(dir.path()));
    inviter.invite(&addresses(&["198.51.100.7:9000"]), with_key).invitation
}

#[test]
fn names_come_first_and_what_is_near_last() {
    let dir = tempfile::tempdir().expect("a directory");
    let open = inviter(NetworkKeys::open(), dir.path());
    let known =
        addresses(&["192.168.1.5:9000", "0.0.0.0:9000", "100.64.3.4:9000", "203.0.113.9:4000", "[2001:db8::7]:9000"]);
    let invited = open.invite(&known, true);
    let told: Vec<_> = invited.invitation.addresses.iter().map(ToString::to_string).collect();
    let expected =
        ["attic.example:9000", "203.0.113.9:4000", "[2001:db8::7]:9000", "192.168.1.5:9000", "100.64.3.4:9000"];
    assert_eq!(told, expected);
    assert_eq!((invited.warning, invited.is_closed, invited.invitation.key), (None, false, None));
    let many: Vec<SocketAddr> = (1..=50).map(|port| SocketAddr::from(([203, 0, 113, 9], port))).collect();
    assert_eq!(open.invite(&many, false).invitation.addresses.len(), 8);

    let no_name = Inviter::new(OWN, NetworkKeys::open(), &Settings { advertise: Vec::new(), ..settings(dir.path()) });
    let near = no_name.invite(&addresses(&["127.0.0.1:9000"]), false);
    assert!(near.warning.is_some_and(|text| text.contains("`advertise`")));
    assert!(no_name.invite(&[], false).invitation.addresses.is_empty());
}

#[test]
fn a_key_is_given_away_with_a_warning_and_only_on_demand() {
    let dir = tempfile::tempdir().expect("a directory");
    let keys = closed(5);
    let known = addresses(&["198.51.100.7:9000"]);
    let without = inviter(keys.clone(), dir.path()).invite(&known, false);
    assert_eq!((without.invitation.network, without.invitation.key), (Some(keys.network_id()), None));
    assert!(without.warning.is_some_and(|text| text.contains("not in it")));
    let with = inviter(keys, dir.path()).invite(&known, true);
    assert_eq!(with.invitation.key, Some(SharedKey::new([5; 32])));
    assert!(with.warning.is_some_and(|text| text.contains("whoever sees the line can join")));
}

#[test]
fn whom_an_invitation_leads_to_is_never_mixed_in_silently() {
    let dir = tempfile::tempdir().expect("a directory");
    let refused =
        |own: NetworkKeys, invitation: &Invitation| inviter(own, dir.path()).accept(invitation).expect_err("refused");
    let (open, five, six) = (NetworkKeys::open(), closed(5), closed(6));
    let own = inviter(open.clone(), dir.path()).invite(&[], false).invitation;
    assert_eq!(refused(open.clone(), &own), JoinRefusal::Itself);
    assert_eq!(refused(five.clone(), &from_elsewhere(open.clone(), false)), JoinRefusal::OpenNetwork);
    assert_eq!(refused(five.clone(), &from_elsewhere(six.clone(), true)), JoinRefusal::OtherNetwork);
    assert_eq!(refused(five.clone(), &from_elsewhere(six, false)), JoinRefusal::OtherNetwork);
    assert_eq!(refused(open, &from_elsewhere(five.clone(), false)), JoinRefusal::KeyLacking);
    assert_eq!(fs::read_dir(dir.path()).expect("read").count(), 0, "nothing has been written");

    for with_key in [true, false] {
        let joined = inviter(five.clone(), dir.path()).accept(&from_elsewhere(five.clone(), with_key)).expect("joined");
        assert!(!joined.restart_needed, "{joined:?}");
    }
    // While the group changes its key, either is ours.
    let key = |byte| NetworkKey::from(SharedKey::new([byte; 32]));
    let both = NetworkKeys::new(key(9), Some(key(5)));
    assert!(inviter(both, dir.path()).accept(&from_elsewhere(five, true)).is_ok());
}

#[cfg(unix)]
#[test]
fn the_key_of_a_closed_network_is_put_where_only_the_owner_reads_it_and_replaces_nothing() {
    use std::os::unix::fs::PermissionsExt as _;

    let dir = tempfile::tempdir().expect("a directory");
    let open = inviter(NetworkKeys::open(), dir.path());
    let path = settings(dir.path()).data_dir.join("network.key");
    for _ in 0..2 {
        let joined = open.accept(&from_elsewhere(closed(5), true)).expect("joined");
        assert!(joined.restart_needed);
        let told = format!("\"network_key_file\": \"{}\"", path.display());
        assert!(joined.message.contains(&told), "{}", joined.message);
        assert!(!joined.message.contains("0505"), "the secret is not told again");
    }
    assert_eq!(NetworkKeys::read(&path).expect("a key").shared(), Some(SharedKey::new([5; 32])));
    assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
    let other = open.accept(&from_elsewhere(closed(6), true)).expect_err("refused");
    assert_eq!(other, JoinRefusal::OtherKey(path.clone()));
    assert_eq!(NetworkKeys::read(&path).expect("a key").shared(), Some(SharedKey::new([5; 32])));
}

#[test]
fn a_beacon_that_has_not_started_yet_takes_an_invitation() {
    let dir = tempfile::tempdir().expect("a directory");
    let settings = settings(dir.path());
    let invitation = from_elsewhere(NetworkKeys::open(), false);
    for _ in 0..2 {
        let joined = join(&settings, &invitation).expect("a data directory").expect("joined");
        assert!(joined.message.contains("once the beacon runs") && !joined.restart_needed);
    }
    let kept = Store::open(&settings.data_dir).expect("opens").neighbors().expect("read");
    assert_eq!(kept, invitation.neighbors().collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>());
    let running = Store::open(&settings.data_dir).expect("opens");
    assert!(join(&settings, &invitation).is_err(), "not while the beacon runs");
    drop(running);
    let closed = from_elsewhere(closed(5), false);
    assert_eq!(join(&settings, &closed).expect("a data directory"), Err(JoinRefusal::KeyLacking));
}
