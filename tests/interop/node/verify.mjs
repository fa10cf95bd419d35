// npm jose as the verifier: node verify.mjs KEYS FILE ISSUER AUDIENCE < tokens
//
// KEYS is `jwks`, or the algorithm of the secret in FILE (base64). One token a line comes in, one line
// `OK alg subject` or `FAIL reason` goes out for each; the exit code is 1 if one failed.

import { readFileSync } from "node:fs";
import { createLocalJWKSet, jwtVerify } from "jose";

// What RFC 9068 2.2 demands of an access token.
const REQUIRED = ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"];

const [keys, file, issuer, audience] = process.argv.slice(2);
if (!audience) throw new Error("usage: node verify.mjs KEYS FILE ISSUER AUDIENCE < tokens");
const text = readFileSync(file, "utf8");
const [key, algorithms] =
  keys === "jwks" ? [createLocalJWKSet(JSON.parse(text)), undefined] : [Buffer.from(text, "base64"), [keys]];
const options = { issuer, audience, algorithms, requiredClaims: REQUIRED };

let failed = false;
for (const token of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, key, options);
    console.log("OK", protectedHeader.alg, payload.sub);
  } catch (error) {
    failed = true;
    console.log("FAIL", error.code ?? error.name, error.message);
  }
}
process.exit(failed ? 1 : 0);
