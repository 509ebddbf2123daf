//! The API's document (OpenAPI 3.1): what is mounted, told by the same code that mounts it.

use std::sync::Arc;

use axum::{extract::State, http::HeaderMap, response::Response};
use serde_json::Value;
use utoipa::openapi::{
    self, ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder,
    path::{Operation, PathItem, PathsBuilder},
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};

use super::{
    etag::tagged_bytes,
    mount::{Access, Mount},
    problem::ProblemForm,
    server::Shared,
    strict::strict,
    words,
};

/// The type of every refusal.
pub(super) const PROBLEM_TYPE: &str = "application/problem+json";
/// What the form of every refusal is called here.
pub(super) const PROBLEM: &str = "ProblemForm";

const TOKEN: &str = "token";
const COOKIE: &str = "cookie";

const DESCRIPTION: &str = "What the page shows and does, for programs. Times are RFC 3339, names that end in `_s` are \
    seconds and in `_ms` milliseconds, sizes are bytes. Whoever reaches the beacon may look; what is marked with a lock needs \
    the token, which is in the file `api.token` of the beacon's data directory, or the cookie of a browser that is logged in. \
    Every refusal is a problem (RFC 9457) with the way out.";

/// This document
#[utoipa::path(get, path = "/api/v1/openapi.json", responses((status = 200, body = Value), (status = 304)))]
pub(super) async fn openapi(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    tagged_bytes(&headers, shared.document.get().cloned().unwrap_or_default().into_bytes())
}

/// The document of what is mounted. `cookie` is what the beacon calls its cookies.
pub(super) fn document(mounts: Vec<Mount>, version: &str, cookie: &str) -> Value {
    let mut components = ComponentsBuilder::new()
        .schema_from::<ProblemForm>()
        .schemas_from_iter(words::schemas())
        .security_scheme(TOKEN, SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()))
        .security_scheme(COOKIE, SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(cookie))));
    let mut paths = PathsBuilder::new();
    for mount in mounts {
        components = components.schemas_from_iter(mount.schemas);
        let operation = with_refusals(mount.operation, mount.access, mount.path.contains('{'));
        paths = paths.path(mount.path, PathItem::new(mount.method, operation));
    }
    let info = InfoBuilder::new().title("Beacon").version(version).description(Some(DESCRIPTION));
    let api: OpenApi = OpenApiBuilder::new().info(info).paths(paths).components(Some(components.build())).build();
    let mut document = serde_json::to_value(api).unwrap_or_default();
    strict(&mut document);
    document
}

/// Says of an operation what the guard, the body and the way to the loop may answer in its stead.
fn with_refusals(mut operation: Operation, access: Access, has_parts: bool) -> Operation {
    let mut refusals = vec![(400, "The request cannot be read."), (421, "The `Host` is none of the beacon's.")];
    refusals.push((503, "The beacon is busy, or stops."));
    if has_parts {
        refusals.push((404, "There is no such thing."));
    }
    if access != Access::Read {
        refusals.push((403, "Another page wants it."));
    }
    if matches!(access, Access::Secret | Access::Write) {
        refusals.push((401, "Neither the token nor the cookie was sent."));
        let any = [TOKEN, COOKIE].map(|scheme| SecurityRequirement::new(scheme, Vec::<String>::new()));
        operation.security = Some(any.into());
    }
    if operation.request_body.is_some() {
        refusals.extend([(413, "The body is too large."), (415, "The body is not JSON.")]);
    }
    for (status, description) in refusals {
        let responses = &mut operation.responses.responses;
        responses.entry(status.to_string()).or_insert_with(|| openapi::Response::new(description).into());
    }
    operation
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::{
        node::view::ClientState,
        web::{
            routes::routes,
            testing::{TestServer, shared_state},
        },
    };

    #[tokio::test]
    async fn every_route_is_in_the_document_and_everything_in_it_is_mounted() {
        let server = TestServer::start(ClientState::Ready).await;
        let document = server.get("/api/v1/openapi.json").await.json();
        let mut told = 0;
        for (path, item) in document["paths"].as_object().expect("paths") {
            let path = path.replace("{info_hash}", &"01".repeat(20)).replace("{id}", "7");
            for method in item.as_object().expect("operations").keys() {
                let answer = server.open(&method.to_uppercase(), &path, "Host: localhost\r\n").await;
                let head = crate::web::testing::head(answer).await;
                assert!(!head.contains(" 405 ") && !head.contains("nothing at"), "{method} {path}: {head}");
                told += 1;
            }
        }
        let (_, mounts) = routes(&shared_state()).into_router();
        assert_eq!(told, mounts.len());
    }

    #[test]
    fn every_part_of_a_path_and_every_schema_is_told() {
        let (_, mounts) = routes(&shared_state()).into_router();
        let document = super::document(mounts, "1.2.3", "beacon-0");
        for (path, item) in document["paths"].as_object().expect("paths") {
            for (method, operation) in item.as_object().expect("operations") {
                let parameters = operation["parameters"].as_array().into_iter().flatten();
                let told: Vec<_> = parameters.filter(|one| one["in"] == "path").map(|one| &one["name"]).collect();
                let parts = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
                assert_eq!(told, parts.collect::<Vec<_>>(), "{method} {path}");
                assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{method} {path}");
            }
        }
        let text = document.to_string();
        for reference in text.split("#/components/schemas/").skip(1) {
            let name = reference.split('"').next().expect("a name");
            assert!(document["components"]["schemas"][name].is_object(), "{name} is told nowhere");
        }
    }

    #[test]
    fn no_two_schemas_have_one_name() {
        let (_, mounts) = routes(&shared_state()).into_router();
        let mut seen = BTreeMap::new();
        for (name, schema) in mounts.into_iter().flat_map(|mount| mount.schemas) {
            let text = serde_json::to_string(&schema).expect("JSON");
            let before = seen.entry(name.clone()).or_insert_with(|| text.clone());
            assert_eq!(*before, text, "two forms are called {name}");
        }
    }
}
