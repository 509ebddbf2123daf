//! Pages of others that a reader has open beside: they learn nothing and change nothing.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    thread::{self, JoinHandle},
};

use serde_json::{Value, json};

use super::{page::log_in_by_link, town::Lone};
use crate::support::{Browser, COLLECTION};

/// A page of somebody else's, at the same address but another port. It ends when dropped.
struct ForeignPage {
    address: SocketAddr,
    thread: Option<JoinHandle<()>>,
}

impl ForeignPage {
    fn serve() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("bound");
        let thread = thread::spawn(move || while listener.accept().is_ok_and(|(stream, _)| answer(&stream)) {});
        Self { address, thread: Some(thread) }
    }
}

/// Serves an empty page; false when asked to end.
fn answer(mut stream: &TcpStream) -> bool {
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let html = "<!doctype html><title>Elsewhere</title><link rel=icon href='data:,'><form method=post></form>";
    let length = html.len();
    let sent = write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{html}"
    );
    // A browser that left is no reason to stop.
    drop(sent);
    !head.first().is_some_and(|line| line.starts_with("END "))
}

impl Drop for ForeignPage {
    fn drop(&mut self) {
        if let Ok(mut stream) = TcpStream::connect(self.address) {
            drop(stream.write_all(b"END / HTTP/1.1\r\n\r\n"));
        }
        drop(self.thread.take().map(JoinHandle::join));
    }
}

/// Sends a request as pages may without asking first, with every cookie that there is; whether anything came back.
const SEND: &str = "
const [url, options, done] = arguments;
fetch(url, { credentials: 'include', ...options }).then(
  (answer) => done({ type: answer.type, status: answer.status }), (error) => done({ type: 'error', status: 0 }));
";

#[test]
fn a_page_from_elsewhere_orders_nothing_and_reads_nothing_even_of_who_is_logged_in() {
    let lone = Lone::start_with(|_| {});
    let letters = &lone.torrents[0];
    let pin = format!("{}/api/v1/torrents/{}/pin", lone.beacon.page(), letters.info_hash);
    let status = format!("{}/api/v1/status", lone.beacon.page());
    let is_pinned = || lone.beacon.torrent(COLLECTION, letters).expect("listed")["pinned"].clone();
    let foreign = ForeignPage::serve();
    let browser = Browser::start();
    log_in_by_link(&browser, &lone.beacon);

    browser.open(&format!("http://{}/", foreign.address));
    let send = |url: &str, options: Value| browser.script_later(SEND, &[json!(url), options]);
    assert_eq!(send(&pin, json!({ "method": "POST", "mode": "no-cors" }))["status"], 0);
    assert_eq!(send(&pin, json!({ "method": "POST" }))["type"], "error");
    let own_headers =
        json!({ "method": "POST", "headers": { "Authorization": "Bearer x", "Content-Type": "application/json" } });
    assert_eq!(send(&pin, own_headers)["type"], "error");
    assert_eq!(send(&pin, json!({ "method": "DELETE" }))["type"], "error");
    assert_eq!(send(&status, json!({}))["type"], "error", "nor does it read how things stand");
    browser.script("document.forms[0].action = arguments[0]; document.forms[0].submit()", &[json!(pin)]);
    browser.shows("403");
    assert_eq!(is_pinned(), false, "none of it was done");

    browser.open(&lone.beacon.page());
    let own = browser.script_later(SEND, &[json!(pin), json!({ "method": "POST" })]);
    assert_eq!(own["status"], 200, "the same from the beacon's own page is");
    assert_eq!(is_pinned(), true);
    assert!(!browser.troubles().is_empty(), "the browser has noted what was refused");
}

#[test]
fn a_name_that_somebody_points_at_the_beacon_shows_nothing() {
    let lone = Lone::start_with(|_| {});
    let browser = Browser::start_with(&["--host-resolver-rules=MAP evil.example 127.0.0.1"]);
    browser.open(&lone.beacon.page().replace("127.0.0.1", "evil.example"));
    browser.shows("evil.example");
    assert!(!browser.text().contains("Town archive"), "{}", browser.text());
    assert!(!browser.troubles().is_empty(), "the browser has noted what was refused");
}
