//! Telling pages that something changed, so that they ask again (server-sent events, WHATWG HTML 9.2).

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    response::{
        Sse,
        sse::{Event, KeepAlive},
    },
};
use futures_util::{Stream, StreamExt as _, stream};
use tokio::{
    sync::{OwnedSemaphorePermit, watch},
    time::{Instant, sleep_until},
};

use super::{problem::Problem, server::Shared};

/// The most pages that follow live.
pub(super) const STREAMS_MAX: usize = 512;
/// Changes closer together than this are told as one.
const PACE: Duration = Duration::from_secs(1);
/// A sign of life, so that neither end nor a proxy takes a quiet stream for a dead one.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Follow what changes
#[utoipa::path(get, path = "/api/v1/events", responses((status = 200, content_type = "text/event-stream", body = String)))]
pub(super) async fn events(
    State(shared): State<Arc<Shared>>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let permit = Arc::clone(&shared.streams).try_acquire_owned().ok();
    let permit = permit.ok_or(Problem::TooManyStreams(STREAMS_MAX))?;
    let mut closing = shared.closing.clone();
    let closed = async move { closing.wait_for(|closing| *closing).await.is_ok() };
    // A first event at once: some proxies hold an answer back until it has a body.
    let mut changes = shared.changes.clone();
    changes.mark_changed();
    let follow = changes_as_events(changes, permit).take_until(Box::pin(closed));
    Ok(Sse::new(follow).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("still here")))
}

/// One event a change, at most one in [`PACE`]. The permit lives as long as the stream.
fn changes_as_events(
    changes: watch::Receiver<u64>,
    permit: OwnedSemaphorePermit,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let start = (changes, None::<Instant>, permit);
    stream::unfold(start, |(mut changes, earliest, permit)| async move {
        changes.changed().await.ok()?;
        if let Some(earliest) = earliest {
            sleep_until(earliest).await;
        }
        let id = changes.borrow_and_update().to_string();
        let event = Event::default().event("change").id(&id).data(&id);
        Some((Ok(event), (changes, Some(Instant::now() + PACE), permit)))
    })
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use tokio::sync::Semaphore;

    use crate::web::testing::shared_state;

    use super::*;

    #[tokio::test]
    async fn a_page_too_many_is_told_so() {
        let shared = shared_state();
        let streams: Vec<_> = (0..STREAMS_MAX).map(|_| events(State(Arc::clone(&shared)))).collect();
        let streams = futures_util::future::join_all(streams).await;
        assert!(streams.iter().all(Result::is_ok));
        assert_eq!(events(State(Arc::clone(&shared))).await.err(), Some(Problem::TooManyStreams(STREAMS_MAX)));
        drop(streams);
        assert!(events(State(shared)).await.is_ok());
    }

    #[tokio::test]
    async fn a_burst_of_changes_is_told_once_a_second() {
        let (bump, changes) = watch::channel(0);
        let limit = Arc::new(Semaphore::new(1));
        let permit = Arc::clone(&limit).try_acquire_owned().expect("a free place");
        let begin = Instant::now();
        {
            let mut told = pin!(changes_as_events(changes, permit));
            bump.send_replace(1);
            assert!(told.next().await.is_some());
            for change in 2..100 {
                bump.send_replace(change);
            }
            let event = format!("{:?}", told.next().await.expect("the burst"));
            assert!(event.contains("99"), "{event}");
            assert!(begin.elapsed() >= PACE);
            drop(bump);
            assert!(told.next().await.is_none(), "the stream ends with the beacon");
        }
        assert_eq!(limit.available_permits(), 1);
    }
}
