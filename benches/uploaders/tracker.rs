//! A tracker (BEP 3, 23) that names the uploaders to whoever asks.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

/// A tracker on a thread of its own, for as long as the program runs.
pub(crate) struct Tracker {
    address: SocketAddr,
    peers: Arc<Mutex<Vec<u8>>>,
}

impl Tracker {
    pub(crate) fn start(ip: Ipv4Addr) -> Self {
        let listener = TcpListener::bind((ip, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let peers: Arc<Mutex<Vec<u8>>> = Arc::default();
        let told = Arc::clone(&peers);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let peers = told.lock().unwrap_or_else(PoisonError::into_inner).clone();
                // A client that hangs up asks again.
                thread::spawn(move || drop(answer(&stream, &peers)));
            }
        });
        Self { address, peers }
    }

    /// Where clients announce themselves.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/announce", self.address)
    }

    /// Names these from now on.
    pub(crate) fn tell(&self, addresses: &[SocketAddr]) {
        let compact = |address: &SocketAddr| match address.ip() {
            IpAddr::V4(ip) => [&ip.octets()[..], &address.port().to_be_bytes()].concat(),
            IpAddr::V6(_) => unreachable!("all addresses here are of IPv4"),
        };
        *self.peers.lock().unwrap_or_else(PoisonError::into_inner) = addresses.iter().flat_map(compact).collect();
    }
}

fn answer(mut stream: &TcpStream, peers: &[u8]) -> std::io::Result<()> {
    for line in BufReader::new(stream).lines() {
        if line?.is_empty() {
            break;
        }
    }
    let body = [format!("d8:intervali1800e5:peers{}:", peers.len()).as_bytes(), peers, b"e"].concat();
    let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(&[head.as_bytes(), &body].concat())
}
