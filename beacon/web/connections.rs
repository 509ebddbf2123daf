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
    time::{Instant, Sleep, sleep},
};

use super::events::STREAMS_MAX;

/// Every live page and a good many requests beside them, and well below the usual limit of 1,024 open files.
const CONNECTIONS_MAX: usize = STREAMS_MAX + 128;

/// How long a stranger's connection may last: enough for one question over a slow line.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long any other may be quiet. Browsers keep connections open for what may be wanted next, and many pages would leave no
/// place for requests. It is longer than any answer takes, and a page that follows live is never quiet for as long.
const QUIET_MAX: Duration = Duration::from_mins(2);

/// Listens, and holds back while [`CONNECTIONS_MAX`] connections are open.
#[derive(Debug)]
pub(super) struct BoundedListener {
    inner: TcpListener,
    places: Arc<Semaphore>,
    /// When a connection ends by itself.
    end: End,
}

/// When a connection ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// After this long, whatever comes and goes.
    After(Duration),
    /// After being quiet for this long.
    Quiet(Duration),
}

/// A connection that gives its place back when it ends.
#[derive(Debug)]
pub(super) struct BoundedStream {
    inner: TcpStream,
    end: End,
    deadline: Pin<Box<Sleep>>,
    /// When something last came or went.
    used: Instant,
    _place: Option<OwnedSemaphorePermit>,
}

impl BoundedListener {
    /// Takes the listener over.
    pub(super) fn new(inner: TcpListener) -> Self {
        Self::with_places(inner, CONNECTIONS_MAX)
    }

    /// Takes a listener over to which strangers come: whoever dawdles gives the place up.
    pub(super) fn for_strangers(inner: TcpListener) -> Self {
        Self { end: End::After(PATIENCE), ..Self::new(inner) }
    }

    fn with_places(inner: TcpListener, places: usize) -> Self {
        Self { inner, places: Arc::new(Semaphore::new(places)), end: End::Quiet(QUIET_MAX) }
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
        (BoundedStream::new(inner, self.end, place), address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.inner.local_addr()
    }
}

impl BoundedStream {
    fn new(inner: TcpStream, end: End, place: Option<OwnedSemaphorePermit>) -> Self {
        let (End::After(patience) | End::Quiet(patience)) = end;
        Self { inner, end, deadline: Box::pin(sleep(patience)), used: Instant::now(), _place: place }
    }

    /// Whether it is over. Whoever waits for a connection always waits to read from it, so this is asked there. The timer is
    /// set anew only when it fires, since bytes come far more often.
    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while self.deadline.as_mut().poll(cx).is_ready() {
            match self.end {
                End::Quiet(most) if self.used.elapsed() < most => self.deadline.as_mut().reset(self.used + most),
                End::Quiet(_) | End::After(_) => return Poll::Ready(()),
            }
        }
        Poll::Pending
    }

    fn note_use<T>(&mut self, result: Poll<T>) -> Poll<T> {
        if result.is_ready() {
            self.used = Instant::now();
        }
        result
    }
}

impl AsyncRead for BoundedStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.poll_end(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        let read = Pin::new(&mut self.inner).poll_read(cx, buffer);
        self.note_use(read)
    }
}

impl AsyncWrite for BoundedStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(cx, bytes);
        self.note_use(written)
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
        let written = Pin::new(&mut self.inner).poll_write_vectored(cx, slices);
        self.note_use(written)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test]
    async fn who_is_quiet_for_too_long_gives_the_place_up() {
        let inner = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = inner.local_addr().expect("its address");
        let most = Duration::from_millis(200);
        let mut listener = BoundedListener { end: End::Quiet(most), ..BoundedListener::with_places(inner, 1) };
        let mut caller = TcpStream::connect(address).await.expect("a connection");
        let (mut taken, _) = listener.accept().await;
        let begin = Instant::now();
        let mut buffer = [0; 8];
        for _ in 0..3 {
            sleep(most / 2).await;
            caller.write_all(b"here").await.expect("sent");
            assert_eq!(taken.read(&mut buffer).await.expect("heard"), 4);
        }
        let error = taken.read(&mut buffer).await.expect_err("it was quiet");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(begin.elapsed() >= most * 2, "not while something came");
    }

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
