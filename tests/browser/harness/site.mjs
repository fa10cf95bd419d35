// Somebody else's site: the same page of nothing at every path, and a record of who came.

import { Listener } from "./listener.mjs";

export class Site {
  static async open(scheme, host) {
    const site = new Site();
    site.listener = await Listener.open(scheme, host, (request, response) => {
      site.visits.push(`${request.method} ${request.url}`);
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
      response.end(`<!doctype html><html lang="en"><title>${host}</title><h1>${host}</h1>`);
    });
    return Object.assign(site, { origin: site.listener.origin });
  }

  visits = [];

  close() {
    return this.listener.close();
  }
}
