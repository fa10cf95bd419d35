// npm jose as the issuer: node encrypt.mjs < `{ claims, envelopes }`
//
// An envelope is `{ header, parties, key, signer, content }`. `content` says what is in it: `signed`, a token signed by
// the `signer` of that algorithm; `claims`, without a signature; or `encrypted`, such a token in an envelope of its
// own. `{ signers, tokens }` goes out; a token is a text, or `null` where jose does not know the algorithm.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { CompactEncrypt, EncryptJWT, SignJWT, errors, exportJWK, generateKeyPair, importJWK } from "jose";

const text = new TextEncoder();
const { claims, envelopes } = JSON.parse(readFileSync(0, "utf8"));
const pair = await generateKeyPair("ES256");
const secret = randomBytes(32);
const signers = { ES256: pair.privateKey, HS256: secret };

const dated = (token) => token.setIssuedAt().setExpirationTime("10m");
const signed = (alg) => dated(new SignJWT(claims)).setProtectedHeader({ alg, typ: "at+jwt" }).sign(signers[alg]);

function put(content, { header, parties }, key) {
  content.setProtectedHeader(header);
  if (parties) content.setKeyManagementParameters({ apu: text.encode(parties.apu), apv: text.encode(parties.apv) });
  return content.encrypt(key);
}

async function seal(envelope) {
  const key = await importJWK(envelope.key, envelope.header.alg);
  if (envelope.content === "claims") return put(dated(new EncryptJWT(claims)), envelope, key);
  const token = await signed(envelope.signer);
  const enclosed =
    envelope.content === "encrypted" ? await put(new CompactEncrypt(text.encode(token)), envelope, key) : token;
  return put(new CompactEncrypt(text.encode(enclosed)), envelope, key);
}

const known = (envelope) =>
  seal(envelope).catch((error) => {
    if (error instanceof errors.JOSENotSupported) return null;
    throw error;
  });

const published = { ES256: await exportJWK(pair.publicKey), HS256: await exportJWK(secret) };
for (const alg in published) published[alg].alg = alg;
console.log(JSON.stringify({ signers: published, tokens: await Promise.all(envelopes.map(known)) }));
