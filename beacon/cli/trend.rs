//! `beacon trend`: missing, under, met and over in the course of time.

use clap::Args;
use serde_json::Value;

use super::{
    CliError, Env, Options,
    collections::collection_id,
    drain::moment as moment_of,
    people::{grouped, moment},
    query::Query,
    remote::{ask, list, number, text},
    style::Tone,
};
use crate::{
    model::{ByteSize, Instant},
    web::parse_rfc3339,
};

/// Of what, and since when.
#[derive(Debug, Args)]
pub struct TrendArgs {
    /// Only one collection, by its name or id
    #[arg(long, value_name = "COLLECTION")]
    collection: Option<String>,
    /// Since when: RFC 3339, or a date, which means midnight UTC at its beginning
    #[arg(long, value_name = "DATE", value_parser = moment_of)]
    since: Option<String>,
    /// Of how many points at most [default: 1000]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(2..=POINTS_MAX.into()))]
    points: Option<u16>,
}

/// As many points as the API gives at most.
const POINTS_MAX: u16 = 1000;

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
        .with("points", args.points.unwrap_or(POINTS_MAX));
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
        let line = style.paint(tone, spark(&course(&trend, pointer, places)));
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

/// What a number was in each of as many equal parts of the time: the largest that it was then, so that no peak is lost. A point
/// holds until the next; before the first nothing is known.
fn course(trend: &Value, pointer: &str, places: usize) -> Vec<Option<u64>> {
    let at = |value: &Value, pointer: &str| parse_rfc3339(text(value, pointer)).map_or(0, Instant::as_millis);
    let (from, to) = (at(trend, "/from"), at(trend, "/to"));
    let points: Vec<(u64, u64)> =
        list(trend, "/points").iter().map(|point| (at(point, "/at"), number(point, pointer))).collect();
    // Both stay far below the largest number: they are milliseconds of some years, and places of a terminal.
    let begin = |place: usize| from + to.saturating_sub(from) * place as u64 / places.max(1) as u64;
    let part = |place: usize| {
        let (begin, end) = (begin(place), begin(place + 1).max(begin(place) + 1));
        let before = points.iter().rev().find(|(at, _)| *at <= begin);
        let within = points.iter().filter(|(at, _)| (begin..end).contains(at));
        before.into_iter().chain(within).map(|(_, value)| *value).max()
    };
    (0..places).map(part).collect()
}

/// A line of bars, each as high as a value beside the largest; a dot is nothing at all, and a gap what is not known.
fn spark(values: &[Option<u64>]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = values.iter().flatten().max().copied().unwrap_or(0);
    let bar = |value: &Option<u64>| {
        let value = match value {
            None => return ' ',
            Some(0) => return '·',
            Some(value) => *value,
        };
        // At least one eighth for whatever is there; `most` is no less than `value`.
        let eighths = (u128::from(value) * BARS.len() as u128).div_ceil(u128::from(most));
        BARS[usize::try_from(eighths).map_or(BARS.len(), |eighths| eighths.clamp(1, BARS.len())) - 1]
    };
    values.iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bars_are_as_high_as_values_and_nothing_is_a_dot() {
        let spark = |values: &[u64]| spark(&values.iter().copied().map(Some).collect::<Vec<_>>());
        assert_eq!(spark(&[0, 1, 4, 8]), "·▁▄█");
        assert_eq!(spark(&[0, 1, 1000]), "·▁█");
        assert_eq!(spark(&[]), "");
        assert_eq!(spark(&[u64::MAX, 1]), "█▁");
        assert_eq!(super::spark(&[None, Some(1)]), " █");
    }

    #[test]
    fn a_point_holds_until_the_next_and_peaks_stay() {
        let point = |second: u64, met: u64| json!({ "at": format!("2027-01-01T00:00:{second:02}Z"), "met": met });
        let trend = |points: &[Value]| json!({ "from": "2027-01-01T00:00:00Z", "to": "2027-01-01T00:00:10Z", "points": points });
        let met = |points: &[Value]| spark(&course(&trend(points), "/met", 5));
        assert_eq!(met(&[point(0, 1), point(6, 8)]), "▁▁▁██");
        assert_eq!(met(&[point(4, 8)]), "  ███");
        // One second at 8 within a part of two.
        assert_eq!(met(&[point(0, 1), point(3, 8), point(4, 1)]), "▁█▁▁▁");
        let before = json!({ "at": "2026-12-31T00:00:00Z", "met": 2 });
        assert_eq!(met(&[before, point(8, 1)]), "████▄");
        assert_eq!(course(&json!({}), "/met", 2), [None, None]);
    }

    #[test]
    fn numbers_tell_the_last_and_the_bounds() {
        assert_eq!(numbers(&[6, 40, 6], false), "6 now, 6 to 40");
        assert_eq!(numbers(&[1_000, 1_000], false), "1,000 throughout");
        assert_eq!(numbers(&[0, 70_000], true), "70 kB now, 0 B to 70 kB");
    }
}
