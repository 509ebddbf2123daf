//! The part of the configuration that says whom to tell what.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
    time::Duration,
};

use reqwest::{
    Url,
    header::{HeaderName, HeaderValue},
};

use super::{
    BodyFormat, ConfigError, ConfigFault, HookTarget, NotifyHook, Secret, Webhook,
    given::{Given, Members},
    layers::Layers,
};
use crate::{
    json::Document,
    notify::{EventKind, Policy},
};

/// More hooks than anyone has places to be told at; each costs a task and some memory.
pub(super) const HOOKS_MAX: usize = 16;
/// Characters of a hook's name, which stands in the log.
const NAME_CHARS_MAX: usize = 40;
/// What a file with a URL, headers or a key has at most.
const FILE_BYTES_MAX: u64 = 16 << 10;
/// A day is enough, and a year is as good as never.
const AFTER_MAX: Duration = Duration::from_hours(24 * 365);
/// What a hook can say of itself.
pub(super) const KEYS: [&str; 10] = [
    "name",
    "webhook",
    "webhook_file",
    "headers_file",
    "secret_file",
    "format",
    "command",
    "events",
    "after",
    "per_hour",
];
/// What only a webhook can say.
const WEBHOOK_KEYS: [&str; 5] = ["webhook", "webhook_file", "headers_file", "secret_file", "format"];

/// Reads the hooks. Paths in the file start from `file_dir`, those elsewhere from `dir`.
pub(super) fn hooks(layers: &Layers<'_>, file_dir: &Path, dir: &Path) -> Result<Vec<NotifyHook>, ConfigError> {
    let Some(given) = layers.given("notify") else { return Ok(Vec::new()) };
    let Some(text) = given.plain_text() else { return read_all(&given, file_dir) };
    // In a variable or a flag it is the same JSON as in the file.
    let document = Document::new(text);
    let root = document.root().map_err(|error| given.in_json(error))?;
    read_all(&given.with_node(root), dir)
}

fn read_all(given: &Given<'_>, dir: &Path) -> Result<Vec<NotifyHook>, ConfigError> {
    let items = given.items()?;
    if items.len() > HOOKS_MAX {
        return Err(given.error(ConfigFault::TooManyHooks { found: items.len(), max: HOOKS_MAX }));
    }
    let mut hooks: Vec<NotifyHook> = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let hook = read(item, place + 1, dir)?;
        if hooks.iter().any(|other| other.name == hook.name) {
            return Err(item.error(ConfigFault::HookTwice(hook.name)));
        }
        hooks.push(hook);
    }
    Ok(hooks)
}

fn read(item: &Given<'_>, place: usize, dir: &Path) -> Result<NotifyHook, ConfigError> {
    let members = item.members(&KEYS)?;
    let name = match members.get("name") {
        Some(given) => name(&given)?,
        None => format!("hook{place}"),
    };
    let is_webhook = members.get("webhook").is_some() || members.get("webhook_file").is_some();
    let target = match members.get("command") {
        Some(command) if !is_webhook => HookTarget::Command(argv(&command, &members)?),
        None if is_webhook => HookTarget::Webhook(webhook(item, &members, dir)?),
        _ => return Err(item.error(ConfigFault::HookTarget)),
    };
    Ok(NotifyHook { name, target, policy: policy(&members)? })
}

fn name(given: &Given<'_>) -> Result<String, ConfigError> {
    let name = given.string()?.trim().to_owned();
    let fits = (1..=NAME_CHARS_MAX).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if fits { Ok(name) } else { Err(given.error(ConfigFault::HookName { max: NAME_CHARS_MAX })) }
}

fn policy(members: &Members<'_>) -> Result<Policy, ConfigError> {
    let default = Policy::default();
    let words = EventKind::ALL.map(EventKind::word);
    let kinds = match members.get("events") {
        Some(given) => {
            let kind = |item: &Given<'_>| item.word(&words).map(|place| EventKind::ALL[place]);
            given.items()?.iter().map(kind).collect::<Result<BTreeSet<_>, _>>()?
        }
        None => default.kinds,
    };
    Ok(Policy {
        kinds,
        after: members.get("after").map_or(Ok(default.after), |given| given.duration(Duration::ZERO, AFTER_MAX))?,
        per_hour: members.get("per_hour").map_or(Ok(default.per_hour), |given| given.count())?,
    })
}

fn argv(command: &Given<'_>, members: &Members<'_>) -> Result<Vec<String>, ConfigError> {
    if let Some((key, given)) = WEBHOOK_KEYS.iter().find_map(|key| Some((*key, members.get(key)?))) {
        return Err(given.error(ConfigFault::KeyOfWebhook(key)));
    }
    let argv = command.items()?.iter().map(Given::string).collect::<Result<Vec<_>, _>>()?;
    match argv.first() {
        Some(program) if !program.trim().is_empty() => Ok(argv),
        _ => Err(command.error(ConfigFault::EmptyCommand)),
    }
}

fn webhook(item: &Given<'_>, members: &Members<'_>, dir: &Path) -> Result<Webhook, ConfigError> {
    let mut files = Vec::new();
    let (given, text) = match (members.get("webhook"), members.get("webhook_file")) {
        (Some(given), None) => (given.clone(), given.string()?),
        (None, Some(given)) => (given.clone(), file_text(&given, dir, &mut files)?),
        _ => return Err(item.error(ConfigFault::HookTarget)),
    };
    let not_a_url = || given.error(ConfigFault::WebhookUrl);
    let url = Url::parse(text.trim()).map_err(|_not_a_url| not_a_url())?;
    let host = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https")).ok_or_else(not_a_url)?;
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let words = BodyFormat::ALL.map(BodyFormat::word);
    Ok(Webhook {
        shown: format!("{}://{host}{port}", url.scheme()),
        headers: match members.get("headers_file") {
            Some(given) => headers(&given, &file_text(&given, dir, &mut files)?)?,
            None => Vec::new(),
        },
        key: match members.get("secret_file") {
            Some(given) => Some(key(&given, &file_text(&given, dir, &mut files)?)?),
            None => None,
        },
        format: match members.get("format") {
            Some(given) => BodyFormat::ALL[given.word(&words)?],
            None => BodyFormat::default(),
        },
        url: Secret::new(url.into()),
        files,
    })
}

fn key(given: &Given<'_>, text: &str) -> Result<Secret, ConfigError> {
    match text.trim() {
        "" => Err(given.error(ConfigFault::EmptySecret)),
        key => Ok(Secret::new(key.to_owned())),
    }
}

/// Headers, a line each, as `curl` takes them. What is wrong is told without what stands there.
fn headers(given: &Given<'_>, text: &str) -> Result<Vec<(String, Secret)>, ConfigError> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let header = |line: &str| {
        let (name, value) = line.split_once(':')?;
        let name = HeaderName::from_bytes(name.trim().as_bytes()).ok()?;
        HeaderValue::from_str(value.trim()).ok()?;
        Some((name.as_str().to_owned(), Secret::new(value.trim().to_owned())))
    };
    let bad = |place: usize| given.error(ConfigFault::HeaderLine(place + 1));
    lines.map(|(place, line)| header(line).ok_or_else(|| bad(place))).collect()
}

fn file_text(given: &Given<'_>, dir: &Path, files: &mut Vec<PathBuf>) -> Result<String, ConfigError> {
    let path = dir.join(given.path()?);
    let text = File::open(&path).and_then(|file| {
        let mut text = String::new();
        file.take(FILE_BYTES_MAX + 1).read_to_string(&mut text)?;
        match text.len() as u64 {
            0..=FILE_BYTES_MAX => Ok(text),
            _ => Err(io::Error::other(format!("it has more than {FILE_BYTES_MAX} bytes"))),
        }
    });
    files.push(path.clone());
    text.map_err(|reason| given.error(ConfigFault::HookFile { path, reason }))
}
