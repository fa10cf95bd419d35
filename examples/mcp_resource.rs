//! A server of the Model Context Protocol (streamable HTTP) whose tokens someone else issues.
//!
//!     $ cargo run --features jwks-client --example mcp_resource -- --issuer https://login.example.com \
//!         --resource http://127.0.0.1:3000/mcp --discover --listen 127.0.0.1:3000
//!
//! `--discover` finds the keys by the issuer's metadata; `--jwks-url URL` and `--jwks-file FILE` name their place.
//! `--resource URL` is what clients call, and the audience of their tokens. A client that knows only this URL
//! is sent from the 401 to the metadata, and from there to the issuer:
//!
//! curl -i -X POST --json '{"jsonrpc":"2.0","id":1,"method":"ping"}' http://127.0.0.1:3000/mcp # 401
//! curl -i http://127.0.0.1:3000/.well-known/oauth-protected-resource/mcp # 200
//! curl -i http://127.0.0.1:3000/.well-known/oauth-protected-resource # 404
//! curl -i -X POST -H 'Authorization: Bearer not.a.token' http://127.0.0.1:3000/mcp # 401
//!
//! A page of another site is refused, with or without a token (DNS rebinding); one of our own is not:
//!
//! curl -i -X POST -H 'Origin: https://evil.example' http://127.0.0.1:3000/mcp # 403
//!
//! With a token for this resource; the tool `notes_write` needs one with the scope mcp:write:
//!
//! curl -i -H "Authorization: Bearer $TOKEN" http://127.0.0.1:3000/mcp # 405, as there is no event stream
//! curl -i -H "Authorization: Bearer $TOKEN" http://127.0.0.1:3000/mcp --json \
//!     '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"notes_write","arguments":{"text":"a"}}}' # 200

use std::{
    error::Error,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Json, Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{Extensions, StatusCode, header, request::Parts},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::post,
};
use jwtower::guard::{require, scope};
use jwtower::keys::{KeySource, RemoteKeySet};
use jwtower::response::ProtectedResource;
use jwtower::{JwtAuthLayer, KeySet, NoClaims, Principal, Verifier};
use lexopt::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use tower::ServiceExt;
use tracing_subscriber::filter::LevelFilter;

/// The revisions of the protocol, the newest first.
const VERSIONS: [&str; 2] = ["2025-11-25", "2025-06-18"];

#[derive(Deserialize)]
struct Message {
    id: Option<Value>,
    method: String,
    #[serde(default)]
    params: Value,
}

/// A result or an error, as JSON-RPC tells them apart.
type Outcome = Result<Value, Value>;

/// One message of a client and its answer, if it is one that has an answer.
async fn mcp(State(tools): State<Router>, head: Parts, Json(message): Json<Message>) -> Response {
    let version = head.headers.get("mcp-protocol-version");
    if version.is_some_and(|version| VERSIONS.iter().all(|known| version != known)) {
        return (StatusCode::BAD_REQUEST, "this version of the protocol is unknown here\n").into_response();
    }
    let Some(id) = message.id else { return StatusCode::ACCEPTED.into_response() };
    let outcome = match &*message.method {
        "initialize" => Ok(initialize(&message.params)),
        "ping" => Ok(json!({})),
        "tools/list" => Ok(list()),
        "tools/call" => match call(tools, head.extensions, &message.params).await {
            Ok(outcome) => outcome,
            Err(refusal) => return refusal,
        },
        _ => Err(json!({ "code": -32601, "message": "unknown method" })),
    };
    let (member, value) = match outcome {
        Ok(result) => ("result", result),
        Err(error) => ("error", error),
    };
    Json(json!({ "jsonrpc": "2.0", "id": id, member: value })).into_response()
}

fn initialize(params: &Value) -> Value {
    let wanted = VERSIONS.into_iter().find(|version| params["protocolVersion"] == *version);
    json!({
        "protocolVersion": wanted.unwrap_or(VERSIONS[0]),
        "capabilities": { "tools": {} },
        "serverInfo": { "name": "jwtower-notes", "version": env!("CARGO_PKG_VERSION") },
    })
}

fn list() -> Value {
    let text = json!({ "text": { "type": "string" } });
    let note = json!({ "type": "object", "properties": text, "required": ["text"] });
    json!({ "tools": [
        { "name": "whoami", "description": "Who calls", "inputSchema": { "type": "object" } },
        { "name": "notes_write", "description": "Keeps a note", "inputSchema": note },
    ] })
}

/// Each tool is a route, so that a tool is guarded as a route is.
fn tools() -> Router {
    Router::new()
        .route("/whoami", post(whoami))
        .route("/notes_write", post(notes_write).layer(require(scope("mcp:write"))))
}

/// Asks a tool as the client that asks us: the extensions say who that is. A refusal is an HTTP answer, by whose
/// challenge the client knows which scope to ask for.
async fn call(tools: Router, extensions: Extensions, params: &Value) -> Result<Outcome, Response> {
    let unknown = json!({ "code": -32602, "message": "unknown tool" });
    let name = params["name"].as_str().unwrap_or_default();
    let arguments = Body::from(params["arguments"].to_string());
    let request = Request::post(format!("/{name}")).header(header::CONTENT_TYPE, "application/json");
    let Ok(mut request) = request.body(arguments) else { return Ok(Err(unknown)) };
    *request.extensions_mut() = extensions;
    let answer = tools.oneshot(request).await.into_response();
    let is_error = match answer.status() {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return Err(answer),
        StatusCode::NOT_FOUND => return Ok(Err(unknown)),
        status => !status.is_success(),
    };
    let text = to_bytes(answer.into_body(), 64 * 1024).await.unwrap_or_default();
    let content = json!([{ "type": "text", "text": String::from_utf8_lossy(&text) }]);
    Ok(Ok(json!({ "content": content, "isError": is_error })))
}

async fn whoami(principal: Principal) -> String {
    let scopes: Vec<_> = principal.scopes().collect();
    format!("{} with scopes [{}]", principal.subject().unwrap_or("nobody"), scopes.join(" "))
}

#[derive(Deserialize)]
struct Note {
    text: String,
}

static NOTES: Mutex<Vec<String>> = Mutex::new(Vec::new());
const MOST_NOTES: usize = 100;

async fn notes_write(Json(note): Json<Note>) -> Result<String, (StatusCode, &'static str)> {
    let mut notes = NOTES.lock().unwrap_or_else(PoisonError::into_inner);
    if notes.len() >= MOST_NOTES {
        return Err((StatusCode::INSUFFICIENT_STORAGE, "there is no room for another note"));
    }
    notes.push(note.text);
    Ok(format!("note {} is kept", notes.len()))
}

/// By a name of its own, any site reaches a server on its visitor's machine; its pages cannot hide their origin.
async fn from_here(State(here): State<Arc<str>>, request: Request, next: Next) -> Response {
    match request.headers().get(header::ORIGIN) {
        Some(origin) if *origin != *here => StatusCode::FORBIDDEN.into_response(),
        _ => next.run(request).await,
    }
}

fn app(resource: ProtectedResource, verifier: Verifier<NoClaims>) -> Result<Router, Box<dyn Error>> {
    let layer = JwtAuthLayer::new(verifier).resource_metadata(resource.metadata_url())?;
    let origin = resource.metadata_url().strip_suffix(resource.metadata_path()).unwrap_or_default();
    let mcp = Router::new().route("/mcp", post(mcp)).with_state(tools());
    Ok(mcp
        .route_layer(layer)
        .route_layer(from_fn_with_state(origin.into(), from_here))
        .merge(jwtower::routes::protected_resource(resource)))
}

fn options() -> Result<(ProtectedResource, Verifier<NoClaims>, String), Box<dyn Error>> {
    let (mut issuer, mut resource, mut listen) = (String::new(), String::new(), "127.0.0.1:3000".to_owned());
    let (mut keys, mut discover) = (None::<KeySource>, false);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("issuer") => issuer = arguments.value()?.string()?,
            Long("resource") => resource = arguments.value()?.string()?,
            Long("jwks-file") => keys = Some(KeySet::from_jwks_file(arguments.value()?)?.into()),
            Long("jwks-url") => keys = Some(RemoteKeySet::new(&arguments.value()?.string()?)?.into()),
            Long("discover") => discover = true,
            Long("listen") => listen = arguments.value()?.string()?,
            other => return Err(other.unexpected().into()),
        }
    }
    let keys = if discover { Some(RemoteKeySet::discover(&issuer)?.into()) } else { keys };
    let keys = keys.ok_or("give one of --discover, --jwks-url URL and --jwks-file FILE")?;
    let resource = ProtectedResource::new(&resource)?.authorization_server(&issuer)?.scopes(["mcp:write"])?;
    let verifier = Verifier::builder().keys(keys).issuer(issuer).audience(resource.resource()).build()?;
    Ok((resource, verifier, listen))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_max_level(LevelFilter::WARN).with_writer(std::io::stderr).init();
    let (resource, verifier, listen) = options()?;
    let app = app(resource, verifier)?;
    let listener = tokio::net::TcpListener::bind(listen).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}
