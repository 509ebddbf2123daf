//! The server: what it is given, its routes, and its end.

use std::{
    future::{Future, IntoFuture as _},
    io,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, mpsc, watch},
    time::sleep,
};

use super::{
    Admits, ApiToken, Question, Tracker, assets, collections,
    connections::{BoundedListener, RemoteAddress},
    events, find, guard,
    host::HostMeter,
    making::{self, MakesTorrents},
    orders, share, status, tracker,
};

/// How long answers under way may take to end when the beacon stops; it wants to be gone within two seconds.
const FAREWELL: Duration = Duration::from_secs(1);

/// What the server is given by the daemon.
#[derive(Debug)]
pub struct WebContext {
    /// The way to the daemon's loop.
    pub questions: mpsc::Sender<Question>,
    /// Raised by the daemon whenever something visible changed.
    pub changes: watch::Receiver<u64>,
    /// Where torrents are stored; the space free there is shown.
    pub storage_dir: PathBuf,
    /// The version of this program.
    pub version: String,
    /// Host names, without port, by which the page may be opened beside `localhost` and any IP address.
    pub host_names: Vec<String>,
    /// What who orders something must know.
    pub token: ApiToken,
    /// The tracker, which answers clients of this machine here too.
    pub tracker: Arc<Tracker>,
    /// Who makes torrents.
    pub maker: Arc<dyn MakesTorrents>,
}

/// What all handlers share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) questions: mpsc::Sender<Question>,
    pub(super) changes: watch::Receiver<u64>,
    pub(super) version: String,
    pub(super) host_names: Vec<String>,
    pub(super) token: ApiToken,
    pub(super) tracker: Arc<Tracker>,
    pub(super) maker: Arc<dyn MakesTorrents>,
    pub(super) host: HostMeter,
    /// Places for pages that follow live.
    pub(super) streams: Arc<Semaphore>,
    /// Becomes true when the server is to end.
    pub(super) closing: watch::Receiver<bool>,
}

/// Serves the API and the page until `shutdown` is over; live streams end then, and other answers soon after.
///
/// # Errors
/// What the operating system says when the listener fails for good.
pub async fn serve(
    listener: TcpListener,
    context: WebContext,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (close, closing) = watch::channel(false);
    let mut closed = closing.clone();
    let tracker = tracker::routes(Arc::clone(&context.tracker), Admits::ThisMachine, context.host_names.clone());
    let app = router(Arc::new(Shared::new(context, closing.clone()))).merge(tracker);
    let app = app.into_make_service_with_connect_info::<RemoteAddress>();
    let server = axum::serve(BoundedListener::new(listener), app)
        .with_graceful_shutdown(async move { drop(closed.wait_for(|closing| *closing).await) })
        .into_future();
    let end = async {
        shutdown.await;
        close.send_replace(true);
        sleep(FAREWELL).await;
    };
    tokio::select! {
        result = server => result,
        () = end => Ok(()),
    }
}

impl Shared {
    /// Splits the context into what handlers need.
    pub(super) fn new(context: WebContext, closing: watch::Receiver<bool>) -> Self {
        Self {
            questions: context.questions,
            changes: context.changes,
            version: context.version,
            host_names: context.host_names,
            token: context.token,
            tracker: context.tracker,
            maker: context.maker,
            host: HostMeter::new(context.storage_dir),
            streams: Arc::new(Semaphore::new(events::STREAMS_MAX)),
            closing,
        }
    }
}

fn router(shared: Arc<Shared>) -> Router {
    let api = Router::new()
        .route("/status", get(status::status))
        .route("/plan", get(status::plan))
        .route("/collections", get(collections::collections))
        .route("/collections/{id}/torrents", get(collections::torrents))
        .route("/torrents", get(find::find))
        .route("/torrents/{info_hash}", get(collections::torrent))
        .route("/torrents/{info_hash}/pin", post(orders::pin).delete(orders::unpin))
        .route("/torrents/{info_hash}/share", post(share::share))
        .route("/torrents/create", post(making::begin))
        .route("/jobs/{id}", get(making::job).delete(making::cancel))
        .route("/drain", post(orders::drain).delete(orders::stay))
        .route("/events", get(events::events));
    Router::new()
        .nest("/api/v1", api)
        .route("/healthz", get(status::healthz))
        .route("/readyz", get(status::readyz))
        .fallback(get(assets::asset))
        .layer(DefaultBodyLimit::max(orders::BODY_BYTES_MAX))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), guard::guard))
        .with_state(shared)
}
