//! `GET /metrics`.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderName, header},
    response::IntoResponse,
};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, text},
    registry::Registry,
};

use super::{
    archive, beacon,
    family::Family,
    machine, process,
    scrape::{Scrape, named},
};
use crate::web::{Question, ask::ask, events::STREAMS_MAX, problem::Problem, server::Shared};

/// What the form is called; see `OpenMetrics` 1.0.
const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Figures for Prometheus
///
/// In the text form of `OpenMetrics` 1.0, made when asked. Their names stand in `docs/METRICS.md` and are kept.
#[utoipa::path(
    get,
    path = "/metrics",
    responses((status = 200, body = String, content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8"))
)]
pub(in crate::web) async fn metrics(State(shared): State<Arc<Shared>>) -> Result<impl IntoResponse, Problem> {
    let (figures, process) = tokio::join!(ask(&shared.questions, Question::Figures), process::figures());
    let figures = figures?;
    let scrape = Scrape {
        collections: named(&figures.collections),
        figures,
        process,
        version: shared.version.clone(),
        tracker: shared.tracker.totals(),
        streams: STREAMS_MAX.saturating_sub(shared.streams.available_permits()),
    };
    let headers: [(HeaderName, &str); 1] = [(header::CONTENT_TYPE, CONTENT_TYPE)];
    Ok((headers, exposition(scrape)))
}

/// Every metric there is, in the order in which they are written.
pub(super) fn families() -> impl Iterator<Item = &'static Family> {
    [archive::FAMILIES, beacon::FAMILIES, machine::FAMILIES].into_iter().flatten()
}

/// The figures as text.
pub(super) fn exposition(scrape: Scrape) -> String {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(scrape));
    let mut written = String::new();
    // Writing into a text cannot fail.
    let _ = text::encode(&mut written, &registry);
    written
}

impl Collector for Scrape {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> std::fmt::Result {
        families().try_for_each(|family| family.encode(self, &mut encoder))
    }
}
