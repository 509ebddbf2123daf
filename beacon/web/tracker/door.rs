//! Who is let in to the tracker, and by which door.

use std::{
    future::{Future, IntoFuture as _},
    io,
    sync::Arc,
};

use axum::{
    Router,
    extract::{ConnectInfo, RawQuery, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::net::TcpListener;

use super::Tracker;
use crate::{
    tracker::failure,
    web::{
        connections::{BoundedListener, RemoteAddress},
        guard::{is_ours, requested_host},
    },
};

/// Whom a door is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admits {
    /// Clients of this machine.
    ThisMachine,
    /// Everyone who reaches it.
    Everyone,
}

/// What is known at a door.
#[derive(Debug)]
pub(super) struct Door {
    tracker: Arc<Tracker>,
    admits: Admits,
    /// Names by which the page may be called; see [`is_ours`].
    host_names: Vec<String>,
}

const HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_TYPE, "text/plain"),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// What browsers send, and clients do not.
const OF_BROWSERS: [HeaderName; 3] =
    [header::ORIGIN, HeaderName::from_static("sec-fetch-site"), HeaderName::from_static("sec-fetch-mode")];

/// What proxies add: behind one, everybody seems to be on the proxy's machine.
const OF_PROXIES: [HeaderName; 4] =
    [header::FORWARDED, header::VIA, HeaderName::from_static("x-forwarded-for"), HeaderName::from_static("x-real-ip")];

/// Serves the tracker and nothing else until `shutdown` is over.
///
/// # Errors
/// What the operating system says when the listener fails for good.
pub async fn serve_tracker(
    listener: TcpListener,
    tracker: Arc<Tracker>,
    admits: Admits,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let listener = match admits {
        Admits::ThisMachine => BoundedListener::new(listener),
        Admits::Everyone => BoundedListener::for_strangers(listener),
    };
    let app = routes(tracker, admits, Vec::new()).into_make_service_with_connect_info::<RemoteAddress>();
    // Announces are short; who has not got an answer when the beacon stops asks again elsewhere.
    tokio::select! {
        result = axum::serve(listener, app).into_future() => result,
        () = shutdown => Ok(()),
    }
}

/// `/announce` and `/scrape` behind a door. Refusals are bencoded too, since clients show nothing else to their users.
pub(in crate::web) fn routes(tracker: Arc<Tracker>, admits: Admits, host_names: Vec<String>) -> Router {
    let door = Arc::new(Door::new(tracker, admits, host_names));
    Router::new()
        .route("/announce", get(announce))
        .route("/scrape", get(scrape))
        .layer(middleware::from_fn_with_state(Arc::clone(&door), guard))
        .with_state(door)
}

async fn announce(
    State(door): State<Arc<Door>>,
    ConnectInfo(RemoteAddress(remote)): ConnectInfo<RemoteAddress>,
    RawQuery(query): RawQuery,
) -> Vec<u8> {
    door.tracker.announce(door.tracker.asker(remote), &query.unwrap_or_default()).await
}

async fn scrape(State(door): State<Arc<Door>>, RawQuery(query): RawQuery) -> Vec<u8> {
    door.tracker.scrape(&query.unwrap_or_default()).await
}

async fn guard(
    State(door): State<Arc<Door>>,
    ConnectInfo(RemoteAddress(remote)): ConnectInfo<RemoteAddress>,
    request: Request,
    next: Next,
) -> Response {
    let is_here = door.tracker.asker(remote).is_here;
    let mut response = match door.refusal(is_here, request.headers(), request.uri()) {
        Some(reason) => failure(reason).into_response(),
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if door.admits == Admits::Everyone {
        // A stranger asks once in a long time and need not keep a place until then.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

impl Door {
    pub(super) const fn new(tracker: Arc<Tracker>, admits: Admits, host_names: Vec<String>) -> Self {
        Self { tracker, admits, host_names }
    }

    /// Why a request is not answered, if it is not.
    pub(super) fn refusal(&self, is_here: bool, headers: &HeaderMap, uri: &Uri) -> Option<&'static str> {
        if OF_BROWSERS.iter().any(|name| headers.contains_key(name)) {
            return Some("this is a tracker for BitTorrent clients, not for browsers");
        }
        if is_here && OF_PROXIES.iter().any(|name| headers.contains_key(name)) {
            return Some(
                "this came through a proxy, behind which nobody can tell clients apart; announce to the address in `tracker.listen` of the beacon's configuration",
            );
        }
        match self.admits {
            Admits::ThisMachine if !is_here => Some(
                "this tracker answers only clients on its own machine; to open it, set \"tracker\": { \"listen\": \"0.0.0.0:6969\" } in the beacon's configuration and announce to that port",
            ),
            Admits::ThisMachine if !self.is_called_right(headers, uri) => {
                Some("this beacon does not answer to that name; announce to its IP address or to localhost")
            }
            Admits::ThisMachine | Admits::Everyone => None,
        }
    }

    /// Whether the `Host` is one that only whoever knows this machine would use. Old clients send none; browsers, in which a
    /// foreign page may have re-bound its name to this address, always do.
    fn is_called_right(&self, headers: &HeaderMap, uri: &Uri) -> bool {
        let is_unnamed = !headers.contains_key(header::HOST) && uri.host().is_none();
        is_unnamed || requested_host(headers, uri).is_ok_and(|host| is_ours(&host, &self.host_names))
    }
}
