// npm jose as the recipient: node decrypt.mjs < `{ keys, pems, tokens, issuer, audience }`
//
// `keys` are private JWKs and secrets; `pems` are `{ alg, pem }`, each named by its thumbprint; a token is
// `{ token, signer }` with the JWK that verifies what is inside. `[{ header, claims } or { error }]` goes
// out.

import { readFileSync } from "node:fs";
import { calculateJwkThumbprint, compactDecrypt, exportJWK, importJWK, importPKCS8, jwtVerify } from "jose";

const { keys, pems, tokens, issuer, audience } = JSON.parse(readFileSync(0, "utf8"));
const found = new Map();
for (const jwk of keys) found.set(jwk.kid, { alg: jwk.alg, key: await importJWK(jwk) });
for (const { alg, pem } of pems) {
  const key = await importPKCS8(pem, alg, { extractable: true });
  found.set(await calculateJwkThumbprint(await exportJWK(key)), { alg, key });
}

function find({ kid, alg }) {
  const entry = found.get(kid);
  if (entry?.alg !== alg) throw new Error(`no key for ${alg} has the kid ${kid}`);
  return entry.key;
}

async function open({ token, signer }) {
  const { plaintext, protectedHeader: header } = await compactDecrypt(token, find);
  const key = await importJWK(signer);
  const options = { issuer, audience, algorithms: [signer.alg], typ: "at+jwt" };
  const { payload } = await jwtVerify(plaintext, key, options);
  return { header, claims: payload };
}

const opened = tokens.map((row) => open(row).catch((error) => ({ error: String(error) })));
console.log(JSON.stringify(await Promise.all(opened)));
