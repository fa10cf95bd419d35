// Requests that a page makes by itself, without the example's own script.

export const PASSWORD = "correct-horse";

/** What `fetch` gave, or `{ rejected }` where the page may not know. `json` and `form` become the body. */
export function call(tab, method, url, { json, form, ...options } = {}) {
  const request = { method, url, json, form, options };
  return tab.evaluate(async ({ method, url, json, form, options }) => {
    const headers = json ? { "content-type": "application/json" } : {};
    const body = json ? JSON.stringify(json) : form && new URLSearchParams(form);
    try {
      const answer = await fetch(url, { method, headers, body, credentials: "include", ...options });
      const text = await answer.text();
      const parsed = (answer.headers.get("content-type") ?? "").includes("json") && text ? JSON.parse(text) : text;
      return { status: answer.status, body: parsed, headers: Object.fromEntries(answer.headers) };
    } catch (error) {
      return { rejected: String(error) };
    }
  }, request);
}

/** Logs in without the page's form. */
export function login(tab, username = "alice", origin = "") {
  const json = { username, password: PASSWORD, cookies: true };
  return call(tab, "POST", `${origin}/auth/login`, { json });
}

/** Sends a form as the browser does it: the tab goes where the answer is. */
export function submit(tab, url, fields = {}, enctype = "application/x-www-form-urlencoded") {
  return tab.evaluate(({ url, fields, enctype }) => {
    const form = Object.assign(document.createElement("form"), { method: "POST", action: url, enctype });
    for (const [name, value] of Object.entries(fields)) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    document.body.append(form);
    // Later, or the page would be gone before the test hears that this went well.
    setTimeout(() => form.submit());
  }, { url, fields, enctype });
}
