//! What there is in a year of churn: torrents, kinds of beacons and their habits, and the rules to compare.
//!
//! # The session model
//!
//! A beacon is up in the hours of its [`Day`], where its kind has any, and otherwise always; but not during [`Outages`] and
//! [`Trips`]. After its lifetime it never returns, without a word, and some time later a newcomer of its kind takes its place.
//!
//! - Outages come at random, and their length is Pareto distributed. The shape is that of the `PlanetLab` hosts of which
//!   Carbonite's trace is made (Chun et al., NSDI 2006): half are back within 20 minutes, nine of ten within four hours, and
//!   the rest take so long that the mean is more than a day. An outage of a host every ten or eleven days is theirs too.
//! - Days are those of machines that people switch on when they come home. That home machines come and go with the day, and
//!   that one in three or four is off at any time, was found for file sharing by Bhagwan, Savage and Voelker ("Understanding
//!   Availability", IPTPS 2003) and for volunteer computing by Anderson and Fedak ("The Computational and Storage Potential
//!   of Volunteer Computing", `CCGrid` 2006) and Javadi et al. (SETI@home, TPDS 2011).
//! - Trips, when a laptop or the machine of someone on holiday is off for days or weeks, are log-normal. No trace that we know
//!   tells them apart, so their parameters are assumed.
//! - Lifetimes are exponential. Carbonite counts one lost disk for three hosts and year. Volunteers leave sooner than disks
//!   break; a year or two is assumed of people who keep an archive. (Anderson and Fedak found three months for SETI@home, where
//!   leaving costs nobody anything.)

use std::time::Duration;

use super::policy::Policy;
use crate::model::{ByteSize, Redundancy};

const DAY: Duration = Duration::from_hours(24);
const YEAR: Duration = Duration::from_hours(24 * 365);

/// Everything that a run depends on: equal scenarios give equal reports.
#[derive(Debug, Clone, PartialEq)]
pub struct ChurnScenario {
    /// From which all randomness comes.
    pub seed: u64,
    /// How many days are played.
    pub days: u32,
    /// How many torrents there are.
    pub torrents: u32,
    /// How many copies of each are wanted. What is above `max` stays unless the policy says otherwise.
    pub redundancy: Redundancy,
    /// The size in the middle: there are seven sizes, from an eighth to eight times of it, each of as many torrents.
    pub median_size: ByteSize,
    /// What a beacon receives per second.
    pub bandwidth: ByteSize,
    /// The time between two hellos.
    pub heartbeat: Duration,
    /// How long on the average until somebody takes the place of a beacon that left.
    pub replaced_after: Duration,
    /// The beacons by their habits.
    pub kinds: Vec<Kind>,
    /// The rules to compare with the oracle.
    pub policies: Vec<Policy>,
}

/// Beacons of the same habits.
#[derive(Debug, Clone, PartialEq)]
pub struct Kind {
    /// What they are called.
    pub name: &'static str,
    /// How many there are at a time.
    pub beacons: usize,
    /// The most that each may hold.
    pub budget: ByteSize,
    /// The hours in which it is on; `None` where it always is.
    pub day: Option<Day>,
    /// When it fails.
    pub outages: Outages,
    /// When it is away for longer; `None` where it never is.
    pub trips: Option<Trips>,
    /// How long it takes part, on the average.
    pub lifetime: Duration,
}

/// The hours of a day in which a machine is on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Day {
    /// From, in hours since midnight.
    pub from: f64,
    /// Until, in hours since midnight; more than 24 for after midnight.
    pub until: f64,
    /// By how many hours both differ from day to day (the deviation of a normal distribution).
    pub spread: f64,
    /// The share of days on which it stays off.
    pub skipped: f64,
}

/// Failures that are over by themselves: exponential times between them, Pareto lengths.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outages {
    /// The mean time from one to the next.
    pub every: Duration,
    /// Half are shorter than this.
    pub median: Duration,
    /// The exponent of the tail.
    pub alpha: f64,
    /// The longest.
    pub most: Duration,
}

/// Days or weeks off: exponential times between them, log-normal lengths.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trips {
    /// The mean time from one to the next.
    pub every: Duration,
    /// Half are shorter than this.
    pub median: Duration,
    /// The deviation of the logarithm.
    pub sigma: f64,
}

impl Outages {
    /// Those of `PlanetLab`'s hosts, cut off at two months: half over in 20 minutes, nine of ten in four hours.
    pub const fn planet_lab(every: Duration) -> Self {
        Self { every, median: Duration::from_secs(1_208), alpha: 0.652, most: Duration::from_hours(24 * 60) }
    }
}

impl Kind {
    /// Servers in a computing centre: up 99 % of the time.
    pub fn servers(beacons: usize) -> Self {
        Self {
            name: "server",
            beacons,
            budget: ByteSize::from_bytes(1_000_000_000_000),
            day: None,
            outages: Outages::planet_lab(DAY * 30),
            trips: None,
            lifetime: YEAR * 2,
        }
    }

    /// Machines at home that are always on, but on a household's line and power.
    pub fn home_servers(beacons: usize) -> Self {
        Self {
            name: "home server",
            beacons,
            budget: ByteSize::from_bytes(1_000_000_000_000),
            day: None,
            outages: Outages::planet_lab(DAY * 10),
            trips: None,
            lifetime: YEAR * 3 / 2,
        }
    }

    /// Machines that are switched on in the evening, six hours of most days, and not in the holidays.
    pub fn evening_machines(beacons: usize) -> Self {
        Self {
            name: "evening machine",
            beacons,
            budget: ByteSize::from_bytes(500_000_000_000),
            day: Some(Day { from: 17.5, until: 23.5, spread: 1.0, skipped: 0.1 }),
            outages: Outages::planet_lab(DAY * 30),
            trips: Some(Trips { every: DAY * 90, median: DAY * 7, sigma: 0.7 }),
            lifetime: YEAR,
        }
    }

    /// Laptops: on during much of most days, and away for a week or more every other month.
    pub fn laptops(beacons: usize) -> Self {
        Self {
            name: "laptop",
            beacons,
            budget: ByteSize::from_bytes(250_000_000_000),
            day: Some(Day { from: 9.0, until: 22.0, spread: 1.5, skipped: 0.25 }),
            outages: Outages::planet_lab(DAY * 30),
            trips: Some(Trips { every: DAY * 60, median: DAY * 10, sigma: 0.8 }),
            lifetime: YEAR,
        }
    }
}

impl ChurnScenario {
    /// A year of two thousand torrents at these beacons, without any rule to compare yet.
    pub fn new(seed: u64, kinds: Vec<Kind>) -> Self {
        Self {
            seed,
            days: 365,
            torrents: 2_000,
            redundancy: Redundancy::default(),
            median_size: ByteSize::from_bytes(2_000_000_000),
            bandwidth: ByteSize::from_bytes(2_000_000),
            heartbeat: Duration::from_mins(1),
            replaced_after: DAY * 14,
            kinds,
            policies: Vec::new(),
        }
    }

    /// Two hundred volunteers of all kinds, of whom nearly half are not on all day.
    pub fn mixed(seed: u64) -> Self {
        let (servers, home_servers) = (Kind::servers(40), Kind::home_servers(70));
        Self::new(seed, vec![servers, home_servers, Kind::evening_machines(60), Kind::laptops(30)])
    }

    /// Two hundred volunteers at home: nobody has a server, and two of three are not on all day.
    pub fn homes(seed: u64) -> Self {
        Self::new(seed, vec![Kind::home_servers(70), Kind::evening_machines(90), Kind::laptops(40)])
    }

    /// Two hundred servers.
    pub fn servers(seed: u64) -> Self {
        Self::new(seed, vec![Kind::servers(200)])
    }

    /// The same with these rules to compare.
    #[must_use]
    pub fn with_policies(self, policies: Vec<Policy>) -> Self {
        Self { policies, ..self }
    }

    /// How long it lasts.
    pub fn lasts(&self) -> Duration {
        DAY * self.days
    }
}
