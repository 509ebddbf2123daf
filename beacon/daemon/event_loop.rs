//! The loop: whatever happens goes into the node, and whatever the node wants is done.

use std::{path::PathBuf, sync::Arc};

use bytes::Bytes;
use tokio::{
    sync::{mpsc, watch},
    time::{interval, sleep_until},
};

use super::{
    DaemonError,
    addresses::Addresses,
    clock::Clock,
    collections::CatalogState,
    driver::{ClientReport, ClientTask, NewTorrent},
    housekeeping::HOUSEKEEPING,
    joining::{Failures, Inviter},
    memory::{Keeper, Unsaved, write_note},
    notify::Teller,
};
use crate::{
    client::AddSource,
    metainfo::Metainfo,
    model::{Catalog, CatalogTorrent, InfoHash, LinkId, Source},
    net::{Net, NetEvent, NetEvents},
    node::{Input, Node, Note, Outcome, Output, view::ActionKind},
    store::StoreError,
    web::{Changes, Question, Topic},
    wire::Message,
};

/// The receiving ends of everything that happens.
#[derive(Debug)]
pub(super) struct Sources {
    pub(super) net: NetEvents,
    pub(super) client: mpsc::Receiver<ClientReport>,
    pub(super) catalog: watch::Receiver<CatalogState>,
    pub(super) questions: mpsc::Receiver<Question>,
}

/// What the loop holds.
#[derive(Debug)]
pub(super) struct EventLoop {
    pub(super) node: Node,
    pub(super) clock: Clock,
    pub(super) net: Net,
    pub(super) keeper: Keeper,
    pub(super) client: mpsc::Sender<ClientTask>,
    pub(super) storage_dir: PathBuf,
    pub(super) addresses: Addresses,
    /// Makes invitations, and says what becomes of those of others.
    pub(super) inviter: Inviter,
    /// Why addresses did not answer.
    pub(super) failures: Failures,
    pub(super) changes: Changes,
    pub(super) catalog: Arc<Catalog>,
    pub(super) unsaved: Unsaved,
    /// What tells the user's hooks, where there are any.
    pub(super) teller: Option<Teller>,
    /// What the client's settings were last complained of, to say each once.
    pub(super) warned: Vec<String>,
    /// Whether something was written into the history of which pages have not been told.
    pub(super) noted: bool,
    /// Why something that must be on the disk is not; then the beacon stops.
    pub(super) unwritten: Option<String>,
    /// .torrent files that were found and wait to be handed in.
    pub(super) found: (mpsc::Sender<Input>, mpsc::Receiver<Input>),
}

impl EventLoop {
    /// Runs until `stop` is over.
    pub(super) async fn run(
        mut self,
        mut sources: Sources,
        stop: impl Future<Output = ()> + Send,
    ) -> Result<(), DaemonError> {
        tokio::pin!(stop);
        let mut housekeeping = interval(HOUSEKEEPING);
        let state = sources.catalog.borrow_and_update().clone();
        self.take_catalog(&state);
        self.tell_addresses();
        loop {
            self.drain();
            self.tell_news();
            if let Some(reason) = self.unwritten.take() {
                return Err(DaemonError::WriteAhead(reason));
            }
            let timeout = sleep_until(self.clock.deadline(self.node.next_timeout()));
            tokio::select! {
                () = &mut stop => break,
                () = timeout => self.node.handle_timeout(self.clock.now()),
                event = sources.net.recv() => match event {
                    Some(event) => self.take_net(event),
                    None => break,
                },
                Some(report) = sources.client.recv() => self.take_report(report)?,
                Ok(()) = sources.catalog.changed() => {
                    let state = sources.catalog.borrow_and_update().clone();
                    self.take_catalog(&state);
                }
                Some(question) = sources.questions.recv() => self.answer(question),
                Some(input) = self.found.1.recv() => self.node.handle(self.clock.now(), input),
                _ = housekeeping.tick() => self.keep_house().await,
            }
        }
        self.unsaved.save(&self.keeper);
        self.net.shutdown().await;
        Ok(())
    }

    pub(super) fn handle(&mut self, input: Input) {
        self.node.handle(self.clock.now(), input);
    }

    fn take_net(&mut self, event: NetEvent) {
        let input = match event {
            NetEvent::LinkUp { link, beacon, address, dialed } => {
                tracing::info!("{link}: connected to {} at {address}", beacon.short());
                Input::LinkUp { link, beacon, address, dialed }
            }
            NetEvent::LinkDown { link, reason } => {
                tracing::info!("{link}: closed: {reason}");
                Input::LinkDown(link)
            }
            NetEvent::Received { link, bytes, .. } => match Message::decode(&bytes) {
                Ok(message) => Input::Received(link, message),
                Err(error) => {
                    tracing::debug!("{link}: {error}");
                    Input::Unreadable(link)
                }
            },
            NetEvent::DialFailed { to, reason } => {
                tracing::debug!("cannot connect to {to}: {reason}");
                self.failures.note(&self.node, &to, reason);
                Input::DialFailed(to)
            }
            NetEvent::LanBeacon { address } => Input::Nearby(address),
            NetEvent::PublicAddress(address) => {
                if self.addresses.add_public(address) {
                    tracing::info!("the internet sees this beacon at {address}");
                    self.tell_addresses();
                }
                return;
            }
        };
        self.handle(input);
    }

    fn take_report(&mut self, report: ClientReport) -> Result<(), DaemonError> {
        match report {
            ClientReport::Change(change) => {
                self.handle(Input::Client(change));
            }
            ClientReport::Info(info) => {
                if self.addresses.set_client_port(info.listen_port) {
                    self.tell_addresses();
                }
                for warning in info.warnings.iter().filter(|warning| !self.warned.contains(warning)) {
                    tracing::warn!("{warning}");
                }
                self.warned.clone_from(&info.warnings);
                self.handle(Input::ClientInfo(info));
            }
            ClientReport::Traffic(traffic) => self.handle(Input::ClientTraffic(traffic)),
            ClientReport::Problem(problem) => {
                self.handle(Input::ClientTrouble(problem.to_string()));
            }
            ClientReport::Outcome(kind, info_hash, outcome) => self.handle(Input::Outcome { kind, info_hash, outcome }),
            ClientReport::Note(note) => self.write_note(&note),
            ClientReport::Broken(reason) => return Err(DaemonError::WriteAhead(reason)),
        }
        Ok(())
    }

    fn take_catalog(&mut self, state: &CatalogState) {
        self.catalog = Arc::clone(&state.catalog);
        let problems = state.problems.iter().map(ToString::to_string).collect();
        self.handle(Input::Catalog { catalog: self.with_cached_sizes(&state.catalog), problems });
    }

    /// The catalog with what .torrent files from other beacons told in earlier runs.
    fn with_cached_sizes(&self, catalog: &Arc<Catalog>) -> Arc<Catalog> {
        let is_unknown = |torrent: &CatalogTorrent| torrent.size.is_none();
        if !catalog.collections.iter().any(|collection| collection.torrents.iter().any(is_unknown)) {
            return Arc::clone(catalog);
        }
        let mut catalog = Catalog::clone(catalog);
        let torrents = catalog.collections.iter_mut().flat_map(|collection| &mut collection.torrents);
        for torrent in torrents.filter(|torrent| is_unknown(torrent)) {
            if let Some(metainfo) = self.cached(&torrent.info_hash) {
                torrent.size = Some(metainfo.1.size);
                torrent.name.get_or_insert(metainfo.1.name);
            }
        }
        Arc::new(catalog)
    }

    fn tell_addresses(&mut self) {
        let (beacon, client) = (self.addresses.beacon(), self.addresses.client());
        self.handle(Input::Addresses { beacon, client });
    }

    /// Does everything the node wants.
    pub(super) fn drain(&mut self) {
        while let Some(output) = self.node.poll_output() {
            self.carry_out(output);
        }
    }

    fn carry_out(&mut self, output: Output) {
        let now = self.clock.now();
        match output {
            Output::Send(link, message) => {
                let sent = self.net.send(link, message.channel(), Bytes::from(message.encode()));
                if let Err(error) = sent {
                    tracing::debug!("{link}: {error}");
                }
            }
            Output::Dial(address) => self.net.dial(address),
            Output::Close { link, reason } => self.net.close(link, reason),
            Output::Fetch { info_hash, peers } => {
                if let Some(torrent) = self.new_torrent(&info_hash, peers) {
                    self.command(ClientTask::Add(torrent));
                } else {
                    let outcome = Outcome::Failed("it is in no collection any more".to_owned());
                    self.handle(Input::Outcome { kind: ActionKind::Fetch, info_hash, outcome });
                }
            }
            Output::Cancel(info_hash) => self.command(ClientTask::Remove(info_hash)),
            Output::Serve(info_hash) => self.command(ClientTask::Start(info_hash)),
            Output::Quarantine(info_hash) => self.command(ClientTask::Quarantine(info_hash)),
            Output::Delete(info_hash) => {
                let metainfo = self.listed(&info_hash).and_then(|torrent| self.metainfo_of(torrent));
                self.command(ClientTask::Delete(info_hash, metainfo.map(|(bytes, _)| bytes)));
            }
            Output::Restore(info_hash) => self.command(ClientTask::Restore(info_hash)),
            Output::SavePin { info_hash, pinned } => {
                let saved = self.keeper.lock().set_pin(&info_hash, pinned);
                self.must_be_saved(saved);
            }
            Output::SaveNeighbor { address, is_kept } => {
                let saved = self.keeper.lock().set_neighbor(&address, is_kept);
                self.must_be_saved(saved);
            }
            Output::SaveDrain(drain) => {
                let saved = self.keeper.lock().set_drain(drain);
                self.must_be_saved(saved);
            }
            Output::AddPeers { info_hash, peers } => self.command(ClientTask::AddPeers(info_hash, peers)),
            Output::LedgerRemove(info_hash) => {
                if let Err(error) = self.keeper.lock().ledger_remove(&info_hash) {
                    tracing::warn!("the ledger cannot be written: {error}");
                }
            }
            Output::ReadMetainfo { link, info_hash } => self.read_metainfo(link, info_hash),
            Output::SaveMetainfo { info_hash, bytes } => {
                if let Err(error) = self.keeper.lock().put_metainfo(&info_hash, &bytes) {
                    tracing::warn!("the metainfo of {info_hash} cannot be kept: {error}");
                }
            }
            Output::SaveMember(hello) => self.unsaved.add(now, &hello),
            Output::ForgetMember(id) => {
                self.unsaved.forget(&id);
                if let Err(error) = self.keeper.lock().forget_member(&id) {
                    tracing::warn!("members cannot be written down: {error}");
                }
            }
            Output::SaveIncarnation(incarnation) => {
                if let Err(error) = self.keeper.lock().raise_incarnation_to(incarnation) {
                    tracing::warn!("the incarnation cannot be written down: {error}");
                }
            }
            Output::Note(note) => self.write_note(&note),
        }
    }

    /// An order that is forgotten at the next start would be worse than none.
    fn must_be_saved(&mut self, saved: Result<(), StoreError>) {
        if let Err(error) = saved {
            self.unwritten = Some(error.to_string());
        }
    }

    fn command(&self, task: ClientTask) {
        if let Err(error) = self.client.try_send(task) {
            tracing::warn!("the client is too far behind to be told more: {error}");
        }
    }

    fn new_torrent(&self, info_hash: &InfoHash, peers: Vec<std::net::SocketAddr>) -> Option<NewTorrent> {
        let lists: Vec<_> = self
            .catalog
            .collections
            .iter()
            .filter_map(|collection| {
                let place = collection.torrents.binary_search_by_key(info_hash, |torrent| torrent.info_hash).ok()?;
                Some((collection, &collection.torrents[place]))
            })
            .collect();
        let (_, torrent) = lists.first()?;
        let (bytes, metainfo) = self.metainfo_of(torrent).unzip();
        let source = match (bytes, &torrent.source) {
            (Some(bytes), _) => AddSource::Metainfo(bytes),
            (None, Source::Magnet(magnet)) => AddSource::Magnet(magnet.clone()),
            (None, Source::File(_)) => AddSource::Magnet(format!("magnet:?xt=urn:{}", urn(info_hash))),
        };
        Some(NewTorrent {
            info_hash: *info_hash,
            name: torrent.name.clone().or_else(|| metainfo.as_ref().map(|metainfo: &Metainfo| metainfo.name.clone())),
            size: torrent.size.or_else(|| metainfo.map(|metainfo| metainfo.size)),
            source,
            collections: lists.iter().map(|(collection, _)| collection.name.clone()).collect(),
            peers,
        })
    }

    /// The .torrent of a torrent, from its file or from what other beacons sent; none that is of another torrent.
    pub(super) fn metainfo_of(&self, torrent: &CatalogTorrent) -> Option<(Arc<[u8]>, Metainfo)> {
        let from_file = match &torrent.source {
            Source::File(path) => std::fs::read(path).ok(),
            Source::Magnet(_) => None,
        };
        let read = |bytes: Vec<u8>| {
            let metainfo = Metainfo::read(&bytes).ok()?;
            metainfo.hashes.contains(&torrent.info_hash).then(|| (Arc::from(bytes), metainfo))
        };
        from_file.and_then(read).or_else(|| self.cached(&torrent.info_hash))
    }

    fn cached(&self, info_hash: &InfoHash) -> Option<(Arc<[u8]>, Metainfo)> {
        let bytes = self.keeper.lock().metainfo(info_hash).ok().flatten()?;
        let metainfo = Metainfo::read(&bytes).ok()?;
        metainfo.hashes.contains(info_hash).then(|| (Arc::from(bytes), metainfo))
    }

    /// A torrent of a collection, by any of its hashes.
    pub(super) fn listed(&self, info_hash: &InfoHash) -> Option<&CatalogTorrent> {
        let mut torrents = self.catalog.collections.iter().flat_map(|collection| &collection.torrents);
        torrents.find(|torrent| torrent.hashes.contains(info_hash))
    }

    /// Finds a .torrent for a neighbor: on the disk, or else in the client.
    fn read_metainfo(&mut self, link: LinkId, info_hash: InfoHash) {
        let Some(torrent) = self.listed(&info_hash) else {
            return self.handle(Input::Metainfo { link, info_hash, bytes: None });
        };
        if let Some((bytes, _)) = self.metainfo_of(torrent) {
            return self.handle(Input::Metainfo { link, info_hash, bytes: Some(bytes) });
        }
        let (reply, answer) = tokio::sync::oneshot::channel();
        self.command(ClientTask::Metainfo(info_hash, reply));
        let found = self.found.0.clone();
        tokio::spawn(async move {
            let bytes = answer.await.ok().flatten();
            // The loop outlives this, or the beacon stops.
            let _ = found.send(Input::Metainfo { link, info_hash, bytes }).await;
        });
    }

    /// Tells open pages what has changed.
    fn tell_news(&mut self) {
        let news = self.node.take_news();
        let topics = [
            (news.status, Topic::Status),
            (news.torrents, Topic::Torrents),
            (news.members, Topic::Members),
            (news.actions, Topic::Actions),
            (news.collections, Topic::Collections),
            (self.noted, Topic::History),
        ];
        self.noted = false;
        let topics: Vec<Topic> = topics.into_iter().filter_map(|(changed, topic)| changed.then_some(topic)).collect();
        self.changes.raise(&topics);
    }

    fn write_note(&mut self, note: &Note) {
        self.noted = true;
        write_note(&self.keeper, self.clock.now(), note);
    }
}

fn urn(info_hash: &InfoHash) -> String {
    match info_hash {
        InfoHash::V1(_) => format!("btih:{info_hash}"),
        InfoHash::V2(_) => format!("btmh:1220{info_hash}"),
    }
}
