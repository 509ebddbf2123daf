//! A listener that takes a bounded number of connections; the next ones wait in the operating system's queue.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Sleep, sleep},
};

use super::events::STREAMS_MAX;

/// Every live page and a good many requests beside them, and well below the usual limit of 1,024 open files.
const CONNECTIONS_MAX: usize = STREAMS_MAX + 128;

/// How long a stranger's connection may last: enough for one question over a slow line.
const PATIENCE: Duration = Duration::from_secs(20);

/// Listens, and holds back while [`CONNECTIONS_MAX`] connections are open.
#[derive(Debug)]
pub(super) struct BoundedListener {
    inner: TcpListener,
    places: Arc<Semaphore>,
    /// How long a connection may last, where that has an end.
    patience: Option<Duration>,
}

/// A connection that gives its place back when it ends.
#[derive(Debug)]
pub(super) struct BoundedStream {
    inner: TcpStream,
    deadline: Option<Pin<Box<Sleep>>>,
    _place: Option<OwnedSemaphorePermit>,
}

impl BoundedListener {
    /// Takes the listener over.
    pub(super) fn new(inner: TcpListener) -> Self {
        Self::with_places(inner, CONNECTIONS_MAX)
    }

    /// Takes a listener over to which strangers come: whoever dawdles gives the place up.
    pub(super) fn for_strangers(inner: TcpListener) -> Self {
        Self { patience: Some(PATIENCE), ..Self::new(inner) }
    }

    fn with_places(inner: TcpListener, places: usize) -> Self {
        Self { inner, places: Arc::new(Semaphore::new(places)), patience: None }
    }
}

/// The other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct RemoteAddress(pub(super) SocketAddr);

impl Connected<IncomingStream<'_, BoundedListener>> for RemoteAddress {
    fn connect_info(stream: IncomingStream<'_, BoundedListener>) -> Self {
        Self(*stream.remote_addr())
    }
}

impl Listener for BoundedListener {
    type Io = BoundedStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        // The semaphore is never closed, so there always is a place in the end.
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        let (inner, address) = Listener::accept(&mut self.inner).await;
        let deadline = self.patience.map(|patience| Box::pin(sleep(patience)));
        (BoundedStream { inner, deadline, _place: place }, address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.inner.local_addr()
    }
}

impl AsyncRead for BoundedStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.deadline.as_mut().is_some_and(|deadline| deadline.as_mut().poll(cx).is_ready()) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Pin::new(&mut self.inner).poll_read(cx, buffer)
    }
}

impl AsyncWrite for BoundedStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(cx, slices)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_full_house_takes_nobody_until_someone_leaves() {
        let inner = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = inner.local_addr().expect("its address");
        let mut listener = BoundedListener::with_places(inner, 1);
        let _callers = [TcpStream::connect(address).await, TcpStream::connect(address).await];
        let (first, _) = listener.accept().await;
        let places = Arc::clone(&listener.places);
        let mut second = listener.accept().boxed();
        assert!((&mut second).now_or_never().is_none());
        assert_eq!(places.available_permits(), 0);
        drop(first);
        second.await;
    }
}
