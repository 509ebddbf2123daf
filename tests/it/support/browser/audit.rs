//! Whether people who see, hear or move differently can use a page: axe-core, which `tests/run` fetches.

use std::fs;

use serde_json::{Value, json};

use super::page::Browser;
use crate::support::tool;

/// Names what axe-core holds for serious or critical, each with the places where it is.
const AUDIT: &str = r#"
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ["violations"] }).then(
  ({ violations }) => done(violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, impact, help, nodes }) => ({
      id, impact, help,
      places: nodes.slice(0, 5).map(({ target, failureSummary }) => `${target}: ${failureSummary}`),
    }))),
  (error) => done([{ id: "axe-core failed", help: `${error}` }]));
"#;

impl Browser {
    /// What axe-core finds in the page as it is that is serious or critical.
    pub(crate) fn audit(&self) -> Vec<Value> {
        if self.script("return typeof axe", &[]) != json!("object") {
            self.script(&format!("{}; window.axe = axe;", axe()), &[]);
        }
        match self.script_later(AUDIT, &[]) {
            Value::Array(found) => found,
            other => panic!("axe-core said {other}"),
        }
    }
}

fn axe() -> String {
    let path = tool("BEACON_TEST_AXE", "axe-core/axe.min.js");
    let text = fs::read_to_string(&path);
    text.unwrap_or_else(|error| panic!("{}: {error}; `tests/run` fetches axe-core", path.display()))
}
