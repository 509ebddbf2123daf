//! Beacons that keep a large archive, as far as anybody can tell who asks them.

use std::{fs, time::Duration};

use serde_json::json;
use tokio::runtime::Runtime;

use super::{archive, beacon::BeaconProcess, holder::Holder, wait::until, world::World};

/// Until everybody has heard of everything.
const COUNTED_TIME_MAX: Duration = Duration::from_mins(5);

/// Beacons that only watch, and have stand-ins for clients.
#[derive(Debug)]
pub(crate) struct Region {
    pub(crate) beacons: Vec<BeaconProcess>,
    _clients: Vec<Holder>,
    _runtime: Runtime,
    _world: World,
}

impl Region {
    /// Starts beacons of these names with so many torrents, and waits until the first has counted nearly all copies.
    /// What a beacon is like may be changed before, by its number.
    pub(crate) fn start(names: &[&str], torrents: usize, change: impl Fn(usize, &mut BeaconProcess)) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let world = World::new();
        let text = archive::collection(torrents);
        let mut beacons: Vec<BeaconProcess> = Vec::new();
        let mut clients = Vec::new();
        for (number, name) in names.iter().enumerate() {
            let client = runtime.block_on(Holder::start(number, names.len(), torrents));
            let told = json!({ "type": "qbittorrent", "url": format!("http://{}", client.address) });
            let mut beacon = BeaconProcess::new(world.dir(), name, &told);
            beacon.config["mode"] = json!("dry-run");
            beacon.config["storage"]["budget"] = json!("100 TB");
            if let Some(first) = beacons.first() {
                beacon.points_at(first);
            }
            change(number, &mut beacon);
            fs::write(beacon.collections_dir().join("region.json"), &text).expect("a collection file");
            beacon.start();
            clients.push(client);
            beacons.push(beacon);
        }
        until("nearly all have their copies", COUNTED_TIME_MAX, || {
            let status = beacons[0].status()?;
            let collection = &status["collections"][0];
            let met = collection["met"].as_u64().unwrap_or_default();
            if met >= torrents as u64 * 9 / 10 { Ok(()) } else { Err(format!("{met} have: {collection}")) }
        });
        Self { beacons, _clients: clients, _runtime: runtime, _world: world }
    }
}
