//! qBittorrent as the beacon drives it.

use std::net::{IpAddr, SocketAddr};

use super::{
    http::{Call, LIST_MAX},
    identity::TorrentId,
    info,
    mirror::{MainData, Mirror},
    record::{FileRecord, Record, gap},
    session::Session,
    settings::{QbittorrentSettings, SettingsError},
    state::Gap,
};
use crate::{
    client::{AddOutcome, AddRequest, CommandError, Removed, TorrentClient},
    model::{ClientChange, ClientInfo, ClientProblem, InfoHash},
};

/// A qBittorrent, from version 4.5 on, driven through its Web API.
///
/// Nothing is sent before the first call. In trouble every call answers with the problem at once until it is time to
/// ask again: a pause that grows to a minute, an hour after a ban, and never again after wrong credentials, for which
/// new settings and so a new instance are needed.
#[derive(Debug)]
pub struct Qbittorrent {
    pub(super) session: Session,
    pub(super) mirror: Mirror,
    pub(super) settings: QbittorrentSettings,
    /// Whether the category is known to exist.
    pub(super) category_made: bool,
    /// Whether nobody had connected to it from outside when it was last asked.
    unreached: bool,
}

/// The largest .torrent file that is taken from the client; qBittorrent itself takes none that is larger.
const METAINFO_MAX: usize = 100 << 20;
/// Torrents whose files are asked for in one round, so that no round takes long; the others wait, unknown, for the next.
const GAPS_ASKED_MAX: usize = 100;
/// Addresses told in one command.
const PEERS_MAX: usize = 200;

impl Qbittorrent {
    /// Sets up what is needed to talk to the client, without talking to it yet.
    pub fn new(settings: QbittorrentSettings) -> Result<Self, SettingsError> {
        settings.checked_category()?;
        let session = Session::new(settings.clone())?;
        Ok(Self { session, mirror: Mirror::default(), settings, category_made: false, unreached: false })
    }

    /// Brings the mirror up to date.
    pub(super) async fn refresh(&mut self) -> Result<(), ClientProblem> {
        match self.fetch_changes().await {
            Ok(()) => {
                self.session.well();
                Ok(())
            }
            Err(problem) => {
                self.mirror.distrust();
                self.category_made = false;
                Err(problem)
            }
        }
    }

    /// The torrent as it is right now; `None` where the client does not have it.
    pub(super) async fn fresh(&mut self, hash: &InfoHash) -> Result<Option<Record>, ClientProblem> {
        self.refresh().await?;
        let id = self.mirror.find(hash).unwrap_or(TorrentId::of(hash));
        // Where the parameter is not understood all torrents come, so the answer is searched too.
        let call = Call::get("torrents/info").with("hashes", id.to_string()).answer_max(LIST_MAX);
        let records: Vec<Record> = self.session.json(&call).await?;
        Ok(records.into_iter().find(|record| record.id == id && record.is(hash)))
    }

    /// Sends a command that names torrents, and takes any success for one.
    pub(super) async fn command(&mut self, call: &Call) -> Result<(), ClientProblem> {
        let answer = self.session.call(call).await?;
        if answer.is_success() { Ok(()) } else { Err(self.session.unexpected(call.endpoint, &answer)) }
    }

    async fn fetch_changes(&mut self) -> Result<(), ClientProblem> {
        let call = Call::get("sync/maindata").with("rid", self.mirror.rid().to_string()).answer_max(LIST_MAX);
        let data: MainData = self.session.json(&call).await?;
        self.mirror.apply(data).map_err(|reason| self.session.garbage(format!("`sync/maindata`: {reason}")))?;
        for (id, wanted) in self.mirror.gaps(GAPS_ASKED_MAX) {
            let files = self.file_records(id).await?;
            self.mirror.explain_gap(id, files.map_or(Gap::Unreadable, |files| gap(&files, wanted)));
        }
        Ok(())
    }

    /// The files of a torrent; `None` where the client does not tell them.
    pub(super) async fn file_records(&mut self, id: TorrentId) -> Result<Option<Vec<FileRecord>>, ClientProblem> {
        let call = Call::get("torrents/files").with("hash", id.to_string()).answer_max(LIST_MAX);
        let answer = self.session.call(&call).await?;
        Ok(if answer.is_success() { serde_json::from_slice(&answer.body).ok() } else { None })
    }

    async fn id(&mut self, hash: &InfoHash) -> Result<TorrentId, CommandError> {
        if let Some(id) = self.mirror.find(hash) {
            return Ok(id);
        }
        self.refresh().await?;
        self.mirror.find(hash).ok_or(CommandError::NoSuchTorrent(*hash))
    }

    /// The id of a torrent that bears the beacon's mark right now, and not the one by which users keep us off.
    pub(super) async fn own(&mut self, hash: &InfoHash) -> Result<Record, CommandError> {
        let record = self.fresh(hash).await?.ok_or(CommandError::NoSuchTorrent(*hash))?;
        if record.marks.ours && !record.marks.keep { Ok(record) } else { Err(CommandError::NotOurs(*hash)) }
    }
}

impl TorrentClient for Qbittorrent {
    async fn poll(&mut self) -> Result<ClientChange, ClientProblem> {
        self.refresh().await?;
        Ok(self.mirror.drain())
    }

    async fn info(&mut self) -> Result<ClientInfo, ClientProblem> {
        let dir = self.settings.storage_dir.as_deref();
        info::ask(&mut self.session, self.mirror.free(), dir, &mut self.unreached).await
    }

    async fn add(&mut self, request: &AddRequest) -> Result<AddOutcome, CommandError> {
        let outcome = self.add_torrent(request).await?;
        if outcome == AddOutcome::Added {
            // Without them it is added all the same; they are told again when the holders change.
            let _ = self.add_peers(&request.info_hash, &request.peers).await;
        }
        Ok(outcome)
    }

    async fn add_peers(&mut self, torrent: &InfoHash, peers: &[SocketAddr]) -> Result<(), CommandError> {
        let peers: Vec<String> = peers.iter().filter_map(peer_text).take(PEERS_MAX).collect();
        if peers.is_empty() {
            return Ok(());
        }
        let id = self.id(torrent).await?;
        let call = Call::post("torrents/addPeers").with("hashes", id.to_string()).with("peers", peers.join("|"));
        let answer = self.session.call(&call).await?;
        match answer.status {
            200..=299 => Ok(()),
            400 => Err(CommandError::Rejected {
                info_hash: *torrent,
                reason: "none of the addresses is a peer's".to_owned(),
            }),
            _ => Err(self.session.unexpected(call.endpoint, &answer).into()),
        }
    }

    async fn start(&mut self, torrent: &InfoHash) -> Result<(), CommandError> {
        let id = self.own(torrent).await?.id;
        let endpoint = self.session.version().await?.start_endpoint();
        Ok(self.command(&Call::post(endpoint).with("hashes", id.to_string())).await?)
    }

    async fn stop(&mut self, torrent: &InfoHash) -> Result<(), CommandError> {
        let id = self.own(torrent).await?.id;
        let endpoint = self.session.version().await?.stop_endpoint();
        Ok(self.command(&Call::post(endpoint).with("hashes", id.to_string())).await?)
    }

    async fn remove(&mut self, torrent: &InfoHash) -> Result<Removed, CommandError> {
        self.remove_torrent(torrent).await
    }

    async fn metainfo(&mut self, torrent: &InfoHash) -> Result<Option<Vec<u8>>, CommandError> {
        let id = self.id(torrent).await?;
        let call = Call::get("torrents/export").with("hash", id.to_string()).answer_max(METAINFO_MAX);
        let answer = self.session.call(&call).await?;
        match answer.status {
            200 if answer.body.first() == Some(&b'd') => Ok(Some(answer.body)),
            409 => Ok(None),
            404 => Err(CommandError::NoSuchTorrent(*torrent)),
            _ => Err(self.session.unexpected(call.endpoint, &answer).into()),
        }
    }
}

/// An address as qBittorrent reads it; `None` for one that nobody can connect to.
fn peer_text(peer: &SocketAddr) -> Option<String> {
    if peer.port() == 0 || peer.ip().is_unspecified() || peer.ip().is_multicast() {
        return None;
    }
    // Written anew, because the address itself may carry a scope, which qBittorrent does not read.
    Some(match peer.ip().to_canonical() {
        IpAddr::V4(ip) => format!("{ip}:{}", peer.port()),
        IpAddr::V6(ip) => format!("[{ip}]:{}", peer.port()),
    })
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv6Addr, SocketAddrV6};

    use super::*;

    #[test]
    fn peers_are_written_as_qbittorrent_reads_them() {
        let text = |address: &str| peer_text(&address.parse().unwrap());
        assert_eq!(text("127.0.0.11:16881").as_deref(), Some("127.0.0.11:16881"));
        assert_eq!(text("[2001:db8::1]:6881").as_deref(), Some("[2001:db8::1]:6881"));
        assert_eq!(text("[::ffff:192.0.2.1]:6881").as_deref(), Some("192.0.2.1:6881"));
        let scoped = SocketAddr::V6(SocketAddrV6::new(Ipv6Addr::LOCALHOST, 1, 0, 7));
        assert_eq!(peer_text(&scoped).as_deref(), Some("[::1]:1"));
        for unusable in ["0.0.0.0:1", "192.0.2.1:0", "[ff02::1]:1"] {
            assert_eq!(text(unusable), None, "{unusable}");
        }
    }
}
