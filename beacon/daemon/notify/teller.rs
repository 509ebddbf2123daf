//! From looks at the node to messages on their way.

use super::{
    body::{BeaconForm, Body},
    outbox::Outbox,
};
use crate::{
    config::Settings,
    daemon::{DaemonError, event_loop::EventLoop, memory::Keeper},
    model::{BeaconId, Instant},
    notify::{Notifier, Observation},
};

/// What looks at the node for those who want to be told.
#[derive(Debug)]
pub(in crate::daemon) struct Teller {
    notifier: Notifier,
    outbox: Outbox,
    id: String,
    name: String,
}

impl Teller {
    /// One for the hooks of the configuration; `None` where there are none, and nobody has to look.
    pub(in crate::daemon) fn start(
        now: Instant,
        settings: &Settings,
        id: BeaconId,
        keeper: &Keeper,
    ) -> Result<Option<Self>, DaemonError> {
        let names: Vec<&str> = settings.notify.iter().map(|hook| hook.name.as_str()).collect();
        let told = keeper.lock().told(&names)?;
        if names.is_empty() {
            return Ok(None);
        }
        let hooks = settings.notify.iter().map(|hook| (hook.name.clone(), hook.policy.clone())).collect();
        Ok(Some(Self {
            notifier: Notifier::new(now, hooks, told),
            outbox: Outbox::start(&settings.notify)?,
            id: id.to_string(),
            name: settings.name.clone(),
        }))
    }

    /// Tells what is to be told, and writes down what was.
    fn tell(&mut self, now: Instant, seen: &Observation, keeper: &Keeper) {
        let (deliveries, changes) = self.notifier.look(now, seen);
        for delivery in deliveries {
            let beacon = BeaconForm { id: self.id.clone(), name: self.name.clone() };
            let body = Body::new(beacon, &delivery.message);
            tracing::info!("hooks are told: {}", body.line());
            self.outbox.put(delivery.hook, body);
        }
        // It is told again after a restart where it cannot be written down, and that is all.
        if !changes.is_empty()
            && let Err(error) = keeper.lock().save_told(&changes)
        {
            tracing::warn!("what was told cannot be written down: {error}");
        }
    }
}

impl EventLoop {
    /// Lets those who want to be told look at the node.
    pub(in crate::daemon) fn tell_hooks(&mut self) {
        let now = self.clock.now();
        if let Some(teller) = &mut self.teller {
            teller.tell(now, &self.node.observe(now), &self.keeper);
        }
    }
}
