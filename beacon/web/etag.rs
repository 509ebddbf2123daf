//! Answers that are not sent again to who has them already (RFC 9110, 8.8.3 and 13.1.2).

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use data_encoding::HEXLOWER;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{Topic, problem::Problem, server::Shared};

/// The tag of a content: a quoted hash of it.
pub(super) fn etag(bytes: &[u8]) -> String {
    format!("\"{}\"", HEXLOWER.encode(&Sha256::digest(bytes)[..8]))
}

/// Whether whoever asks has this version already, by `If-None-Match`.
pub(super) fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    has(headers, "*") || has(headers, etag)
}

fn has(headers: &HeaderMap, etag: &str) -> bool {
    let tags = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    tags.flat_map(|value| value.split(',')).any(|tag| tag.trim().trim_start_matches("W/") == etag)
}

/// An answer with its tag. It is kept, but asked for again each time, so that nobody sees an old one.
pub(super) fn tagged(mut response: Response, etag: &str) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(header::ETAG, etag);
    }
    response
}

/// A form as JSON with its tag, or nothing but the tag where whoever asks has it already.
pub(super) fn tagged_json(headers: &HeaderMap, form: &impl Serialize) -> Result<Response, Problem> {
    // Forms are plain data, which always can be written.
    let bytes = serde_json::to_vec(form).map_err(|_never| Problem::Busy)?;
    Ok(tagged_bytes(headers, bytes))
}

/// A form as JSON whose tag is known before it is made, since it changes only with these topics: who has it already is told so
/// without anybody going through all that there is.
pub(super) async fn tagged_by<T: Serialize>(
    shared: &Shared,
    headers: &HeaderMap,
    topics: &[Topic],
    form: impl Future<Output = Result<T, Problem>>,
) -> Result<Response, Problem> {
    let etag = shared.changes.borrow().tag(topics);
    if has(headers, &etag) {
        return Ok(tagged(StatusCode::NOT_MODIFIED.into_response(), &etag));
    }
    Ok(tagged(Json(form.await?).into_response(), &etag))
}

/// The same of JSON that is written already.
pub(super) fn tagged_bytes(headers: &HeaderMap, json: Vec<u8>) -> Response {
    let etag = etag(&json);
    let response = if is_known(headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], json).into_response()
    };
    tagged(response, &etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_it_gets_nothing_but_the_tag() {
        let mut headers = HeaderMap::new();
        let first = tagged_json(&headers, &[1, 2]).expect("JSON");
        let tag = first.headers()[header::ETAG].clone();
        assert_eq!(first.status(), StatusCode::OK);
        assert_eq!(first.headers()[header::CACHE_CONTROL], "no-cache");
        headers.insert(header::IF_NONE_MATCH, tag.clone());
        let second = tagged_json(&headers, &[1, 2]).expect("JSON");
        assert_eq!((second.status(), &second.headers()[header::ETAG]), (StatusCode::NOT_MODIFIED, &tag));
        assert!(!second.headers().contains_key(header::CONTENT_TYPE));
        assert_eq!(tagged_json(&headers, &[1, 3]).expect("JSON").status(), StatusCode::OK);
    }

    #[test]
    fn tags_are_found_among_others_and_weak_ones_count() {
        let known = |value: &'static str| {
            let headers = HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(value))]);
            is_known(&headers, "\"a1\"")
        };
        assert!(known("\"a1\"") && known("\"b\", W/\"a1\"") && known("*"));
        assert!(!known("a1") && !known("\"a\"") && !known(""));
    }
}
