// Pages that the server renders: whoever comes without a good token is sent where there is one, and back.

import assert from "node:assert/strict";
import { PASSWORD, call } from "../harness/calls.mjs";
import { dropAccess, jar } from "../harness/jar.mjs";
import { signIn } from "../harness/page.mjs";
import { Shop, visit } from "../harness/shop.mjs";
import { until } from "../harness/until.mjs";
import { everywhere } from "../harness/worlds.mjs";

/** The navigations since a place in the log: where to, and what they were answered. */
function trail(shop, since = 0) {
  const navigations = shop.proxy.log.slice(since).filter(({ headers }) => headers["sec-fetch-mode"] === "navigate");
  return navigations.map(({ path, status }) => `${path} ${status}`);
}

async function isAtAccount(tab, shop) {
  await tab.waitForURL(`${shop.origin}/account`);
  await until("alice's account", async () => (await tab.innerText("body")).includes("alice"));
}

async function isAtLogin(tab, next) {
  await tab.locator("#login").waitFor();
  assert.equal(new URL(tab.url()).searchParams.get("next"), next);
}

async function typeIn(tab) {
  await tab.fill("#username", "alice");
  await tab.fill("#password", PASSWORD);
  await tab.click("#sign-in");
}

everywhere("a typed address with the token run out ends there, by way of a refresh", async (t, world) => {
  const shop = await Shop.open(t, world, { flags: ["--token-life", "3"] });
  await signIn(await shop.tab());
  await until("the end of the access cookie", async () => !(world.access.name in (await jar(shop.context, world))));
  const since = shop.proxy.log.length;
  const tab = await shop.tab("/account");
  await isAtAccount(tab, shop);
  assert.deepEqual(trail(shop, since), ["/account 303", "/auth/refresh 303", "/account 200"]);
  assert.equal(Object.keys(await jar(shop.context, world)).length, 2);
});

everywhere("a typed address keeps its query on the way", async (t, world) => {
  const shop = await Shop.open(t, world);
  await signIn(await shop.tab());
  await dropAccess(shop.context, world);
  const tab = await shop.tab("/account?a=1&b=%26%2F%20x&next=//evil.test");
  assert.equal(tab.url(), `${shop.origin}/account?a=1&b=%26%2F%20x&next=//evil.test`);
});

everywhere("without a session one logs in first, and is there then", async (t, world) => {
  const shop = await Shop.open(t, world);
  const tab = await shop.tab("/account");
  await isAtLogin(tab, "/account");
  await typeIn(tab);
  await isAtAccount(tab, shop);
  assert.equal((await call(tab, "GET", "/me")).body.name, "alice");
});

everywhere("a session that was logged out leads to the login page, not in circles", async (t, world) => {
  const shop = await Shop.open(t, world);
  await signIn(await shop.tab());
  const cookies = await shop.context.cookies();
  await call(await shop.tab(), "POST", "/auth/logout");
  for (const gone of [null, world.access.name]) {
    await shop.context.clearCookies();
    await shop.context.addCookies(cookies.filter(({ name }) => name !== gone));
    const since = shop.proxy.log.length;
    const tab = await shop.tab("/account");
    await isAtLogin(tab, "/account");
    assert.ok(trail(shop, since).length <= 3, trail(shop, since).join());
    await tab.close();
  }
});

/** Clicks a link on another site's page. */
async function follow(shop, site) {
  const tab = await visit(shop.context, site.origin);
  await tab.evaluate((href) => {
    document.body.append(Object.assign(document.createElement("a"), { href, textContent: "to the shop" }));
  }, `${shop.origin}/account`);
  await tab.click("a");
  return tab;
}

everywhere("another site's link arrives with the access cookie, and without the other", async (t, world) => {
  const shop = await Shop.open(t, world, { sites: ["evil"] });
  await signIn(await shop.tab());
  const since = shop.proxy.log.length;
  await isAtAccount(await follow(shop, shop.evil), shop);
  assert.deepEqual(trail(shop, since), ["/account 200"]);
  const { cookie } = shop.proxy.log[since];
  assert.ok(cookie.includes(`${world.access.name}=`) && !cookie.includes(`${world.refresh.name}=`), cookie);
});

everywhere("another site's link after the token ran out arrives without a password", async (t, world) => {
  const shop = await Shop.open(t, world, { sites: ["evil"] });
  await signIn(await shop.tab());
  await dropAccess(shop.context, world);
  const since = shop.proxy.log.length;
  const tab = await follow(shop, shop.evil);
  await isAtAccount(tab, shop);
  const [first, ...rest] = shop.proxy.log.slice(since);
  assert.equal(first.status, 303);
  assert.equal(first.cookie, "", "the browser keeps the Strict cookie back");
  assert.match(first.answerHeaders.location, /\?next=\/account$/);
  // The login page is of our own site, so its script has the cookie.
  const refreshed = rest.filter(({ method, path }) => method === "POST" && path === "/auth/refresh");
  assert.deepEqual(refreshed.map(({ status }) => status), [200]);
  assert.ok(refreshed[0].cookie.includes(`${world.refresh.name}=`));
  assert.equal(trail(shop, since).at(-1), "/account 200");
  assert.equal(shop.proxy.answered("POST", "/auth/login").length, 1, "the first one");
});

everywhere("another site's link to the refresh itself changes nothing", async (t, world) => {
  const shop = await Shop.open(t, world, { sites: ["evil"] });
  await signIn(await shop.tab());
  const before = await jar(shop.context, world);
  const tab = await visit(shop.context, shop.evil.origin);
  const answered = shop.proxy.next("GET", "/auth/refresh");
  await tab.evaluate((href) => location.assign(href), `${shop.origin}/auth/refresh?next=/account`);
  const { status, setCookie, cookie } = await answered;
  assert.equal(status, 303);
  assert.deepEqual(setCookie, []);
  assert.ok(!cookie.includes(`${world.refresh.name}=`));
  await isAtAccount(tab, shop);
  assert.deepEqual(await jar(shop.context, world), before);
});
