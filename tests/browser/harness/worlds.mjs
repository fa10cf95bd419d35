// The two ways in which the example is served, each with its names and its cookies.

import test from "node:test";

const ALL = [
  {
    name: "https",
    scheme: "https",
    home: "api.shop.test",
    sibling: "other.shop.test",
    app: "app.shop.test",
    access: { name: "__Host-access", secure: true, sameSite: "Lax" },
    refresh: { name: "__Host-refresh", secure: true, sameSite: "Strict" },
  },
  {
    name: "http",
    scheme: "http",
    home: "localhost",
    // Cookies do not know ports: another port of the same host is of the same site.
    sibling: "localhost",
    app: "localhost",
    access: { name: "access", secure: false, sameSite: "Lax" },
    refresh: { name: "refresh", secure: false, sameSite: "Strict" },
  },
];

/** Milliseconds for one test, on a machine that has much else to do. */
const TIMEOUT = 120_000;

/** A test that runs over https and over http on this machine. */
export function everywhere(sentence, run) {
  for (const world of ALL) one(world, sentence, run);
}

/** A test of one of them. */
export function only(name, sentence, run) {
  one(ALL.find((world) => world.name === name), sentence, run);
}

function one(world, sentence, run) {
  test(`${sentence} (${world.name})`, { timeout: TIMEOUT }, (t) => run(t, world));
}
