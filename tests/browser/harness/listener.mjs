// An http or https server on a free port of this machine.

import http from "node:http";
import https from "node:https";
import { certificate } from "./certificate.mjs";

export class Listener {
  /** `handle` is what node:http gives its requests to. */
  static async open(scheme, host, handle) {
    const server = scheme === "https" ? https.createServer(certificate(), handle) : http.createServer(handle);
    await new Promise((listening, failed) => server.on("error", failed).listen(0, "127.0.0.1", listening));
    return new Listener(server, `${scheme}://${host}:${server.address().port}`);
  }

  constructor(server, origin) {
    Object.assign(this, { server, origin });
  }

  async close() {
    const closed = new Promise((done) => this.server.close(done));
    this.server.closeAllConnections();
    await closed;
  }
}
