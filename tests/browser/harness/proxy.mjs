// Stands before `auth_server`, passes everything on as it came, and remembers it. It can hold requests until
// others are there too, and answers until something else has happened.

import http from "node:http";
import https from "node:https";
import { certificate } from "./certificate.mjs";
import { Gate } from "./gate.mjs";
import { Listener } from "./listener.mjs";
import { within } from "./until.mjs";

export class Proxy {
  static async open(scheme, host) {
    const proxy = new Proxy();
    proxy.listener = await Listener.open(scheme, host, (request, response) => proxy.#pass(request, response));
    return Object.assign(proxy, { origin: proxy.listener.origin, name: host });
  }

  /** Every request and its answer, in the order in which the requests came. */
  log = [];
  #requestGates = new Set();
  #answerGates = new Set();
  #waiting = new Set();

  /** The exchanges of a method and path that had an answer. */
  answered(method, path) {
    const matches = matcher(method, path);
    return this.log.filter((exchange) => exchange.status && matches(exchange));
  }

  /** The next such exchange that comes, once it is answered. */
  next(method, path) {
    return this.#await(`${method} ${path}`, matcher(method, path));
  }

  /** This very exchange, once it is answered. */
  answer(exchange) {
    return this.#await(exchange.path, (other) => other === exchange);
  }

  /** Keeps one request from the server until the gate opens; those that come later overtake it. */
  holdRequest(method, path) {
    return hold(this.#requestGates, method, path, { atMost: 1 });
  }

  /** Keeps one answer from the browser until the gate opens. */
  holdAnswer(method, path) {
    return hold(this.#answerGates, method, path, { atMost: 1 });
  }

  /** So many requests reach the server at once, and none is answered before all are. */
  together(method, path, opensAt) {
    for (const gates of [this.#requestGates, this.#answerGates]) hold(gates, method, path, { opensAt });
  }

  async close() {
    for (const gate of [...this.#requestGates, ...this.#answerGates]) gate.open();
    await this.listener.close();
  }

  #await(what, matches) {
    const answered = new Promise((done) => this.#waiting.add({ matches, done }));
    return within(`an answer to ${what}`, answered);
  }

  async #pass(request, response) {
    const { pathname, search } = new URL(request.url, this.origin);
    const { method, headers } = request;
    const exchange = { method, path: pathname, search, headers, cookie: headers.cookie ?? "" };
    this.log.push(exchange);
    try {
      exchange.sent = await read(request);
      await pass(this.#requestGates, exchange);
      const answer = await this.#ask(request, exchange);
      await pass(this.#answerGates, exchange);
      response.writeHead(answer.statusCode, answer.rawHeaders);
      response.end(exchange.bytes);
    } catch {
      response.destroy();
    }
    this.#tell(exchange);
  }

  async #ask({ method, url, rawHeaders }, exchange) {
    const { protocol, port } = this.upstream;
    const { request } = protocol === "https:" ? https : http;
    const trust = { ca: certificate().cert, servername: this.name };
    const options = { host: "127.0.0.1", port, method, path: url, headers: rawHeaders, agent: false, ...trust };
    const answer = await new Promise((answered, failed) => {
      request(options, answered).on("error", failed).end(exchange.sent);
    });
    exchange.bytes = await read(answer);
    const { statusCode: status, headers: answerHeaders } = answer;
    const setCookie = answerHeaders["set-cookie"] ?? [];
    Object.assign(exchange, { status, answerHeaders, setCookie, body: exchange.bytes.toString() });
    return answer;
  }

  #tell(exchange) {
    for (const waiting of [...this.#waiting].filter((waiting) => waiting.matches(exchange))) {
      this.#waiting.delete(waiting);
      waiting.done(exchange);
    }
  }
}

function hold(gates, method, path, limits) {
  const gate = new Gate(`${method} ${path}`, matcher(method, path), limits);
  gates.add(gate);
  return gate;
}

const matcher = (method, path) => (exchange) => exchange.method === method && exchange.path === path;

async function pass(gates, exchange) {
  for (const gate of gates) if (gate.matches(exchange)) await gate.pass(exchange);
}

async function read(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
