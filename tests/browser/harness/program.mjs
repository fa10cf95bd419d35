// The example `auth_server` as a program: the one that AUTH_SERVER names, or built from the repository.

import { execFileSync } from "node:child_process";
import { repository, target } from "./target.mjs";

let built;

export function program() {
  built ??= process.env.AUTH_SERVER || build(repository);
  return built;
}

/** Builds the example of a repository, and finds the program by what cargo reports. */
export function build(folder) {
  const cargo = ["build", "--package", "jwtower", "--example", "auth_server", "--features", "jwe,redb", "--locked"];
  const messages = execFileSync("cargo", [...cargo, "--message-format=json-render-diagnostics"], {
    cwd: folder,
    env: { ...process.env, CARGO_TARGET_DIR: target() },
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const artifacts = messages.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  return artifacts.find((artifact) => artifact.executable && artifact.target.name === "auth_server").executable;
}
