//! Telling pages what changed, so that they ask for that again (server-sent events, WHATWG HTML 9.2).

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::HeaderMap,
    response::{
        Sse,
        sse::{Event, KeepAlive},
    },
};
use futures_util::{Stream, StreamExt as _, stream};
use serde_json::json;
use tokio::{
    sync::{OwnedSemaphorePermit, watch},
    time::{Instant, sleep_until},
};

use super::{Revision, Topic, problem::Problem, server::Shared};

/// The most pages that follow live.
pub(super) const STREAMS_MAX: usize = 512;
/// Changes closer together than this are told as one: quick enough for people, and four a second at most for a page.
const PACE: Duration = Duration::from_millis(250);
/// A sign of life, so that neither end nor a proxy takes a quiet stream for a dead one.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// What a page sends that has lost its connection and comes again: the id of the last event it saw.
const LAST_EVENT_ID: &str = "last-event-id";

/// Follow what changes
///
/// A stream of server-sent events that does not end. The first comes at once and says `all`, or, where `Last-Event-ID` is of
/// this run of the beacon, what has changed since then. Each event `change` has an id `<run>-<revision>`, and as its data an
/// object with `revision` and `topics`: of what to ask again. Topics are `status`, `torrents`, `members`, `actions`,
/// `collections`, `history`, `log` and `jobs`. What only grows older (uptimes, when somebody was last heard) is not told.
#[utoipa::path(
    get, path = "/api/v1/events", tag = "live",
    params(("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was seen.")),
    responses((status = 200, description = "Events.", content_type = "text/event-stream", body = String))
)]
pub(super) async fn events(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let permit = Arc::clone(&shared.streams).try_acquire_owned().ok();
    let permit = permit.ok_or(Problem::TooManyStreams(STREAMS_MAX))?;
    let mut closing = shared.closing.clone();
    let closed = async move { closing.wait_for(|closing| *closing).await.is_ok() };
    let last = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok());
    let follow = changes_as_events(shared.changes.clone(), last, permit).take_until(Box::pin(closed));
    Ok(Sse::new(follow).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("still here")))
}

/// What a page that follows has been told.
#[derive(Debug)]
struct Follower {
    changes: watch::Receiver<Revision>,
    /// Up to which change; `None` where it knows nothing yet.
    told: Option<u64>,
    /// When the next event may be sent; `None` before the first.
    earliest: Option<Instant>,
    /// Lives as long as the stream.
    _permit: OwnedSemaphorePermit,
}

/// The first event at once, since some proxies hold an answer back until it has a body; then one a change, at most one in
/// [`PACE`].
fn changes_as_events(
    changes: watch::Receiver<Revision>,
    last: Option<&str>,
    permit: OwnedSemaphorePermit,
) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
    let told = last.and_then(|id| changes.borrow().seen(id));
    let follower = Follower { changes, told, earliest: None, _permit: permit };
    stream::unfold(follower, |mut follower| async move {
        if let Some(earliest) = follower.earliest {
            follower.changes.changed().await.ok()?;
            sleep_until(earliest).await;
        }
        let revision = *follower.changes.borrow_and_update();
        let topics = match follower.told {
            Some(told) => revision.since(told).into_iter().map(Topic::word).collect(),
            None => vec!["all"],
        };
        let data = json!({ "revision": revision.number(), "topics": topics });
        let event = Event::default().event("change").id(revision.to_string()).data(data.to_string());
        let told = Some(revision.number());
        Some((Ok(event), Follower { told, earliest: Some(Instant::now() + PACE), ..follower }))
    })
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use tokio::sync::Semaphore;

    use super::*;
    use crate::web::{Changes, testing::shared_state};

    #[tokio::test]
    async fn a_page_too_many_is_told_so() {
        let shared = shared_state();
        let follow = || events(State(Arc::clone(&shared)), HeaderMap::new());
        let streams = futures_util::future::join_all((0..STREAMS_MAX).map(|_| follow())).await;
        assert!(streams.iter().all(Result::is_ok));
        assert_eq!(follow().await.err(), Some(Problem::TooManyStreams(STREAMS_MAX)));
        drop(streams);
        assert!(follow().await.is_ok());
    }

    /// What is told of next.
    async fn next(told: &mut (impl Stream<Item = Result<Event, Infallible>> + Unpin)) -> String {
        format!("{:?}", told.next().await.expect("an event"))
    }

    #[tokio::test]
    async fn a_burst_of_changes_is_told_as_one() {
        let changes = Changes::new(7);
        let limit = Arc::new(Semaphore::new(1));
        let permit = Arc::clone(&limit).try_acquire_owned().expect("a free place");
        let begin = Instant::now();
        {
            let mut told = pin!(changes_as_events(changes.follow(), None, permit));
            assert!(next(&mut told).await.contains("all"));
            for _ in 0..99 {
                changes.raise(&[Topic::Members]);
            }
            changes.raise(&[Topic::Jobs]);
            let event = next(&mut told).await;
            assert!(event.contains("00000007-100") && event.contains("members") && event.contains("jobs"), "{event}");
            assert!(!event.contains("log"), "{event}");
            assert!(begin.elapsed() >= PACE);
            drop(changes);
            assert!(told.next().await.is_none(), "the stream ends with the beacon");
        }
        assert_eq!(limit.available_permits(), 1);
    }

    #[tokio::test]
    async fn who_comes_back_is_told_what_was_missed_and_strangers_everything() {
        let changes = Changes::new(7);
        changes.raise(&[Topic::Log]);
        changes.raise(&[Topic::History]);
        let limit = Arc::new(Semaphore::new(9));
        for (last, has, has_not) in [
            (None, "all", "history"),
            (Some("00000007-1"), "history", "log"),
            (Some("00000007-2"), "[]", "all"),
            (Some("00000008-1"), "all", "history"),
            (Some("nonsense"), "all", "history"),
        ] {
            let permit = Arc::clone(&limit).try_acquire_owned().expect("a free place");
            let event = next(&mut pin!(changes_as_events(changes.follow(), last, permit))).await;
            assert!(event.contains(has) && !event.contains(has_not), "{last:?}: {event}");
        }
    }
}
