//! The documents of the project, for an assistant that wants to know what something means.

/// A document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Document {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) text: &'static str,
}

/// Every document that is handed out.
pub(super) const DOCUMENTS: [Document; 5] = [
    Document {
        name: "glossary",
        about: "What the words of Beacon mean: copy, holder, target, collection, member and the others",
        text: include_str!("../../../docs/GLOSSARY.md"),
    },
    Document {
        name: "operations",
        about: "How to run a beacon: files, network, patience, deleting, leaving, what is odd",
        text: include_str!("../../../docs/OPERATIONS.md"),
    },
    Document {
        name: "notifications",
        about: "How a beacon tells its user when something is the matter",
        text: include_str!("../../../docs/NOTIFICATIONS.md"),
    },
    Document {
        name: "metrics",
        about: "The figures for Prometheus and their meaning",
        text: include_str!("../../../docs/METRICS.md"),
    },
    Document {
        name: "configuration",
        about: "A configuration with every key, as an example",
        text: include_str!("../../../config.example.json"),
    },
];

impl Document {
    /// The address by which it is asked for.
    pub(super) fn uri(&self) -> String {
        format!("beacon://docs/{}", self.name)
    }

    /// What its text is.
    pub(super) fn mime_type(&self) -> &'static str {
        if self.text.starts_with('{') { "application/json" } else { "text/markdown" }
    }
}
