//! The page, the API and the tracker as the daemon starts and ends them.

use std::{io, net::SocketAddr, sync::Arc};

use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::timeout,
};

use super::{
    DaemonError, addresses,
    start::{FAREWELL, QUEUE},
};
use crate::{
    config::Settings,
    web::{
        self, Admits, Changes, EditsCollections, MakesTorrents, Question, Sessions, Tracker, TrackerSettings,
        WebContext, WebOptions,
    },
};

/// The page and the tracker before anyone is served.
#[derive(Debug)]
pub(super) struct Page {
    listener: TcpListener,
    pub(super) address: SocketAddr,
    /// Where strangers may ask the tracker.
    open: Option<(TcpListener, SocketAddr)>,
    /// Where this machine asks it, where it cannot at the page's address.
    local: Option<(TcpListener, SocketAddr)>,
}

/// The page and the tracker while they are served.
#[derive(Debug)]
pub(super) struct OpenPage {
    pub(super) questions: mpsc::Sender<Question>,
    close: Vec<oneshot::Sender<()>>,
    servers: Vec<JoinHandle<io::Result<()>>>,
}

impl Page {
    /// Takes the addresses: that of the page, and of the tracker where it is to be open to others.
    pub(super) async fn bind(dashboard: SocketAddr, tracker: Option<SocketAddr>) -> Result<Self, DaemonError> {
        let (listener, address) =
            bind(dashboard).await.map_err(|reason| DaemonError::Dashboard { address: dashboard, reason })?;
        let bind_tracker =
            async |address| bind(address).await.map_err(|reason| DaemonError::Tracker { address, reason });
        let open = match tracker {
            Some(address) => Some(bind_tracker(address).await?),
            None => None,
        };
        let local = match loopback_of(address) {
            Some(_) => None,
            None => Some(bind_tracker(([127, 0, 0, 1], 0).into()).await?),
        };
        Ok(Self { listener, address, open, local })
    }

    /// The announce URL by which a BitTorrent client on this machine, the embedded one above all, reaches the tracker. It
    /// holds from now on: who asks before [`Self::serve`] waits until then.
    pub(super) fn announce_url(&self) -> String {
        let address = self.local.as_ref().map(|(_, address)| *address).or_else(|| loopback_of(self.address));
        format!("http://{}/announce", address.unwrap_or(self.address))
    }

    /// Begins to serve. What is asked comes out of the receiver. `seed` decides whom the tracker tells of whom.
    pub(super) fn serve(
        self,
        settings: &Settings,
        sessions: Arc<Sessions>,
        maker: Arc<dyn MakesTorrents>,
        editor: Arc<dyn EditsCollections>,
        changes: &Changes,
        seed: u64,
    ) -> (OpenPage, mpsc::Receiver<Question>) {
        let (questions, asked) = mpsc::channel(QUEUE);
        let tracker = TrackerSettings {
            own: addresses::of_this_machine(),
            announce_url: self.announce_url(),
            listen: self.open.as_ref().map(|(_, address)| *address),
            seed,
        };
        let tracker = Arc::new(Tracker::new(questions.clone(), tracker));
        let mut page = OpenPage { questions: questions.clone(), close: Vec::new(), servers: Vec::new() };

        let context = WebContext {
            questions,
            changes: changes.follow(),
            storage_dir: settings.storage.dir.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            sessions,
            tracker: Arc::clone(&tracker),
            maker,
            editor,
            options: WebOptions {
                read_only: settings.read_only,
                host_names: settings.host_names.clone(),
                dashboard_dir: settings.dashboard_dir.clone(),
            },
        };
        let closed = page.end();
        page.servers.push(tokio::spawn(web::serve(self.listener, context, closed)));
        let (closed, changes) = (page.end(), changes.clone());
        page.servers.push(tokio::spawn(async move {
            tokio::select! {
                () = closed => {}
                () = web::tell_log(&changes) => {}
            }
            Ok(())
        }));
        for (door, admits) in [(self.open, Admits::Everyone), (self.local, Admits::ThisMachine)] {
            if let Some((listener, _)) = door {
                let closed = page.end();
                let served = web::serve_tracker(listener, Arc::clone(&tracker), admits, closed);
                page.servers.push(tokio::spawn(served));
            }
        }
        (page, asked)
    }
}

impl OpenPage {
    /// Ends it. Pages that are still open are told; whether they heard it changes nothing.
    pub(super) async fn close(self) {
        drop(self.close);
        let _ = timeout(FAREWELL, futures_util::future::join_all(self.servers)).await;
    }

    /// One more server's end, which comes with this page's.
    fn end(&mut self) -> impl Future<Output = ()> + Send + use<> {
        let (close, closed) = oneshot::channel::<()>();
        self.close.push(close);
        async move { drop(closed.await) }
    }
}

async fn bind(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Where this machine reaches a listener by loopback, if it does.
fn loopback_of(address: SocketAddr) -> Option<SocketAddr> {
    let ip = match address {
        _ if address.ip().is_loopback() => return Some(address),
        _ if !address.ip().is_unspecified() => return None,
        SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
        SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
    };
    Some(SocketAddr::new(ip, address.port()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_is_reached_by_loopback_unless_it_is_bound_elsewhere() {
        for (listener, expected) in [
            ("127.0.0.1:9001", Some("127.0.0.1:9001")),
            ("127.0.0.5:9001", Some("127.0.0.5:9001")),
            ("0.0.0.0:9001", Some("127.0.0.1:9001")),
            ("[::]:9001", Some("[::1]:9001")),
            ("192.168.1.5:9001", None),
        ] {
            let reached = loopback_of(listener.parse().expect("an address"));
            assert_eq!(reached, expected.map(|address| address.parse().expect("an address")), "{listener}");
        }
    }

    #[tokio::test]
    async fn the_url_for_this_machine_holds_from_the_start() {
        let page = Page::bind(([127, 0, 0, 1], 0).into(), None).await.expect("free ports");
        assert_eq!(page.announce_url(), format!("http://{}/announce", page.address));
        assert!(page.open.is_none() && page.local.is_none());
        let page = Page::bind(([0, 0, 0, 0], 0).into(), Some(([127, 0, 0, 1], 0).into())).await.expect("free ports");
        assert_eq!(page.announce_url(), format!("http://127.0.0.1:{}/announce", page.address.port()));
        assert!(page.open.is_some());
    }
}
