//! How fast news spreads in a large simulated network, and what it costs: `cargo bench --bench network -- [BEACONS] [SEED] [LOSS PERCENT]`,
//! or in a network that is at rest from the beginning: `... -- --steady [BEACONS] [SECONDS] [CHANGES]`.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]
#![expect(clippy::disallowed_methods, reason = "it measures wall time too")]

use std::time::Duration;

use beacon::{
    model::{NetworkId, Redundancy, Rng},
    protocol::ProtocolSettings,
    sim::{Act, BeaconSpec, Knowledge, Report, Scenario, Simulation, TorrentSpec, Traffic},
};

fn main() {
    if std::env::args().any(|argument| argument == "--steady") {
        return at_rest();
    }
    let mut numbers = std::env::args().filter_map(|argument| argument.parse().ok());
    let beacons: usize = numbers.next().unwrap_or(1_000);
    let seed = numbers.next().unwrap_or(1) as u64;
    let loss_percent = numbers.next().unwrap_or(5);
    let lap = lap();
    let mut scenario = scenario(beacons, seed);
    scenario.network.loss_ppm = u32::try_from(loss_percent * 10_000).unwrap_or(0);
    let mut simulation = Simulation::new(scenario);
    println!(
        "{beacons} beacons, {beacons} torrents, seed {seed}, a hop of 100 ms with 50 ms jitter, {loss_percent} % loss"
    );
    spread("cold start", &mut simulation);
    println!("  {:?}", simulation.overlay());
    lap("until here");

    steady(&mut simulation, 600, 0);
    steady(&mut simulation, 400, 400);
    println!("  {:?}", simulation.overlay());
    lap("until here");

    for beacon in 0..beacons {
        simulation.act(Act::Add { beacon, torrent: (beacon + beacons / 2) % beacons });
    }
    spread("every status changes at once", &mut simulation);
    lap("until here");
    println!("{:?}", simulation.report());
}

/// In how many parts a long run says how far it is.
const PARTS: u64 = 10;

/// What a network costs that has been running for long, and a wave of changes in it.
fn at_rest() {
    let mut numbers = std::env::args().filter_map(|argument| argument.parse().ok());
    let beacons: usize = numbers.next().unwrap_or(1_000);
    let seconds: Option<usize> = numbers.next();
    let changes = numbers.next().unwrap_or(beacons / 100).min(beacons);
    let lap = lap();
    let mut scenario = scenario(beacons, 1);
    scenario.beacons.iter_mut().for_each(|spec| spec.neighbors.clear());
    let mut simulation = Simulation::at_rest(scenario);
    println!("{beacons} beacons, {beacons} torrents, at rest, {:?}", simulation.knowledge());
    lap("made");
    // Links are made, and the tree.
    simulation.run_until(simulation.now() + Duration::from_mins(1));
    println!("  {:?}", simulation.overlay());
    lap("after a minute");
    let interval = ProtocolSettings::new(NetworkId::new([0; 16]), Vec::new(), Duration::from_mins(1)).interval(beacons);
    let seconds = seconds.map_or(interval.as_secs(), |seconds| seconds as u64);
    let (began, before) = (simulation.now(), simulation.report());
    for part in 1..=PARTS {
        simulation.run_until(began + Duration::from_secs(seconds * part / PARTS));
        costs(&simulation, &before, seconds * part / PARTS);
        lap("until here");
    }
    println!("  {:?}", simulation.overlay());
    if changes > 0 {
        for place in 0..changes {
            let beacon = place * (beacons / changes);
            simulation.act(Act::Add { beacon, torrent: (beacon + beacons / 2) % beacons });
        }
        spread(&format!("{changes} statuses change at once"), &mut simulation);
        lap("until here");
    }
    println!("{:?}", simulation.report());
}

/// Says how much time and memory it took since it was made.
fn lap() -> impl Fn(&str) {
    let began = std::time::Instant::now();
    move |what| println!("  {what}: {:.1} s of wall time, {} MB", began.elapsed().as_secs_f64(), memory_mb())
}

/// Each beacon was pointed at one that was there before it, and holds three torrents of which three copies are wanted.
fn scenario(beacons: usize, seed: u64) -> Scenario {
    let mut rng = Rng::new(seed);
    let redundancy = Redundancy::new(3, None).expect("possible");
    let torrents = vec![TorrentSpec { size: 1_000_000_000, redundancy }; beacons];
    let spec = |place: usize| BeaconSpec {
        neighbors: if place == 0 { Vec::new() } else { vec![rng.below(place)] },
        library: (0..3).map(|next| (place + next) % beacons).collect(),
        ..BeaconSpec::default()
    };
    Scenario::new(seed, torrents, (0..beacons).map(spec).collect())
}

/// Waits until everyone knows everything, and says how long it took.
fn spread(what: &str, simulation: &mut Simulation) {
    let (began, hop) = (simulation.now(), Duration::from_millis(100));
    // A look at all pairs takes long where there are many.
    let step = if simulation.knowledge().pairs > 10_000_000 { hop * 2 } else { hop / 2 };
    let mut marks = [(500_000, None), (990_000, None), (999_000, None), (1_000_000, None)];
    let mut roots_at = None;
    while marks[3].1.is_none() && simulation.now().since(began) < hop * 600 {
        simulation.run_until(simulation.now() + step);
        let Knowledge { pairs, members, roots, statuses } = simulation.knowledge();
        let ppm = members.min(statuses) * 1_000_000 / pairs;
        let hops = simulation.now().since(began).as_secs_f64() / hop.as_secs_f64();
        if roots == pairs {
            roots_at.get_or_insert(hops);
        }
        for (mark, at) in &mut marks {
            if ppm >= *mark && at.is_none() {
                *at = Some(hops);
            }
        }
    }
    let hops = marks.map(|(_, hops)| hops.map_or("never".to_owned(), |hops: f64| format!("{hops:.1}")));
    println!(
        "{what}: hops until 50, 99, 99.9 and 100 % {hops:?}; all hellos {roots_at:?}; {:?}",
        simulation.knowledge()
    );
}

/// What beacons send while nothing happens, against what lazy push should cost.
fn steady(simulation: &mut Simulation, settle: u64, seconds: u64) {
    simulation.run_until(simulation.now() + Duration::from_secs(settle));
    let before = simulation.report();
    simulation.run_until(simulation.now() + Duration::from_secs(seconds));
    if seconds > 0 {
        costs(simulation, &before, seconds);
    }
}

/// What beacons have sent in so many seconds since an earlier report.
fn costs(simulation: &Simulation, before: &Report, seconds: u64) {
    let after = simulation.report();
    let traffic: Traffic = after.traffic - before.traffic;
    let per = |bytes: u64| bytes as f64 / after.beacons as f64 / seconds as f64;
    let overlay = simulation.overlay();
    let degree = 2.0 * overlay.links as f64 / after.beacons as f64;
    let node = simulation.node(0).expect("it runs");
    let hello = node.protocol().own().hello().expect("it said one");
    let interval = hello.hello().valid_for.as_secs_f64();
    let size = hello.bytes().len() as f64;
    let formula = 1.06 * after.beacons as f64 * (size + 12.0 * (degree - 1.0)) / interval;
    println!(
        "steady for {seconds} s: hello {size} B every {interval:.0} s, degree {degree:.2}; bytes/s a beacon: hellos {:.0}, ids {:.0}, asks {:.0}, reconciliation {:.0}, \
         status {:.0}, other {:.0}, packets {:.0}; formula {formula:.0}, ratio flood {:.2}, messages {:.2}, all {:.2}; \
         dials a beacon and minute {:.3}, links lost {:.3}",
        per(traffic.hellos),
        per(traffic.ids),
        per(traffic.asks),
        per(traffic.reconciliation),
        per(traffic.status),
        per(traffic.other),
        per(traffic.packets),
        per(traffic.flood()) / formula,
        per(traffic.messages()) / formula,
        per(traffic.total()) / formula,
        per((after.dials - before.dials) * 60),
        per((after.links_lost - before.links_lost) * 60),
    );
}

/// The most memory that this process has had.
fn memory_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).map_or(0, |kb| kb / 1_000)
}
