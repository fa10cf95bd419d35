// The packages of npm, installed under the target folder, never beside the sources.

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { sources, target } from "./target.mjs";

const folder = target("browser", "packages");

/** Installs them, unless it was done for the same list before. */
function install() {
  const wanted = readFileSync(join(sources, "package-lock.json"), "utf8");
  const stamp = join(folder, "installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  for (const file of ["package.json", "package-lock.json"]) copyFileSync(join(sources, file), join(folder, file));
  const stdio = ["ignore", process.stderr, "inherit"];
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder, stdio });
  writeFileSync(stamp, wanted);
}

install();
const require = createRequire(join(folder, "package.json"));

export const { chromium } = require("playwright-core");

/** The text of a script that looks for what people with a screen reader or a keyboard stumble over. */
export const axe = () => readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
