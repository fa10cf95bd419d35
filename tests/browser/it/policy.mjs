// What the page forbids itself and others, so that a mistake in it would do little harm.

import assert from "node:assert/strict";
import { call } from "../harness/calls.mjs";
import { signIn } from "../harness/page.mjs";
import { Shop, visit } from "../harness/shop.mjs";
import { everywhere } from "../harness/worlds.mjs";

const PAGES = ["/", "/account"];

everywhere("no other page can put ours into a frame and lead clicks onto it", async (t, world) => {
  const shop = await Shop.open(t, world, { sites: ["evil", "sibling"] });
  await signIn(await shop.tab());
  for (const site of [shop.evil, shop.sibling]) {
    const tab = await visit(shop.context, site.origin);
    for (const path of PAGES) {
      await tab.evaluate((src) => new Promise((loaded) => {
        const frame = Object.assign(document.createElement("iframe"), { src, onload: loaded });
        document.body.replaceChildren(frame);
      }), shop.origin + path);
      const frame = await (await tab.waitForSelector("iframe")).contentFrame();
      const shown = await frame.evaluate(() => [location.protocol, document.querySelectorAll("main").length]);
      assert.deepEqual(shown, ["chrome-error:", 0], `${path} in a frame of ${site.origin}`);
    }
  }
  // Both were answered; it is the browser that does not show them.
  const framed = shop.proxy.log.filter(({ headers }) => headers["sec-fetch-dest"] === "iframe");
  assert.ok(framed.length >= 4);
});

everywhere("a script that was smuggled into a page does not run, and can tell nobody", async (t, world) => {
  const shop = await Shop.open(t, world, { sites: ["evil"] });
  await signIn(await shop.tab());
  for (const path of PAGES) {
    const tab = await shop.tab(path);
    const ran = await tab.evaluate((evil) => {
      const inline = Object.assign(document.createElement("script"), { textContent: "window.ran = 'inline'" });
      const foreign = Object.assign(document.createElement("script"), { src: `${evil}/script` });
      const handler = document.createElement("b");
      handler.setAttribute("onclick", "window.ran = 'handler'");
      const image = Object.assign(new Image(), { src: `${evil}/image` });
      document.body.append(inline, foreign, handler, image);
      handler.click();
      return window.ran;
    }, shop.evil.origin);
    assert.equal(ran, undefined, path);
    const answer = await call(tab, "POST", `${shop.evil.origin}/tell`, { mode: "no-cors", form: { a: "b" } });
    assert.match(answer.rejected ?? "", /TypeError/, path);
  }
  assert.deepEqual(shop.evil.visits, []);
});
