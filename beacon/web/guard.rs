//! What every request and every answer goes through: methods, the name asked for, and headers for browsers.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, Uri,
        header::{self},
        uri::Authority,
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{ApiToken, problem::Problem, server::Shared};

/// Tells browsers to load and run nothing but what comes from here, and to show the page in nobody's frame.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; \
                                       frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// How everything is read.
const READ: &str = "GET, HEAD";
/// How an order is given and taken back.
const ORDER: &str = "POST, DELETE";

/// Refuses what cannot be for us or may not be ordered, and puts the headers on whatever the answer is.
pub(super) async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let mut response = match check(&shared, &request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Figures are of the moment; only the page's own files, which say so themselves, may be kept.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

fn check(shared: &Shared, request: &Request) -> Result<(), Problem> {
    let host = requested_host(request.headers(), request.uri())?;
    if !is_ours(&host, &shared.host_names) {
        return Err(Problem::ForeignHost(host));
    }
    let path = request.uri().path();
    let can_be_ordered = can_be_ordered(path);
    match *request.method() {
        // A job tells paths of this machine, and its number is easily guessed.
        Method::GET | Method::HEAD if is_job(path) => check_token(request.headers(), &shared.token),
        Method::GET | Method::HEAD if !can_be_ordered => Ok(()),
        Method::POST | Method::DELETE if can_be_ordered => {
            check_origin(request.headers())?;
            check_token(request.headers(), &shared.token)
        }
        ref other => {
            let allowed = if can_be_ordered { ORDER } else { READ };
            Err(Problem::WrongMethod { method: other.to_string(), allowed })
        }
    }
}

/// Whether a path is one of those that change something. Whatever is not listed here can only be read.
fn can_be_ordered(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    let named = matches!(parts[..], ["", "api", "v1", "drain"] | ["", "api", "v1", "torrents", "create"]);
    named || matches!(parts[..], ["", "api", "v1", "torrents", _, "pin" | "share"]) || is_job(path)
}

/// Whether a path is that of a job, which can be looked at and taken back.
fn is_job(path: &str) -> bool {
    path.strip_prefix("/api/v1/jobs/").is_some_and(|id| !id.contains('/'))
}

/// A browser says whose page wants something. Only our own page is served under the name that it asks for.
fn check_origin(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or_default());
    let Some(origin) = text(header::ORIGIN) else { return Ok(()) };
    let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    match (authority, text(header::HOST)) {
        (Some(authority), Some(host)) if authority.eq_ignore_ascii_case(host) => Ok(()),
        _ => Err(Problem::ForeignOrigin(origin.to_owned())),
    }
}

fn check_token(headers: &HeaderMap, token: &ApiToken) -> Result<(), Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(Problem::Unauthorized("none was sent"));
    };
    let sent = value.to_str().ok().and_then(|text| text.split_once(' '));
    match sent {
        Some((scheme, sent)) if scheme.eq_ignore_ascii_case("bearer") && token.is(sent.trim()) => Ok(()),
        _ => Err(Problem::Unauthorized("what was sent is not it")),
    }
}

/// The host without its port. A request line with a whole address must name the same host as the header does.
pub(super) fn requested_host(headers: &HeaderMap, uri: &Uri) -> Result<String, Problem> {
    let mut values = headers.get_all(header::HOST).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return Err(Problem::NoHost) };
    let text = value.to_str().ok().filter(|text| !text.contains('@')).ok_or(Problem::NoHost)?;
    let Ok(authority) = text.parse::<Authority>() else { return Err(Problem::NoHost) };
    match uri.host() {
        Some(other) if !other.eq_ignore_ascii_case(authority.host()) => Err(Problem::ForeignHost(other.to_owned())),
        _ => Ok(authority.host().to_ascii_lowercase()),
    }
}

/// Whether a browser that names this host can mean us. A foreign page may point its own name at our address, but it
/// cannot be called an IP address, `localhost`, or what our user chose.
pub(super) fn is_ours(host: &str, host_names: &[String]) -> bool {
    let unbracketed = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    let name = host.strip_suffix('.').unwrap_or(host);
    unbracketed.parse::<IpAddr>().is_ok()
        || name == "localhost"
        || host_names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(hosts: &[&'static str], uri: &str) -> Result<String, Problem> {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(header::HOST, HeaderValue::from_static(host));
        }
        requested_host(&headers, &uri.parse().expect("a uri"))
    }

    #[test]
    fn only_addresses_localhost_and_chosen_names_are_ours() {
        let chosen = ["Attic.example".to_owned()];
        for host in ["127.0.0.1", "192.0.2.7", "[::1]", "localhost", "localhost.", "attic.example"] {
            assert!(is_ours(host, &chosen), "{host}");
        }
        for host in ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "attic"] {
            assert!(!is_ours(host, &chosen), "{host}");
        }
    }

    #[test]
    fn the_port_and_case_of_the_host_do_not_matter() {
        assert_eq!(asked(&["LocalHost:9001"], "/"), Ok("localhost".to_owned()));
        assert_eq!(asked(&["[::1]:9001"], "/"), Ok("[::1]".to_owned()));
    }

    #[test]
    fn ambiguous_hosts_are_refused() {
        assert_eq!(asked(&[], "/"), Err(Problem::NoHost));
        assert_eq!(asked(&["127.0.0.1", "evil.example"], "/"), Err(Problem::NoHost));
        assert_eq!(asked(&["evil@127.0.0.1"], "/"), Err(Problem::NoHost));
        assert_eq!(asked(&["127.0.0.1"], "http://evil.example/"), Err(Problem::ForeignHost("evil.example".to_owned())));
    }

    #[test]
    fn only_what_is_listed_can_be_ordered() {
        let orders = [
            "/api/v1/drain",
            "/api/v1/torrents/abc/pin",
            "/api/v1/torrents/abc/share",
            "/api/v1/torrents/create",
            "/api/v1/jobs/7",
        ];
        for path in orders {
            assert!(can_be_ordered(path), "{path}");
        }
        for path in ["/", "/api/v1/status", "/api/v1/drain/", "/api/v1/torrents/abc", "//api/v1/drain", "/drain"] {
            assert!(!can_be_ordered(path), "{path}");
        }
    }

    #[test]
    fn only_our_own_page_may_order() {
        let origin = |origin: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("attic.example:9001"));
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            check_origin(&headers).is_ok()
        };
        for own in [None, Some("http://attic.example:9001"), Some("https://Attic.example:9001")] {
            assert!(origin(own), "{own:?}");
        }
        for foreign in ["null", "http://attic.example", "http://attic.example:9001.evil.example", "http://[::1]:9001"] {
            assert!(!origin(Some(foreign)), "{foreign}");
        }
    }
}
