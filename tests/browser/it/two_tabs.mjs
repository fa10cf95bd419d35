// Two tabs of one browser share the cookies, and ask at the same time.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { call } from "../harness/calls.mjs";
import { jar, values } from "../harness/jar.mjs";
import { ask, isSignedIn, isSignedOut, signIn } from "../harness/page.mjs";
import { Shop } from "../harness/shop.mjs";
import { everywhere } from "../harness/worlds.mjs";

/** For so long after a rotation a second tab is answered with the current token. */
const WINDOW = 10_000;

async function twoTabs(t, world) {
  const shop = await Shop.open(t, world);
  const first = await shop.tab();
  await signIn(first);
  const second = await shop.tab();
  await isSignedIn(second);
  return { shop, first, second, tabs: [first, second] };
}

/** Both click, the server has both requests before either is answered. */
async function refreshTogether({ shop, tabs }) {
  const seen = shop.proxy.answered("POST", "/auth/refresh").length;
  shop.proxy.together("POST", "/auth/refresh", tabs.length);
  await Promise.all(tabs.map((tab) => tab.click("#refresh")));
  await Promise.all(tabs.map((tab) => tab.locator("#refresh:not([aria-busy])").waitFor()));
  const exchanges = shop.proxy.answered("POST", "/auth/refresh").slice(seen);
  assert.deepEqual(exchanges.map((exchange) => exchange.status), [200, 200]);
  assert.equal(exchanges[0].cookie, exchanges[1].cookie, "both came with the same cookies");
  return exchanges;
}

async function bothWork({ tabs }) {
  for (const tab of tabs) {
    await ask(tab, "#call-me", 200);
    await isSignedIn(tab);
  }
}

everywhere("two tabs that refresh at once both stay signed in, round after round", async (t, world) => {
  const at = await twoTabs(t, world);
  const tokens = new Set();
  for (const pause of [0, 0, WINDOW + 500, 0]) {
    await sleep(pause);
    tokens.add((await values(at.shop.context, world))[world.refresh.name]);
    await refreshTogether(at);
    await bothWork(at);
  }
  tokens.add((await values(at.shop.context, world))[world.refresh.name]);
  assert.equal(tokens.size, 3, "of the login, and of a rotation before and after the pause");
  assert.equal((await call(at.first, "GET", "/auth/sessions")).body.length, 1);
});

everywhere("a refresh that was on its way while the other tab got new cookies is served", async (t, world) => {
  const at = await twoTabs(t, world);
  const gate = at.shop.proxy.holdRequest("POST", "/auth/refresh");
  await at.second.click("#refresh");
  const [held] = await gate.arrived(1);
  assert.equal((await call(at.first, "POST", "/auth/refresh")).status, 200);
  const current = (await values(at.shop.context, world))[world.refresh.name];
  gate.open();
  const { status, cookie } = await at.shop.proxy.answer(held);
  assert.equal(status, 200);
  assert.ok(!cookie.includes(current), "it came with the older cookie");
  await bothWork(at);
  assert.equal((await values(at.shop.context, world))[world.refresh.name], current);
  await refreshTogether(at);
  await bothWork(at);
});

everywhere("an answer that never arrived does not end the session", async (t, world) => {
  const { shop, first } = await twoTabs(t, world);
  const before = await values(shop.context, world);
  const gate = shop.proxy.holdAnswer("POST", "/auth/refresh");
  await first.click("#refresh");
  await gate.arrived(1);
  await first.close();
  assert.deepEqual(await values(shop.context, world), before, "the browser knows the old cookies only");
  const third = await shop.tab();
  await isSignedIn(third);
  assert.equal((await call(third, "POST", "/auth/refresh")).status, 200);
  assert.equal((await call(third, "GET", "/me")).status, 200);
});

for (const [news, hears] of [["by broadcast or by its own call", true], ["by its own call alone", false]]) {
  everywhere(`a logout in one tab is known in the other, ${news}`, async (t, world) => {
    const shop = await Shop.open(t, world);
    const first = await shop.tab();
    await signIn(first);
    const second = await shop.context.newPage();
    if (!hears) await second.addInitScript(deafen);
    await second.goto(shop.origin);
    await isSignedIn(second);

    await first.click("#logout-here");
    await isSignedOut(first);
    assert.deepEqual(await jar(shop.context, world), {});
    if (hears) return isSignedOut(second);
    await isSignedIn(second);
    const refused = shop.proxy.next("POST", "/auth/refresh");
    await second.click("#call-me");
    assert.equal((await refused).status, 400);
    await isSignedOut(second, 1000);
    await second.locator("#message:not(:empty)").waitFor();
  });
}

/** Runs in the page: no word of another tab arrives. */
function deafen() {
  window.BroadcastChannel = class extends EventTarget {
    postMessage() {}
    close() {}
  };
  window.addEventListener("storage", (event) => event.stopImmediatePropagation(), true);
}
