// What both providers stand on: servers on loopback that count who asks for what, and a control beside each.

import { createServer } from "node:http";

// What a provider says before it listens is shown where it never does; its warnings too, not on every run.
console.warn = console.log;

/** A server on loopback, where port 0 is a free one, and its URL; nobody knows it before `announce`. */
export async function listen(port) {
  const server = createServer();
  await new Promise((listening, failed) => server.once("error", failed).listen(port, "127.0.0.1", listening));
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}

/** Counts the requests of each path on their way to `handler`. */
export function counted(asked, handler) {
  return (request, response) => {
    const { pathname } = new URL(request.url, "http://provider");
    asked[pathname] = (asked[pathname] ?? 0) + 1;
    handler(request, response);
  };
}

/**
 * A control: `POST /NAME` runs the command of that name on the JSON in the body, and every answer is `state()`.
 * Then says where both listen; whoever started the script waits for the second line.
 */
export async function announce(provider, commands, state) {
  const { server, url } = await listen(0);
  server.on("request", async (request, response) => {
    try {
      const body = await read(request);
      if (request.method === "POST") await commands[request.url.slice(1)](body && JSON.parse(body));
      answer(response, 200, state());
    } catch (error) {
      answer(response, 500, { error: String(error.stack) });
    }
  });
  console.log(`control on ${url}`);
  console.log(`listening on ${provider}`);
}

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function answer(response, status, body) {
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}
