// Each protection of the browser half, the change that switches it off, and the test files that watch it.

const COOKIES = "src/cookie/auth_cookies.rs";
const CSRF = "src/cookie/csrf.rs";
const TOKENS = "src/routes/tokens.rs";
const OWNER = "src/routes/owner.rs";
const PAGES = "examples/auth_server/pages.rs";
const PAGE = "examples/auth_server/page/app.js";

export const protections = [
  {
    name: "HttpOnly",
    watchers: ["login"],
    changes: [{ file: COOKIES, find: ".http_only(true)", replace: ".http_only(false)" }],
  },
  {
    name: "Secure and the prefix of the names",
    watchers: ["login"],
    changes: [
      {
        file: COOKIES,
        find: `            access: CookieSource::named("__Host-access"),
            refresh: CookieSource::named("__Host-refresh"),
            secure: true,`,
        replace: `            access: CookieSource::named("access"),
            refresh: CookieSource::named("refresh"),
            secure: false,`,
      },
    ],
  },
  {
    name: "SameSite of the access cookie",
    watchers: ["login", "cross_site"],
    changes: [{ file: COOKIES, find: "else { SameSite::Lax }", replace: "else { SameSite::None }" }],
  },
  {
    name: "SameSite=Strict of the refresh cookie",
    watchers: ["login", "navigation"],
    changes: [{ file: COOKIES, find: "{ SameSite::Strict }", replace: "{ SameSite::Lax }" }],
  },
  {
    name: "the end of the cookies",
    watchers: ["login", "expiry"],
    changes: [
      {
        file: COOKIES,
        find: ".max_age(time::Duration::seconds(life.as_secs().try_into().unwrap_or(i64::MAX)))",
        replace: ".max_age(time::Duration::seconds(life.as_secs().try_into().unwrap_or(i64::MAX).max(9999)))",
      },
    ],
  },
  {
    name: "the check against other sites",
    watchers: ["cross_site"],
    changes: [{ file: CSRF, find: "    if is_safe(request) {", replace: "    if is_safe(request) || true {" }],
  },
  {
    name: "the check against other hosts of the site",
    watchers: ["cross_site"],
    changes: [
      {
        file: CSRF,
        find: `    if matches!(site, Some(b"same-origin" | b"none")) {`,
        replace: `    if matches!(site, Some(b"same-origin" | b"none" | b"same-site")) {`,
      },
    ],
  },
  {
    name: "the check of a refresh on the way to a page",
    watchers: ["cross_site"],
    changes: [
      {
        file: COOKIES,
        find: "if csrf::is_own_navigation(request) {",
        replace: "if csrf::is_own_navigation(request) || true {",
      },
    ],
  },
  {
    name: "the check of a login",
    watchers: ["cross_site"],
    changes: [
      {
        file: "src/routes/delivery.rs",
        find: "        cookies.permits(head)?;\n",
        replace: "",
      },
    ],
  },
  {
    name: "the check of a refresh and a logout",
    watchers: ["cross_site"],
    changes: [
      {
        file: COOKIES,
        find: "                self.permits(request)?;\n",
        replace: "",
      },
    ],
  },
  {
    name: "a refused refresh leaves the cookies alone",
    watchers: ["losers"],
    changes: [
      {
        file: TOKENS,
        find: "        let pair = routes.sessions.refresh_with(&token, refresh).await?;\n",
        replace: `        let pair = match routes.sessions.refresh_with(&token, refresh).await {
            Ok(pair) => pair,
            Err(error) => {
                let mut answer = oauth::deny(&crate::response::Refusal::from(error));
                if let Delivery::Cookies(cookies) = delivery {
                    cookies.clear(answer.headers_mut());
                }
                return Ok(answer);
            }
        };
`,
      },
    ],
  },
  {
    name: "a refused refresh on the way to a page leaves the cookies alone",
    watchers: ["losers"],
    changes: [
      {
        file: "src/routes/navigation.rs",
        find: "Err(error) if error.kind() == ErrorKind::InvalidGrant => Ok(go_to(&pages.login(Some(&next)), answer)),",
        replace: `Err(error) if error.kind() == ErrorKind::InvalidGrant => {
            cookies.clear(answer.headers_mut());
            Ok(go_to(&pages.login(Some(&next)), answer))
        }`,
      },
    ],
  },
  {
    name: "a logout that comes too late leaves the cookies alone",
    watchers: ["losers"],
    changes: [
      {
        file: TOKENS,
        find: "if let (Delivery::Cookies(cookies), Ended::Now) = (delivery, ended) {",
        replace: "if let (Delivery::Cookies(cookies), Ended::Now | Ended::Before) = (delivery, ended) {",
      },
    ],
  },
  {
    name: "the window for a second tab",
    watchers: ["two_tabs"],
    changes: [
      {
        file: "src/session/family.rs",
        find: "    now.since(rotated_at) <= window ||",
        replace: "    now.since(rotated_at) <= window.mul_f64(0.0) ||",
      },
    ],
  },
  {
    name: "a login ends the session that it replaces",
    watchers: ["login", "losers"],
    changes: [
      { file: "src/session/login.rs", find: "if let Some(token) = replaced {", replace: "if let Some(token) = replaced.filter(|_| false) {" },
    ],
  },
  {
    name: "`next` of a refresh is of this site",
    watchers: ["next"],
    changes: [
      {
        file: "src/routes/local_path.rs",
        find: "(is_path && text.len() <= MAX_LEN && text.bytes().all(allowed)).then(|| Self(text.into()))",
        replace: "(true || is_path && text.len() <= MAX_LEN && text.bytes().all(allowed)).then(|| Self(text.into()))",
      },
    ],
  },
  {
    name: "`next` of the login page is of this site",
    watchers: ["next"],
    changes: [
      { file: PAGE, find: "return url.origin === location.origin ? url.href : null;", replace: "return url.href;" },
      { file: PAGE, find: `if (!path.startsWith("/") || path.startsWith("//") ||`, replace: "if (!path ||" },
    ],
  },
  {
    name: "plain http is for this machine alone",
    watchers: ["host"],
    changes: [
      {
        file: "src/cookie/host.rs",
        find: "named.peek().is_some() && named.all(|is_loopback| is_loopback)",
        replace: "named.peek().is_some() || named.all(|is_loopback| is_loopback)",
      },
    ],
  },
  {
    name: "a logout takes the cookies away",
    watchers: ["two_tabs", "page"],
    changes: [{ file: TOKENS, find: "cookies.clear(answer.headers_mut());", replace: "let _ = cookies;" }],
  },
  {
    name: "a logout ends the session",
    watchers: ["page", "navigation"],
    changes: [
      {
        file: TOKENS,
        find: "let ended = routes.sessions.logout(&token).await?;",
        replace: "let ended = { let _ = &token; Ended::Now };",
      },
    ],
  },
  {
    name: "a logout everywhere ends the other sessions",
    watchers: ["page"],
    changes: [
      {
        file: OWNER,
        find: "routes.sessions.logout_everywhere(subject(&claims)?).await?;",
        replace: "let _ = &claims;",
      },
    ],
  },
  {
    name: "a page without a good token goes by way of a refresh",
    watchers: ["navigation"],
    changes: [
      {
        file: "src/routes/pages.rs",
        find: "if is_over && self.may_refresh(head) =>",
        replace: "if !is_over && self.may_refresh(head) =>",
      },
    ],
  },
  {
    name: "a page whose session is over does not go in circles",
    watchers: ["navigation"],
    changes: [
      {
        file: "src/routes/navigation.rs",
        find: "Err(error) if error.kind() == ErrorKind::InvalidGrant => Ok(go_to(&pages.login(Some(&next)), answer)),",
        replace: "Err(error) if error.kind() == ErrorKind::InvalidGrant => Ok(go_to(&next.to_string(), answer)),",
      },
    ],
  },
  {
    name: "other origins cannot read answers",
    watchers: ["other_origins"],
    changes: [
      {
        file: "examples/auth_server/browsers.rs",
        find: ".allow_origin(AllowOrigin::list(cookies.origins()))",
        replace: ".allow_origin({ let _ = cookies; AllowOrigin::mirror_request() })",
      },
    ],
  },
  {
    name: "no frame around the page",
    watchers: ["policy"],
    changes: [{ file: PAGES, find: "; frame-ancestors 'none'", replace: "" }],
  },
  {
    name: "no script but our own",
    watchers: ["policy"],
    changes: [{ file: PAGES, find: "script-src 'self';", replace: "script-src 'self' 'unsafe-inline';" }],
  },
  {
    name: "the page asks whether another tab logged in",
    watchers: ["losers"],
    changes: [{ file: PAGE, find: "if (refused && session) answer =", replace: "if (refused && !turn) answer =" }],
  },
  {
    name: "the page refreshes when it is told 401",
    watchers: ["expiry"],
    changes: [{ file: PAGE, find: "if (first.status !== 401) return", replace: "if (first.status !== 499) return" }],
  },
  {
    name: "the page refreshes once for many",
    watchers: ["expiry"],
    changes: [{ file: PAGE, find: "refreshing ??= refreshAlone()", replace: "refreshing = refreshAlone()" }],
  },
];
