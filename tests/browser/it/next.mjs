// `next` says where a login goes on to: never to another site, and never into a script.

import assert from "node:assert/strict";
import { isSignedIn, signIn } from "../harness/page.mjs";
import { Shop } from "../harness/shop.mjs";
import { everywhere } from "../harness/worlds.mjs";

/** Addresses of another site, in every way that a browser would take for one, and scripts. */
function lures(evil) {
  const { host, origin } = new URL(evil.origin);
  return [
    `//${host}`,
    `///${host}`,
    `//${host}/account`,
    origin,
    `${origin}/account`,
    `/\\${host}`,
    `\\/${host}`,
    `\\\\${host}`,
    `/\t/${host}`,
    `\t//${host}`,
    `/\n/${host}`,
    `/\r\n/${host}`,
    ` ${origin}`,
    ` //${host}`,
    `//${host}@${host}`,
    `https:${host}`,
    `http:/${host}`,
    `@${host}`,
    `.${host}`,
    "javascript:window.lured=1",
    "JavaScript:window.lured=1//",
    " javascript:window.lured=1",
    "java\nscript:window.lured=1",
    "data:text/html,<script>opener.lured=1</script>",
    "vbscript:window.lured=1",
  ];
}

async function isAtHome(tab, shop, lure) {
  assert.equal(new URL(tab.url()).origin, shop.origin, lure);
  assert.equal(await tab.evaluate(() => window.lured), undefined, lure);
  assert.deepEqual(shop.evil.visits, [], lure);
}

everywhere("a refresh on the way goes on to no other site", async (t, world) => {
  const shop = await Shop.open(t, world, { sites: ["evil"] });
  const tab = await shop.tab();
  await signIn(tab);
  const doubled = [["next=/account&next=//evil.test"], ["next=//evil.test&next=/account"]].flat();
  const queries = [...lures(shop.evil).map((lure) => `next=${encodeURIComponent(lure)}`), ...doubled];
  for (const query of queries) {
    const answered = shop.proxy.next("GET", "/auth/refresh");
    await tab.goto(`${shop.origin}/auth/refresh?${query}`);
    await isAtHome(tab, shop, query);
    const { location = "/" } = (await answered).answerHeaders;
    assert.match(location, /^\/(?![/\\])/, query);
  }
});

everywhere("the login page goes on to no other site, neither after a login nor by itself", async (t, world) => {
  const shop = await Shop.open(t, world, { sites: ["evil"] });
  const tab = await shop.tab("/account");
  await tab.locator("#login").waitFor();
  const page = new URL(tab.url()).pathname;

  // Who has no session yet: one of each kind, because each takes a login.
  for (const lure of lures(shop.evil).filter((lure) => /^(\/\/[^/]*$|\/\\|\/\t|http|javascript)/.test(lure))) {
    await shop.context.clearCookies();
    await tab.goto(`${shop.origin}${page}?next=${encodeURIComponent(lure)}`);
    await signIn(tab);
    await isAtHome(tab, shop, lure);
  }
  // Who has one already.
  for (const lure of lures(shop.evil)) {
    await tab.goto(`${shop.origin}${page}?next=${encodeURIComponent(lure)}`);
    await isSignedIn(tab);
    await isAtHome(tab, shop, lure);
  }
});
