//! Floor 4: the HTTP API and the status page.
