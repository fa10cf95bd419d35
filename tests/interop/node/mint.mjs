// npm jose as the issuer: node mint.mjs OUTDIR ISSUER AUDIENCE
//
// Writes into OUTDIR
//   jwks.json     the public keys
//   HS256.secret  and so on: the shared secrets in base64
//   tokens.tsv    name, keys, subject, grants, token
//
// `keys` is the algorithm of the secret, or `jwks`. `grants` is what the token allows: `role:admin`,
// `permission:posts:write`, `nothing`, or `reject` where the whole token is bad.

import { randomBytes, randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  SignJWT,
  UnsecuredJWT,
  base64url,
  calculateJwkThumbprint,
  decodeJwt,
  exportJWK,
  generateKeyPair,
} from "jose";

const SECRET_BYTES = { HS256: 32, HS384: 48, HS512: 64 };
const PUBLIC = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"];

async function generate(algorithm) {
  if (algorithm in SECRET_BYTES) return { signer: randomBytes(SECRET_BYTES[algorithm]) };
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { signer: privateKey, kid, jwk: { ...jwk, kid, alg: algorithm, use: "sig" } };
}

// Another subject under the old signature.
function tampered(token) {
  const [header, , signature] = token.split(".");
  const changed = base64url.encode(JSON.stringify({ ...decodeJwt(token), sub: "mallory" }));
  return [header, changed, signature].join(".");
}

// Rows of [what, grants, token] that differ in one thing each.
async function mint(algorithm, key, issuer, audience) {
  const now = Math.floor(Date.now() / 1000);
  const base = {
    iss: issuer,
    aud: audience,
    sub: `js-${algorithm}`,
    client_id: "app",
    iat: now,
    exp: now + 600,
    name: "Zoë ☃",
  };
  const claims = (changes) => ({ ...base, jti: randomUUID(), ...changes });
  const sign = (changes, signer = key.signer, typ = { typ: "at+jwt" }) =>
    new SignJWT(claims(changes)).setProtectedHeader({ alg: algorithm, kid: key.kid, ...typ }).sign(signer);
  const stranger = await generate(algorithm);

  return [
    ["admin", "role:admin", await sign({ roles: ["admin"] })],
    ["editor", "permission:posts:write", await sign({ permissions: ["posts:write"] }, key.signer, {})],
    ["reader", "nothing", await sign({ aud: ["urn:other", audience], roles: ["reader"], permissions: [] })],
    ["expired", "reject", await sign({ iat: now - 7200, exp: now - 3600 })],
    ["not-yet", "reject", await sign({ nbf: now + 3600, exp: now + 7200 })],
    ["no-expiry", "reject", await sign({ exp: undefined })],
    ["wrong-issuer", "reject", await sign({ iss: issuer + "/" })],
    ["wrong-audience", "reject", await sign({ aud: audience + "2" })],
    ["other-key", "reject", await sign({ roles: ["admin"] }, stranger.signer)],
    ["unsigned", "reject", new UnsecuredJWT(claims({ roles: ["admin"] })).encode()],
    ["tampered", "reject", tampered(await sign({ roles: ["admin"] }))],
  ];
}

const [out, issuer, audience] = process.argv.slice(2);
if (!audience) throw new Error("usage: node mint.mjs OUTDIR ISSUER AUDIENCE");
mkdirSync(out, { recursive: true });
const jwks = [];
const rows = [];
for (const algorithm of [...Object.keys(SECRET_BYTES), ...PUBLIC]) {
  const key = await generate(algorithm);
  if (key.jwk) jwks.push(key.jwk);
  else writeFileSync(join(out, `${algorithm}.secret`), key.signer.toString("base64") + "\n");
  const keys = key.jwk ? "jwks" : algorithm;
  for (const [what, grants, token] of await mint(algorithm, key, issuer, audience)) {
    rows.push([`${algorithm}-${what}`, keys, `js-${algorithm}`, grants, token]);
  }
}
writeFileSync(join(out, "jwks.json"), JSON.stringify({ keys: jwks }));
writeFileSync(join(out, "tokens.tsv"), rows.map((row) => row.join("\t") + "\n").join(""));
console.log(`minted ${rows.length} tokens`);
