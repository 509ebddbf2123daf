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

use super::{problem::Problem, server::Shared};

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

/// Refuses what cannot be for us, and puts the headers on whatever the answer is.
pub(super) async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let mut response = match check(&shared.host_names, &request) {
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

fn check(host_names: &[String], request: &Request) -> Result<(), Problem> {
    let host = requested_host(request.headers(), request.uri())?;
    if !is_ours(&host, host_names) {
        return Err(Problem::ForeignHost(host));
    }
    match *request.method() {
        Method::GET | Method::HEAD => Ok(()),
        ref other => Err(Problem::ReadOnly(other.to_string())),
    }
}

/// The host without its port. A request line with a whole address must name the same host as the header does.
fn requested_host(headers: &HeaderMap, uri: &Uri) -> Result<String, Problem> {
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
fn is_ours(host: &str, host_names: &[String]) -> bool {
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
}
