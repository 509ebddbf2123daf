//! Collections and their torrents.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::HeaderMap,
    response::Response,
};

use crate::{
    model::{CollectionId, InfoHash},
    node::view::Page,
};

use super::{
    Question, Topic,
    ask::ask,
    asked::{Asked, Known, LIMIT_DEFAULT, LIMIT_MAX, Pairs},
    etag::{tagged_by, tagged_json},
    form::forms,
    form_collection::{CollectionForm, MapForm, PlacesForm},
    form_torrent::{FoundForm, TorrentDetailForm, TorrentsForm},
    problem::Problem,
    server::Shared,
    words::{CollectionIdText, InfoHashText, OrderWord, PrefixText, StandingWord, TorrentOrderWord, TorrentStateWord},
};

/// The most torrents of a map that are told at once: 64 kB.
const CELLS_MAX: usize = 16_384;
/// The most places that are told: each can be a dot on a screen, and more are no use to anybody who looks.
const PLACES_MAX: usize = 20_000;

const OF_COLLECTION: Known = Known {
    names: "query, state, here, sort, order, offset and limit",
    limit_max: LIMIT_MAX,
    limit_default: LIMIT_DEFAULT,
};
const OF_ALL: Known =
    Known { names: "query, prefix, collection, state, here, sort, order, offset and limit", ..OF_COLLECTION };
const OF_MAP: Known = Known { names: "offset and limit", limit_max: CELLS_MAX, limit_default: CELLS_MAX };
const OF_PLACES: Known =
    Known { names: "query, state, here and limit", limit_max: PLACES_MAX, limit_default: PLACES_MAX };

/// What lists of torrents and their holders are made of.
const OF_TORRENTS: &[Topic] = &[Topic::Torrents, Topic::Collections, Topic::Members];

/// The part of the path that names something, or why it cannot be read.
type Part = Result<Path<String>, PathRejection>;

/// The collections, as in the overview
#[utoipa::path(get, path = "/api/v1/collections", responses((status = 200, body = Vec<CollectionForm>), (status = 304)))]
pub(super) async fn collections(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Result<Response, Problem> {
    let view = ask(&shared.questions, Question::Status).await?;
    tagged_json(&headers, &forms::<_, CollectionForm>(view.collections))
}

/// A page of the torrents of a collection
#[utoipa::path(
    get,
    path = "/api/v1/collections/{id}/torrents",
    params(
        ("id" = CollectionIdText, Path),
        ("query" = Option<String>, Query, description = "Words of the name, an info-hash or a magnet link."),
        ("state" = Option<StandingWord>, Query, description = "`missing`, `under`, `met` or `over`."),
        ("here" = Option<TorrentStateWord>, Query, description = "What it is here, as in `here` of the answer."),
        ("sort" = Option<TorrentOrderWord>, Query, description = "`manifest`, `name`, `size`, `copies`, `lacking` or `holders`; \
            where it is not said, how well it fits the query, or else `manifest`."),
        ("order" = Option<OrderWord>, Query, description = "`asc` or `desc`."),
        ("offset" = Option<usize>, Query, maximum = 4_294_967_295_u64),
        ("limit" = Option<usize>, Query, maximum = 1000, description = "At most 1000; 100 where it is not said."),
    ),
    responses((status = 200, body = TorrentsForm), (status = 304)),
)]
pub(super) async fn torrents(
    State(shared): State<Arc<Shared>>,
    id: Part,
    query: Pairs,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let collection: CollectionId = part(id)?.parse()?;
    let Asked { mut filter, page } = OF_COLLECTION.read(query)?;
    filter.collection = Some(collection);
    let found = async {
        let found = ask(&shared.questions, |reply| Question::Torrents { filter, page, reply }).await?;
        Ok(TorrentsForm::from(found.ok_or(Problem::NoSuchCollection(collection))?))
    };
    tagged_by(&shared, &headers, OF_TORRENTS, found).await
}

/// A page of all torrents, or of those that are looked for
#[utoipa::path(
    get,
    path = "/api/v1/torrents",
    params(
        ("query" = Option<String>, Query, description = "Words of the name or the collection's name, an info-hash, its \
            beginning, or a magnet link."),
        ("prefix" = Option<PrefixText>, Query, description = "The beginning of an info-hash and nothing else."),
        ("collection" = Option<CollectionIdText>, Query, description = "The id of a collection."),
        ("state" = Option<StandingWord>, Query, description = "`missing`, `under`, `met` or `over`."),
        ("here" = Option<TorrentStateWord>, Query, description = "What it is here, as in `here` of the answer."),
        ("sort" = Option<TorrentOrderWord>, Query, description = "`manifest`, `name`, `size`, `copies`, `lacking` or `holders`; \
            where it is not said, how well it fits the query, or else `name`."),
        ("order" = Option<OrderWord>, Query, description = "`asc` or `desc`."),
        ("offset" = Option<usize>, Query, maximum = 4_294_967_295_u64),
        ("limit" = Option<usize>, Query, maximum = 1000, description = "At most 1000; 100 where it is not said."),
    ),
    responses(
        (status = 200, body = FoundForm),
        (status = 304),
        (status = 404, description = "There is no such collection."),
    ),
)]
pub(super) async fn find(
    State(shared): State<Arc<Shared>>,
    query: Pairs,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Asked { filter, page } = OF_ALL.read(query)?;
    let unknown = filter.collection.map_or(Problem::Stopping, Problem::NoSuchCollection);
    let found = async {
        let found = ask(&shared.questions, |reply| Question::Torrents { filter, page, reply }).await?;
        Ok(FoundForm::from(found.ok_or(unknown)?))
    };
    tagged_by(&shared, &headers, OF_TORRENTS, found).await
}

/// Every torrent of a collection in four bytes
#[utoipa::path(
    get,
    path = "/api/v1/collections/{id}/map",
    params(("id" = CollectionIdText, Path), ("offset" = Option<usize>, Query, maximum = 4_294_967_295_u64), ("limit" = Option<usize>, Query, maximum = 16384, description = "At most 16384, as where it is not said.")),
    responses((status = 200, body = MapForm), (status = 304)),
)]
pub(super) async fn map(
    State(shared): State<Arc<Shared>>,
    id: Part,
    query: Pairs,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let collection: CollectionId = part(id)?.parse()?;
    let Page { offset, limit, .. } = OF_MAP.read(query)?.page;
    let map = async {
        let map = ask(&shared.questions, |reply| Question::Map { collection, offset, limit, reply }).await?;
        Ok(MapForm::from(map.ok_or(Problem::NoSuchCollection(collection))?))
    };
    tagged_by(&shared, &headers, OF_TORRENTS, map).await
}

/// Where torrents stand on the map of a collection
#[utoipa::path(
    get,
    path = "/api/v1/collections/{id}/places",
    params(
        ("id" = CollectionIdText, Path),
        ("query" = Option<String>, Query, description = "Words of the name, an info-hash or a magnet link."),
        ("state" = Option<StandingWord>, Query, description = "`missing`, `under`, `met` or `over`."),
        ("here" = Option<TorrentStateWord>, Query, description = "What it is here: `absent`, `held` and so on."),
        ("limit" = Option<usize>, Query, maximum = 20000, description = "At most 20000, as where it is not said."),
    ),
    responses((status = 200, body = PlacesForm), (status = 304)),
)]
pub(super) async fn places(
    State(shared): State<Arc<Shared>>,
    id: Part,
    query: Pairs,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let collection: CollectionId = part(id)?.parse()?;
    let Asked { filter, page: Page { limit, .. } } = OF_PLACES.read(query)?;
    let places = async {
        let places = ask(&shared.questions, |reply| Question::Places { collection, filter, limit, reply }).await?;
        Ok(PlacesForm::from(places.ok_or(Problem::NoSuchCollection(collection))?))
    };
    tagged_by(&shared, &headers, OF_TORRENTS, places).await
}

/// One torrent with its holders
#[utoipa::path(get, path = "/api/v1/torrents/{info_hash}", params(("info_hash" = InfoHashText, Path)), responses((status = 200, body = TorrentDetailForm)))]
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
