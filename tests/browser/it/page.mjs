// The page as somebody uses it: by keyboard, with several browsers.

import assert from "node:assert/strict";
import { PASSWORD, call } from "../harness/calls.mjs";
import { jar } from "../harness/jar.mjs";
import { ask, isSignedIn, isSignedOut, rows, signIn, text } from "../harness/page.mjs";
import { Shop } from "../harness/shop.mjs";
import { until } from "../harness/until.mjs";
import { everywhere } from "../harness/worlds.mjs";

/** Presses Tab until the focus is there. */
async function tabTo(tab, selector) {
  for (let presses = 0; presses < 30; presses += 1) {
    if (await tab.evaluate((selector) => document.activeElement?.matches(selector), selector)) return;
    await tab.keyboard.press("Tab");
  }
  assert.fail(`Tab never comes to ${selector}`);
}

everywhere("the keyboard is enough to log in, look around and log out", async (t, world) => {
  const shop = await Shop.open(t, world);
  const tab = await shop.tab();
  await isSignedOut(tab);
  await tabTo(tab, "#username");
  await tab.keyboard.type("alice");
  await tabTo(tab, "#password");
  await tab.keyboard.type(PASSWORD);
  await tab.keyboard.press("Enter");
  await isSignedIn(tab);
  await tabTo(tab, "#call-me");
  await tab.keyboard.press("Space");
  await until("the answer", async () => (await text(tab, "#answer-status")).includes("200"));
  await tabTo(tab, "#logout-here");
  await tab.keyboard.press("Enter");
  await isSignedOut(tab);
  assert.deepEqual(await jar(shop.context, world), {});
});

everywhere("the page shows what a role may and may not", async (t, world) => {
  const shop = await Shop.open(t, world);
  const tab = await shop.tab();
  await signIn(tab, "alice");
  assert.match(await ask(tab, "#call-me", 200), /alice/);
  assert.match(await ask(tab, "#call-admin", 403), /insufficient_scope/);
  await tab.click("#logout-here");
  await isSignedOut(tab);
  await signIn(tab, "root");
  assert.match(await ask(tab, "#call-admin", 200), /admin/);
});

everywhere("the list of sessions names this one, and ends another", async (t, world) => {
  const shop = await Shop.open(t, world);
  const [tab, elsewhere] = [await shop.tab(), await shop.tab("/", await shop.person())];
  await signIn(tab);
  await signIn(elsewhere);
  await tab.click("#reload");
  await until("two sessions", async () => (await rows(tab).count()) === 2);
  const own = rows(tab).filter({ hasText: "this one" });
  assert.equal(await own.count(), 1);
  const [{ id }] = (await call(tab, "GET", "/auth/sessions")).body.filter(({ current }) => current);
  assert.equal(await own.getAttribute("data-session"), id);

  await rows(tab).filter({ hasNotText: "this one" }).getByRole("button").click();
  await until("one session", async () => (await rows(tab).count()) === 1);
  await isSignedIn(tab);
  await elsewhere.click("#call-me");
  await isSignedOut(elsewhere);
  assert.equal((await call(elsewhere, "GET", "/me")).status, 401);
  assert.equal((await call(tab, "GET", "/me")).status, 200);
});

everywhere("ending one's own session in the list logs out here", async (t, world) => {
  const shop = await Shop.open(t, world);
  const tab = await shop.tab();
  await signIn(tab);
  await rows(tab).filter({ hasText: "this one" }).getByRole("button").click();
  await isSignedOut(tab);
  assert.deepEqual(await jar(shop.context, world), {});
});

everywhere("logging out everywhere ends every browser's session", async (t, world) => {
  const shop = await Shop.open(t, world);
  const other = await shop.person();
  const [tab, elsewhere] = [await shop.tab(), await shop.tab("/", other)];
  await signIn(tab);
  await signIn(elsewhere);
  await tab.click("#logout-everywhere");
  await tab.click("#confirm-yes");
  await isSignedOut(tab);
  assert.deepEqual(await jar(shop.context, world), {});
  await elsewhere.click("#refresh");
  await isSignedOut(elsewhere);
  assert.equal((await call(elsewhere, "GET", "/me")).status, 401);
  await signIn(tab);
});

everywhere("cookies that were taken away before a logout work no more", async (t, world) => {
  const shop = await Shop.open(t, world);
  const thief = await shop.person();
  const tab = await shop.tab();
  await signIn(tab);
  await thief.addCookies(await shop.context.cookies());
  const theirs = await shop.tab("/", thief);
  await isSignedIn(theirs);
  await tab.click("#logout-here");
  await isSignedOut(tab);
  assert.equal((await call(theirs, "GET", "/me")).status, 401);
  assert.equal((await call(theirs, "POST", "/auth/refresh")).status, 400);
});
