// A place where messages wait until the test lets them go on.

import { until } from "./until.mjs";

export class Gate {
  waiting = [];
  isOpen = false;

  /** `opensAt`: how many must wait until it opens by itself. `atMost`: how many it stops; others overtake them. */
  constructor(name, matches, { opensAt = Infinity, atMost = Infinity } = {}) {
    Object.assign(this, { name, matches, opensAt, atMost });
  }

  pass(exchange) {
    if (this.isOpen || this.waiting.length >= this.atMost) return;
    const passed = new Promise((go) => this.waiting.push({ exchange, go }));
    if (this.waiting.length >= this.opensAt) this.open();
    return passed;
  }

  /** Waits until so many wait here, and gives them. */
  async arrived(count) {
    await until(`${count} held at ${this.name}`, () => this.waiting.length >= count);
    return this.waiting.map(({ exchange }) => exchange);
  }

  /** Lets all go on, those that come later too. */
  open() {
    this.isOpen = true;
    this.waiting.splice(0).forEach(({ go }) => go());
  }
}
