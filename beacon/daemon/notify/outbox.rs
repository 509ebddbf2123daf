//! A task for each hook, which brings it one message after the other and tries again what did not arrive.

use std::{sync::Arc, time::Duration};

use reqwest::Client;
use tokio::{sync::mpsc, time::sleep};

use super::{
    NotifyError,
    body::Body,
    send::{Parcel, send},
    webhook,
};
use crate::config::NotifyHook;

/// The most messages that wait for a hook that does not answer. What comes then is only in the log.
const WAITING_MAX: usize = 16;
/// How long to wait before a message is tried again, one wait after the other: a day in all.
const WAITS: [Duration; 9] = [
    Duration::from_secs(10),
    Duration::from_secs(30),
    Duration::from_mins(2),
    Duration::from_mins(10),
    Duration::from_mins(30),
    Duration::from_hours(1),
    Duration::from_hours(4),
    Duration::from_hours(6),
    Duration::from_hours(12),
];

/// What brings messages to hooks. The tasks end with it.
#[derive(Debug)]
pub(super) struct Outbox {
    ways: Vec<(String, mpsc::Sender<Parcel>)>,
}

impl Outbox {
    /// Starts a task for each hook.
    pub(super) fn start(hooks: &[NotifyHook]) -> Result<Self, NotifyError> {
        let client = webhook::client()?;
        let way = |hook: &NotifyHook| {
            let (parcels, waiting) = mpsc::channel(WAITING_MAX);
            tokio::spawn(serve(client.clone(), hook.clone(), waiting));
            (hook.name.clone(), parcels)
        };
        Ok(Self { ways: hooks.iter().map(way).collect() })
    }

    /// Hands a message over to a hook, by its place.
    pub(super) fn put(&self, hook: usize, body: Body) {
        let Some((name, parcels)) = self.ways.get(hook) else { return };
        if parcels.try_send(Arc::new(body)).is_err() {
            tracing::warn!("the hook {name} has not answered for {WAITING_MAX} messages, and is not told of another");
        }
    }
}

async fn serve(client: Client, hook: NotifyHook, mut waiting: mpsc::Receiver<Parcel>) {
    while let Some(body) = waiting.recv().await {
        deliver(&client, &hook, &body, &WAITS).await;
    }
}

/// Brings one message, as often as it may still arrive.
pub(super) async fn deliver(client: &Client, hook: &NotifyHook, body: &Body, waits: &[Duration]) -> bool {
    for place in 0..=waits.len() {
        let error = match send(client, hook, body).await {
            Ok(answer) => {
                tracing::debug!("the hook {} was told: {answer}", hook.name);
                return true;
            }
            Err(error) => error,
        };
        let Some(wait) = waits.get(place).filter(|_| error.may_pass()) else {
            tracing::warn!("the hook {} was not told \"{}\": {error}", hook.name, body.line());
            return false;
        };
        tracing::warn!("the hook {} was not told, and is tried again in {} s: {error}", hook.name, wait.as_secs());
        sleep(*wait).await;
    }
    false
}
