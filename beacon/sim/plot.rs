//! Runs as figures, in SVG. Text is set by the viewer, so nothing here looks at fonts.

use std::ops::Range;

use plotters::{
    coord::Shift,
    prelude::{
        BLACK, ChartBuilder, Color, DrawingArea, IntoDrawingArea, LineSeries, PathElement, RGBColor, SVGBackend,
        SeriesLabelPosition, WHITE,
    },
};

use super::{Moment, Report};

/// One line of a figure.
#[derive(Debug, Clone)]
pub struct Line {
    /// What it shows.
    pub name: String,
    /// Its points, from left to right.
    pub points: Vec<(f64, f64)>,
}

/// How values are laid out along both axes of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// In proportion, from 0.
    #[default]
    Linear,
    /// Equal factors equally far apart, in whole powers of ten. All values must be above 0.
    Logarithmic,
}

/// One figure with its axes.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What is shown.
    pub title: String,
    /// What goes to the right, with its unit.
    pub across: String,
    /// What goes up, with its unit.
    pub up: String,
    /// The scale of both axes.
    pub scale: Scale,
    /// The lines.
    pub lines: Vec<Line>,
}

const WIDTH: u32 = 900;
const HEIGHT_EACH: u32 = 300;

/// Colors that people with any color vision tell apart (Okabe and Ito 2008).
const COLORS: [RGBColor; 5] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
];

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

/// How a run went: copies, what was done, and traffic over time.
#[expect(clippy::cast_precision_loss, reason = "a figure has fewer pixels than a float has bits")]
pub fn course(title: &str, report: &Report, course: &[Moment]) -> String {
    let minutes = |moment: &Moment| moment.at.as_millis() as f64 / 60_000.0;
    let line = |name: &str, value: &dyn Fn(&Moment) -> f64| Line {
        name: name.to_owned(),
        points: course.iter().map(|moment| (minutes(moment), value(moment))).collect(),
    };
    let rate = |name: &str, bytes: &dyn Fn(&Moment) -> u64, unit: f64| {
        let between = course.windows(2).map(|pair| {
            let seconds = pair[1].at.since(pair[0].at).as_secs_f64().max(0.001);
            let moved = (bytes(&pair[1]) - bytes(&pair[0])) as f64;
            (minutes(&pair[1]), moved / seconds / unit / report.beacons.max(1) as f64)
        });
        Line { name: name.to_owned(), points: between.collect() }
    };
    let figure = |title: &str, up: &str, lines: Vec<Line>| Figure {
        title: title.to_owned(),
        across: "simulated time (minutes)".to_owned(),
        up: up.to_owned(),
        scale: Scale::Linear,
        lines,
    };
    draw(&[
        figure(
            &format!("{title}: copies"),
            "torrents",
            vec![
                line("met", &|moment| moment.met as f64),
                line("under", &|moment| (moment.missing + moment.under) as f64),
                line("over", &|moment| moment.over as f64),
            ],
        ),
        figure(
            "Done so far",
            "count",
            vec![
                line("fetches", &|moment| moment.fetches as f64),
                line("deletions", &|moment| moment.deletions as f64),
            ],
        ),
        figure(
            "What beacons say to each other",
            "bytes/s per beacon",
            vec![rate("protocol", &|moment| moment.bytes_sent, 1.0)],
        ),
        figure("What clients move", "MB/s per beacon", vec![rate("BitTorrent", &|moment| moment.bytes_moved, 1e6)]),
    ])
}

/// Figures below one another, as one SVG.
pub fn draw(figures: &[Figure]) -> String {
    let mut svg = String::new();
    let height = HEIGHT_EACH * u32::try_from(figures.len()).unwrap_or(1).max(1);
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        // Writing into memory does not fail.
        let _ = area.fill(&WHITE);
        for (area, figure) in area.split_evenly((figures.len().max(1), 1)).iter().zip(figures) {
            let _ = draw_one(area, figure);
        }
        let _ = area.present();
    }
    svg
}

fn draw_one(area: &Area<'_>, figure: &Figure) -> Drawn {
    let scale = figure.scale;
    let points = || figure.lines.iter().flat_map(|line| line.points.iter());
    let across = scale.range(points().map(|point| point.0), 0.0);
    let up = scale.range(points().map(|point| point.1), 0.08);
    let (labels_across, labels_up) = (scale.labels(&across), scale.labels(&up));
    let mut chart = ChartBuilder::on(area)
        .caption(&figure.title, ("sans-serif", 18))
        .margin(12)
        // The last label stands half beyond the axis.
        .margin_right(36)
        .x_label_area_size(40)
        .y_label_area_size(70)
        .build_cartesian_2d(across, up)?;
    chart
        .configure_mesh()
        .x_desc(&figure.across)
        .y_desc(&figure.up)
        .x_labels(labels_across)
        .y_labels(labels_up)
        .x_label_formatter(&|place| short(scale.value(*place)))
        .y_label_formatter(&|place| short(scale.value(*place)))
        .axis_desc_style(("sans-serif", 14))
        .label_style(("sans-serif", 12))
        .light_line_style(WHITE)
        .draw()?;
    for (place, line) in figure.lines.iter().enumerate() {
        let color = COLORS[place % COLORS.len()];
        chart
            .draw_series(LineSeries::new(
                line.points.iter().map(|(x, y)| (scale.place(*x), scale.place(*y))),
                color.stroke_width(2),
            ))?
            .label(&line.name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], color.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .position(scale.free_corner())
        .background_style(WHITE)
        .border_style(BLACK)
        .label_font(("sans-serif", 13))
        .draw()?;
    Ok(())
}

impl Scale {
    /// Where a value stands along an axis.
    fn place(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Logarithmic => value.log10(),
        }
    }

    /// The value that stands there.
    fn value(self, place: f64) -> f64 {
        match self {
            Self::Linear => place,
            Self::Logarithmic => 10_f64.powf(place),
        }
    }

    /// The places that an axis for these values has: from 0 to the largest value and some room above it, or all powers of
    /// ten that the values touch.
    fn range(self, values: impl Iterator<Item = f64>, room: f64) -> Range<f64> {
        match self {
            Self::Linear => {
                let most = values.fold(0.0, f64::max);
                0.0..if most > 0.0 { most * (1.0 + room) } else { 1.0 }
            }
            Self::Logarithmic => {
                let places = values.map(|value| self.place(value));
                let touched =
                    |range: Range<f64>, place: f64| range.start.min(place.floor())..range.end.max(place.ceil());
                let Range { start, end } = places.fold(f64::INFINITY..f64::NEG_INFINITY, touched);
                if start < end { start..end } else { 0.0..1.0 }
            }
        }
    }

    /// How many labels an axis may have: one for each power of ten.
    fn labels(self, range: &Range<f64>) -> usize {
        match self {
            Self::Linear => 11,
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a float has 600 powers of ten"
            )]
            Self::Logarithmic => (range.end - range.start) as usize + 1,
        }
    }

    /// Where lines that rise leave room for their names.
    const fn free_corner(self) -> SeriesLabelPosition {
        match self {
            Self::Linear => SeriesLabelPosition::MiddleRight,
            Self::Logarithmic => SeriesLabelPosition::LowerRight,
        }
    }
}

/// A number on an axis, no longer than it has to be.
fn short(value: f64) -> String {
    let text = match value.abs() {
        0.0 => return "0".to_owned(),
        large if large >= 100.0 => format!("{value:.0}"),
        large if large >= 1.0 => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    };
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_ten_are_equally_far_apart_and_each_has_its_label() {
        let points = vec![(10.0, 0.5), (1_000.0, 20.0), (10_000.0, 99.0)];
        let lines = vec![Line { name: "ours".to_owned(), points }];
        let (across, up) = ("torrents".to_owned(), "ms".to_owned());
        let svg = draw(&[Figure { title: "Growth".to_owned(), across, up, scale: Scale::Logarithmic, lines }]);
        let text: Vec<&str> = svg.lines().filter(|line| !line.starts_with('<')).collect();
        for label in ["0.1", "1", "10", "100", "1000", "10000"] {
            assert!(text.contains(&label), "{label} is missing in {text:?}");
        }
        assert!(!text.contains(&"0") && !text.iter().any(|label| label.starts_with('3')), "{text:?}");
    }

    #[test]
    fn a_figure_names_its_axes_and_draws_every_line() {
        let line = |name: &str, slope: f64| Line {
            name: name.to_owned(),
            points: (0..5).map(|at| (f64::from(at), f64::from(at) * slope)).collect(),
        };
        let svg = draw(&[Figure {
            title: "Growth".to_owned(),
            across: "beacons".to_owned(),
            up: "GB".to_owned(),
            scale: Scale::Linear,
            lines: vec![line("ours", 1.0), line("mirroring", 2.0)],
        }]);
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{svg}");
        for text in ["Growth", "beacons", "GB", "ours", "mirroring"] {
            assert!(svg.contains(text), "{text} is missing");
        }
        let width = r#"stroke-width="2""#;
        assert_eq!(svg.matches(width).count(), 4, "two lines and their keys");
    }
}
