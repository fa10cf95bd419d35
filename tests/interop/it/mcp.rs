//! The official client of the Model Context Protocol against the example `mcp_resource`.

use std::{fs, net::TcpListener};

use jwtower::{Issuer, KeySet, SigningKey};
use serde_json::{Value, json};

use crate::{
    ISSUER,
    example::{self, Example},
    peer,
};

#[test]
fn a_client_of_mcp_finds_the_metadata_and_then_calls_what_its_token_allows() {
    let Some(peer) = peer::mcp() else { return };
    // The address is part of the identifier, so it is chosen before the server starts.
    let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let address = address.expect("a port is free").to_string();
    let resource = format!("http://{address}/mcp");

    let key = SigningKey::generate(jwtower::Algorithm::ES256).expect("a key");
    let file = peer.folder("keys").join("jwks.json");
    fs::write(&file, KeySet::from(&key).to_jwks()).expect("a file");
    let issuer = Issuer::builder().key(&key).issuer(ISSUER).audience(&*resource).build().expect("an issuer");
    let sign = |scope: &str| issuer.sign("alice", &json!({ "scope": scope })).expect("a token");
    let tokens = format!("{}\n{}", sign("mcp:read").secret(), sign("mcp:read mcp:write").secret());

    let program = example::build("jwtower", "mcp_resource", &["jwks-client"]);
    let file = file.display().to_string();
    let arguments = ["--issuer", ISSUER, "--resource", &resource, "--jwks-file", &file, "--listen", &address];
    let _server = Example::start(&program, &arguments);
    let met: Value = serde_json::from_str(&peer.run("client", &[&resource], &tokens)).expect("JSON");

    let metadata_url = format!("http://{address}/.well-known/oauth-protected-resource/mcp");
    let metadata = json!({
        "resource": resource,
        "authorization_servers": [ISSUER],
        "scopes_supported": ["mcp:write"],
        "bearer_methods_supported": ["header"],
    });
    let expected = json!({
        "stranger": 401,
        "metadataUrl": metadata_url,
        "metadata": metadata,
        "guessed": metadata,
        "asksFor": resource,
        "version": "2025-11-25",
        "tools": ["whoami", "notes_write"],
        "whoami": "alice with scopes [mcp:read]",
        "denied": 403,
        "denial": {
            "resourceMetadataUrl": metadata_url, "scope": "mcp:write", "error": "insufficient_scope",
        },
        "unknown": -32602,
        "written": "note 1 is kept",
        "mistaken": true,
        "page": 403,
        // Initialize, the notification that it is done, no event stream; then the calls one by one.
        "statuses": [200, 202, 405, 200, 200, 403, 200, 200],
    });
    assert_eq!(met, expected);
}
