//! Load figures: what a beacon stores and sends in networks of several sizes, beside full mirroring.

use std::path::Path;

use serde_json::{Value, json};

use super::shown::write_plot;
use crate::{
    cli::{CliError, Env, Options, table::table},
    sim::{
        plot::{Figure, Line, Scale, draw},
        scenarios::{Load, load},
    },
};

/// The name that stands for these figures on the command line.
pub(super) const LOAD: &str = "load";

/// The sizes of the network.
const SIZES: [usize; 8] = [5, 10, 20, 30, 40, 60, 80, 100];

pub(super) fn run(env: &mut Env, options: &Options, seed: u64, plot: Option<&Path>) -> Result<(), CliError> {
    let mut rows = Vec::new();
    for beacons in SIZES {
        env.talk(format_args!("playing networks of {beacons} beacons"));
        rows.push((load(seed, beacons, false), load(seed, beacons, true)));
    }
    if options.json {
        env.data(rows.iter().map(|(ours, mirroring)| both_json(ours, mirroring)).collect::<Value>())?;
    } else {
        for line in lines(&rows) {
            env.data(line)?;
        }
    }
    if let Some(path) = plot {
        write_plot(env, path, &draw(&figures(&rows)))?;
    }
    let lacking: usize = rows.iter().map(|(ours, mirroring)| ours.lacking + mirroring.lacking).sum();
    if lacking == 0 { Ok(()) } else { Err(CliError::Expectations(lacking)) }
}

fn both_json(ours: &Load, mirroring: &Load) -> Value {
    let of = |load: &Load| {
        json!({
            "stored_bytes": load.stored, "received_bytes": load.received,
            "protocol_bytes_per_s": load.protocol_per_s, "lacking": load.lacking,
        })
    };
    json!({ "beacons": ours.beacons, "ours": of(ours), "mirroring": of(mirroring) })
}

fn lines(rows: &[(Load, Load)]) -> Vec<String> {
    let head = ["beacons", "stored", "mirroring", "received", "mirroring", "protocol", "mirroring"];
    let gigabytes = |bytes: f64| format!("{:.2} GB", bytes / 1e9);
    let cells = |(ours, mirroring): &(Load, Load)| {
        let rate = |load: &Load| format!("{:.0} bytes/s", load.protocol_per_s);
        vec![
            ours.beacons.to_string(),
            gigabytes(ours.stored),
            gigabytes(mirroring.stored),
            gigabytes(ours.received),
            gigabytes(mirroring.received),
            rate(ours),
            rate(mirroring),
        ]
    };
    let mut all = vec![head.map(str::to_owned).to_vec()];
    all.extend(rows.iter().map(cells));
    table(&all, &[true; 7])
}

fn figures(rows: &[(Load, Load)]) -> [Figure; 3] {
    let figure = |title: &str, up: &str, value: fn(&Load) -> f64| {
        #[expect(clippy::cast_precision_loss, reason = "a hundred beacons")]
        let line = |name: &str, of: &dyn Fn(&(Load, Load)) -> Load| Line {
            name: name.to_owned(),
            points: rows.iter().map(|row| (of(row).beacons as f64, value(&of(row)))).collect(),
        };
        Figure {
            title: title.to_owned(),
            across: "beacons".to_owned(),
            up: up.to_owned(),
            scale: Scale::Linear,
            lines: vec![line("target of 3 copies", &|row| row.0), line("full mirroring", &|row| row.1)],
        }
    };
    [
        figure("What a beacon stores", "GB per beacon", |load| load.stored / 1e9),
        figure("What a client receives until all have their copies", "GB per beacon", |load| load.received / 1e9),
        figure("What a beacon says at rest", "bytes/s per beacon", |load| load.protocol_per_s),
    ]
}
