// Over plain http, the cookies are for this machine alone.

import assert from "node:assert/strict";
import { call, login } from "../harness/calls.mjs";
import { signIn } from "../harness/page.mjs";
import { Shop, visit } from "../harness/shop.mjs";
import { only } from "../harness/worlds.mjs";

for (const host of ["rebind.test", "localhost.evil.test", "127.0.0.1.evil.test"]) {
  only("http", `no cookie is set for ${host}, which leads to this machine`, async (t, world) => {
    const shop = await Shop.open(t, world);
    const { port } = new URL(shop.origin);
    const tab = await visit(shop.context, `http://${host}:${port}/`);
    const { status, body } = await login(tab);
    assert.equal(status, 400, JSON.stringify(body));
    assert.deepEqual(shop.proxy.answered("POST", "/auth/login")[0].setCookie, []);
    assert.deepEqual(await shop.context.cookies(), []);
    await tab.fill("#username", "alice");
    await tab.fill("#password", "correct-horse");
    await tab.click("#sign-in");
    await tab.locator("#message:not(:empty)").waitFor();
    assert.deepEqual(await shop.context.cookies(), []);
  });
}

only("http", "the loopback address works as the name does", async (t, world) => {
  const shop = await Shop.open(t, world);
  const { port } = new URL(shop.origin);
  const tab = await visit(shop.context, `http://127.0.0.1:${port}/`);
  await signIn(tab);
  assert.equal((await call(tab, "GET", "/me")).status, 200);
});

only("http", "a cookie that another host brings is not taken", async (t, world) => {
  const shop = await Shop.open(t, world);
  const { port } = new URL(shop.origin);
  await signIn(await shop.tab());
  const cookies = await shop.context.cookies();
  await shop.context.addCookies(cookies.map((cookie) => ({ ...cookie, domain: "rebind.test" })));
  const tab = await visit(shop.context, `http://rebind.test:${port}/`);
  for (const [method, path] of [["GET", "/me"], ["GET", "/auth/session"], ["POST", "/auth/refresh"]]) {
    const { status } = await call(tab, method, path);
    assert.ok(status >= 400, `${method} ${path}: ${status}`);
  }
});
