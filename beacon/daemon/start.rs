//! Starting a beacon, and stopping it.

use std::{future::Future, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use ring::rand::{SecureRandom, SystemRandom};
use tokio::{runtime::Builder, sync::mpsc, time::timeout};

use super::{
    DaemonError,
    addresses::Addresses,
    client,
    clock::Clock,
    collections::{CatalogState, CollectionsWatcher},
    driver::Driver,
    editing::Editor,
    event_loop::{EventLoop, Sources},
    joining::{Failures, Inviter},
    making::Maker,
    memory::{Keeper, Unsaved},
    notify::Teller,
    page::Page,
    preparing::prepare_all,
    traffic::Traffic,
    trend::Trend,
};
use crate::{
    config::Settings,
    model::BeaconId,
    net::{Identity, Net, NetSettings, NetworkKeys},
    node::{Node, NodeSettings, ReclaimSettings, view::Mode},
    protocol::ProtocolSettings,
    store::Store,
    web::{ApiToken, Changes, Question, Sessions},
    wire::Signer,
};

/// What is said once a beacon runs.
#[derive(Debug, Clone)]
pub struct Banner {
    /// Its id.
    pub id: BeaconId,
    /// Where it listens for other beacons.
    pub listen: SocketAddr,
    /// Where the page is.
    pub dashboard: SocketAddr,
    /// Whether it acts.
    pub mode: Mode,
    /// Who lets browsers in; `None` where the page is read-only.
    pub sessions: Option<Arc<Sessions>>,
    /// The way to ask it what its page asks, for programs that run it within them.
    pub questions: mpsc::Sender<Question>,
}

/// How long tasks may take to end after the loop has.
pub(super) const FAREWELL: Duration = Duration::from_millis(300);
/// How long the client may take to end a command after the loop has ended.
const CLIENT_FAREWELL: Duration = Duration::from_millis(700);
pub(super) const QUEUE: usize = 256;

/// Runs a beacon until the process is asked to stop. `started` is called once it listens.
pub fn run(settings: &Settings, started: impl FnOnce(&Banner)) -> Result<(), DaemonError> {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(DaemonError::System)?;
    let result = runtime.block_on(async { serve(settings, started, stop_signal()?).await });
    // A name that is being looked up must not hold the beacon back.
    runtime.shutdown_timeout(FAREWELL);
    result
}

/// Whether a beacon could start with these settings, as far as that can be said without starting it: what they name is read.
pub fn check(settings: &Settings) -> Result<(), DaemonError> {
    client::check(&settings.client)?;
    network_keys(settings)?;
    check_dashboard_dir(settings)
}

/// Runs a beacon until `stop` is over; for programs that run several.
///
/// # Errors
/// As [`run`].
pub async fn serve(
    settings: &Settings,
    started: impl FnOnce(&Banner),
    stop: impl Future<Output = ()> + Send,
) -> Result<(), DaemonError> {
    make_dir(&settings.data_dir)?;
    let keeper = Keeper::new(Store::open(&settings.data_dir)?);
    let identity = Identity::load_or_create(&settings.data_dir.join("identity"))?;
    let sessions = Arc::new(Sessions::new(ApiToken::load_or_create(&settings.data_dir)?));
    let keys = network_keys(settings)?;
    check_dashboard_dir(settings)?;
    let page = Page::bind(settings.dashboard, settings.tracker.listen).await?;
    let client = client::open(settings, Some(page.announce_url()), seed()?).await?;
    let (net, net_events) = Net::start(net_settings(settings, &identity, &keys)).await?;

    let clock = Clock::start();
    let signer = Signer::from_seed(identity.seed());
    let memory = keeper.recall(clock.now(), settings.mode)?;
    let node = Node::new(clock.now(), node_settings(settings, &keys), signer, memory, seed()?);
    let (_, catalog) = CollectionsWatcher::start(settings.collections_dir.clone()).map_err(DaemonError::System)?;
    let (id, listen, dashboard) = (node.id(), net.local_address(), page.address);
    // Random, so that a page that was open before the start knows that it has to look at everything anew.
    let changes = Changes::new(boot()?);
    let editor = Arc::new(Editor::new(settings.collections_dir.clone(), catalog.clone()));
    let catalog = prepare_all(keeper.clone(), catalog);
    let maker = maker(settings, &changes, &editor);
    let (page, questions) = page.serve(settings, Arc::clone(&sessions), maker, editor, &changes, seed()?);
    let sessions = (!settings.read_only).then_some(sessions);
    started(&Banner { id, listen, dashboard, mode: node.mode(), sessions, questions: page.questions.clone() });

    let (reports, client_reports) = mpsc::channel(QUEUE);
    let driver = Driver {
        client: (),
        keeper: keeper.clone(),
        clock,
        storage_dir: settings.storage.dir.clone(),
        poll: settings.timing.poll,
        reports,
    };
    let (tasks, driving) = driver.start(client);

    let event_loop = EventLoop {
        teller: Teller::start(clock.now(), settings, id, &keeper)?,
        inviter: Inviter::new(id, keys, settings),
        failures: Failures::default(),
        addresses: Addresses::find(settings, net.local_address()).await,
        node,
        clock,
        net,
        keeper,
        client: tasks,
        storage_dir: settings.storage.dir.clone(),
        changes,
        catalog: Arc::default(),
        collections: CatalogState::default(),
        traffic: Traffic::default(),
        trend: Trend::default(),
        unsaved: Unsaved::default(),
        warned: Vec::new(),
        noted: false,
        unwritten: None,
        found: mpsc::channel(QUEUE),
    };
    let sources = Sources { net: net_events, client: client_reports, catalog, questions };
    let result = event_loop.run(sources, stop).await;
    page.close().await;
    // A command under way may come to its end; what cannot is taken up at the next start.
    let _ = timeout(CLIENT_FAREWELL, driving).await;
    result
}

fn maker(settings: &Settings, changes: &Changes, editor: &Arc<Editor>) -> Arc<Maker> {
    let (create_from, dir) = (settings.create_from.clone(), settings.collections_dir.clone());
    Arc::new(Maker::new(create_from, dir, changes.clone(), Arc::clone(editor)))
}

/// A page without files would say nothing of why.
fn check_dashboard_dir(settings: &Settings) -> Result<(), DaemonError> {
    match &settings.dashboard_dir {
        Some(dir) if !dir.join("index.html").is_file() => Err(DaemonError::DashboardDir(dir.clone())),
        _ => Ok(()),
    }
}

pub(super) fn network_keys(settings: &Settings) -> Result<NetworkKeys, DaemonError> {
    Ok(match &settings.network_key_file {
        Some(file) => NetworkKeys::read(file)?,
        None => NetworkKeys::open(),
    })
}

fn net_settings(settings: &Settings, identity: &Identity, keys: &NetworkKeys) -> NetSettings {
    NetSettings {
        stun_servers: settings.stun_servers.iter().map(ToString::to_string).collect(),
        lan_discovery: settings.lan_discovery,
        ..NetSettings::new(settings.listen, identity.clone(), keys.clone())
    }
}

fn node_settings(settings: &Settings, keys: &NetworkKeys) -> NodeSettings {
    let neighbors = settings.neighbors.clone();
    NodeSettings {
        protocol: ProtocolSettings {
            also_accepted: keys.also_accepted(),
            ..ProtocolSettings::new(keys.network_id(), neighbors, settings.timing.heartbeat)
        },
        mode: settings.mode,
        name: settings.name.clone(),
        zone: settings.zone.clone(),
        budget: settings.storage.budget,
        keep_free: settings.storage.keep_free,
        plan: settings.timing.plan,
        repair_delay: settings.timing.repair_delay,
        reclaim: ReclaimSettings {
            delay: settings.timing.reclaim_delay,
            quarantine: settings.reclaim.quarantine,
            torrents_per_day: settings.reclaim.torrents_per_day,
            bytes_per_day: settings.reclaim.bytes_per_day,
            margin: settings.reclaim.margin,
        },
    }
}

/// Over once the process is asked to stop: by the terminal, or by whoever runs it as a service.
pub fn stop_signal() -> Result<impl Future<Output = ()> + Send, DaemonError> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).map_err(DaemonError::System)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(DaemonError::System)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
    })
}

pub(super) fn seed() -> Result<u64, DaemonError> {
    let mut bytes = [0; 8];
    match SystemRandom::new().fill(&mut bytes) {
        Ok(()) => Ok(u64::from_le_bytes(bytes)),
        Err(_) => Err(DaemonError::NoRandomness),
    }
}

fn boot() -> Result<u32, DaemonError> {
    // Its lower half is as random as the whole.
    seed().map(|seed| u32::try_from(seed & u64::from(u32::MAX)).unwrap_or_default())
}

pub(super) fn make_dir(path: &Path) -> Result<(), DaemonError> {
    std::fs::create_dir_all(path).map_err(|reason| DaemonError::Directory { path: path.to_owned(), reason })
}
