// What must happen however a test process ends, short of `kill -9`.

const tasks = new Set();

process.on("exit", () => tasks.forEach((task) => task()));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));

/** Runs a synchronous task at the end of the process; the answer forgets it. */
export function atExit(task) {
  tasks.add(task);
  return () => tasks.delete(task);
}
