// Where this repository is, and where it may write.

import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");

/** A folder under cargo's target folder. */
export function target(...names) {
  const folder = resolve(repository, process.env.CARGO_TARGET_DIR ?? "target", ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
}

export const sources = join(repository, "tests/browser");
