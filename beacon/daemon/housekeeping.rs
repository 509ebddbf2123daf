//! What is done now and then, whatever happens.

use std::time::Duration;

use super::{disk, event_loop::EventLoop};
use crate::node::Input;

/// How often the free disk is looked at, the ways to neighbors are measured, members are written down, and hooks are told.
pub(super) const HOUSEKEEPING: Duration = Duration::from_secs(30);

impl EventLoop {
    /// Does what is due.
    pub(super) async fn keep_house(&mut self) {
        self.unsaved.save(&self.keeper);
        let dir = self.storage_dir.clone();
        if let Ok(Some(free)) = tokio::task::spawn_blocking(move || disk::free(&dir)).await {
            self.handle(Input::DiskFree(free));
        }
        self.handle(Input::RoundTrips(self.net.round_trips()));
        self.follow_trend();
        self.tell_hooks();
    }
}
