// Pages of another origin, named with --origin or not.

import assert from "node:assert/strict";
import { PASSWORD, call, login } from "../harness/calls.mjs";
import { dropAccess, jar, values } from "../harness/jar.mjs";
import { signIn } from "../harness/page.mjs";
import { Shop, visit } from "../harness/shop.mjs";
import { everywhere, only } from "../harness/worlds.mjs";

everywhere("a page of an origin that was named logs in, and reads every answer", async (t, world) => {
  const shop = await Shop.open(t, world, { sites: ["app"], flags: ({ app }) => ["--origin", app.origin] });
  const tab = await visit(shop.context, shop.app.origin);
  const at = (path) => shop.origin + path;

  const { status, body } = await login(tab, "alice", shop.origin);
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body), ["expires_in"]);
  assert.deepEqual(Object.keys(await jar(shop.context, world)).sort(), [world.access.name, world.refresh.name].sort());

  assert.equal((await call(tab, "GET", at("/me"))).body.name, "alice");
  const forbidden = await call(tab, "GET", at("/admin"));
  assert.equal(forbidden.status, 403);
  assert.equal(forbidden.body.code, "insufficient_scope");
  assert.match(forbidden.headers["www-authenticate"] ?? "", /^Bearer .*error="insufficient_scope"/);

  await dropAccess(shop.context, world);
  const nobody = await call(tab, "GET", at("/me"));
  assert.equal(nobody.status, 401);
  assert.equal(nobody.body.code, "missing_token");
  assert.match(nobody.headers["www-authenticate"] ?? "", /^Bearer realm=/);

  assert.equal((await call(tab, "POST", at("/auth/refresh"))).status, 200);
  assert.equal((await call(tab, "GET", at("/auth/session"))).body.claims.name, "alice");
  const [{ id }] = (await call(tab, "GET", at("/auth/sessions"))).body;
  assert.equal((await call(tab, "DELETE", at(`/auth/sessions/${id}`))).status, 204);
  assert.deepEqual(await jar(shop.context, world), {});
  const over = await call(tab, "POST", at("/auth/refresh"));
  assert.ok(over.status >= 400 && over.body.error, "it reads why");

  assert.equal((await login(tab, "root", shop.origin)).status, 200);
  assert.equal((await call(tab, "POST", at("/auth/logout"))).status, 204);
  assert.deepEqual(await jar(shop.context, world), {});
});

for (const [who, site] of [["of the same site", "sibling"], ["of another site", "evil"]]) {
  everywhere(`a page ${who} that was not named can do none of it`, async (t, world) => {
    const flags = ({ app }) => ["--origin", app.origin];
    const shop = await Shop.open(t, world, { sites: ["app", site], flags });
    const tab = await visit(shop.context, shop[site].origin);
    const form = { username: "alice", password: PASSWORD, cookies: "true" };
    const attempts = {
      "a login in JSON": () => login(tab, "alice", shop.origin),
      "a login by form": () => call(tab, "POST", `${shop.origin}/auth/login`, { form }),
      "a look at the answer of /me": () => call(tab, "GET", `${shop.origin}/me`),
      "a look at the session": () => call(tab, "GET", `${shop.origin}/auth/session`),
      "a refresh": () => call(tab, "POST", `${shop.origin}/auth/refresh`),
    };
    const fails = async (jarBefore) => {
      for (const [what, attempt] of Object.entries(attempts)) {
        assert.match((await attempt()).rejected ?? "", /TypeError/, what);
        assert.deepEqual(await values(shop.context, world), jarBefore, what);
      }
    };
    await fails({});
    await signIn(await shop.tab());
    await fails(await values(shop.context, world));
    const foreign = shop.proxy.log.filter(({ headers }) => headers.origin === shop[site].origin);
    assert.ok(foreign.length >= 8);
    for (const { answerHeaders } of foreign) {
      assert.equal(answerHeaders["access-control-allow-origin"], undefined);
    }
  });
}

// Over plain http, only pages of this machine can be named.
only("https", "a named page of another site reads answers, and SameSite leaves it no cookies", async (t, world) => {
  const flags = ({ partner }) => ["--origin", partner.origin];
  const shop = await Shop.open(t, world, { sites: ["partner"], flags });
  const tab = await visit(shop.context, shop.partner.origin);
  const answer = await login(tab, "alice", shop.origin);
  assert.equal(answer.status, 200);
  assert.equal(shop.proxy.answered("POST", "/auth/login")[0].setCookie.length, 2);
  assert.deepEqual(await jar(shop.context, world), {}, "the browser takes none of them");

  await signIn(await shop.tab());
  const before = await values(shop.context, world);
  const me = await call(tab, "GET", `${shop.origin}/me`);
  assert.equal(me.status, 401);
  assert.equal(me.body.code, "missing_token");
  assert.ok((await call(tab, "POST", `${shop.origin}/auth/refresh`)).status >= 400);
  assert.equal(shop.proxy.answered("POST", "/auth/refresh")[0].cookie, "");
  assert.deepEqual(await values(shop.context, world), before);
});
