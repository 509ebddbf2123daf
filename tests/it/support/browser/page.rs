//! A browser as a reader uses it: addresses, words, buttons, fields, keys, the mouse.

use std::{cell::RefCell, fmt, fs, path::Path, thread, time::Duration};

use fantoccini::{
    actions::{InputSource as _, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction},
    key::Key,
};
use serde_json::{Value, json};

use super::{
    chromium::Chromium,
    console::{self, Trouble},
};
use crate::support::wait::until;

/// For everything that a page does by itself; long, since tests share the machine with others.
const PATIENCE: Duration = Duration::from_secs(20);

/// A Chromium of its own, with one page. When it is dropped, everything of it ends, and the test fails if the page had
/// written an error to its console, or tried what its Content-Security-Policy forbids, and the test had not asked for it.
pub(crate) struct Browser {
    pub(super) chromium: Chromium,
    pub(super) troubles: RefCell<Vec<Trouble>>,
}

impl Browser {
    /// A browser with an empty page.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// With more arguments for Chromium.
    pub(crate) fn start_with(arguments: &[&str]) -> Self {
        Self { chromium: Chromium::start(arguments), troubles: RefCell::default() }
    }

    /// Goes to an address and waits until everything that it names is loaded.
    pub(crate) fn open(&self, url: &str) {
        done(&format!("open {url}"), self.chromium.wait(self.chromium.client.goto(url)));
    }

    /// The address of the page.
    pub(crate) fn address(&self) -> String {
        done("the address", self.chromium.wait(self.chromium.client.current_url())).into()
    }

    /// Runs a script in the page; what it returns.
    pub(crate) fn script(&self, script: &str, arguments: &[Value]) -> Value {
        done(script, self.try_script(script, arguments))
    }

    /// The same, where it may fail.
    pub(crate) fn try_script(&self, script: &str, arguments: &[Value]) -> Result<Value, String> {
        self.chromium.wait(self.chromium.client.execute(script, arguments.to_vec()))
    }

    /// Runs a script that calls back with its last argument; what that is called with.
    pub(crate) fn script_later(&self, script: &str, arguments: &[Value]) -> Value {
        let answer = self.chromium.client.execute_async(script, arguments.to_vec());
        done(script, self.chromium.wait(answer))
    }

    /// A command of the protocol that Chromium has for its developers.
    pub(crate) fn devtools(&self, command: &str, parameters: &Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        done(command, self.chromium.command("goog/cdp/execute", &body))
    }

    /// All text that can be seen.
    pub(crate) fn text(&self) -> String {
        let text = self.script("return document.body.innerText", &[]);
        text.as_str().expect("text").to_owned()
    }

    /// Waits until a text can be seen.
    pub(crate) fn shows(&self, text: &str) {
        soon(&format!("the page says `{text}`"), || {
            let all = self.text();
            if all.contains(text) { Ok(()) } else { Err(all) }
        });
    }

    /// Waits until a text can be seen no more.
    pub(crate) fn hides(&self, text: &str) {
        soon(&format!("the page says `{text}` no more"), || {
            let all = self.text();
            if all.contains(text) { Err(all) } else { Ok(()) }
        });
    }

    /// Presses keys, one after the other, wherever the focus is.
    pub(crate) fn keys(&self, keys: &[Key]) {
        self.press_all(keys.iter().map(|key| char::from(*key)));
    }

    /// Types a text, wherever the focus is.
    pub(crate) fn types(&self, text: &str) {
        self.press_all(text.chars());
    }

    fn press_all(&self, keys: impl Iterator<Item = char>) {
        let actions = keys.fold(KeyActions::new("keyboard".to_owned()), |actions, value| {
            actions.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        done("keys", self.chromium.wait(self.chromium.client.perform_actions(actions)));
    }

    /// Moves the mouse to a place of the window, in CSS pixels.
    pub(crate) fn point(&self, x: f64, y: f64) {
        let actions = mouse().then(PointerAction::MoveTo { duration: None, x, y });
        done("the mouse", self.chromium.wait(self.chromium.client.perform_actions(actions)));
    }

    /// Clicks at a place of the window, in CSS pixels.
    pub(crate) fn click_at(&self, x: f64, y: f64) {
        let actions = mouse()
            .then(PointerAction::MoveTo { duration: None, x, y })
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        done("the mouse", self.chromium.wait(self.chromium.client.perform_actions(actions)));
    }

    /// What the page looks like, as PNG.
    pub(crate) fn picture(&self) -> Vec<u8> {
        done("a picture", self.chromium.wait(self.chromium.client.screenshot()))
    }

    /// The number of Chromium's first process, where it is told.
    #[allow(dead_code, reason = "only `benches/page` asks for it")]
    pub(crate) fn process(&self) -> Option<u64> {
        self.chromium.pid
    }

    /// Shows where the page was when its test failed.
    fn tell_of_failure(&self) {
        let client = &self.chromium.client;
        let address = self.chromium.wait(client.current_url()).map_or_else(|error| error, Into::into);
        let text =
            self.try_script("return document.body.innerText", &[]).map_or_else(|error| error, |text| text.to_string());
        let name = thread::current().name().unwrap_or("test").replace("::", ".");
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.png"));
        let picture = self.chromium.wait(client.screenshot()).and_then(|picture| {
            fs::write(&path, picture).map_err(|error| error.to_string())?;
            Ok(path.display().to_string())
        });
        let troubles = self.chromium_troubles();
        tell(&format!("--- the page at {address}: {text}\nits console: {troubles:?}\nits picture: {picture:?}\n"));
    }

    fn chromium_troubles(&self) -> Vec<Trouble> {
        console::read(&self.chromium).unwrap_or_default()
    }
}

/// Asks until the answer is `Ok`, with the patience that a page deserves.
pub(crate) fn soon<T>(what: &str, check: impl FnMut() -> Result<T, String>) -> T {
    until(what, PATIENCE, check)
}

fn done<T>(what: &str, answer: Result<T, String>) -> T {
    answer.unwrap_or_else(|error| panic!("{what}: {error}"))
}

fn mouse() -> MouseActions {
    MouseActions::new("mouse".to_owned())
}

#[expect(clippy::print_stderr, reason = "it is shown with the failure of the test")]
fn tell(text: &str) {
    eprintln!("{text}");
}

impl fmt::Debug for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Browser").finish_non_exhaustive()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if thread::panicking() {
            self.tell_of_failure();
        } else {
            let troubles = self.troubles();
            assert!(troubles.is_empty(), "the page has troubles: {troubles:#?}");
        }
    }
}
