//! How a route is mounted: with who may use it, and with what the API's document says of it.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    extract::{Query, Request, State},
    handler::Handler,
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse as _, Response},
    routing::{MethodFilter, MethodRouter},
};
use utoipa::{
    __dev::SchemaReferences,
    openapi::{
        RefOr,
        path::{HttpMethod, Operation, ParameterIn},
        schema::Schema,
    },
};

use super::{guard, problem::Problem, server::Shared};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Whoever reaches the beacon.
    Read,
    /// Who knows the token or is logged in, since it tells what is nobody else's business.
    Secret,
    /// Who knows the token or is logged in, from no page but ours, since it changes something.
    Write,
    /// Whoever is about to log in or out, from no page but ours.
    Door,
}

/// What the attribute beside a handler makes of it.
pub(super) trait Documented: utoipa::Path + SchemaReferences {}

impl<P: utoipa::Path + SchemaReferences> Documented for P {}

/// Routes that are being put together. Where the beacon is read-only, all but those to read are left out.
pub(super) struct Mounted {
    shared: Arc<Shared>,
    paths: BTreeMap<String, Methods>,
    operations: Vec<Mount>,
}

/// One operation as it is mounted.
pub(super) struct Mount {
    pub(super) path: String,
    pub(super) method: HttpMethod,
    pub(super) access: Access,
    pub(super) operation: Operation,
    /// The schemas that it names.
    pub(super) schemas: Vec<(String, RefOr<Schema>)>,
}

#[derive(Default)]
struct Methods {
    router: MethodRouter<Arc<Shared>>,
    allowed: Vec<&'static str>,
}

impl Mounted {
    /// None yet.
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, paths: BTreeMap::new(), operations: Vec::new() }
    }

    /// Mounts what everyone may read.
    pub(super) fn read<P: Documented, T: 'static>(self, path: &P, handler: impl Handler<T, Arc<Shared>>) -> Self {
        self.mount(Access::Read, path, handler)
    }

    /// Mounts what only who knows the token may read.
    pub(super) fn secret<P: Documented, T: 'static>(self, path: &P, handler: impl Handler<T, Arc<Shared>>) -> Self {
        self.mount(Access::Secret, path, handler)
    }

    /// Mounts what changes something.
    pub(super) fn write<P: Documented, T: 'static>(self, path: &P, handler: impl Handler<T, Arc<Shared>>) -> Self {
        self.mount(Access::Write, path, handler)
    }

    /// Mounts what logs in or out.
    pub(super) fn door<P: Documented, T: 'static>(self, path: &P, handler: impl Handler<T, Arc<Shared>>) -> Self {
        self.mount(Access::Door, path, handler)
    }

    /// The router, and what is mounted in it.
    pub(super) fn into_router(self) -> (Router<Arc<Shared>>, Vec<Mount>) {
        let router = self.paths.into_iter().fold(Router::new(), |router, (path, methods)| {
            let allowed = methods.allowed.join(", ");
            let refuse = |request: Request| async move {
                Problem::WrongMethod { method: request.method().to_string(), allowed }
            };
            router.route(&path, methods.router.fallback(refuse))
        });
        (router, self.operations)
    }

    fn mount<P: Documented, T: 'static>(
        mut self,
        access: Access,
        _path: &P,
        handler: impl Handler<T, Arc<Shared>>,
    ) -> Self {
        if self.shared.options.read_only && access != Access::Read {
            return self;
        }
        let (path, shared) = (P::path(), &self.shared);
        let methods = self.paths.entry(path.clone()).or_default();
        let mut filter = None::<MethodFilter>;
        for method in P::methods() {
            let (one, names) = answered(&method);
            filter = Some(filter.map_or(one, |others| others.or(one)));
            methods.allowed.extend(names);
            let mut schemas = Vec::new();
            P::schemas(&mut schemas);
            self.operations.push(Mount { path: path.clone(), method, access, operation: P::operation(), schemas });
        }
        let Some(filter) = filter else { return self };
        let known: Arc<[String]> = query_names(&P::operation()).into();
        let router = MethodRouter::new().on(filter, handler).route_layer(from_fn_with_state(known, known_parameters));
        let router = match access {
            Access::Read => router,
            Access::Secret => router.route_layer(from_fn_with_state(Arc::clone(shared), guard::secret)),
            Access::Write => router.route_layer(from_fn_with_state(Arc::clone(shared), guard::write)),
            Access::Door => router.route_layer(from_fn(guard::door)),
        };
        methods.router = std::mem::take(&mut methods.router).merge(router);
        self
    }
}

/// The parameters that an operation has in its query.
fn query_names(operation: &Operation) -> Vec<String> {
    let parameters = operation.parameters.iter().flatten().filter_map(|parameter| match parameter {
        RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query => Some(parameter.name.clone()),
        _ => None,
    });
    parameters.collect()
}

/// Refuses parameters that mean nothing: who mistypes one is not given an answer to another question.
async fn known_parameters(State(known): State<Arc<[String]>>, request: Request, next: Next) -> Response {
    let pairs = match Query::<Vec<(String, String)>>::try_from_uri(request.uri()) {
        Ok(Query(pairs)) => pairs,
        Err(rejection) => return Problem::BadQuery(rejection.body_text()).into_response(),
    };
    match pairs.into_iter().find(|(name, _)| !known.contains(name)) {
        Some((name, _)) => Problem::StrangeParameter { name, known: listed(&known) }.into_response(),
        None => next.run(request).await,
    }
}

/// Names as people list them.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

/// The methods that are answered where `method` is, and their names. What can be read can be asked for its head, too.
const fn answered(method: &HttpMethod) -> (MethodFilter, &'static [&'static str]) {
    match method {
        HttpMethod::Post => (MethodFilter::POST, &["POST"]),
        HttpMethod::Put => (MethodFilter::PUT, &["PUT"]),
        HttpMethod::Delete => (MethodFilter::DELETE, &["DELETE"]),
        HttpMethod::Patch => (MethodFilter::PATCH, &["PATCH"]),
        HttpMethod::Options => (MethodFilter::OPTIONS, &["OPTIONS"]),
        HttpMethod::Trace => (MethodFilter::TRACE, &["TRACE"]),
        HttpMethod::Get | HttpMethod::Head => (MethodFilter::GET, &["GET", "HEAD"]),
    }
}
