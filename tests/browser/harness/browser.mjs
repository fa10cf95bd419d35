// One Chromium for all tests of a process.

import { after } from "node:test";
import { chromium } from "./packages.mjs";
import { PATIENCE } from "./until.mjs";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--ignore-certificate-errors",
  // No name of the tests leaves this machine, and no other is looked up at all.
  "--host-resolver-rules=MAP *.test 127.0.0.1, MAP localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

let running;

/** A jar of its own, as another person's browser. */
export async function newContext(options = {}) {
  running ??= chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: FLAGS });
  const context = await (await running).newContext({ ignoreHTTPSErrors: true, ...options });
  context.setDefaultTimeout(PATIENCE);
  return context;
}

after(async () => (await running)?.close());
