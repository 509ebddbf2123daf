//! Tests of the hooks in the configuration.

use std::{collections::BTreeMap, fs, time::Duration};

use tempfile::TempDir;

use super::{BodyFormat, HookTarget, NotifyHook, Secret, Settings, Sources, load};
use crate::notify::{EventKind, Policy};

const HOOKS: &str = r#"{
  "notify": [
    { "webhook": "https://chat.example/hooks/verysecret", "events": ["missing", "client_lost"], "per_hour": 3 },
    { "name": "phone", "webhook_file": "url", "headers_file": "headers", "secret_file": "key", "format": "text" },
    { "name": "mail", "command": ["/usr/local/bin/tell", "--to", "me; rm -rf /"], "after": "0s" }
  ]
}"#;

/// Settings of a directory with this configuration, these variables, and the files that it names.
fn loaded(text: &str, variable: Option<&str>) -> Result<Settings, String> {
    let dir = TempDir::new().expect("a directory");
    for (name, text) in [
        ("config.json", text),
        ("url", "http://127.0.0.1:8090/verysecret?x=1\n"),
        ("headers", "Authorization: Bearer verysecret\n\nX-Title: Beacon\n"),
        ("bad", "X-Title: Beacon\nverysecret\n"),
        ("key", "verysecret\n"),
        ("empty", "\n"),
    ] {
        fs::write(dir.path().join(name), text).expect("written");
    }
    let variables = variable.map(|text| ("BEACON_NOTIFY".to_owned(), text.to_owned()));
    let variables = variables.into_iter().chain([("BEACON_EVENT_TEXT".to_owned(), "as in a hook".to_owned())]);
    let sources = Sources {
        dir: dir.path().to_owned(),
        variables: variables.collect::<BTreeMap<_, _>>(),
        default_name: "attic".to_owned(),
        ..Sources::default()
    };
    load(&sources).map_err(|error| error.to_string().replace(&dir.path().display().to_string(), "DIR"))
}

fn hooks(settings: &Settings) -> [&NotifyHook; 3] {
    let [chat, phone, mail] = &settings.notify[..] else { panic!("three hooks") };
    [chat, phone, mail]
}

#[test]
fn hooks_are_read_with_what_their_files_say() {
    let settings = loaded(HOOKS, None).expect("good");
    let [chat, phone, mail] = hooks(&settings);
    assert_eq!(chat.name, "hook1");
    assert_eq!(chat.policy.kinds, [EventKind::Missing, EventKind::ClientLost].into());
    assert_eq!((chat.policy.per_hour, chat.policy.after), (3, Policy::AFTER));
    let HookTarget::Webhook(webhook) = &phone.target else { panic!("a webhook") };
    assert_eq!(webhook.url.reveal(), "http://127.0.0.1:8090/verysecret?x=1");
    let headers: Vec<_> = webhook.headers.iter().map(|(name, value)| (name.as_str(), value.reveal())).collect();
    assert_eq!(headers, [("authorization", "Bearer verysecret"), ("x-title", "Beacon")]);
    assert_eq!(webhook.key.as_ref().map(Secret::reveal), Some("verysecret"));
    assert_eq!((webhook.format, phone.policy.clone()), (BodyFormat::Text, Policy::default()));
    assert_eq!(mail.policy.after, Duration::ZERO);
    let argv = ["/usr/local/bin/tell", "--to", "me; rm -rf /"].map(str::to_owned);
    assert_eq!(mail.target, HookTarget::Command(argv.into()));
}

#[test]
fn nothing_secret_is_shown() {
    let settings = loaded(HOOKS, None).expect("good");
    let shown: Vec<String> = settings.shown().into_iter().map(|(key, value)| format!("{key} {value}")).collect();
    let shown = shown.join("\n");
    assert!(shown.contains("hook1: webhook at https://chat.example for missing client_lost; phone: webhook at http://127.0.0.1:8090 for"), "{shown}");
    assert!(!shown.contains("verysecret") && !format!("{settings:?}").contains("verysecret"), "{shown}");
}

#[test]
fn a_variable_has_the_same_json() {
    let variable = r#"[{ "webhook_file": "url", "events": ["under"] }]"#;
    let settings = loaded(HOOKS, Some(variable)).expect("good");
    assert_eq!(settings.notify.len(), 1);
    assert_eq!(settings.notify[0].target.shown(), "http://127.0.0.1:8090");
    assert_eq!(loaded("{}", Some("null")).expect("good").notify, []);
    let told = loaded("{}", Some(r#"[{ "webhok": "x" }]"#)).expect_err("wrong");
    assert_eq!(told, "BEACON_NOTIFY:1:4: unknown key `webhok`; did you mean `webhook`?");
}

#[test]
fn what_is_wrong_with_a_hook_is_told_without_its_secrets() {
    let told = |hook: &str| loaded(&format!(r#"{{ "notify": [{hook}] }}"#), None).expect_err("wrong");
    let all = [
        "{}",
        r#"{ "webhook": "http://a.example/", "command": ["x"] }"#,
        r#"{ "webhook": "http://a.example/", "webhook_file": "url" }"#,
        r#"{ "webhook": "chat.example/verysecret" }"#,
        r#"{ "webhook": "ftp://chat.example/verysecret" }"#,
        r#"{ "command": [] }"#,
        r#"{ "command": ["x"], "format": "json" }"#,
        r#"{ "command": ["x"], "events": ["mising"] }"#,
        r#"{ "command": ["x"], "after": 5 }"#,
        r#"{ "command": ["x"], "name": "" }"#,
        r#"{ "command": ["x"], "name": "a" }, { "command": ["y"], "name": "a" }"#,
        r#"{ "webhook": "http://a.example/", "headers_file": "bad" }"#,
        r#"{ "webhook": "http://a.example/", "secret_file": "empty" }"#,
        r#"{ "webhook": "http://a.example/", "secret_file": "none" }"#,
        r#""http://a.example/""#,
    ]
    .map(told);
    assert!(!all.iter().any(|told| told.contains("verysecret")), "{all:?}");
    insta::assert_snapshot!(all.join("\n"), @r#"
    config.json:1:14: a hook has one of `webhook` (a URL), `webhook_file` (a file with a URL) and `command` (a list: the program and its arguments)
    config.json:1:14: a hook has one of `webhook` (a URL), `webhook_file` (a file with a URL) and `command` (a list: the program and its arguments)
    config.json:1:14: a hook has one of `webhook` (a URL), `webhook_file` (a file with a URL) and `command` (a list: the program and its arguments)
    config.json:1:27: that is not the URL of a webhook; write it like "https://chat.example/hooks/a1b2"
    config.json:1:27: that is not the URL of a webhook; write it like "https://chat.example/hooks/a1b2"
    config.json:1:27: the command is empty; write it like ["/usr/local/bin/tell-me", "--now"]
    config.json:1:44: `format` is for webhooks, and this hook is a command
    config.json:1:45: `mising` means nothing here; did you mean `missing`?
    config.json:1:43: `5` has no unit; write "5s" for seconds, or use ms, m, h or d
    config.json:1:42: the name of a hook must have 1 to 40 characters, and no line breaks
    config.json:1:49: there is a hook `a` already; give each a `name` of its own
    config.json:1:64: line 2 of the headers file is no header; write it like "Authorization: Bearer a1b2"
    config.json:1:63: the secret file is empty
    config.json:1:63: the file DIR/none cannot be read: No such file or directory (os error 2)
    config.json:1:14: this must be an object, `{ ... }`, and is a text
    "#);
    let many = vec![r#"{ "command": ["x"] }"#; 17].join(",");
    assert!(told(&many).contains("17 hooks are too many; 16 are the most"));
}
