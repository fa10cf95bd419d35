// A certified OpenID provider, whose keys rotate on command: node oidc-provider.mjs [PORT]
//
// Client `service`, by client_credentials with `client_secret` and a `resource`: urn:api:rs256 and so on, the
// algorithm that signs. The control takes
//
//   POST /prepublish   new keys are published, the old ones go on signing
//   POST /promote      the newest keys sign, the others stay published
//   POST /retire       only the newest keys stay
//   POST /rotate       all three at once, with new keys
//   POST /encrypt      tokens for urn:api:encrypted are encrypted to the public JWK in the body
//   GET /              which keys are published and sign, and how often each path was asked

import { announce, counted, listen } from "./serve.mjs"; // first, because the next one warns at once
import { createPublicKey } from "node:crypto";
import { Provider, errors } from "oidc-provider";
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";

const ALGORITHMS = ["RS256", "ES256", "EdDSA", "PS256", "ES384", "Ed25519"];
const RESOURCES = new Map(ALGORITHMS.map((algorithm) => [`urn:api:${algorithm.toLowerCase()}`, algorithm]));
const CLIENT = {
  client_id: "service",
  client_secret: "a-secret-of-tests-that-opens-nothing-else",
  token_endpoint_auth_method: "client_secret_post",
  grant_types: ["client_credentials"],
  redirect_uris: [],
  response_types: [],
};

async function generation() {
  return Promise.all(
    ALGORITHMS.map(async (alg) => {
      const { privateKey } = await generateKeyPair(alg, { extractable: true });
      const jwk = await exportJWK(privateKey);
      return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg, use: "sig" };
    }),
  );
}

const signed = (alg) => alg && { sign: { alg } };

let recipient;
const encrypted = () =>
  recipient && {
    ...signed("ES256"),
    encrypt: { alg: recipient.alg, enc: "A256GCM", key: createPublicKey({ key: recipient, format: "jwk" }), kid: recipient.kid },
  };

// The first fitting key signs.
function handler(issuer, generations, signing) {
  const keys = [signing, ...generations.filter((each) => each !== signing)].flat();
  const provider = new Provider(issuer, {
    jwks: { keys },
    clients: [CLIENT],
    scopes: ["read"],
    enabledJWA: { idTokenSigningAlgValues: ALGORITHMS },
    cookies: { keys: ["only sessions of browsers are signed with it"] },
    extraTokenClaims: () => ({ name: "Service", roles: ["reader"] }),
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo(_, resource) {
          const jwt = resource === "urn:api:encrypted" ? encrypted() : signed(RESOURCES.get(resource));
          if (!jwt) throw new errors.InvalidTarget();
          return { audience: resource, scope: "read", accessTokenFormat: "jwt", jwt };
        },
      },
    },
  });
  provider.on("server_error", (_, error) => console.error(error));
  return provider.callback();
}

const { server, url } = await listen(Number(process.argv[2] ?? 0));
const asked = {};
let signing = await generation();
let generations = [signing];
let current = handler(url, generations, signing);
server.on("request", counted(asked, (request, response) => current(request, response)));

const newest = () => generations.at(-1);
const steps = {
  prepublish: async () => generations.push(await generation()),
  promote: () => (signing = newest()),
  retire: () => (generations = [(signing = newest())]),
  rotate: async () => (generations = [(signing = await generation())]),
};
const commands = { encrypt: (jwk) => (recipient = jwk) };
for (const [name, step] of Object.entries(steps)) {
  commands[name] = async () => {
    await step();
    current = handler(url, generations, signing);
  };
}
const kids = (keys) => keys.map(({ kid }) => kid);
await announce(url, commands, () => ({ signing: kids(signing), published: kids(generations.flat()), asked }));
