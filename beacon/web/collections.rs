//! Collections and their torrents.

use std::sync::Arc;

use axum::{
    Json,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::HeaderMap,
    response::Response,
};

use crate::{
    model::{CollectionId, InfoHash},
    node::view::{Standing, TorrentFilter},
};

use super::{
    Question,
    ask::ask,
    etag::tagged_json,
    form::{CollectionForm, forms},
    form_torrent::{TorrentDetailForm, TorrentsForm},
    problem::Problem,
    server::Shared,
};

/// How many torrents a page has where the request does not say.
pub(super) const LIMIT_DEFAULT: usize = 100;
/// The most torrents on a page: about a megabyte of JSON.
pub(super) const LIMIT_MAX: usize = 1000;

const STANDINGS: [Standing; 4] = [Standing::Missing, Standing::Under, Standing::Met, Standing::Over];

/// Name and value of each query parameter, or why the query cannot be read.
pub(super) type Pairs = Result<Query<Vec<(String, String)>>, QueryRejection>;

/// The part of the path that names something, or why it cannot be read.
type Part = Result<Path<String>, PathRejection>;

/// The collections, as in the overview
#[utoipa::path(get, path = "/api/v1/collections", responses((status = 200, body = Vec<CollectionForm>)))]
pub(super) async fn collections(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Result<Response, Problem> {
    let view = ask(&shared.questions, Question::Status).await?;
    tagged_json(&headers, &forms::<_, CollectionForm>(view.collections))
}

/// A page of the torrents of a collection
#[utoipa::path(get, path = "/api/v1/collections/{id}/torrents", responses((status = 200, body = TorrentsForm)))]
pub(super) async fn torrents(
    State(shared): State<Arc<Shared>>,
    id: Part,
    query: Pairs,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let collection: CollectionId = part(id)?.parse()?;
    let filter = filter(query)?;
    let page = ask(&shared.questions, |reply| Question::Torrents { collection, filter, reply }).await?;
    let view = page.ok_or(Problem::NoSuchCollection(collection))?;
    tagged_json(&headers, &TorrentsForm::from(view))
}

/// One torrent with its holders
#[utoipa::path(get, path = "/api/v1/torrents/{info_hash}", responses((status = 200, body = TorrentDetailForm)))]
pub(super) async fn torrent(
    State(shared): State<Arc<Shared>>,
    info_hash: Part,
) -> Result<Json<TorrentDetailForm>, Problem> {
    let info_hash: InfoHash = part(info_hash)?.parse()?;
    let detail = ask(&shared.questions, |reply| Question::Torrent { info_hash, reply }).await?;
    detail.map(|view| Json(view.into())).ok_or(Problem::NoSuchTorrent(info_hash))
}

/// A part of the path as text.
pub(super) fn part(part: Part) -> Result<String, Problem> {
    part.map(|Path(text)| text).map_err(|rejection| Problem::BadPath(rejection.body_text()))
}

/// Reads the parameters; an empty value is as good as none, since forms send those.
fn filter(query: Pairs) -> Result<TorrentFilter, Problem> {
    let Query(pairs) = query.map_err(|rejection| Problem::BadQuery(rejection.body_text()))?;
    let mut filter = TorrentFilter { limit: LIMIT_DEFAULT, ..TorrentFilter::default() };
    for (name, value) in pairs {
        match name.as_str() {
            "state" | "offset" | "limit" if value.is_empty() => {}
            "state" => filter.standing = Some(standing(value)?),
            "offset" => filter.offset = number("offset", value, usize::MAX)?,
            "limit" => filter.limit = number("limit", value, LIMIT_MAX)?,
            _ => return Err(Problem::UnknownParameter { name, known: "state, offset and limit" }),
        }
    }
    Ok(filter)
}

fn standing(value: String) -> Result<Standing, Problem> {
    STANDINGS.into_iter().find(|standing| standing.word() == value).ok_or_else(|| Problem::BadParameter {
        name: "state",
        value,
        allowed: STANDINGS.map(Standing::word).join(", "),
    })
}

/// A whole number that a parameter can have.
pub(super) fn number(name: &'static str, value: String, max: usize) -> Result<usize, Problem> {
    match value.parse() {
        Ok(number) if number <= max => Ok(number),
        _ => Err(Problem::BadParameter { name, value, allowed: format!("whole numbers from 0 to {max}") }),
    }
}
