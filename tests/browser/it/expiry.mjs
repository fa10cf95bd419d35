// The access token runs out while somebody works.

import assert from "node:assert/strict";
import { dropAccess, jar, values } from "../harness/jar.mjs";
import { ask, isSignedIn, isSignedOut, signIn, text } from "../harness/page.mjs";
import { Shop } from "../harness/shop.mjs";
import { until } from "../harness/until.mjs";
import { everywhere } from "../harness/worlds.mjs";

const SHORT = { flags: ["--token-life", "3"] };

/** Waits until the browser has dropped the access cookie by itself. */
function runsOut(shop, world) {
  return until("the end of the access cookie", async () => !(world.access.name in (await jar(shop.context, world))));
}

/** How often a refresh cookie was shown; the page also asks before anybody has logged in. */
function refreshes(shop) {
  return shop.proxy.log.filter(({ path, cookie }) => path === "/auth/refresh" && cookie).length;
}

everywhere("a click after the token ran out is answered after one refresh", async (t, world) => {
  const shop = await Shop.open(t, world, SHORT);
  const tab = await shop.tab();
  await signIn(tab);
  for (const round of [1, 2]) {
    await runsOut(shop, world);
    assert.match(await ask(tab, "#call-me", 200), /alice/);
    assert.equal(refreshes(shop), round);
    const asked = shop.proxy.answered("GET", "/me").slice(-2);
    assert.deepEqual(asked.map(({ status }) => status), [401, 200]);
    assert.equal(JSON.parse(asked[0].body).code, "missing_token");
  }
  await isSignedIn(tab);
});

everywhere("several clicks after the token ran out cause one refresh", async (t, world) => {
  const shop = await Shop.open(t, world, SHORT);
  const tab = await shop.tab();
  await signIn(tab, "root");
  await runsOut(shop, world);
  const gate = shop.proxy.holdRequest("POST", "/auth/refresh");
  await tab.evaluate(() => {
    for (const id of ["call-me", "call-admin", "reload", "refresh"]) document.getElementById(id).click();
  });
  await gate.arrived(1);
  await until("the 401 of each", () => {
    const paths = ["/me", "/admin", "/auth/sessions"];
    return paths.every((path) => shop.proxy.answered("GET", path).some(({ status }) => status === 401));
  });
  gate.open();
  await until("the 200 of each", () => {
    const paths = ["/me", "/admin", "/auth/sessions"];
    return paths.every((path) => shop.proxy.answered("GET", path).at(-1).status === 200);
  });
  await isSignedIn(tab, "root");
  assert.equal(refreshes(shop), 1);
});

everywhere("a call after the session ended leads to the login form, not to a loop", async (t, world) => {
  const shop = await Shop.open(t, world);
  const tab = await shop.tab();
  await signIn(tab);
  await shop.context.clearCookies();
  const seen = shop.proxy.log.length;
  await tab.click("#call-me");
  await isSignedOut(tab);
  const asked = shop.proxy.log.slice(seen).map(({ path }) => path);
  assert.equal(asked.filter((path) => path === "/auth/refresh").length, 1);
  assert.ok(asked.length <= 3, asked.join());
});

everywhere("a page opened with the refresh cookie alone knows who it is", async (t, world) => {
  const shop = await Shop.open(t, world);
  await signIn(await shop.tab());
  await dropAccess(shop.context, world);
  const tab = await shop.tab();
  await isSignedIn(tab);
  assert.equal(Object.keys(await values(shop.context, world)).length, 2);
  assert.match(await text(tab, "#countdown"), /left/);
});
