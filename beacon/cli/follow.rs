//! Following what changes in the running beacon (server-sent events, WHATWG HTML 9.2), through restarts of it.

use std::{collections::BTreeSet, pin::Pin, time::Duration};

use reqwest::Response;
use serde_json::Value;
use tokio::time::{sleep, timeout};

use super::{
    CliError,
    connection::{Connection, SILENCE_MAX},
};
use crate::daemon::stop_signal;

/// What changes in the running beacon, from now on and until Ctrl-C.
pub(super) struct Followed<'a> {
    connection: &'a Connection,
    stop: Pin<Box<dyn Future<Output = ()> + Send>>,
    stream: Option<Response>,
    reader: Reader,
    /// The id of the last event, which begins with the number of the beacon's run.
    last_id: Option<String>,
    /// Whether it answered when it was last asked.
    is_lost: bool,
    has_begun: bool,
}

/// Something that was told, or that nothing is told any more.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// Something changed.
    Changed {
        /// What.
        topics: Topics,
        /// Whether the beacon has been started anew since the last time, or this is the first.
        is_other_run: bool,
    },
    /// The beacon does not answer any more, and why. It is told once, and then it is waited for.
    Lost(String),
}

/// What has changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Topics(BTreeSet<String>);

/// The fields of an event, as far as it has come.
#[derive(Debug, Default)]
struct Reader {
    bytes: Vec<u8>,
    id: String,
    data: String,
}

/// How long to wait before it is looked again whether a beacon that went is back.
const RETRY: Duration = Duration::from_secs(1);
/// An event of a beacon is some hundred bytes; a line that is longer than this is not one.
const LINE_BYTES_MAX: usize = 64 << 10;

impl<'a> Followed<'a> {
    /// Begins with Ctrl-C; the beacon is asked when the first event is wanted.
    pub(super) fn new(connection: &'a Connection) -> Result<Self, CliError> {
        let stop = Box::pin(stop_signal()?);
        let reader = Reader::default();
        Ok(Self { connection, stop, stream: None, reader, last_id: None, is_lost: false, has_begun: false })
    }

    /// What is told next; `None` after Ctrl-C.
    ///
    /// # Errors
    /// Where no beacon answers at the very beginning.
    pub(super) async fn next(&mut self) -> Result<Option<Told>, CliError> {
        loop {
            if let Some((id, data)) = self.reader.event() {
                return Ok(Some(self.told(id, &data)));
            }
            // Borrowed apart, so that waiting for the beacon and for Ctrl-C can be given up together.
            let Self { connection, stop, stream, last_id, is_lost, .. } = &mut *self;
            let read = tokio::select! {
                () = stop => return Ok(None),
                read = read(connection, stream, last_id.as_deref(), *is_lost) => read,
            };
            match read {
                Ok(bytes) => {
                    self.is_lost = false;
                    self.has_begun = true;
                    self.reader.take(&bytes);
                }
                Err(error) if !self.has_begun => return Err(error),
                Err(error) => {
                    self.stream = None;
                    self.reader = Reader::default();
                    if !std::mem::replace(&mut self.is_lost, true) {
                        return Ok(Some(Told::Lost(reason(&error))));
                    }
                }
            }
        }
    }

    fn told(&mut self, id: String, data: &str) -> Told {
        let run = |id: &str| id.split('-').next().unwrap_or_default().to_owned();
        let is_other_run = self.last_id.as_deref().is_none_or(|last| run(last) != run(&id));
        if !id.is_empty() {
            self.last_id = Some(id);
        }
        Told::Changed { topics: Topics::read(data), is_other_run }
    }
}

/// The next bytes of the stream, which is opened where it is not. The time that this takes is bounded.
async fn read(
    connection: &Connection,
    stream: &mut Option<Response>,
    last_id: Option<&str>,
    is_lost: bool,
) -> Result<Vec<u8>, CliError> {
    if is_lost {
        sleep(RETRY).await;
    }
    let response = match stream {
        Some(response) => response,
        None => stream.insert(connection.events(last_id).await?),
    };
    match timeout(SILENCE_MAX, response.chunk()).await {
        Ok(Ok(Some(bytes))) => Ok(bytes.to_vec()),
        Ok(Ok(None)) => Err(connection.unreachable("it has ended".to_owned())),
        Ok(Err(error)) => Err(connection.unreachable(super::remote::innermost(&error))),
        Err(_elapsed) => Err(connection.unreachable("it has been silent for too long".to_owned())),
    }
}

fn reason(error: &CliError) -> String {
    match error {
        CliError::Unreachable { reason, .. } => format!("the beacon does not answer any more ({reason})"),
        other => other.to_string(),
    }
}

impl Topics {
    /// Everything.
    pub(super) fn all() -> Self {
        Self(BTreeSet::from(["all".to_owned()]))
    }

    /// From the data of an event. A beacon that tells no topics means everything.
    fn read(data: &str) -> Self {
        let data: Value = serde_json::from_str(data).unwrap_or_default();
        let topics = data.get("topics").and_then(Value::as_array).into_iter().flatten();
        let topics: BTreeSet<String> = topics.filter_map(Value::as_str).map(str::to_owned).collect();
        if topics.is_empty() { Self::all() } else { Self(topics) }
    }

    /// Whether one of these has changed.
    pub(super) fn concern(&self, topics: &[&str]) -> bool {
        self.0.contains("all") || topics.iter().any(|topic| self.0.contains(*topic))
    }
}

impl Reader {
    fn take(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The id and the data of the next event that has come as a whole.
    fn event(&mut self) -> Option<(String, String)> {
        while let Some(end) = self.bytes.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.bytes.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches(['\n', '\r']);
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "" if line.is_empty() && !self.data.is_empty() => {
                    return Some((std::mem::take(&mut self.id), std::mem::take(&mut self.data)));
                }
                "id" => value.clone_into(&mut self.id),
                "data" => self.data.push_str(value),
                _ => {}
            }
        }
        if self.bytes.len() > LINE_BYTES_MAX {
            self.bytes.clear();
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_however_they_are_cut() {
        let text = ": still here\n\nevent: change\nid: 7-3\ndata: {\"topics\":[\"log\"]}\n\ndata: 5\r\n\r\n";
        for size in [1, 3, 7, 1000] {
            let mut reader = Reader::default();
            let mut events = Vec::new();
            for part in text.as_bytes().chunks(size) {
                reader.take(part);
                events.extend(std::iter::from_fn(|| reader.event()));
            }
            let log = ("7-3".to_owned(), "{\"topics\":[\"log\"]}".to_owned());
            assert_eq!(events, [log, (String::new(), "5".to_owned())], "in parts of {size}");
        }
    }

    #[test]
    fn a_line_without_end_is_dropped() {
        let mut reader = Reader::default();
        reader.take(&vec![b'x'; LINE_BYTES_MAX + 1]);
        assert_eq!((reader.event(), reader.bytes.len()), (None, 0));
    }

    #[test]
    fn topics_concern_whoever_names_one_of_them() {
        let log = Topics::read("{\"revision\":3,\"topics\":[\"log\",\"jobs\"]}");
        assert!(log.concern(&["log"]) && !log.concern(&["status", "members"]));
        for all in ["{\"topics\":[\"all\"]}", "17", "nonsense", "{}"] {
            assert!(Topics::read(all).concern(&["status"]), "{all}");
        }
    }
}
