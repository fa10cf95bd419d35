// The example's page, as somebody sees it.

import assert from "node:assert/strict";
import { PASSWORD } from "./calls.mjs";
import { until } from "./until.mjs";

/** Fills in the form and waits until the page knows who it is. */
export async function signIn(tab, username = "alice", password = PASSWORD) {
  await tab.fill("#username", username);
  await tab.fill("#password", password);
  await tab.click("#sign-in");
  await isSignedIn(tab, username);
}

export async function isSignedIn(tab, username = "alice") {
  await until(`the page of ${username}`, async () => {
    const [who, form] = [tab.locator("#who"), tab.locator("#login")];
    return !(await form.isVisible()) && (await who.isVisible()) && (await who.innerText()).includes(username);
  });
}

export async function isSignedOut(tab, patience) {
  await until("the login form", () => tab.locator("#username").isVisible(), patience);
}

/** Clicks a button that asks the server, and gives what the page then shows as the answer. */
export async function ask(tab, button, status) {
  await press(tab, button);
  assert.match(await text(tab, "#answer-status"), new RegExp(`^${status}\\b`), button);
  return text(tab, "#answer-body");
}

/** Clicks a button, and waits until its work is done. */
export async function press(tab, button) {
  await tab.click(button);
  await tab.locator(`${button}:not([aria-busy])`).waitFor({ state: "attached" });
}

export const text = (tab, selector) => tab.locator(selector).innerText();

/** The rows of the list of sessions. */
export const rows = (tab) => tab.locator("#sessions li[data-session]");
