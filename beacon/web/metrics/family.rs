//! One metric: its name, what it means, and how it is read.

use std::fmt;

use prometheus_client::{
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{counter::ConstCounter, gauge::ConstGauge},
    registry,
};

use super::scrape::Scrape;

/// A metric with all its series.
#[derive(Debug, Clone, Copy)]
pub(super) struct Family {
    /// Its name, the unit at its end; a counter's series have `_total` behind that.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) unit: Unit,
    /// The names of its labels.
    pub(super) labels: &'static [&'static str],
    /// What it means, in one line without backslashes.
    pub(super) help: &'static str,
    /// Its series at present; none where the figure is not known.
    pub(super) read: fn(&Scrape) -> Vec<Sample>,
}

/// Whether a figure only rises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It rises from the start of its program on.
    Counter,
    /// It rises and falls.
    Gauge,
}

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Things; or 0 for no and 1 for yes.
    None,
    Bytes,
    Seconds,
}

/// One series with its value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sample {
    /// The values of the family's labels, in its order.
    pub(super) labels: Vec<String>,
    pub(super) value: Value,
}

/// A figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value {
    Whole(u64),
    Real(f64),
}

impl Family {
    /// Writes it with all its series; nothing where there are none.
    pub(super) fn encode(&self, scrape: &Scrape, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let samples = (self.read)(scrape);
        if samples.is_empty() {
            return Ok(());
        }
        let unit = self.unit.of_registry();
        // The encoder puts the unit behind the name.
        let name = match &unit {
            Some(unit) => self.name.strip_suffix(unit.as_str()).and_then(|name| name.strip_suffix('_')),
            None => Some(self.name),
        };
        let kind = match self.kind {
            Kind::Counter => ConstCounter::new(0_u64).metric_type(),
            Kind::Gauge => ConstGauge::new(0_u64).metric_type(),
        };
        let mut family =
            encoder.encode_descriptor(name.unwrap_or(self.name), &format!("{}.", self.help), unit.as_ref(), kind)?;
        for sample in samples {
            let labels: Vec<_> = self.labels.iter().copied().zip(sample.labels).collect();
            let series = if labels.is_empty() { None } else { Some(family.encode_family(&labels)?) };
            match series {
                Some(series) => self.kind.encode(sample.value, series)?,
                // Without labels there is one series at most.
                None => return self.kind.encode(sample.value, family),
            }
        }
        Ok(())
    }
}

impl Kind {
    /// The word for it in the document.
    #[cfg(test)]
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
        }
    }

    fn encode(self, value: Value, series: prometheus_client::encoding::MetricEncoder<'_>) -> fmt::Result {
        match (self, value) {
            (Self::Counter, Value::Whole(value)) => ConstCounter::new(value).encode(series),
            (Self::Counter, Value::Real(value)) => ConstCounter::new(value).encode(series),
            (Self::Gauge, Value::Whole(value)) => ConstGauge::new(value).encode(series),
            (Self::Gauge, Value::Real(value)) => ConstGauge::new(value).encode(series),
        }
    }
}

impl Unit {
    /// The word for it in the document, and at the end of names.
    #[cfg(test)]
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Bytes => "bytes",
            Self::Seconds => "seconds",
        }
    }

    const fn of_registry(self) -> Option<registry::Unit> {
        match self {
            Self::None => None,
            Self::Bytes => Some(registry::Unit::Bytes),
            Self::Seconds => Some(registry::Unit::Seconds),
        }
    }
}

/// The one series of a family without labels.
pub(super) fn one(value: impl Into<Value>) -> Vec<Sample> {
    vec![Sample { labels: Vec::new(), value: value.into() }]
}

/// The one series of a family without labels, where the figure is known.
pub(super) fn known(value: Option<impl Into<Value>>) -> Vec<Sample> {
    value.map(one).unwrap_or_default()
}

/// A series of a family with labels.
pub(super) fn labelled<const N: usize>(labels: [&str; N], value: impl Into<Value>) -> Sample {
    Sample { labels: labels.map(str::to_owned).into(), value: value.into() }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Whole(value.into())
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Self::Whole(value)
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Self::Whole(value as u64)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<crate::model::ByteSize> for Value {
    fn from(value: crate::model::ByteSize) -> Self {
        Self::Whole(value.bytes())
    }
}
