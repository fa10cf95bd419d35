// A provider that signs whatever it is told to: node oauth2-mock.mjs [PORT]
//
// Its tokens follow no profile: `typ` is JWT, client_credentials have no `sub` and, unless asked for, no `aud`.
// The control takes
//
//   POST /next         {"header": {..}, "claims": {..}} are written over those of the next token; null removes
//   GET /              how often each path was asked

import { OAuth2Issuer, OAuth2Service } from "oauth2-mock-server";
import { announce, counted, listen } from "./serve.mjs";

const issuer = new OAuth2Issuer();
for (const algorithm of ["RS256", "ES256", "EdDSA"]) await issuer.keys.generate(algorithm);
const service = new OAuth2Service(issuer);

const { server, url } = await listen(Number(process.argv[2] ?? 0));
issuer.url = url;
const asked = {};
server.on("request", counted(asked, service.requestHandler));

// Only undefined also removes the `typ` that is added after this.
function overwrite(members, changes = {}) {
  for (const [name, value] of Object.entries(changes)) members[name] = value ?? undefined;
}

const next = ({ header, claims }) =>
  service.once("beforeTokenSigning", (token) => {
    overwrite(token.header, header);
    overwrite(token.payload, claims);
  });
await announce(url, { next }, () => ({ asked }));
