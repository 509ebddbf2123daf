//! Finding torrents by words, by magnet links, and by info-hashes or the beginnings of them.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::Response,
};

use super::{
    Question,
    ask::ask,
    collections::{LIMIT_DEFAULT, LIMIT_MAX, Pairs, number},
    etag::tagged_json,
    form_torrent::FoundForm,
    problem::Problem,
    server::Shared,
};
use crate::catalog::{Digits, Sought, SoughtError};

/// What is asked for, and which page of it.
#[derive(Debug)]
struct Asked {
    sought: Option<Sought>,
    offset: usize,
    limit: usize,
}

/// Find torrents by words, magnet links and info-hashes
#[utoipa::path(get, path = "/api/v1/torrents", responses((status = 200, body = FoundForm)))]
pub(super) async fn find(
    State(shared): State<Arc<Shared>>,
    query: Pairs,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Asked { sought, offset, limit } = asked(query)?;
    let sought = sought.ok_or(SoughtError::Nothing)?;
    let found = ask(&shared.questions, |reply| Question::Find { sought, offset, limit, reply }).await?;
    tagged_json(&headers, &FoundForm::from(found))
}

fn asked(query: Pairs) -> Result<Asked, Problem> {
    let Query(pairs) = query.map_err(|rejection| Problem::BadQuery(rejection.body_text()))?;
    let mut asked = Asked { sought: None, offset: 0, limit: LIMIT_DEFAULT };
    for (name, value) in pairs {
        match name.as_str() {
            "offset" | "limit" if value.is_empty() => {}
            "offset" => asked.offset = number("offset", value, usize::MAX)?,
            "limit" => asked.limit = number("limit", value, LIMIT_MAX)?,
            "query" | "prefix" if asked.sought.is_some() => {
                return Err(Problem::BadQuery("`query` and `prefix` can stand there once, and not both".to_owned()));
            }
            "query" => asked.sought = Some(value.parse()?),
            "prefix" => asked.sought = Some(Sought::Beginning(digits(value)?)),
            _ => return Err(Problem::UnknownParameter { name, known: "query, prefix, offset and limit" }),
        }
    }
    Ok(asked)
}

fn digits(value: String) -> Result<Digits, Problem> {
    let (min, max) = (Digits::MIN, Digits::MAX);
    let allowed = || format!("{min} to {max} hexadecimal digits");
    value.parse().map_err(|_no_digits| Problem::BadParameter { name: "prefix", value, allowed: allowed() })
}
