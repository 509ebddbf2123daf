//! What somebody meets who reads the page: how long until it says something, and whether it ever holds them up.

use std::{fs, time::Duration};

use fantoccini::key::Key;
use serde_json::{Value, json};

use super::support::{Browser, soon};

/// Notes, from the very beginning of a page, when it first says how the archive stands, when the map is drawn, and every
/// task that holds the page up for 50 ms or more, which is what browsers call a long one.
const NOTE: &str = r#"
window.noted = { tasks: [], said: null, drawn: null };
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) noted.tasks.push([startTime, duration]);
}).observe({ type: "longtask", buffered: true });
const after = (what) => requestAnimationFrame(() => { noted[what] ??= performance.now(); });
const look = () => {
  const sentence = document.querySelector('[role=status][aria-label="In short"]')?.textContent ?? "";
  if (noted.said === null && /\d/.test(sentence)) after("said");
  const map = document.querySelector("[data-map]")?.dataset;
  if (noted.drawn === null && map && map.total > 0 && map.drawn === map.total) after("drawn");
  if (noted.said === null || noted.drawn === null) requestAnimationFrame(look);
};
requestAnimationFrame(look);
"#;

/// The longest task since a moment, in milliseconds; 0 where none took 50.
const LONGEST: &str = "
const [since] = arguments;
return Math.max(0, ...noted.tasks.filter(([start]) => start >= since).map(([, duration]) => duration));
";

/// How many cells of the map are pointed at.
const POINTED: usize = 200;
/// What tells the page that all its tasks are noted: observers are told late.
const SETTLED: &str = "
const done = arguments[arguments.length - 1];
requestIdleCallback(() => setTimeout(done, 200));
";

/// A page that was loaded, and what is noted of it.
pub(crate) struct Reader {
    browser: Browser,
}

/// What a load took, in milliseconds since it was asked for.
pub(crate) struct Load {
    /// Until it said how the archive stands.
    pub(crate) said: f64,
    /// Until every cell of the map was drawn.
    pub(crate) drawn: f64,
    pub(crate) longest_task: f64,
}

impl Reader {
    pub(crate) fn start() -> Self {
        let browser = Browser::start();
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": NOTE }));
        Self { browser }
    }

    /// Loads the page, with nothing kept of an earlier time.
    pub(crate) fn load(&self, page: &str) -> Load {
        self.browser.devtools("Network.clearBrowserCache", &json!({}));
        self.browser.open("about:blank");
        self.browser.open(page);
        let noted = soon("the map is drawn", || {
            let noted = self.browser.try_script("return noted", &[])?;
            if noted["said"].is_number() && noted["drawn"].is_number() { Ok(noted) } else { Err(noted.to_string()) }
        });
        Load { said: number(&noted["said"]), drawn: number(&noted["drawn"]), longest_task: self.longest_since(0.0) }
    }

    /// Moves the mouse over the map; the longest task meanwhile.
    pub(crate) fn points_at_the_map(&self, torrents: usize) -> f64 {
        self.browser.script("document.querySelector('[data-map]').scrollIntoView({ block: 'start' })", &[]);
        self.during(|| {
            for step in 0..POINTED {
                let place = step * torrents / POINTED;
                let center = self
                    .browser
                    .script("return document.querySelector('[data-map]').cellCenter(arguments[0])", &[json!(place)]);
                let Some([x, y]) = center.as_object().map(|_| ["x", "y"].map(|axis| number(&center[axis]))) else {
                    continue;
                };
                self.browser.devtools("Input.dispatchMouseEvent", &json!({ "type": "mouseMoved", "x": x, "y": y }));
            }
        })
    }

    /// Shows only what stands in some way, then everything; the longest task meanwhile.
    pub(crate) fn filters_the_map(&self) -> f64 {
        self.during(|| {
            for state in ["missing", "under", "met", "over"] {
                self.browser.press("button", state);
                self.browser.press("button", state);
            }
        })
    }

    /// Looks for a word, letter by letter; the longest task meanwhile.
    pub(crate) fn searches(&self) -> f64 {
        self.during(|| {
            self.browser.press("searchbox", "Find a torrent");
            for letter in "harbour letters".chars() {
                self.browser.devtools("Input.insertText", &json!({ "text": letter }));
            }
            self.browser.keys(&[Key::Enter]);
        })
    }

    /// Bytes of JavaScript's heap after what is not needed was thrown away, and of everything that is the page's own process.
    pub(crate) fn memory(&self) -> (f64, u64) {
        self.browser.devtools("HeapProfiler.collectGarbage", &json!({}));
        let heap = self.browser.script("return performance.memory.usedJSHeapSize", &[]);
        (number(&heap), renderer_bytes(self.browser.process().expect("Chromium tells its process")))
    }

    fn during(&self, act: impl FnOnce()) -> f64 {
        let since = number(&self.browser.script("return performance.now()", &[]));
        act();
        self.longest_since(since)
    }

    fn longest_since(&self, since: f64) -> f64 {
        self.browser.script_later(SETTLED, &[]);
        number(&self.browser.script(LONGEST, &[json!(since)]))
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("no number: {value}"))
}

/// Bytes in memory of the largest process below Chromium that shows pages, its share of what several use included.
fn renderer_bytes(browser: u64) -> u64 {
    let processes =
        fs::read_dir("/proc").expect("processes").filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let renders = |pid: &String| {
        let read = |file: &str| fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
        let line = String::from_utf8_lossy(&read("cmdline")).into_owned();
        line.contains("--type=renderer") && descends(pid, browser)
    };
    processes.filter(renders).map(|pid| proportional_bytes(&pid)).max().unwrap_or_default()
}

/// Whether a process was started by another, or by one that it started.
fn descends(pid: &str, from: u64) -> bool {
    let mut pid = pid.to_owned();
    while pid != "0" && !pid.is_empty() {
        if pid == from.to_string() {
            return true;
        }
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // The name in parentheses may hold spaces; the fields after it do not.
        let parent = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1));
        parent.unwrap_or_default().clone_into(&mut pid);
    }
    false
}

fn proportional_bytes(pid: &str) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()).and_then(|number| number.parse::<u64>().ok());
    kibibytes.unwrap_or_default() * 1_024
}

/// The page may go on drawing for so long after it was told something.
pub(crate) const SETTLING: Duration = Duration::from_secs(5);
