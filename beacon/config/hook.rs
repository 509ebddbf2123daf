//! Whom the user wants to be told, and how.

use std::path::PathBuf;

use super::Secret;
use crate::notify::Policy;

/// One hook: where messages go, and which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotifyHook {
    /// What it is called in logs and commands; no two hooks are called alike.
    pub name: String,
    /// Where its messages go.
    pub target: HookTarget,
    /// What it is told, and how often.
    pub policy: Policy,
}

/// Where messages go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HookTarget {
    /// To a URL, by HTTP.
    Webhook(Webhook),
    /// To a program and its arguments, which is started for each message without a shell.
    Command(Vec<String>),
}

/// A URL to which messages are posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// The URL. Who knows it can write there, so it is shown only as far as the host.
    pub url: Secret,
    /// The scheme and host of the URL.
    pub shown: String,
    /// Headers that go with each message.
    pub headers: Vec<(String, Secret)>,
    /// The key with which messages are signed.
    pub key: Option<Secret>,
    /// The form of the body.
    pub format: BodyFormat,
    /// The files that URL, headers and key were read from.
    pub files: Vec<PathBuf>,
}

/// The form of a message's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BodyFormat {
    /// JSON with everything.
    #[default]
    Json,
    /// JSON with nothing but the text, for receivers that take no other key.
    Chat,
    /// Plain text.
    Text,
}

impl BodyFormat {
    /// Every form.
    pub const ALL: [Self; 3] = [Self::Json, Self::Chat, Self::Text];

    /// The word for it in the file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Chat => "chat",
            Self::Text => "text",
        }
    }
}

impl HookTarget {
    /// Where it goes, without anything secret.
    pub fn shown(&self) -> String {
        match self {
            Self::Webhook(webhook) => webhook.shown.clone(),
            Self::Command(argv) => argv.first().cloned().unwrap_or_default(),
        }
    }
}
