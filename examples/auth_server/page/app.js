// The page of the example server. No token ever comes here: cookies that no script can read carry them.
// Ids that tests hold on to, beside those of the form (#login, #username, #password, #sign-in):
//   #message          what went wrong or was done; empty where there is nothing to say
//   #who              name, subject and roles of who is logged in; not visible where nobody is
//   #countdown        "9:41 left", or "Run out"; #token-state names the new end and the one before
//   #refresh          gets a new token now
//   #call-me, #call-admin; #answer with #answer-status ("200 OK, after one refresh") and #answer-body
//   #sessions         an li[data-session=ID] each, ours with aria-current="true", with a button that ends it
//   #logout-here, #logout-everywhere; the second asks in #confirm, where #confirm-yes means it
// A button at work has aria-busy="true".

const $ = (id) => document.getElementById(id);
const tabs = new BroadcastChannel("session");

const ENDED = "Your session has ended: it was logged out elsewhere, or its time was over. Please log in again.";
const OVER = "The token has run out. Nothing happens by itself: whatever you do next gets a new one first.";
const NO_COOKIES = "The login worked, but the browser kept no cookie. Allow cookies for this page, and try again.";
const WRONG = "Username or password is wrong. Mind capitals, and try again.";
const LOGGED_OUT = "You are logged out.";

/** What `GET /auth/session` answered, and when, while somebody is logged in. */
let session = null;
/** Counts logins and logouts: what was asked before the last one is of no interest any more. */
let turn = 0;

// Talking to the server

let refreshes = 0;
let refreshing = null;

async function send(method, path, fields) {
  const json = fields && { headers: { "content-type": "application/json" }, body: JSON.stringify(fields) };
  try {
    // Its answer brings cookies, which must arrive also where the tab is closed meanwhile.
    const keepalive = path === "/auth/refresh";
    const response = await fetch(path, { method, keepalive, ...json });
    const { status, headers } = response;
    const body = /json/.test(headers.get("content-type")) ? await response.json() : await response.text();
    return { method, path, status, headers, body };
  } catch {
    return { method, path, status: 0, headers: new Headers(), body: "" };
  }
}

const good = (answer) => answer.status >= 200 && answer.status < 300;

/** One refresh at a time: who asks meanwhile shares it. */
function refresh() {
  refreshing ??= refreshAlone().finally(() => (refreshing = null));
  return refreshing;
}

async function refreshAlone() {
  const asked = turn;
  let answer = await send("POST", "/auth/refresh");
  const refused = answer.status === 400;
  // Another tab may have logged in meanwhile.
  if (refused && session) answer = await send("GET", "/auth/session");
  if (good(answer)) refreshes += 1;
  else if (refused && asked === turn) leave(session ? ENDED : "");
  return answer;
}

/** Sends; on 401 refreshes once and sends once more. */
async function call(method, path) {
  const before = refreshes;
  const first = await send(method, path);
  if (first.status !== 401) return { ...first, how: "at the first try" };
  const renewed = refreshes === before ? await refresh() : null;
  if (renewed && !good(renewed)) return { ...renewed, how: "when it wanted a new token" };
  return { ...(await send(method, path)), how: "after one refresh" };
}

// Words

const MEANING = {
  0: "No answer", 200: "OK", 204: "Done", 400: "Bad request", 401: "No good token", 403: "Not allowed",
  404: "Not found", 429: "Too many attempts", 500: "Fault of the server", 503: "Not now",
};
const CLAIMS = {
  iss: "issuer", sub: "subject", aud: "audience", exp: "ends", iat: "signed", nbf: "not before",
  jti: "this token", sid: "session", auth_time: "logged in", client_id: "client", sgen: "generation",
};
const TIMES = ["exp", "iat", "nbf", "auth_time"];

/** Why there is no good answer, and what to do about it. */
function explain({ status, headers, body }) {
  const seconds = Number(headers.get("retry-after"));
  const wait = seconds > 0 ? `in ${duration(seconds)}` : "in a moment";
  const code = body?.code ?? body?.error;
  if (status === 0) return "The server cannot be reached. Check the connection and try again.";
  if (status === 429) return `Too many failed logins. Try again ${wait}.`;
  if (status === 503) return `The server cannot do that just now, and nothing was changed. Try again ${wait}.`;
  if (code === "cross_site") {
    return "The server took this for another site's request. Open the page at the server's own address, and try again.";
  }
  return `That did not work: ${status} ${body?.error_description ?? body?.title ?? MEANING[status] ?? ""}`;
}

function duration(seconds) {
  const [amount, unit] = seconds < 90 ? [seconds, "second"] : [seconds / 60, "minute"];
  return new Intl.NumberFormat("en-GB", { style: "unit", unit, unitDisplay: "long" }).format(Math.ceil(amount));
}

const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const relative = new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" });

/** The server's time: the client's own clock may be wrong. */
const now = () => session.now + performance.now() - session.received;
const left = () => Math.max(0, session.expires - now());

function fromNow(time) {
  const seconds = (time - now()) / 1000;
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return relative.format(Math.round(seconds / size), unit);
}

// Building

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function moment(time, text = date.format(time)) {
  return make("time", { datetime: new Date(time).toISOString(), title: date.format(time) }, text);
}

function pair(name, ...value) {
  return make("div", {}, make("dt", {}, name), make("dd", {}, ...value));
}

/** Writes what is new only, or a screen reader would say the same again. */
function write(id, text) {
  if ($(id).textContent !== text) $(id).textContent = text;
}

function say(text, tone = "bad") {
  $("message").dataset.tone = tone;
  write("message", text);
}

// The two views

function show(view) {
  for (const id of ["checking", "login", "home"]) $(id).hidden = id !== view;
}

function leave(why, tone) {
  turn += 1;
  if (why) say(why, tone);
  // Somebody may be typing there.
  if (!$("login").hidden) return;
  session = null;
  document.title = "jwtower: log in";
  $("confirm").close();
  $("login").reset();
  for (const id of ["name", "subject", "roles", "claims", "sessions", "token-state"]) $(id).replaceChildren();
  forget();
  show("login");
  $("username").focus();
}

function enter(answer) {
  const before = session;
  if (!before && next()) {
    show("checking");
    return location.replace(next());
  }
  // A script that was smuggled in later finds no password.
  $("login").reset();
  session = { ...answer, received: performance.now(), refreshes };
  const { claims, expires } = session;
  const name = claims.name ?? claims.sub;
  const fromLogin = !$("login").hidden;
  document.title = `jwtower: ${name}`;
  write("name", `Hello, ${name}`);
  write("subject", claims.sub);
  $("roles").replaceChildren(...(claims.roles ?? []).map((role) => make("li", { class: "chip" }, role)));
  $("claims").replaceChildren(...Object.entries(claims).map(claim));
  show("home");
  if (before?.session.id !== session.session.id) {
    turn += 1;
    say("");
    forget();
    write("token-state", `It ends at ${clock.format(expires)}.`);
    list();
  } else if (before.claims.jti !== claims.jti) {
    const ends = [expires, before.expires].map((time) => clock.format(time));
    write("token-state", `A new one: it ends at ${ends[0]}, the one before at ${ends[1]}.`);
  }
  tick();
  if (fromLogin) $("name").focus();
}

/** Where the login was wanted for, if it is on this server. */
function next() {
  const path = new URLSearchParams(location.search).get("next") ?? "";
  if (!path.startsWith("/") || path.startsWith("//") || !URL.canParse(path, location.origin)) return null;
  const url = new URL(path, location.origin);
  return url.origin === location.origin ? url.href : null;
}

/** Asks who is logged in, and shows it. */
async function check() {
  const asked = turn;
  const answer = await call("GET", "/auth/session");
  if (asked !== turn) return;
  if (good(answer)) enter(answer.body);
  else if (session) say(explain(answer));
  else leave(explain(answer));
}

function claim([name, value]) {
  const raw = make("code", {}, typeof value === "string" ? value : JSON.stringify(value));
  const label = make("span", {}, make("code", {}, name), " ", make("span", { class: "quiet" }, CLAIMS[name] ?? ""));
  return TIMES.includes(name) ? pair(label, moment(value * 1000), " ", raw) : pair(label, raw);
}

/** Shows the time by the second; is heard only when it is over. */
function tick() {
  if (!session) return;
  const life = (session.claims.exp - session.claims.iat) * 1000;
  const seconds = Math.ceil(left() / 1000);
  const digits = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  write("digits", seconds ? digits : "Run out");
  write("left", seconds ? "left" : "");
  $("life").max = life;
  $("life").value = left();
  $("life").setAttribute("aria-valuetext", seconds ? `${duration(seconds)} left` : "run out");
  const soon = left() < Math.min(30_000, life / 5);
  $("token").dataset.state = seconds === 0 ? "over" : soon ? "soon" : "good";
  if (seconds === 0) write("token-state", OVER);
}

// Answers and sessions

function forget() {
  $("answer-status").replaceChildren(make("span", { class: "quiet" }, "Call a route to see what it answers."));
  $("answer-facts").replaceChildren();
  $("answer-body").hidden = true;
}

function tell(answer) {
  if (!session) return;
  const { method, path, status, headers, body, how } = answer;
  const verdict = `${status || ""} ${MEANING[status] ?? ""}`.trim();
  const challenge = headers.get("www-authenticate");
  $("answer-status").replaceChildren(make("strong", { class: good(answer) ? "good" : "bad" }, verdict), `, ${how}`);
  $("answer-facts").replaceChildren(pair("Request", make("code", {}, `${method} ${path}`)));
  if (challenge) $("answer-facts").append(pair("WWW-Authenticate", make("code", {}, challenge)));
  write("answer-body", typeof body === "string" ? body : JSON.stringify(body, null, 2));
  $("answer-body").hidden = body === "";
  if (status === 0 || status === 503) say(explain(answer));
}

async function list() {
  const asked = turn;
  const answer = await call("GET", "/auth/sessions");
  if (asked !== turn) return;
  if (!good(answer)) return say(explain(answer));
  const held = document.activeElement?.closest("[data-session]")?.dataset.session;
  const oursFirst = answer.body.sort((a, b) => b.current - a.current || b.last_used - a.last_used);
  $("sessions").replaceChildren(...oursFirst.map(row));
  if (held) ($(`end-${held}`) ?? $("sessions-title")).focus();
}

function row({ id, created, last_used, expires, transport, current }) {
  const title = make("h3", { id: `about-${id}` }, transport === "cookie" ? "Browser, by cookie" : "App, by token");
  if (current) title.append(" ", make("span", { class: "chip" }, "this one"));
  const used = pair("Last used", moment(last_used, fromNow(last_used)));
  const times = make("dl", {}, pair("Since", moment(created)), used, pair("Ends", moment(expires, fromNow(expires))));
  const end = make("button", { type: "button", id: `end-${id}`, "aria-describedby": `about-${id}` }, "Log out");
  onClick(end, () => endSession(id, current));
  const item = make("li", { "data-session": id }, make("div", {}, title, times), end);
  if (current) item.setAttribute("aria-current", "true");
  return item;
}

async function endSession(id, current) {
  const answer = await call("DELETE", `/auth/sessions/${id}`);
  if (!session) return;
  if (good(answer) && current) return goodbye(LOGGED_OUT);
  if (good(answer) || answer.status === 404) say("That session is logged out.", "good");
  else say(explain(answer));
  await list();
}

function goodbye(words) {
  leave(words, "good");
  tabs.postMessage("logged out");
}

// What one can do

/** Does the work, once at a time. The button is not disabled meanwhile, or it would lose the focus. */
async function atWork(button, work) {
  if (button.hasAttribute("aria-busy")) return;
  for (const name of ["aria-busy", "aria-disabled"]) button.setAttribute(name, "true");
  say("");
  try {
    await work();
    if (session && (session.refreshes !== refreshes || left() === 0)) await check();
  } finally {
    for (const name of ["aria-busy", "aria-disabled"]) button.removeAttribute(name);
  }
}

function onClick(button, work) {
  button.addEventListener("click", () => atWork(button, work));
}

async function login() {
  const [username, password] = [$("username").value, $("password").value];
  const answer = await send("POST", "/auth/login", { username, password, cookies: true });
  const wrong = answer.body?.error === "invalid_grant";
  if (wrong) $("password").select();
  if (!good(answer)) return say(wrong ? WRONG : explain(answer));
  turn += 1;
  tabs.postMessage("logged in");
  await check();
  if (!$("login").hidden && !$("message").textContent) say(NO_COOKIES);
}

async function logout(path, words) {
  const answer = await call("POST", path);
  if (good(answer)) goodbye(words);
  else if (session) say(explain(answer));
}

$("login").addEventListener("submit", (event) => {
  event.preventDefault();
  atWork($("sign-in"), login);
});
onClick($("call-me"), async () => tell(await call("GET", "/me")));
onClick($("call-admin"), async () => tell(await call("GET", "/admin")));
onClick($("reload"), list);
onClick($("refresh"), async () => {
  const answer = await refresh();
  if (session && !good(answer)) say(explain(answer));
});
onClick($("logout-here"), () => logout("/auth/logout", LOGGED_OUT));
$("logout-everywhere").addEventListener("click", () => {
  $("confirm").returnValue = "no";
  $("confirm").showModal();
});
$("confirm").addEventListener("close", () => {
  if ($("confirm").returnValue !== "yes") return;
  atWork($("logout-everywhere"), () => logout("/auth/logout-everywhere", "You are logged out everywhere."));
});

tabs.onmessage = check;
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && check());
window.addEventListener("pageshow", (event) => event.persisted && check());
setInterval(tick, 500);

show("checking");
check();
