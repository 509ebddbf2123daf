//! What came out, in a table for each client.

use std::{collections::BTreeMap, time::Duration};

use crate::programs::Program;

/// One fetch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) time: Duration,
    /// Of the client that fetched, where it can be told.
    pub(crate) processor: Duration,
}

/// Every fetch by its client and the number of uploaders.
#[derive(Default)]
pub(crate) struct Table(BTreeMap<(Program, usize), Vec<Measured>>);

impl Table {
    pub(crate) fn add(&mut self, program: Program, uploaders: usize, measured: Measured) {
        self.0.entry((program, uploaders)).or_default().push(measured);
    }

    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    pub(crate) fn print(&self, bytes: usize) {
        let mut before = None;
        for ((program, uploaders), all) in &self.0 {
            if before != Some(program) {
                println!("\n{}\n", program.name());
                println!(
                    "| uploaders | time, median | fastest | speed per uploader | combined speed | processor time of the downloader |"
                );
                println!("|{}", "---|".repeat(6));
                before = Some(program);
            }
            let median = middle(all.iter().map(|measured| measured.time).collect());
            let fastest = all.iter().map(|measured| measured.time).min().unwrap_or_default().as_secs_f64();
            let processor = middle(all.iter().map(|measured| measured.processor).collect());
            let combined = bytes as f64 / 1e6 / median;
            println!(
                "| {uploaders} | {median:.3} s | {fastest:.3} s | {:.0} MB/s | {combined:.0} MB/s | {processor:.2} s |",
                combined / *uploaders as f64
            );
        }
    }
}

/// The median in seconds.
fn middle(mut times: Vec<Duration>) -> f64 {
    times.sort();
    let upper = times[times.len() / 2].as_secs_f64();
    let lower = times[(times.len() - 1) / 2].as_secs_f64();
    f64::midpoint(upper, lower)
}
