//! The models of deletion by grants for which a test has no time: `cargo bench --bench model --no-default-features -- [PART OF A NAME]`.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]

#[path = "../tests/model/check.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod check;
#[path = "../tests/model/fair.rs"]
mod fair;
#[path = "../tests/model/rules.rs"]
mod rules;
#[path = "../tests/model/variant.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod variant;
#[path = "../tests/model/world.rs"]
mod world;

use check::search;
use variant::{Extra, Variant};

const THREE: Variant = Variant::new(3, 2);
const FOUR: Variant = Variant::new(4, 2);

const MODELS: [(&str, Variant); 10] = [
    ("3 beacons, target 2, 2 attempts, old messages", Variant { attempts: 2, extras: &[Extra::OldMessages], ..THREE }),
    (
        "3 beacons, target 2, 1 crash, refusals, old messages",
        Variant { crashes: 1, extras: &[Extra::Refusals, Extra::OldMessages], ..THREE },
    ),
    (
        "3 beacons, target 2, 3 attempts, 3 crashes, 2 fetched again, undo",
        Variant { attempts: 3, crashes: 3, fetches: 2, extras: &[Extra::Undo], ..THREE },
    ),
    ("4 beacons, target 2, 2 attempts, fair runs", Variant { attempts: 2, extras: &[Extra::FairRuns], ..FOUR }),
    ("4 beacons, target 2, 2 crashes, fair runs", Variant { crashes: 2, extras: &[Extra::FairRuns], ..FOUR }),
    ("4 beacons, target 2, 2 attempts, 1 crash", Variant { attempts: 2, crashes: 1, ..FOUR }),
    ("4 beacons, target 2, 1 crash, 1 fetched again", Variant { crashes: 1, fetches: 1, ..FOUR }),
    ("4 beacons, target 3, 2 crashes", Variant { crashes: 2, ..Variant::new(4, 3) }),
    (
        "4 beacons, target 2, 1 liar, margin 1, 2 attempts, 2 crashes",
        Variant { attempts: 2, crashes: 2, liars: 1, margin: 1, ..FOUR },
    ),
    (
        "4 beacons in 2 domains, target 2, 2 crashes, fair runs",
        Variant { crashes: 2, domains: Some(&[0, 0, 1, 1]), extras: &[Extra::FairRuns], ..FOUR },
    ),
];

fn main() {
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with("--")).unwrap_or_default();
    for (name, variant) in MODELS.iter().filter(|(name, _)| name.contains(&wanted)) {
        let outcome = search(variant);
        let seconds = outcome.took.as_secs_f64();
        println!("{name}: {} states, {} steps deep, {seconds:.1} s", outcome.states, outcome.depth);
        assert_eq!(outcome.broken, Vec::<String>::new());
    }
}
