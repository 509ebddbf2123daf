//! The server: what it is given, its routes, and its end.

use std::{
    future::{Future, IntoFuture as _},
    io,
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::{Router, middleware, routing::any};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, mpsc, watch},
    time::sleep,
};

use super::{
    Admits, Question, Revision, Sessions, Tracker, assets,
    connections::{BoundedListener, RemoteAddress},
    document::document,
    editing::{EditsCollections, edits},
    events, guard,
    host::HostMeter,
    making::MakesTorrents,
    routes::routes,
    tracker,
};

/// How long answers under way may take to end when the beacon stops; it wants to be gone within two seconds.
const FAREWELL: Duration = Duration::from_secs(1);

/// What the server is given by the daemon.
#[derive(Debug)]
pub struct WebContext {
    /// The way to the daemon's loop.
    pub questions: mpsc::Sender<Question>,
    /// Raised by the daemon whenever something visible changed.
    pub changes: watch::Receiver<Revision>,
    /// Where torrents are stored; the space free there is shown.
    pub storage_dir: PathBuf,
    /// The version of this program.
    pub version: String,
    /// Who lets in whoever may order something.
    pub sessions: Arc<Sessions>,
    /// The tracker, which answers clients of this machine here too.
    pub tracker: Arc<Tracker>,
    /// Who makes torrents.
    pub maker: Arc<dyn MakesTorrents>,
    /// Who writes collection files.
    pub editor: Arc<dyn EditsCollections>,
    /// What the user decided.
    pub options: WebOptions,
}

/// What the user decides of the page and the API.
#[derive(Debug, Clone, Default)]
pub struct WebOptions {
    /// Whether nothing can be ordered here, whoever asks: no route is mounted that changes anything, or tells secrets.
    pub read_only: bool,
    /// Host names, without port, by which the page may be opened beside `localhost` and any IP address.
    pub host_names: Vec<String>,
    /// The directory from which the page's files are read each time, instead of those within the program.
    pub dashboard_dir: Option<PathBuf>,
}

/// What all handlers share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) questions: mpsc::Sender<Question>,
    pub(super) changes: watch::Receiver<Revision>,
    pub(super) version: String,
    pub(super) sessions: Arc<Sessions>,
    pub(super) tracker: Arc<Tracker>,
    pub(super) maker: Arc<dyn MakesTorrents>,
    pub(super) editor: Arc<dyn EditsCollections>,
    /// Places for those who work on collection files.
    pub(super) working: Arc<Semaphore>,
    pub(super) options: WebOptions,
    pub(super) host: HostMeter,
    /// The API's document, once it is mounted.
    pub(super) document: OnceLock<String>,
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
    let tracker =
        tracker::routes(Arc::clone(&context.tracker), Admits::ThisMachine, context.options.host_names.clone());
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
            sessions: context.sessions,
            tracker: context.tracker,
            maker: context.maker,
            editor: context.editor,
            working: Arc::new(Semaphore::new(edits::WORKING_MAX)),
            options: context.options,
            document: OnceLock::new(),
            host: HostMeter::new(context.storage_dir),
            streams: Arc::new(Semaphore::new(events::STREAMS_MAX)),
            closing,
        }
    }
}

fn router(shared: Arc<Shared>) -> Router {
    let (router, mounts) = routes(&shared).into_router();
    let document = document(mounts, &shared.version, shared.sessions.cookie_name());
    // It is set once, here.
    let _ = shared.document.set(document.to_string());
    router
        .fallback(any(assets::asset))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), guard::guard))
        .with_state(shared)
}
