// The official MCP client against a server: node client.mjs URL < tokens
//
// Two tokens come in, one a line: one without the scope that a tool needs, one with it. One line of JSON goes
// out, with what the client met.

import { readFileSync } from "node:fs";
import {
  discoverOAuthProtectedResourceMetadata,
  extractResourceMetadataUrl,
  extractWWWAuthenticateParams,
  selectResourceURL,
} from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const url = process.argv[2];
if (!url) throw new Error("usage: node client.mjs URL < tokens");
const [reader, writer] = readFileSync(0, "utf8").split("\n");

// A client with this token, and the answers that it got, without their bodies.
async function connect(token, headers = {}) {
  const answers = [];
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: token ? { authorization: `Bearer ${token}`, ...headers } : headers },
    fetch: async (...request) => {
      const answer = await fetch(...request);
      answers.push(new Response(null, answer));
      return answer;
    },
  });
  const client = new Client({ name: "jwtower-interop", version: "1.0.0" });
  const failure = await client.connect(transport).then(() => undefined, (error) => error);
  return { client, transport, answers, failure };
}

const call = (session, name, args) => session.client.callTool({ name, arguments: args });
const failure = (promise) => promise.then(() => "no failure", (error) => error.code ?? error.name);

const stranger = await connect(undefined);
const refusal = stranger.answers[0];
const metadataUrl = extractResourceMetadataUrl(refusal);
const metadata = await discoverOAuthProtectedResourceMetadata(url, { resourceMetadataUrl: metadataUrl });

const reading = await connect(reader);
const { tools } = await reading.client.listTools();
const whoami = await call(reading, "whoami", {});
const denied = await failure(call(reading, "notes_write", { text: "hello" }));
const denial = extractWWWAuthenticateParams(reading.answers.at(-1));
const unknown = await failure(call(reading, "nothing", {}));
await reading.client.ping();

const writing = await connect(writer);
const written = await call(writing, "notes_write", { text: "hello" });
const mistaken = await call(writing, "notes_write", {});
const page = await connect(writer, { origin: "https://evil.example" });

console.log(
  JSON.stringify({
    stranger: stranger.failure?.code,
    metadataUrl,
    metadata,
    guessed: await discoverOAuthProtectedResourceMetadata(url),
    asksFor: await selectResourceURL(url, {}, metadata),
    version: reading.transport.protocolVersion,
    tools: tools.map((tool) => tool.name),
    whoami: whoami.content[0].text,
    denied,
    denial,
    unknown,
    written: written.content[0].text,
    mistaken: mistaken.isError,
    page: page.failure?.code,
    statuses: reading.answers.map((answer) => answer.status),
  }),
);
process.exit(0);
