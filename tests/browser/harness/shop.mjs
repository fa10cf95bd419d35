// What a test starts with: `auth_server` behind the proxy, and a browser before it. All of it ends with the test.

import { newContext } from "./browser.mjs";
import { certificate } from "./certificate.mjs";
import { Proxy } from "./proxy.mjs";
import { Server } from "./server.mjs";
import { Site } from "./site.mjs";

export class Shop {
  /** `flags` are the server's; a function gets the shop, whose sites have their ports by then. */
  static async open(t, world, { flags = [], sites = [] } = {}) {
    const shop = new Shop(t, world);
    shop.proxy = shop.#ends(await Proxy.open(world.scheme, world.home));
    shop.origin = shop.proxy.origin;
    for (const name of sites) shop[name] = await shop.site(world[name] ?? `${name}.test`);
    const { certFile, keyFile } = world.scheme === "https" ? certificate() : {};
    const tls = certFile ? ["--tls-cert", certFile, "--tls-key", keyFile] : [];
    const more = typeof flags === "function" ? flags(shop) : flags;
    shop.server = await Server.start(["--issuer", shop.origin, ...tls, ...more]);
    shop.#ends({ close: () => shop.server.stop() });
    shop.proxy.upstream = shop.server;
    shop.context = await shop.person();
    return shop;
  }

  #open = [];

  constructor(t, world) {
    this.world = world;
    t.after(() => this.#close());
  }

  /** Another person's browser, with a jar of its own. */
  async person(options) {
    return this.#ends(await newContext(options));
  }

  /** Somebody else's site. */
  async site(host) {
    return this.#ends(await Site.open(this.world.scheme, host));
  }

  /** A new tab at a path of the shop. */
  async tab(path = "/", context = this.context) {
    return visit(context, this.origin + path);
  }

  /** A tab of the shop in which no script asks anything by itself. */
  async quiet(context) {
    return this.tab("/style.css", context);
  }

  #ends(thing) {
    this.#open.push(thing);
    return thing;
  }

  // The last that was opened is the first that ends: nobody is left to talk to what is gone.
  async #close() {
    for (const thing of this.#open.reverse()) await thing.close();
  }
}

/** A new tab at an address. */
export async function visit(context, url) {
  const tab = await context.newPage();
  await tab.goto(url);
  return tab;
}
