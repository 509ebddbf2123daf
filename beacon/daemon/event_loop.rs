//! The loop: whatever happens goes into the node, and whatever the node wants is done.

use std::{path::PathBuf, sync::Arc};

use bytes::Bytes;
use tokio::{
    sync::mpsc,
    time::{interval, sleep_until},
};

use super::{
    DaemonError,
    addresses::Addresses,
    clock::Clock,
    collections::CatalogState,
    driver::{ClientReport, ClientTask},
    housekeeping::HOUSEKEEPING,
    joining::{Failures, Inviter},
    memory::{Keeper, Unsaved, write_note},
    notify::Teller,
    preparing::Prepared,
    traffic::Traffic,
    trend::Trend,
};
use crate::{
    model::Catalog,
    net::{Net, NetEvent, NetEvents},
    node::{Input, Node, Note, Outcome, Output, view::ActionKind},
    web::{Changes, Question, Topic},
    wire::Message,
};

/// The receiving ends of everything that happens.
#[derive(Debug)]
pub(super) struct Sources {
    pub(super) net: NetEvents,
    pub(super) client: mpsc::Receiver<ClientReport>,
    pub(super) catalog: mpsc::Receiver<Prepared>,
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
    /// What was last read of the collection files.
    pub(super) collections: CatalogState,
    /// What has gone over the links.
    pub(super) traffic: Traffic,
    /// How the torrents stood, to write down when it changes.
    pub(super) trend: Trend,
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
        if let Some(first) = sources.catalog.recv().await {
            self.take_catalog(first);
        }
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
                Some(prepared) = sources.catalog.recv() => self.take_catalog(prepared),
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
                self.traffic.forget(link);
                Input::LinkDown(link)
            }
            NetEvent::Received { link, bytes, .. } => match Message::decode(&bytes) {
                Ok(message) => {
                    self.traffic.received(link, message.kind(), bytes.len());
                    Input::Received(link, message)
                }
                Err(error) => {
                    self.traffic.received(link, "unreadable", bytes.len());
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

    fn take_catalog(&mut self, Prepared { state, listing }: Prepared) {
        let problems = state.problems.iter().map(ToString::to_string).collect();
        self.catalog = Arc::clone(&state.catalog);
        self.collections = state;
        match listing {
            Some(listing) => self.handle(Input::Listing { listing, problems }),
            None => self.handle(Input::Problems(problems)),
        }
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
                let bytes = Bytes::from(message.encode());
                let size = bytes.len();
                match self.net.send(link, message.channel(), bytes) {
                    Ok(()) => self.traffic.sent(link, message.kind(), size),
                    Err(error) => tracing::debug!("{link}: {error}"),
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
            Output::AddPeers { info_hash, peers } => self.command(ClientTask::AddPeers(info_hash, peers)),
            Output::ReadMetainfo { link, info_hash } => self.read_metainfo(link, info_hash),
            Output::Note(note) => self.write_note(&note),
            Output::LedgerRemove(_)
            | Output::SavePin { .. }
            | Output::SaveRequest { .. }
            | Output::SaveMode(_)
            | Output::SaveNeighbor { .. }
            | Output::SaveDrain(_)
            | Output::SaveMetainfo { .. }
            | Output::SaveMember(_)
            | Output::ForgetMember(_)
            | Output::SaveIncarnation(_) => self.write_down(now, output),
        }
    }

    pub(super) fn command(&self, task: ClientTask) {
        if let Err(error) = self.client.try_send(task) {
            tracing::warn!("the client is too far behind to be told more: {error}");
        }
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
