// Waiting for something to become true.

/** Milliseconds that anything may take which the tests wait for. */
export const PATIENCE = Number(process.env.PATIENCE ?? 10_000);

/** Waits until a condition gives something truthy, and gives that; `what` says what was waited for in vain. */
export async function until(what, condition, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > end) throw new Error(`in vain: ${what}`);
    await new Promise((go) => setTimeout(go, 20));
  }
}

/** A promise that fails after a while. */
export function within(what, promise, patience = PATIENCE) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`in vain: ${what}`)), patience);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
