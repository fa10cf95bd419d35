// The example `auth_server` as a process.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { atExit } from "./exit.mjs";
import { program } from "./program.mjs";

export class Server {
  /** Starts it on a free port and waits until it says where it listens. */
  static async start(flags) {
    const child = spawn(program(), ["--store", "memory", "--listen", "127.0.0.1:0", ...flags], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const server = new Server(child);
    for await (const line of createInterface({ input: child.stdout })) {
      const address = /^listening on (https?:)\/\/.*:(\d+)$/.exec(line);
      if (!address) continue;
      child.stdout.resume();
      return Object.assign(server, { protocol: address[1], port: Number(address[2]) });
    }
    await server.stop();
    throw new Error(`auth_server ${flags.join(" ")} did not start:\n${server.log}`);
  }

  /** What it wrote to its log. */
  log = "";

  constructor(child) {
    this.child = child;
    this.forget = atExit(() => child.kill("SIGKILL"));
    child.stderr.setEncoding("utf8").on("data", (text) => (this.log += text));
  }

  async stop() {
    this.forget();
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, "exit");
      this.child.kill("SIGKILL");
      await ended;
    }
  }
}
