//! What every request and every answer goes through: the name asked for, who asks, and headers for browsers.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, Uri,
        header::{self},
        uri::Authority,
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{Sessions, problem::Problem, server::Shared};

/// Tells browsers to load and run nothing but what comes from here, and to show the page in nobody's frame.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; \
                                       frame-ancestors 'none'";

/// The page wants nothing of the machine that it is looked at on, but to put links where they can be pasted from.
const PERMISSIONS_POLICY: &str = "accelerometer=(), browsing-topics=(), camera=(), clipboard-read=(), clipboard-write=(self), \
                                  display-capture=(), geolocation=(), gyroscope=(), hid=(), microphone=(), midi=(), \
                                  payment=(), screen-wake-lock=(), serial=(), usb=()";

const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS_POLICY),
];

/// What browsers say of how near the page that wants something is to what it wants (W3C Fetch Metadata).
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses what cannot be for us, and puts the headers on whatever the answer is.
pub(super) async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let mut response = match check_host(&shared, &request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Figures are of the moment; only what says so itself may be kept.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Lets nobody read who does not know the token and is not logged in.
pub(super) async fn secret(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    match check_reader(request.headers(), &shared.sessions) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// Lets nobody order who does not know the token and is not logged in, nor anybody's page but ours.
pub(super) async fn write(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    match check_writer(request.headers(), &shared.sessions) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// Lets nobody's page but ours log in or out.
pub(super) async fn door(request: Request, next: Next) -> Response {
    match check_origin(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// Whether whoever asks may order something: by the token or by the cookie.
pub(super) fn is_known(headers: &HeaderMap, sessions: &Sessions) -> bool {
    check_credential(headers, sessions).is_ok()
}

fn check_host(shared: &Shared, request: &Request) -> Result<(), Problem> {
    let host = requested_host(request.headers(), request.uri())?;
    if is_ours(&host, &shared.options.host_names) { Ok(()) } else { Err(Problem::ForeignHost(host)) }
}

fn check_reader(headers: &HeaderMap, sessions: &Sessions) -> Result<(), Problem> {
    match check_credential(headers, sessions)? {
        Credential::Token => Ok(()),
        // Browsers send the cookie along for pages at other ports of this host. Such a page could not read the answer either.
        Credential::Cookie => check_origin(headers),
    }
}

fn check_writer(headers: &HeaderMap, sessions: &Sessions) -> Result<(), Problem> {
    check_origin(headers)?;
    let is_said = headers.contains_key(header::ORIGIN) || headers.contains_key(SEC_FETCH_SITE);
    match check_credential(headers, sessions)? {
        Credential::Cookie if !is_said => Err(Problem::NoOrigin),
        Credential::Cookie | Credential::Token => Ok(()),
    }
}

/// By what somebody is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Credential {
    Token,
    Cookie,
}

/// A browser says whose page wants something. Only our own page is served under the name that it asks for.
fn check_origin(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or_default());
    // `none`: no page wants it, but whoever sits there, by the address bar.
    if let Some(site) = text(SEC_FETCH_SITE).filter(|site| !["same-origin", "none"].contains(site)) {
        return Err(Problem::ForeignOrigin(text(header::ORIGIN).unwrap_or(site).to_owned()));
    }
    let Some(origin) = text(header::ORIGIN) else { return Ok(()) };
    let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    match (authority, text(header::HOST)) {
        (Some(authority), Some(host)) if authority.eq_ignore_ascii_case(host) => Ok(()),
        _ => Err(Problem::ForeignOrigin(origin.to_owned())),
    }
}

/// A token that is sent must be right, whatever the cookie: who sends one wants to know whether it is.
fn check_credential(headers: &HeaderMap, sessions: &Sessions) -> Result<Credential, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = match (values.next(), values.next()) {
        (Some(value), None) => value,
        (None, _) if sessions.is_logged_in(headers) => return Ok(Credential::Cookie),
        _ => return Err(Problem::Unauthorized("none was sent")),
    };
    let sent = value.to_str().ok().and_then(|text| text.split_once(' '));
    match sent {
        Some((scheme, sent)) if scheme.eq_ignore_ascii_case("bearer") && sessions.is_token(sent.trim()) => {
            Ok(Credential::Token)
        }
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
