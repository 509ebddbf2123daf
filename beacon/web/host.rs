//! Figures of the machine the beacon runs on, sampled only when someone asks.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use serde::Serialize;
use sysinfo::{DiskRefreshKind, Disks, MemoryRefreshKind, Networks, System};
use tokio::{
    sync::watch,
    task::spawn_blocking,
    time::{Instant, timeout},
};
use utoipa::ToSchema;

/// A sample younger than this is given out again: many pages cost no more than one.
const SAMPLE_AGE: Duration = Duration::from_secs(2);
/// How long an answer waits for a new sample; a hung network disk must not hang the page.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the machine is doing; `null` where it does not tell.
#[derive(Debug, Clone, PartialEq, Default, Serialize, ToSchema)]
pub(super) struct HostFigures {
    /// Load of all processors together since the last sample, 0 to 100.
    pub(super) cpu_percent: Option<f32>,
    /// Bytes of memory in use.
    pub(super) memory_used: Option<u64>,
    /// Bytes of memory.
    pub(super) memory_total: Option<u64>,
    /// Bytes free on the volume of the storage directory.
    pub(super) disk_free: Option<u64>,
    /// Bytes sent by all interfaces but loopback since they came up.
    pub(super) net_sent: Option<u64>,
    /// Bytes received likewise.
    pub(super) net_received: Option<u64>,
}

/// Samples [`HostFigures`], off the threads that serve requests and at most once in [`SAMPLE_AGE`].
#[derive(Debug)]
pub(super) struct HostMeter {
    latest: Arc<watch::Sender<Latest>>,
    storage_dir: PathBuf,
}

/// The last sample, and what is needed for the next one.
#[derive(Default)]
struct Latest {
    figures: HostFigures,
    at: Option<Instant>,
    sampling: bool,
    /// Lent to the thread that samples.
    system: Option<System>,
}

impl fmt::Debug for Latest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Latest")
            .field("figures", &self.figures)
            .field("sampling", &self.sampling)
            .finish_non_exhaustive()
    }
}

impl HostMeter {
    /// Samples nothing yet.
    pub(super) fn new(storage_dir: PathBuf) -> Self {
        Self { latest: Arc::new(watch::Sender::new(Latest::default())), storage_dir }
    }

    /// The figures, at most [`SAMPLE_AGE`] old unless the machine takes longer than [`PATIENCE`] to tell.
    pub(super) async fn figures(&self) -> HostFigures {
        let mut system = None;
        let is_due = self.latest.send_if_modified(|latest| {
            let is_due = !latest.sampling && latest.at.is_none_or(|at| at.elapsed() >= SAMPLE_AGE);
            if is_due {
                latest.sampling = true;
                system = latest.system.take();
            }
            is_due
        });
        if is_due {
            let (latest, storage_dir) = (Arc::clone(&self.latest), self.storage_dir.clone());
            spawn_blocking(move || {
                let (figures, system) = sample(system, &storage_dir);
                let at = Some(Instant::now());
                latest.send_replace(Latest { figures, at, sampling: false, system });
            });
        }
        let mut changes = self.latest.subscribe();
        match timeout(PATIENCE, changes.wait_for(|latest| !latest.sampling)).await {
            Ok(Ok(latest)) => latest.figures.clone(),
            _ => self.latest.borrow().figures.clone(),
        }
    }
}

/// Takes one sample. Load is a difference between two looks; the first time, both are taken here.
fn sample(system: Option<System>, storage_dir: &Path) -> (HostFigures, Option<System>) {
    let system = system.or_else(|| {
        let mut system = System::new().ok()?;
        system.refresh_cpu_usage();
        std::thread::sleep(sysinfo::MINIMUM_CPU_UPDATE_INTERVAL);
        Some(system)
    });
    let mut figures = HostFigures { disk_free: disk_free(storage_dir), ..HostFigures::default() };
    if let Some((sent, received)) = traffic() {
        (figures.net_sent, figures.net_received) = (Some(sent), Some(received));
    }
    let system = system.map(|mut system| {
        system.refresh_cpu_usage();
        system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
        figures.cpu_percent = Some(system.global_cpu_usage().clamp(0.0, 100.0));
        figures.memory_used = Some(system.used_memory());
        figures.memory_total = Some(system.total_memory());
        system
    });
    (figures, system)
}

/// Bytes free on the volume that `dir` is on, or will be once it is made. Volumes are listed anew each time, since a
/// disk may be mounted there while the beacon runs; only the one that matters is asked for its space.
fn disk_free(dir: &Path) -> Option<u64> {
    let absolute = std::path::absolute(dir).ok()?;
    let existing = absolute.ancestors().find_map(|ancestor| ancestor.canonicalize().ok())?;
    let mut disks = Disks::new_with_refreshed_list_specifics(DiskRefreshKind::nothing()).ok()?;
    let disk = disks
        .iter_mut()
        .filter(|disk| existing.starts_with(disk.mount_point()))
        .max_by_key(|disk| disk.mount_point().as_os_str().len())?;
    disk.refresh_specifics(DiskRefreshKind::nothing().with_storage());
    Some(disk.available_space())
}

/// Bytes sent and received by every interface but loopback.
fn traffic() -> Option<(u64, u64)> {
    let networks = Networks::new_with_refreshed_list().ok()?;
    let outside =
        networks.iter().filter(|(_, data)| !data.ip_networks().iter().any(|network| network.addr.is_loopback()));
    Some(outside.fold((0_u64, 0_u64), |(sent, received), (_, data)| {
        (sent.saturating_add(data.total_transmitted()), received.saturating_add(data.total_received()))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn figures_are_plausible_and_sampled_once_for_many_askers() {
        let meter = HostMeter::new(PathBuf::from("/definitely/not/here/yet"));
        let (first, second) = tokio::join!(meter.figures(), meter.figures());
        assert_eq!(first, second);
        assert!(first.memory_used.expect("memory in use") > 0);
        assert!(first.memory_used <= first.memory_total);
        assert!((0.0..=100.0).contains(&first.cpu_percent.expect("load")));
    }

    #[tokio::test]
    async fn a_sample_that_hangs_leaves_the_last_figures() {
        let meter = HostMeter::new(PathBuf::from("/"));
        let figures = HostFigures { memory_used: Some(7), ..HostFigures::default() };
        meter.latest.send_modify(|latest| (latest.figures, latest.sampling) = (figures.clone(), true));
        assert_eq!(meter.figures().await, figures);
    }
}
