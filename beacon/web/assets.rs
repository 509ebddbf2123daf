//! The page's own files: built into the binary, or read from a directory by people who change them.

use std::{
    collections::BTreeMap,
    fs::{self, Metadata},
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};

use axum::{
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use include_dir::{Dir, include_dir};

use super::{
    etag::{etag, is_known, tagged},
    problem::Problem,
    server::Shared,
};

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

/// Larger than any file of a page; what is larger is not read.
const FILE_BYTES_MAX: u64 = 16 << 20;

/// Serves a file of the page; what is none is a problem.
pub(super) async fn asset(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let path = uri.path();
    let name = if path == "/" { "index.html" } else { path.trim_start_matches('/') };
    let response = match &shared.options.dashboard_dir {
        Some(dir) => on_disk(dir.clone(), name.to_owned()).await,
        None => ASSETS.get(name).map(|asset| built_in(asset, &headers)),
    };
    let is_left_out = shared.options.read_only && path.starts_with("/api/");
    let missing = if is_left_out { Problem::NotWhereReadOnly } else { Problem::NoSuchPath };
    let response = response.ok_or_else(|| missing(path.to_owned()))?;
    match method {
        Method::GET | Method::HEAD => Ok(response),
        other => Err(Problem::WrongMethod { method: other.to_string(), allowed: "GET, HEAD".to_owned() }),
    }
}

fn built_in(asset: &Asset, headers: &HeaderMap) -> Response {
    if is_known(headers, &asset.etag) {
        return tagged(StatusCode::NOT_MODIFIED.into_response(), &asset.etag);
    }
    tagged(([(header::CONTENT_TYPE, asset.mime)], asset.bytes).into_response(), &asset.etag)
}

/// A file as it is on the disk at this moment; no browser keeps it.
async fn on_disk(dir: PathBuf, name: String) -> Option<Response> {
    let mime = mime(&name);
    let bytes = tokio::task::spawn_blocking(move || read_below(&dir, &name)).await.ok()??;
    Some(([(header::CONTENT_TYPE, mime)], bytes).into_response())
}

/// The content of a file below `dir`, wherever links lead. Names are plain: nothing hidden, and nothing that leads upwards.
fn read_below(dir: &Path, name: &str) -> Option<Vec<u8>> {
    let is_plain = |part: &str| {
        let letters = |letter: u8| letter.is_ascii_alphanumeric() || b"-_.".contains(&letter);
        !part.is_empty() && !part.starts_with('.') && part.bytes().all(letters)
    };
    if !name.split('/').all(is_plain) {
        return None;
    }
    let dir = dir.canonicalize().ok()?;
    let path = dir.join(name).canonicalize().ok().filter(|path| path.starts_with(&dir))?;
    let metadata = path.metadata().ok().filter(Metadata::is_file)?;
    (metadata.len() <= FILE_BYTES_MAX).then(|| fs::read(path).ok())?
}

fn collect(dir: &'static Dir<'static>, assets: &mut BTreeMap<&'static str, Asset>) {
    for file in dir.files() {
        let Some(path) = file.path().to_str() else { continue };
        let bytes = file.contents();
        let etag = etag(bytes);
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

    #[cfg(unix)]
    #[test]
    fn only_what_lies_below_the_directory_is_read() {
        use std::os::unix::fs::symlink;

        let dir = tempfile::tempdir().expect("a directory");
        let page = dir.path().join("page");
        fs::create_dir_all(page.join("views/.git")).expect("made");
        for (path, text) in [("secret", "s"), ("page/app.js", "a"), ("page/views/one.js", "1"), ("page/.env", "e")] {
            fs::write(dir.path().join(path), text).expect("written");
        }
        symlink(dir.path().join("secret"), page.join("link.js")).expect("linked");
        symlink(page.join("app.js"), page.join("same.js")).expect("linked");
        for (name, content) in [("app.js", "a"), ("views/one.js", "1"), ("same.js", "a")] {
            assert_eq!(read_below(&page, name), Some(content.into()), "{name}");
        }
        let outside = dir.path().join("secret").display().to_string();
        let bad = ["", ".", "..", "../secret", "views/../../secret", "views", "views/", "views//one.js", ".env"];
        for name in bad.into_iter().chain(["link.js", "%2e%2e/secret", "..\\secret", "app.js\0", "none.js", &outside]) {
            assert_eq!(read_below(&page, name), None, "{name}");
        }
        fs::write(page.join("app.js"), "changed").expect("written");
        assert_eq!(read_below(&page, "app.js"), Some("changed".into()), "it is read each time");
        assert_eq!(read_below(&dir.path().join("gone"), "app.js"), None);
    }

    #[test]
    fn everything_that_the_page_loads_is_there() {
        let mut loaded = 0;
        for (path, asset) in ASSETS.iter() {
            let text = std::str::from_utf8(asset.bytes).expect("text");
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            for part in text.split('"').skip(1).step_by(2) {
                let Some(target) = target(path, folder, part) else { continue };
                assert!(ASSETS.contains_key(target.as_str()), "{path} loads {target}");
                loaded += 1;
            }
        }
        assert!(loaded > 20, "{loaded}");
    }

    /// The path of what a text in quotes loads, if it loads anything.
    fn target(path: &str, folder: &str, part: &str) -> Option<String> {
        // The page itself, and what the API answers.
        if part.ends_with('/') || part.starts_with("api/") {
            return None;
        }
        let is_file = path.ends_with("html") && part.contains('.') && !part.contains('=');
        if !is_file && !part.starts_with("./") && !part.starts_with("../") {
            return None;
        }
        let mut whole: Vec<_> = folder.split('/').filter(|step| !step.is_empty()).collect();
        for step in part.split('/') {
            match step {
                "." => {}
                ".." => drop(whole.pop()),
                step => whole.push(step),
            }
        }
        Some(whole.join("/"))
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
