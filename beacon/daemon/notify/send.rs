//! Bringing one message to one hook.

use std::sync::Arc;

use reqwest::Client;

use super::{
    NotifyError,
    body::{BeaconForm, Body},
    command, webhook,
};
use crate::{
    config::{HookTarget, NotifyHook},
    daemon::clock::Clock,
    model::BeaconId,
};

/// Sends a message that only shows that messages arrive, to one hook after the other; what came of each.
pub async fn test_hooks(
    hooks: &[NotifyHook],
    id: Option<BeaconId>,
    name: &str,
) -> Vec<(String, Result<String, NotifyError>)> {
    let id = id.map(|id| id.to_string()).unwrap_or_default();
    let body = Body::test(BeaconForm { id, name: name.to_owned() }, Clock::start().now());
    let mut answers = Vec::new();
    for hook in hooks {
        let answer = match webhook::client() {
            Ok(client) => send(&client, hook, &body).await,
            Err(error) => Err(error),
        };
        answers.push((hook.name.clone(), answer));
    }
    answers
}

/// Brings a message to a hook; what was answered.
pub(super) async fn send(client: &Client, hook: &NotifyHook, body: &Body) -> Result<String, NotifyError> {
    match &hook.target {
        HookTarget::Webhook(webhook) => webhook::post(client, webhook, body).await,
        HookTarget::Command(argv) => command::run(argv, body, command::TIME_MAX).await,
    }
}

/// A message on its way.
pub(super) type Parcel = Arc<Body>;
