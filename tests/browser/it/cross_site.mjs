// Another site's page asks in the name of who is logged in here.

import assert from "node:assert/strict";
import { PASSWORD, call, submit } from "../harness/calls.mjs";
import { values } from "../harness/jar.mjs";
import { signIn } from "../harness/page.mjs";
import { Shop, visit } from "../harness/shop.mjs";
import { everywhere } from "../harness/worlds.mjs";

// The attacker has an account too, and would like the victim to use it.
const OTHER = { username: "root", password: PASSWORD, cookies: "true" };

const PATHS = {
  "/auth/login": OTHER,
  "/auth/logout": {},
  "/auth/logout-everywhere": {},
  "/auth/refresh": {},
};

/** Every way in which a page can send a POST to another origin without asking it first. */
const WAYS = {
  "a form": (tab, url, fields) => submit(tab, url, fields),
  "a form of another type": (tab, url, fields) => submit(tab, url, fields, "multipart/form-data"),
  "a form of plain text": (tab, url, fields) =>
    submit(tab, url, { [`${JSON.stringify({ ...fields, cookies: true }).slice(0, -1)},"x":"`]: '"}' }, "text/plain"),
  "a fetch whose answer it cannot read": (tab, url, fields) => {
    return call(tab, "POST", url, { form: fields, mode: "no-cors" });
  },
  "a fetch": (tab, url, fields) => call(tab, "POST", url, { form: fields }),
  "a beacon": (tab, url, fields) =>
    tab.evaluate(({ url, fields }) => navigator.sendBeacon(url, new URLSearchParams(fields)), { url, fields }),
};

async function everyAttack(shop, site, judge) {
  const tab = await visit(shop.context, site.origin);
  for (const [path, fields] of Object.entries(PATHS)) {
    for (const [way, send] of Object.entries(WAYS)) {
      const answered = shop.proxy.next("POST", path);
      await send(tab, shop.origin + path, fields);
      judge(await answered, `${way} to ${path}`);
      if (!way.startsWith("a form")) continue;
      await tab.waitForURL(shop.origin + path);
      await tab.goto(site.origin);
    }
  }
}

async function victim(t, world) {
  const shop = await Shop.open(t, world, { sites: ["evil", "sibling"] });
  const tab = await shop.tab();
  await signIn(tab);
  return { shop, tab, before: await values(shop.context, world) };
}

async function isUnharmed({ shop, tab, before }, world) {
  assert.deepEqual(await values(shop.context, world), before);
  assert.equal((await call(tab, "GET", "/me")).body.name, "alice");
  assert.equal((await call(tab, "GET", "/auth/sessions")).body.length, 1);
  assert.equal((await call(tab, "POST", "/auth/refresh")).status, 200);
}

everywhere("another site's page can log nobody in or out", async (t, world) => {
  const at = await victim(t, world);
  await everyAttack(at.shop, at.shop.evil, (exchange, attack) => {
    const { status, cookie, setCookie, body, path } = exchange;
    assert.equal(exchange.headers["sec-fetch-site"], "cross-site");
    assert.equal(cookie, "", `SameSite keeps the cookies from ${attack}`);
    assert.ok(status >= 400 && status < 500, `${attack}: ${status}`);
    assert.deepEqual(setCookie, [], attack);
    // Only a login needs no cookie; without one, the others have nothing to work on.
    if (path === "/auth/login") isRefused(exchange, attack);
    else assert.doesNotMatch(body, /expires_in/);
  });
  await isUnharmed(at, world);
});

everywhere("a page of another host of the same site is refused although the cookies came", async (t, world) => {
  const at = await victim(t, world);
  await everyAttack(at.shop, at.shop.sibling, (exchange, attack) => {
    assert.equal(exchange.headers["sec-fetch-site"], "same-site");
    for (const { name } of [world.access, world.refresh]) {
      assert.ok(exchange.cookie.includes(`${name}=`), `${name} comes with ${attack}`);
    }
    isRefused(exchange, attack);
  });
  await isUnharmed(at, world);
});

/** The kinds of body that no login takes are refused for that, before or after the site is looked at. */
function isRefused({ status, setCookie, body, headers }, attack) {
  assert.deepEqual(setCookie, [], attack);
  const isForm = (headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
  if (isForm) assert.equal(status, 403, `${attack}: ${status} ${body}`);
  if (isForm) assert.match(body, /cross_site/, attack);
  else assert.ok(status >= 400 && status < 500, `${attack}: ${status} ${body}`);
}

everywhere("another page's DELETE does not even reach the server", async (t, world) => {
  const at = await victim(t, world);
  const [{ id }] = (await call(at.tab, "GET", "/auth/sessions")).body;
  for (const site of [at.shop.evil, at.shop.sibling]) {
    const tab = await visit(at.shop.context, site.origin);
    for (const method of ["DELETE", "PUT"]) {
      const asked = at.shop.proxy.next("OPTIONS", `/auth/sessions/${id}`);
      const answer = await call(tab, method, `${at.shop.origin}/auth/sessions/${id}`);
      assert.match(answer.rejected ?? "", /TypeError/, `${method} from ${site.origin}`);
      assert.equal((await asked).answerHeaders["access-control-allow-origin"], undefined);
    }
    const json = await call(tab, "POST", `${at.shop.origin}/auth/login`, { json: { ...OTHER, cookies: true } });
    assert.match(json.rejected ?? "", /TypeError/, "JSON is asked for first");
  }
  const methods = at.shop.proxy.log.map((exchange) => exchange.method);
  assert.ok(!methods.includes("DELETE") && !methods.includes("PUT"));
  await isUnharmed(at, world);
});

everywhere("another page's images, links and frames change nothing", async (t, world) => {
  const at = await victim(t, world);
  const paths = ["/auth/logout", "/auth/logout-everywhere", "/auth/refresh?next=/account", "/auth/session"];
  const before = await values(at.shop.context, world);
  for (const site of [at.shop.evil, at.shop.sibling]) {
    const tab = await visit(at.shop.context, site.origin);
    for (const path of paths) {
      for (const tag of ["img", "iframe"]) {
        const answered = at.shop.proxy.next("GET", path.split("?")[0]);
        await tab.evaluate(({ tag, src }) => {
          document.body.append(Object.assign(document.createElement(tag), { src }));
        }, { tag, src: at.shop.origin + path });
        const { status } = await answered;
        if (path.startsWith("/auth/logout")) assert.ok(status >= 400, `${tag} of ${path}: ${status}`);
      }
    }
  }
  assert.deepEqual(await values(at.shop.context, world), before, "no refresh was made either");
  assert.equal((await call(at.tab, "GET", "/me")).body.name, "alice");
  assert.equal((await call(at.tab, "GET", "/auth/sessions")).body.length, 1);
  assert.equal((await call(at.tab, "POST", "/auth/refresh")).status, 200);
});

everywhere("a sandboxed frame of our own page is nobody", async (t, world) => {
  const at = await victim(t, world);
  for (const site of [at.shop.evil, at.shop.sibling]) {
    const tab = await visit(at.shop.context, site.origin);
    await tab.evaluate(() => {
      const frame = document.createElement("iframe");
      frame.setAttribute("sandbox", "allow-scripts allow-forms");
      frame.srcdoc = "<title>sandboxed</title>";
      document.body.append(frame);
    });
    const frame = await (await tab.waitForSelector("iframe")).contentFrame();
    await frame.waitForLoadState();
    for (const [path, form] of Object.entries(PATHS)) {
      const answered = at.shop.proxy.next("POST", path);
      await call(frame, "POST", at.shop.origin + path, { form, mode: "no-cors" });
      const exchange = await answered;
      assert.equal(exchange.headers.origin, "null");
      assert.ok(exchange.status >= 400 && exchange.setCookie.length === 0, `${path}: ${exchange.status}`);
      if (path === "/auth/login") isRefused(exchange, path);
    }
  }
  await isUnharmed(at, world);
});
