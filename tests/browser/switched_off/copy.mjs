// A copy of the repository, in which one change at a time is made.

import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { atExit } from "../harness/exit.mjs";
import { repository, target } from "../harness/target.mjs";

const git = (...words) => execFileSync("git", words, { cwd: repository, encoding: "utf8" }).trim();

export class Copy {
  // Always the same place, so that cargo knows it again.
  folder = join(target("browser"), "copy");

  constructor() {
    this.#remove();
    // What is not committed yet is copied too, as far as git knows the file.
    const changed = git("-c", "user.name=tests", "-c", "user.email=tests@localhost", "stash", "create");
    git("worktree", "add", "--quiet", "--detach", this.folder, changed || "HEAD");
    atExit(() => this.#remove());
  }

  /** The places of these changes; a text that is not there, or there twice, is an error. */
  find(changes) {
    return changes.map(({ file, find, replace }) => {
      const text = readFileSync(join(this.folder, file), "utf8");
      const found = text.split(find).length - 1;
      if (found !== 1) throw new Error(`${file} has ${found} times, and must have once:\n${find}`);
      return { file, text, changed: text.replace(find, () => replace) };
    });
  }

  /** Does the work with the changes made, and takes them back. */
  async with(changes, work) {
    const texts = new Map();
    try {
      for (const change of changes) {
        const [{ file, text, changed }] = this.find([change]);
        if (!texts.has(file)) texts.set(file, text);
        writeFileSync(join(this.folder, file), changed);
      }
      return await work(this.folder);
    } finally {
      for (const [file, text] of texts) writeFileSync(join(this.folder, file), text);
    }
  }

  #remove() {
    rmSync(this.folder, { recursive: true, force: true });
    git("worktree", "prune");
  }
}
