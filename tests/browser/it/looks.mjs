// How the page looks, as pictures to look at, and whether everybody can use it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { axe } from "../harness/packages.mjs";
import { ask, isSignedOut, signIn } from "../harness/page.mjs";
import { Shop } from "../harness/shop.mjs";
import { target } from "../harness/target.mjs";
import { only } from "../harness/worlds.mjs";

const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 360, height: 740 } };

async function violations(tab) {
  await tab.evaluate(axe());
  const { violations } = await tab.evaluate(() => window.axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** Nothing is wider than the window. */
const overflows = (tab) => tab.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"]) {
    only("https", `everybody can use the page, ${size} and ${colorScheme}`, async (t, world) => {
      const shop = await Shop.open(t, world);
      const tab = await shop.tab("/", await shop.person({ viewport, colorScheme, reducedMotion: "reduce" }));
      const look = async (name) => {
        const path = join(target("browser"), `${name}-${size}-${colorScheme}.png`);
        await tab.screenshot({ path, fullPage: true });
        assert.deepEqual(await violations(tab), [], name);
        assert.equal(await overflows(tab), false, name);
      };
      await isSignedOut(tab);
      await look("signed-out");
      await signIn(tab);
      await ask(tab, "#call-admin", 403);
      await tab.locator("#sessions li").waitFor();
      await look("signed-in");
      await tab.click("#logout-everywhere");
      await tab.locator("#confirm-yes").waitFor();
      await look("asked");
      await tab.click("#confirm button[value=no]");
      await tab.goto(`${shop.origin}/account`);
      await look("account");
    });
  }
}
