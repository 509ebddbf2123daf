//! `beacon trend`: missing, under, met and over in the course of time.

use clap::Args;

use super::{
    CliError, Env, Options,
    collections::collection_id,
    drain::moment as moment_of,
    people::{grouped, moment},
    query::Query,
    remote::{ask, list, number, text},
    style::Tone,
};
use crate::model::ByteSize;

/// Of what, and since when.
#[derive(Debug, Args)]
pub struct TrendArgs {
    /// Only one collection, by its name or id
    #[arg(long, value_name = "COLLECTION")]
    collection: Option<String>,
    /// Since when: RFC 3339, or a date, which means midnight UTC at its beginning
    #[arg(long, value_name = "DATE", value_parser = moment_of)]
    since: Option<String>,
    /// In how many points [default: as many as fit]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(2..=1000))]
    points: Option<u16>,
}

/// A line of the chart: its label, the number that it shows, its colour, and whether it is bytes.
const LINES: [(&str, &str, Tone, bool); 5] = [
    ("missing", "/missing", Tone::Missing, false),
    ("under", "/under", Tone::Under, false),
    ("met", "/met", Tone::Met, false),
    ("over", "/over", Tone::Over, false),
    ("stored", "/bytes_stored", Tone::Strong, true),
];

/// The places of the labels and of the numbers beside the chart.
const LABEL: usize = 9;
const NUMBERS: usize = 30;
/// The places of the chart where the terminal is very narrow, and where there is none.
const CHART_MIN: usize = 10;
const CHART_USUAL: usize = 60;

pub(super) fn run(env: &mut Env, options: &Options, args: &TrendArgs) -> Result<(), CliError> {
    let collection = args.collection.as_ref().map(|name| collection_id(env, options, name)).transpose()?;
    let places = env.width().map_or(CHART_USUAL, |width| width.saturating_sub(LABEL + NUMBERS).max(CHART_MIN));
    let query = Query::new("/api/v1/trend")
        .with_some("collection", collection)
        .with_some("since", args.since.as_ref())
        .with("points", args.points.map_or(places, usize::from));
    let trend = ask(env, options, &query.path())?;
    if options.json {
        return env.data(trend);
    }
    let points = list(&trend, "/points");
    if points.is_empty() {
        env.talk("nothing has been noted for that time yet; a beacon begins when it is first started");
        return Ok(());
    }
    let (from, to) = (moment(text(&trend, "/from")), moment(text(&trend, "/to")));
    let style = env.style();
    env.data(style.paint(Tone::Faint, format_args!("{from} to {to}")))?;
    for (label, pointer, tone, is_bytes) in LINES {
        let values: Vec<u64> = points.iter().map(|point| number(point, pointer)).collect();
        let line = style.paint(tone, spark(&values, places));
        env.data(format_args!("{label:<LABEL$}{line}  {}", numbers(&values, is_bytes)))?;
    }
    Ok(())
}

/// The last value and the bounds of all.
fn numbers(values: &[u64], is_bytes: bool) -> String {
    let shown = |value: u64| if is_bytes { ByteSize::from_bytes(value).to_string() } else { grouped(value) };
    let (least, most) = (values.iter().min().copied().unwrap_or(0), values.iter().max().copied().unwrap_or(0));
    let now = shown(values.last().copied().unwrap_or(0));
    if least == most { format!("{now} throughout") } else { format!("{now} now, {} to {}", shown(least), shown(most)) }
}

/// A line of bars, each as high as a value beside the largest; a dot is nothing at all. Where there are more values than places,
/// each bar shows the largest of its values, so that no peak is lost.
fn spark(values: &[u64], places: usize) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = values.iter().max().copied().unwrap_or(0);
    let bar = |value: u64| {
        if value == 0 {
            return '·';
        }
        // At least one eighth for whatever is there; `most` is no less than `value`.
        let eighths = (u128::from(value) * BARS.len() as u128).div_ceil(u128::from(most));
        BARS[usize::try_from(eighths).map_or(BARS.len(), |eighths| eighths.clamp(1, BARS.len())) - 1]
    };
    let places = places.min(values.len());
    let bucket = |place: usize| &values[place * values.len() / places..(place + 1) * values.len() / places];
    (0..places).map(|place| bar(bucket(place).iter().max().copied().unwrap_or(0))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_high_as_values_and_nothing_is_a_dot() {
        assert_eq!(spark(&[0, 1, 4, 8], 10), "·▁▄█");
        assert_eq!(spark(&[0, 1, 1000], 10), "·▁█");
        assert_eq!(spark(&[], 10), "");
        assert_eq!(spark(&[u64::MAX, 1], 10), "█▁");
    }

    #[test]
    fn peaks_stay_where_there_are_more_values_than_places() {
        let mut values = vec![1; 100];
        values[37] = 8;
        assert_eq!(spark(&values, 10), "▁▁▁█▁▁▁▁▁▁");
    }

    #[test]
    fn numbers_tell_the_last_and_the_bounds() {
        assert_eq!(numbers(&[6, 40, 6], false), "6 now, 6 to 40");
        assert_eq!(numbers(&[1_000, 1_000], false), "1,000 throughout");
        assert_eq!(numbers(&[0, 70_000], true), "70 kB now, 0 B to 70 kB");
    }
}
