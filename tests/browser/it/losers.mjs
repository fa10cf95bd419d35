// Who comes too late changes nothing: an answer about an old session leaves the new one's cookies alone.

import assert from "node:assert/strict";
import { call, login } from "../harness/calls.mjs";
import { values } from "../harness/jar.mjs";
import { ask, isSignedIn, signIn } from "../harness/page.mjs";
import { Shop } from "../harness/shop.mjs";
import { everywhere } from "../harness/worlds.mjs";

/** Requests of the old session that reach the server only after a new login; what they are answered. */
const LATE = {
  "a refresh": { method: "POST", path: () => "/auth/refresh", answer: 400 },
  "a logout": { method: "POST", path: () => "/auth/logout", answer: 204 },
  "a logout everywhere": { method: "POST", path: () => "/auth/logout-everywhere", answer: 401 },
  "the end of the old session": { method: "DELETE", path: (id) => `/auth/sessions/${id}`, answer: 401 },
};

for (const [what, { method, path, answer }] of Object.entries(LATE)) {
  everywhere(`${what} that arrives after a new login leaves the new cookies alone`, async (t, world) => {
    const shop = await Shop.open(t, world);
    const [tab, other] = [await shop.quiet(), await shop.quiet()];
    assert.equal((await login(tab)).status, 200);
    const [{ id }] = (await call(tab, "GET", "/auth/sessions")).body;
    const gate = shop.proxy.holdRequest(method, path(id));
    const late = call(tab, method, path(id));
    const [held] = await gate.arrived(1);

    assert.equal((await login(other)).status, 200);
    const current = await values(shop.context, world);
    gate.open();
    assert.equal((await late).status, answer);
    const { setCookie, cookie } = held;
    assert.deepEqual(setCookie, [], "nothing is cleared");
    for (const value of Object.values(current)) assert.ok(!cookie.includes(value), "it came with the old cookies");
    await works(shop, world, other, current, id);
  });
}

everywhere("a page that is on its way to a refresh ends in the new session", async (t, world) => {
  const shop = await Shop.open(t, world);
  const [tab, other] = [await shop.quiet(), await shop.quiet()];
  assert.equal((await login(tab)).status, 200);
  const [{ id }] = (await call(tab, "GET", "/auth/sessions")).body;
  const gate = shop.proxy.holdRequest("GET", "/auth/refresh");
  const there = tab.goto(`${shop.origin}/auth/refresh?next=/account`);
  await gate.arrived(1);
  assert.equal((await login(other)).status, 200);
  const current = await values(shop.context, world);
  gate.open();
  await there;
  // The login page finds the new session, and goes where the old one was going.
  await tab.waitForURL(`${shop.origin}/account`);
  const [{ status, setCookie }] = shop.proxy.answered("GET", "/auth/refresh");
  assert.equal(status, 303);
  assert.deepEqual(setCookie, [], "nothing is cleared");
  await works(shop, world, other, current, id);
});

everywhere("the page of the old session shows the new one, when its refresh came too late", async (t, world) => {
  const shop = await Shop.open(t, world);
  const tab = await shop.tab();
  await signIn(tab, "alice");
  const gate = shop.proxy.holdRequest("POST", "/auth/refresh");
  await tab.click("#refresh");
  const [held] = await gate.arrived(1);
  assert.equal((await login(await shop.quiet(), "root")).status, 200);
  gate.open();
  assert.equal((await shop.proxy.answer(held)).status, 400);
  await isSignedIn(tab, "root");
  assert.match(await ask(tab, "#call-admin", 200), /admin/);
});

everywhere("who refreshes with a session that is over is sent to log in, once", async (t, world) => {
  const shop = await Shop.open(t, world);
  const tab = await shop.tab();
  await signIn(tab);
  const gate = shop.proxy.holdAnswer("POST", "/auth/refresh");
  const late = call(tab, "POST", "/auth/refresh");
  await gate.arrived(1);
  assert.equal((await login(await shop.quiet())).status, 200);
  // The browser takes cookies in the order of the answers, so the old session's are the last word here. Nobody
  // but the browser can prevent that; what counts is that it ends at the login form and not in a loop.
  gate.open();
  assert.equal((await late).status, 200);
  const seen = shop.proxy.log.length;
  await tab.reload();
  await tab.locator("#login").waitFor();
  assert.ok(shop.proxy.log.length - seen < 8, "it does not ask for ever");
  await signIn(tab);
  assert.equal((await call(tab, "GET", "/me")).status, 200);
});

async function works(shop, world, tab, current, old) {
  assert.deepEqual(await values(shop.context, world), current);
  assert.equal((await call(tab, "GET", "/me")).status, 200);
  const sessions = (await call(tab, "GET", "/auth/sessions")).body;
  assert.deepEqual(sessions.map(({ current }) => current), [true], "the new session alone");
  assert.notEqual(sessions[0].id, old);
  assert.equal((await call(tab, "POST", "/auth/refresh")).status, 200);
  await isSignedIn(await shop.tab());
}
