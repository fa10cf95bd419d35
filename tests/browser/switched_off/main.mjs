// Switches off one protection after another, runs the tests that watch it, and demands that one fails.

import { spawn } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { atExit } from "../harness/exit.mjs";
import { build } from "../harness/program.mjs";
import { sources, target } from "../harness/target.mjs";
import { Copy } from "./copy.mjs";
import { protections } from "./protections.mjs";

const wanted = process.argv.slice(2);
const selected = protections.filter(({ name }) => !wanted.length || wanted.some((word) => name.startsWith(word)));
if (!selected.length) throw new Error(`no protection begins with ${wanted.join(" or ")}`);

/** The names of the tests of these files that fail against a program. */
async function failures(program, watchers) {
  // What does not happen is waited for in vain, again and again.
  const env = { ...process.env, AUTH_SERVER: program, PATIENCE: "4000", REPORTER: "./switched_off/failed.mjs" };
  const tests = spawn(join(sources, "run"), watchers, { env, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  tests.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  const code = await new Promise((ended) => tests.on("close", ended));
  const names = output.split("\n").filter(Boolean);
  if ((code === 0) !== (names.length === 0)) throw new Error(`the tests ended with ${code} and said:\n${output}`);
  return names;
}

const kept = join(target("browser"), "auth_server");
atExit(() => rmSync(kept, { force: true }));

/** Builds what is in the copy, and keeps the program from the next build. */
function program(folder) {
  copyFileSync(build(folder), kept);
  return kept;
}

const copy = new Copy();
for (const { changes } of selected) copy.find(changes);

const watchers = [...new Set(selected.flatMap(({ watchers }) => watchers))];
const broken = await failures(program(copy.folder), watchers);
if (broken.length) throw new Error(`with all protections on, these fail:\n${broken.join("\n")}`);
console.log(`with all protections on, the tests of ${watchers.join(", ")} pass`);

const unnoticed = [];
for (const { name, changes, watchers } of selected) {
  const started = Date.now();
  const failed = await copy.with(changes, (folder) => failures(program(folder), watchers));
  console.log(`\n${name} (${Math.round((Date.now() - started) / 1000)} s)`);
  console.log(failed.map((test) => `    ${test}`).join("\n") || "    NOBODY NOTICED");
  if (!failed.length) unnoticed.push(name);
}
console.log(`\nprotections: ${selected.length - unnoticed.length} passed, ${unnoticed.length} failed`);
process.exit(unnoticed.length ? 1 : 0);
