//! Whole collection files: reading, replacing, checking, making and laying them aside.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};

use super::{
    CheckedText, CreatedCollection, Expected, FileText,
    edits::{Part, collection_id, work},
    forms::{CheckedForm, CollectionTextForm, CreatedForm, NewCollectionForm, NewTextForm, expected, required},
};
use crate::web::{
    body::{Body, RequestForm as _},
    etag::tagged,
    orders::OrderedForm,
    problem::Problem,
    server::Shared,
    words::CollectionIdText,
};

/// The text of a collection's file
#[utoipa::path(
    get, path = "/api/v1/collections/{id}/file",
    params(("id" = CollectionIdText, Path, description = "The collection's id.")),
    responses((status = 200, body = CollectionTextForm), (status = 413, description = "It is too large to be edited here."))
)]
pub(in crate::web) async fn show(State(shared): State<Arc<Shared>>, id: Part) -> Result<Response, Problem> {
    let id = collection_id(id)?;
    let FileText { path, text } = work(shared, move |editor| editor.file(id)).await??;
    let etag = format!("\"{}\"", Expected::tag(text.as_bytes()));
    let form = CollectionTextForm { path: path.to_string_lossy().into_owned(), text, etag: etag.clone() };
    Ok(tagged(Json(form).into_response(), &etag))
}

/// Replace the text of a collection's file
///
/// `If-Match` must name the version that it replaces. A text that cannot be used is refused with all that is wrong with it.
#[utoipa::path(
    put, path = "/api/v1/collections/{id}/file", request_body = NewTextForm,
    params(("id" = CollectionIdText, Path, description = "The collection's id."), ("If-Match" = String, Header, description = "The tag that came with the file.")),
    responses(
        (status = 200, body = OrderedForm),
        (status = 409, description = "It has been changed meanwhile, or has another id."),
        (status = 422, description = "The text cannot be used."),
        (status = 428, description = "`If-Match` is not there."),
    )
)]
pub(in crate::web) async fn replace(
    State(shared): State<Arc<Shared>>,
    id: Part,
    headers: HeaderMap,
    Body(form): Body<NewTextForm>,
) -> Result<Json<OrderedForm>, Problem> {
    let (id, expected) = (collection_id(id)?, required(&headers)?);
    let message = work(shared, move |editor| editor.write(id, &form.text, &expected)).await??;
    Ok(Json(OrderedForm { message }))
}

/// Check a text that is to be a collection
///
/// Nothing is written. Everything that is wrong is told at once, with its place.
#[utoipa::path(
    post, path = "/api/v1/collections/check", request_body = NewTextForm,
    responses((status = 200, body = CheckedForm))
)]
pub(in crate::web) async fn check(
    State(shared): State<Arc<Shared>>,
    Body(form): Body<NewTextForm>,
) -> Result<Json<CheckedForm>, Problem> {
    let checked = work(shared, move |editor| editor.check(&form.text)).await?;
    let CheckedText { name, torrents, bytes, faults, more } = checked;
    let ok = faults.is_empty();
    Ok(Json(CheckedForm { ok, name, torrents, bytes: bytes.bytes(), problems: faults, more }))
}

/// Make a collection
#[utoipa::path(
    post, path = "/api/v1/collections", request_body = NewCollectionForm,
    responses(
        (status = 201, body = CreatedForm),
        (status = 409, description = "The file or the id is taken."),
        (status = 422, description = "The text cannot be used."),
    )
)]
pub(in crate::web) async fn create(
    State(shared): State<Arc<Shared>>,
    Body(form): Body<NewCollectionForm>,
) -> Result<(StatusCode, Json<CreatedForm>), Problem> {
    let bad = |reason: &str| Problem::BadBody { reason: reason.to_owned(), example: NewCollectionForm::EXAMPLE };
    let (new, file) = form.into_parts().map_err(bad)?;
    let created = work(shared, move |editor| editor.create(&new, file.as_deref())).await??;
    let CreatedCollection { id, path, message } = created;
    let form = CreatedForm { id: id.to_string(), path: path.to_string_lossy().into_owned(), message };
    Ok((StatusCode::CREATED, Json(form)))
}

/// Lay a collection aside
///
/// Its file is renamed so that it is no collection any more; nothing is deleted, and renaming it back undoes it.
#[utoipa::path(
    delete, path = "/api/v1/collections/{id}",
    params(("id" = CollectionIdText, Path, description = "The collection's id.")),
    responses((status = 200, body = OrderedForm), (status = 409, description = "It has been changed meanwhile."))
)]
pub(in crate::web) async fn remove(
    State(shared): State<Arc<Shared>>,
    id: Part,
    headers: HeaderMap,
) -> Result<Json<OrderedForm>, Problem> {
    let (id, expected) = (collection_id(id)?, expected(&headers));
    let message = work(shared, move |editor| editor.remove(id, &expected)).await??;
    Ok(Json(OrderedForm { message }))
}
