//! The page and the API as the daemon starts and ends them.

use std::{io, net::SocketAddr, path::PathBuf};

use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
    time::timeout,
};

use super::{
    DaemonError,
    start::{FAREWELL, QUEUE},
};
use crate::web::{self, ApiToken, Question, WebContext};

/// The page before anyone is served.
#[derive(Debug)]
pub(super) struct Page {
    listener: TcpListener,
    pub(super) address: SocketAddr,
}

/// The page while it is served.
#[derive(Debug)]
pub(super) struct OpenPage {
    close: oneshot::Sender<()>,
    server: JoinHandle<io::Result<()>>,
}

impl Page {
    /// Takes the address.
    pub(super) async fn bind(address: SocketAddr) -> Result<Self, DaemonError> {
        let bound = async {
            let listener = TcpListener::bind(address).await?;
            Ok(Self { address: listener.local_addr()?, listener })
        };
        bound.await.map_err(|reason| DaemonError::Dashboard { address, reason })
    }

    /// Begins to serve. What is asked comes out of the receiver, and the other end is told what changed.
    pub(super) fn serve(
        self,
        storage_dir: PathBuf,
        token: ApiToken,
    ) -> (OpenPage, mpsc::Receiver<Question>, watch::Sender<u64>) {
        let (questions, asked) = mpsc::channel(QUEUE);
        let (changes, seen) = watch::channel(0);
        let (close, closed) = oneshot::channel::<()>();
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let context = WebContext { questions, changes: seen, storage_dir, version, host_names: Vec::new(), token };
        let server = tokio::spawn(web::serve(self.listener, context, async move { drop(closed.await) }));
        (OpenPage { close, server }, asked, changes)
    }
}

impl OpenPage {
    /// Ends it. Pages that are still open are told; whether they heard it changes nothing.
    pub(super) async fn close(self) {
        drop(self.close);
        let _ = timeout(FAREWELL, self.server).await;
    }
}
