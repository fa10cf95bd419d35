// npm jose as the recipient: node keys.mjs < kinds
//
// `[{ kid, alg, kty, crv or size }]` comes in, a key for each goes out: `{ private, public, pkcs8, spki }`, of which
// a secret has only the first.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { exportJWK, exportPKCS8, exportSPKI, generateKeyPair } from "jose";

async function generate({ kid, alg, kty, crv, size }) {
  const jwk = async (key) => ({ ...(await exportJWK(key)), kid, alg, use: "enc" });
  if (kty === "oct") return { private: await jwk(randomBytes(size / 8)) };
  const { privateKey, publicKey } = await generateKeyPair(alg, { crv, extractable: true });
  return {
    private: await jwk(privateKey),
    public: await jwk(publicKey),
    pkcs8: await exportPKCS8(privateKey),
    spki: await exportSPKI(publicKey),
  };
}

const kinds = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(await Promise.all(kinds.map(generate))));
