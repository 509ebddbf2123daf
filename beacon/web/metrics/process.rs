//! What this process takes of its machine.

use std::time::Duration;

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System, get_current_pid};
use tokio::task::spawn_blocking;

/// What this process takes; `None` where the system does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct ProcessFigures {
    /// Processor time.
    pub(super) cpu_time: Option<Duration>,
    /// Bytes of memory that are resident.
    pub(super) resident: Option<u64>,
    /// Bytes of address space.
    pub(super) address_space: Option<u64>,
    /// Seconds from 1970 to its start.
    pub(super) started_s: Option<u64>,
    /// Open files and sockets, and how many there may be.
    pub(super) open_files: Option<usize>,
    pub(super) open_files_max: Option<usize>,
    pub(super) threads: Option<usize>,
}

/// Reads them, off the threads that serve requests.
pub(super) async fn figures() -> ProcessFigures {
    // A thread that panicked has told nothing.
    spawn_blocking(|| sample().unwrap_or_default()).await.unwrap_or_default()
}

fn sample() -> Option<ProcessFigures> {
    let pid: Pid = get_current_pid().ok()?;
    let mut system = System::new().ok()?;
    let wanted = ProcessRefreshKind::nothing().with_cpu().with_memory().with_tasks();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), false, wanted);
    let process = system.process(pid)?;
    Some(ProcessFigures {
        cpu_time: Some(Duration::from_millis(process.accumulated_cpu_time())),
        resident: Some(process.memory()),
        address_space: Some(process.virtual_memory()),
        started_s: Some(process.start_time()),
        open_files: process.open_files(),
        open_files_max: process.open_files_limit(),
        // The first thread is the process itself.
        threads: process.tasks().map(|others| others.len() + 1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn this_process_takes_something() {
        let figures = figures().await;
        assert!(figures.resident.is_some_and(|bytes| bytes > 1_000_000), "{figures:?}");
        assert!(figures.started_s.is_some_and(|seconds| seconds > 1_000_000_000), "{figures:?}");
        assert!(figures.cpu_time.is_some(), "{figures:?}");
        if cfg!(target_os = "linux") {
            assert!(figures.open_files.is_some_and(|files| files > 2), "{figures:?}");
            assert!(figures.open_files < figures.open_files_max, "{figures:?}");
            assert!(figures.threads.is_some_and(|threads| threads > 1), "{figures:?}");
        }
    }
}
