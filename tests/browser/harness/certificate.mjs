// A certificate for the names of the tests, made when a test process starts and gone with it.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atExit } from "./exit.mjs";

const NAMES = ["*.shop.test", "evil.test", "partner.test", "localhost"];

let made;

/** `certFile` and `keyFile` for a program, `cert` and `key` for Node. */
export function certificate() {
  made ??= make();
  return made;
}

function make() {
  const folder = mkdtempSync(join(tmpdir(), "jwtower-browser-"));
  atExit(() => rmSync(folder, { recursive: true, force: true }));
  const [certFile, keyFile] = ["cert.pem", "key.pem"].map((name) => join(folder, name));
  const names = NAMES.map((name) => `DNS:${name}`).join(",");
  const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  const output = ["-subj", "/CN=jwtower tests", "-addext", `subjectAltName=${names}`];
  execFileSync("openssl", [...request, ...output, "-keyout", keyFile, "-out", certFile], { stdio: "pipe" });
  return { certFile, keyFile, cert: readFileSync(certFile), key: readFileSync(keyFile) };
}
