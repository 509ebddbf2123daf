//! Every route of the API. Each says who may use it by how it is mounted, and what it is by the document beside its handler.

use std::sync::Arc;

use super::{
    collections, document,
    editing::{edits, files},
    events, invitation, log, making, members, metrics,
    mount::Mounted,
    neighbors, orders, past,
    server::Shared,
    session, share, status,
};

/// All routes, but for the page's own files and the tracker.
pub(super) fn routes(shared: &Arc<Shared>) -> Mounted {
    let mounted = Mounted::new(Arc::clone(shared));
    writes(secrets(reads(mounted)))
}

/// What everyone may read who reaches the beacon.
fn reads(mounted: Mounted) -> Mounted {
    mounted
        .read(&collections::__path_collections, collections::collections)
        .read(&collections::__path_find, collections::find)
        .read(&collections::__path_map, collections::map)
        .read(&collections::__path_places, collections::places)
        .read(&collections::__path_torrent, collections::torrent)
        .read(&collections::__path_torrents, collections::torrents)
        .read(&document::__path_openapi, document::openapi)
        .read(&events::__path_events, events::events)
        .read(&members::__path_member, members::member)
        .read(&members::__path_members, members::members)
        .read(&members::__path_network, members::network)
        .read(&metrics::__path_metrics, metrics::metrics)
        .read(&neighbors::__path_list, neighbors::list)
        .read(&past::__path_history, past::history)
        .read(&past::__path_trend, past::trend)
        .read(&session::__path_show, session::show)
        .read(&status::__path_healthz, status::healthz)
        .read(&status::__path_plan, status::plan)
        .read(&status::__path_readyz, status::readyz)
        .read(&status::__path_status, status::status)
}

/// What only who knows the token may read.
fn secrets(mounted: Mounted) -> Mounted {
    mounted
        .secret(&files::__path_show, files::show)
        .secret(&invitation::__path_show, invitation::show)
        // A job tells paths of this machine, and its number is easily guessed.
        .secret(&making::__path_job, making::job)
        .secret(&log::__path_log, log::log)
}

/// What changes something.
fn writes(mounted: Mounted) -> Mounted {
    mounted
        .door(&session::__path_log_in, session::log_in)
        .door(&session::__path_log_out, session::log_out)
        .write(&edits::__path_add, edits::add)
        .write(&edits::__path_entry, edits::entry)
        .write(&edits::__path_head, edits::head)
        .write(&edits::__path_remove, edits::remove)
        .write(&files::__path_check, files::check)
        .write(&files::__path_create, files::create)
        .write(&files::__path_remove, files::remove)
        .write(&files::__path_replace, files::replace)
        .write(&invitation::__path_join, invitation::join)
        .write(&making::__path_begin, making::begin)
        .write(&making::__path_cancel, making::cancel)
        .write(&neighbors::__path_add, neighbors::add)
        .write(&neighbors::__path_remove, neighbors::remove)
        .write(&orders::__path_drain, orders::drain)
        .write(&orders::__path_mode, orders::mode)
        .write(&orders::__path_pin, orders::pin)
        .write(&orders::__path_request, orders::request)
        .write(&orders::__path_stay, orders::stay)
        .write(&orders::__path_unpin, orders::unpin)
        .write(&orders::__path_unrequest, orders::unrequest)
        .write(&session::__path_new_code, session::new_code)
        .write(&share::__path_share, share::share)
}
