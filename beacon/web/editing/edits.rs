//! Single changes of collections: name, copies wanted, torrents that come and go.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::HeaderMap,
};

use super::{
    Edit, EditsCollections,
    forms::{EntryForm, HeadForm, NewEntryForm, expected},
};
use crate::{
    metainfo::METAINFO_BYTES_MAX,
    model::{CollectionId, InfoHash},
    web::{
        body::{Body, RequestForm as _},
        orders::OrderedForm,
        problem::Problem,
        server::Shared,
        words::{CollectionIdText, InfoHashText},
    },
};

/// A .torrent file in base64, and what stands around it.
pub(super) const TORRENT_BYTES_MAX: usize = METAINFO_BYTES_MAX / 3 * 4 + 4096;
/// The most requests that work on files at a time: each may hold such a text a few times over.
pub(in crate::web) const WORKING_MAX: usize = 4;

/// A part of the path, or why it cannot be read.
pub(super) type Part = Result<Path<String>, PathRejection>;
/// Two parts of the path.
type TwoParts = Result<Path<(String, String)>, PathRejection>;

/// Change a collection
///
/// Its name and the copies wanted; the rest of its file stays as it is written.
#[utoipa::path(
    patch, path = "/api/v1/collections/{id}", request_body = HeadForm,
    params(("id" = CollectionIdText, Path, description = "The collection's id.")),
    responses(
        (status = 200, body = OrderedForm),
        (status = 409, description = "It has been changed meanwhile, or its file is wrong as it stands."),
        (status = 422, description = "With the change it could not be used."),
    )
)]
pub(in crate::web) async fn head(
    State(shared): State<Arc<Shared>>,
    id: Part,
    headers: HeaderMap,
    Body(form): Body<HeadForm>,
) -> Result<Json<OrderedForm>, Problem> {
    edit(shared, collection_id(id)?, &headers, Edit::Head(form.into_change())).await
}

/// List a torrent
///
/// A .torrent file is put beside the collection's, under a name that follows from the torrent's and replaces no other file.
#[utoipa::path(
    post, path = "/api/v1/collections/{id}/torrents", request_body = NewEntryForm,
    params(("id" = CollectionIdText, Path, description = "The collection's id.")),
    responses(
        (status = 200, body = OrderedForm),
        (status = 409, description = "It is listed already, or the file has been changed meanwhile."),
        (status = 422, description = "It is no torrent."),
    )
)]
pub(in crate::web) async fn add(
    State(shared): State<Arc<Shared>>,
    id: Part,
    headers: HeaderMap,
    Body(form): Body<NewEntryForm>,
) -> Result<Json<OrderedForm>, Problem> {
    let id = collection_id(id)?;
    let bad = |reason: &str| Problem::BadBody { reason: reason.to_owned(), example: NewEntryForm::EXAMPLE };
    let (torrent, change) = form.into_parts().map_err(bad)?;
    edit(shared, id, &headers, Edit::Add(torrent, change)).await
}

/// Change the copies wanted of a torrent
#[utoipa::path(
    patch, path = "/api/v1/collections/{id}/torrents/{info_hash}", request_body = EntryForm,
    params(("id" = CollectionIdText, Path, description = "The collection's id."), ("info_hash" = InfoHashText, Path, description = "The torrent.")),
    responses(
        (status = 200, body = OrderedForm),
        (status = 409, description = "The file has been changed meanwhile, or is wrong as it stands."),
        (status = 422, description = "With the change it could not be used."),
    )
)]
pub(in crate::web) async fn entry(
    State(shared): State<Arc<Shared>>,
    parts: TwoParts,
    headers: HeaderMap,
    Body(form): Body<EntryForm>,
) -> Result<Json<OrderedForm>, Problem> {
    let (id, info_hash) = both(parts)?;
    edit(shared, id, &headers, Edit::Entry(info_hash, form.into_change())).await
}

/// Take a torrent off the list
///
/// It is not kept alive for this collection any more. Its data stays, and its .torrent file too.
#[utoipa::path(
    delete, path = "/api/v1/collections/{id}/torrents/{info_hash}",
    params(("id" = CollectionIdText, Path, description = "The collection's id."), ("info_hash" = InfoHashText, Path, description = "The torrent.")),
    responses((status = 200, body = OrderedForm), (status = 409, description = "The file has been changed meanwhile, or is wrong as it stands."))
)]
pub(in crate::web) async fn remove(
    State(shared): State<Arc<Shared>>,
    parts: TwoParts,
    headers: HeaderMap,
) -> Result<Json<OrderedForm>, Problem> {
    let (id, info_hash) = both(parts)?;
    edit(shared, id, &headers, Edit::Drop(info_hash)).await
}

async fn edit(
    shared: Arc<Shared>,
    id: CollectionId,
    headers: &HeaderMap,
    edit: Edit,
) -> Result<Json<OrderedForm>, Problem> {
    let expected = expected(headers);
    let message = work(shared, move |editor| editor.edit(id, &edit, &expected)).await??;
    Ok(Json(OrderedForm { message }))
}

/// Does what may wait for a disk where nobody else waits for it.
pub(super) async fn work<T: Send + 'static>(
    shared: Arc<Shared>,
    job: impl FnOnce(&dyn EditsCollections) -> T + Send + 'static,
) -> Result<T, Problem> {
    // The semaphore is never closed.
    let turn = shared.working.clone().acquire_owned().await.map_err(|_never| Problem::Stopping)?;
    let done = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        job(&*shared.editor)
    });
    done.await.map_err(|_the_beacon_ends| Problem::Stopping)
}

pub(super) fn collection_id(part: Part) -> Result<CollectionId, Problem> {
    Ok(crate::web::collections::part(part)?.parse()?)
}

fn both(parts: TwoParts) -> Result<(CollectionId, InfoHash), Problem> {
    let Path((id, info_hash)) = parts.map_err(|rejection| Problem::BadPath(rejection.body_text()))?;
    Ok((id.parse()?, info_hash.parse()?))
}
