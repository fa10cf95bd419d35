// What a login puts into the browser, and what it keeps from the page.

import assert from "node:assert/strict";
import { call, login } from "../harness/calls.mjs";
import { jar, values } from "../harness/jar.mjs";
import { ask, isSignedIn, isSignedOut, signIn } from "../harness/page.mjs";
import { Shop, visit } from "../harness/shop.mjs";
import { everywhere, only } from "../harness/worlds.mjs";

const TWO_WEEKS = 14 * 24 * 3600;

/** Looks at the jar right after an answer that set the cookies. */
async function isAsPromised(shop, world, { setCookie }, life) {
  const now = Date.now() / 1000;
  assert.ok(life > 560 && life <= 600, `ten minutes, less up to a twentieth: ${life}`);
  const cookies = await jar(shop.context, world);
  assert.deepEqual(Object.keys(cookies).sort(), [world.access.name, world.refresh.name].sort());
  for (const [expected, expires] of [[world.access, life], [world.refresh, TWO_WEEKS]]) {
    const { value, expires: end, ...cookie } = cookies[expected.name];
    // A domain without a dot before it is of this host alone.
    assert.deepEqual(cookie, { ...expected, domain: world.home, path: "/", httpOnly: true });
    assert.ok(value.length > 40, "it holds a token");
    assert.ok(Math.abs(end - now - expires) < 30, `${expected.name} ends ${end - now} s from now`);
  }
  assert.equal(setCookie.length, 2);
  for (const line of setCookie) assert.doesNotMatch(line, /domain=/i);
}

everywhere("a login through the page leaves both cookies exactly as promised", async (t, world) => {
  const shop = await Shop.open(t, world);
  const tab = await shop.tab();
  await signIn(tab);
  const [exchange] = shop.proxy.answered("POST", "/auth/login");
  await isAsPromised(shop, world, exchange, JSON.parse(exchange.body).expires_in);
});

everywhere("a refresh leaves them so too, by script and on the way to a page", async (t, world) => {
  const shop = await Shop.open(t, world);
  const tab = await shop.tab();
  await signIn(tab);
  const before = await values(shop.context, world);
  const refreshed = shop.proxy.next("POST", "/auth/refresh");
  const { body } = await call(tab, "POST", "/auth/refresh");
  await isAsPromised(shop, world, await refreshed, body.expires_in);
  const onTheWay = shop.proxy.next("GET", "/auth/refresh");
  await tab.goto(`${shop.origin}/auth/refresh?next=/account`);
  await isAsPromised(shop, world, await onTheWay, body.expires_in);
  for (const [name, value] of Object.entries(await values(shop.context, world))) {
    assert.notEqual(value, before[name], `${name} is a new one`);
  }
});

everywhere("no script sees a token, whatever the page does", async (t, world) => {
  const shop = await Shop.open(t, world);
  const tab = await shop.tab();
  await signIn(tab, "root");
  const tokens = Object.values(await values(shop.context, world));
  await ask(tab, "#call-me", 200);
  await ask(tab, "#call-admin", 200);
  const refreshed = shop.proxy.next("POST", "/auth/refresh");
  await tab.click("#refresh");
  await refreshed;
  await tab.click("#reload");
  await shop.tab("/account");
  tokens.push(...Object.values(await values(shop.context, world)));
  const parts = new Set(tokens.flatMap((token) => token.split(".")).filter((part) => part.length > 20));
  assert.ok(parts.size >= 6, "two pairs of tokens");

  const seen = await tab.evaluate(async () => ({
    cookie: document.cookie,
    storage: JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state, name, location.href]),
    document: document.documentElement.outerHTML,
    fields: [...document.querySelectorAll("input")].map((input) => input.value).join(),
    databases: (await indexedDB.databases()).length + ("caches" in self ? (await caches.keys()).length : 0),
  }));
  assert.equal(seen.cookie, "");
  assert.equal(seen.databases, 0);
  const answers = shop.proxy.log.flatMap(({ path, search, body, answerHeaders: { "set-cookie": _, ...headers } }) =>
    [path + search, body, JSON.stringify(headers)]);
  assert.ok(answers.length > 20);
  for (const part of parts) {
    for (const text of [...Object.values(seen).map(String), ...answers, shop.server.log]) {
      assert.ok(!text.includes(part), `a token's part is in ${text}`);
    }
  }
});

everywhere("who is logged in still is after a reload and in a new tab", async (t, world) => {
  const shop = await Shop.open(t, world);
  const tab = await shop.tab();
  await signIn(tab);
  await tab.reload();
  await isSignedIn(tab);
  await isSignedIn(await shop.tab());
});

only("https", "the browser talks TLS with the server itself", async (t, world) => {
  const shop = await Shop.open(t, world);
  const tab = await visit(shop.context, `https://${world.home}:${shop.server.port}/`);
  await signIn(tab);
  assert.match(await ask(tab, "#call-me", 200), /alice/);
  assert.equal(shop.proxy.log.length, 0);
});

everywhere("a wrong password sets no cookie and says so", async (t, world) => {
  const shop = await Shop.open(t, world);
  const tab = await shop.tab();
  await tab.fill("#username", "alice");
  await tab.fill("#password", "wrong");
  const answered = shop.proxy.next("POST", "/auth/login");
  await tab.click("#sign-in");
  assert.equal((await answered).status, 400);
  await tab.locator("#message:not(:empty)").waitFor();
  assert.deepEqual(await jar(shop.context, world), {});
});

everywhere("logging in anew replaces the session", async (t, world) => {
  const shop = await Shop.open(t, world);
  const tab = await shop.quiet();
  for (const round of [1, 2, 3]) {
    assert.equal((await login(tab)).status, 200);
    const { body } = await call(tab, "GET", "/auth/sessions");
    assert.equal(body.length, 1, `one session after ${round} logins`);
    assert.equal(body[0].current, true);
  }
});

only("https", "another host of the site cannot put its own cookie in the place of ours", async (t, world) => {
  const shop = await Shop.open(t, world, { sites: ["sibling"] });
  const tab = await shop.tab();
  await signIn(tab);
  const names = Object.keys(await jar(shop.context, world));
  const sibling = await visit(shop.context, shop.sibling.origin);
  await sibling.evaluate((names) => {
    for (const name of [...names, "harmless"]) document.cookie = `${name}=planted; domain=shop.test; path=/; secure`;
  }, names);
  const planted = (await shop.context.cookies()).filter(({ value }) => value === "planted");
  assert.deepEqual(planted.map(({ name }) => name), ["harmless"], "the browser takes no other");
  assert.match(await ask(tab, "#call-me", 200), /alice/);
});

everywhere("after a logout, the button Back shows nothing of before", async (t, world) => {
  const shop = await Shop.open(t, world);
  const tab = await shop.tab();
  await signIn(tab);
  await tab.goto(`${shop.origin}/account`);
  assert.match(await tab.innerText("body"), /alice/);
  await tab.goto(shop.origin);
  await tab.click("#logout-here");
  await isSignedOut(tab);
  await tab.goBack();
  await isSignedOut(tab);
  assert.doesNotMatch(await tab.innerText("body"), /hello|subject/i);
});
