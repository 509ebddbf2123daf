//! What goes wrong in a page without anybody seeing it: errors in its console, and what its policy forbids.

use serde_json::{Value, json};

use super::{chromium::Chromium, page::Browser};

/// One error that the browser noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// `javascript`, `network`, `security`, `console-api` and others.
    pub(crate) source: String,
    pub(crate) text: String,
}

impl Browser {
    /// All errors so far that nobody took yet. Who takes them says that they had to be.
    pub(crate) fn troubles(&self) -> Vec<Trouble> {
        let fresh = read(&self.chromium).unwrap_or_else(|error| panic!("no console: {error}"));
        let mut troubles = self.troubles.borrow_mut();
        troubles.extend(fresh);
        troubles.drain(..).collect()
    }

    /// Takes the errors so far and fails unless each is that of a request that was refused or not answered, and `text` is
    /// in it: the browser notes those by itself, whatever a page makes of them.
    pub(crate) fn expect_failed_requests(&self, text: &str) {
        let troubles = self.troubles();
        let odd: Vec<&Trouble> =
            troubles.iter().filter(|trouble| trouble.source != "network" || !trouble.text.contains(text)).collect();
        assert!(odd.is_empty(), "the page has other troubles: {odd:#?}");
    }
}

/// What came into the console since it was read the last time.
pub(super) fn read(chromium: &Chromium) -> Result<Vec<Trouble>, String> {
    let entries = chromium.command("se/log", &json!({ "type": "browser" }))?;
    let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    let troubles = entries.as_array().into_iter().flatten().filter_map(|entry| {
        let trouble = Trouble { source: text(entry, "source"), text: text(entry, "message") };
        let is_error = entry["level"] == "SEVERE" || trouble.text.contains("Content Security Policy");
        is_error.then_some(trouble)
    });
    Ok(troubles.collect())
}
