//! The page's own files, built into the binary.

use std::{collections::BTreeMap, sync::LazyLock};

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use data_encoding::HEXLOWER;
use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

use super::problem::Problem;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/dashboard-static");

/// By path without the leading slash.
static ASSETS: LazyLock<BTreeMap<&'static str, Asset>> = LazyLock::new(|| {
    let mut assets = BTreeMap::new();
    collect(&FILES, &mut assets);
    assets
});

#[derive(Debug)]
struct Asset {
    bytes: &'static [u8],
    mime: &'static str,
    /// A quoted hash of the content (RFC 9110, 8.8.3).
    etag: String,
}

/// Serves a file of the page; what is none is a problem.
pub(super) async fn asset(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path();
    let name = if path == "/" { "index.html" } else { path.trim_start_matches('/') };
    let Some(asset) = ASSETS.get(name) else { return Problem::NoSuchPath(path.to_owned()).into_response() };
    // Kept, but asked for again each time: after an upgrade nobody sees an old page.
    let mut response = if is_known(&headers, &asset.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, asset.mime)], asset.bytes).into_response()
    };
    let answer = response.headers_mut();
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(etag) = HeaderValue::from_str(&asset.etag) {
        answer.insert(header::ETAG, etag);
    }
    response
}

/// Whether the browser has this version already (`If-None-Match`, RFC 9110, 13.1.2).
fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let tags = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    tags.flat_map(|value| value.split(',')).map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

fn collect(dir: &'static Dir<'static>, assets: &mut BTreeMap<&'static str, Asset>) {
    for file in dir.files() {
        let Some(path) = file.path().to_str() else { continue };
        let bytes = file.contents();
        let etag = format!("\"{}\"", HEXLOWER.encode(&Sha256::digest(bytes)[..8]));
        assets.insert(path, Asset { bytes, mime: mime(path), etag });
    }
    for dir in dir.dirs() {
        collect(dir, assets);
    }
}

fn mime(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_a_type_and_none_loads_anything_from_elsewhere() {
        assert!(ASSETS.contains_key("index.html"));
        for (path, asset) in ASSETS.iter() {
            assert_ne!(asset.mime, "application/octet-stream", "{path}");
            let text = std::str::from_utf8(asset.bytes).expect("text");
            let elsewhere = text.replace("http://www.w3.org/2000/svg", "");
            assert!(!elsewhere.contains("http://") && !elsewhere.contains("https://"), "{path}");
        }
    }

    #[test]
    fn everything_that_the_page_loads_is_there() {
        let mut loaded = 0;
        for (path, asset) in ASSETS.iter() {
            let text = std::str::from_utf8(asset.bytes).expect("text");
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            for part in text.split('"').skip(1).step_by(2) {
                let target = match (part.strip_prefix("./"), part.strip_prefix("../")) {
                    _ if path.ends_with("html") && part.contains('.') && !part.contains('=') => part.to_owned(),
                    (Some(beside), _) if folder.is_empty() => beside.to_owned(),
                    (Some(beside), _) => format!("{folder}/{beside}"),
                    (_, Some(above)) => above.to_owned(),
                    _ => continue,
                };
                assert!(ASSETS.contains_key(target.as_str()), "{path} loads {target}");
                loaded += 1;
            }
        }
        assert!(loaded > 20, "{loaded}");
    }

    #[test]
    fn no_script_writes_markup_from_data() {
        for (path, asset) in ASSETS.iter().filter(|(path, _)| mime(path).starts_with("text/javascript")) {
            let text = std::str::from_utf8(asset.bytes).expect("text");
            for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
                assert!(!text.contains(word), "{path} has {word}");
            }
        }
    }
}
