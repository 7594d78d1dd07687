"use strict";
// Fills in what the page leaves out until somebody asks for it: the exchanges of a case, from the data block of the case.
// Whatever the target said goes through textContent, never through markup.
{
  const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]/g;
  const pair = /[\ud800-\udbff][\udc00-\udfff]/g;

  /** Text of others, with what would steer a device spelled out. */
  const visible = (text) => {
    const spell = (part) => part.replace(steering, (character) => {
      const code = character.charCodeAt(0);
      return code < 256 ? "\\x" + code.toString(16).padStart(2, "0") : "\\u" + code.toString(16).padStart(4, "0");
    });
    let shown = "", last = 0;
    for (const found of text.matchAll(pair)) {
      shown += spell(text.slice(last, found.index)) + found[0];
      last = found.index + 2;
    }
    return shown + spell(text.slice(last));
  };

  const element = (name, properties, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties || {})) {
      if (key in made) made[key] = value; else made.setAttribute(key, value);
    }
    made.append(...children.flat(Infinity).filter((child) => child !== null).map((child) => typeof child === "string" ? visible(child) : child));
    return made;
  };

  const parsed = new Map();
  const data = (position) => {
    if (!parsed.has(position)) parsed.set(position, JSON.parse(document.getElementById(`data-${position}`).textContent));
    return parsed.get(position);
  };

  // --- a message with its offending parts marked ---

  class Source { constructor(text) { this.text = text; } }
  /** JSON with numbers as they were written; undefined if it is none. */
  const json = (text) => {
    try {
      return JSON.parse(text, (_, value, context) => typeof value === "number" && context?.source ? new Source(context.source) : value);
    } catch {
      return undefined;
    }
  };
  const written = (value) => value instanceof Source ? value.text : JSON.stringify(value);

  /** Lines of a JSON value as [text, marked]; `paths` are the JSONPaths of what is wrong, absent properties included. */
  const jsonLines = (value, paths, path = "$", indent = "", before = "", after = "", inherited = false) => {
    const marked = inherited || paths.has(path);
    if (value === null || typeof value !== "object" || value instanceof Source) return [[indent + before + written(value) + after, marked]];
    const list = Array.isArray(value), inner = indent + "  ";
    const children = Object.entries(value).map(([key, child]) => [list ? `${path}[${key}]` : `${path}.${key}`, list ? "" : JSON.stringify(key) + ": ", child]);
    const absent = list ? [] : [...paths].filter((wanted) => wanted.startsWith(path + ".") && /^[^.[]+$/.test(wanted.slice(path.length + 1)) && !(wanted.slice(path.length + 1) in value));
    if (!children.length && !absent.length) return [[indent + before + (list ? "[]" : "{}") + after, marked]];
    return [
      [indent + before + (list ? "[" : "{"), marked],
      ...children.flatMap(([place, name, child], at) => jsonLines(child, paths, place, inner, name, at < children.length - 1 ? "," : "", marked)),
      ...absent.map((wanted) => [`${inner}(no ${wanted.slice(path.length + 1)})`, true]),
      [indent + (list ? "]" : "}") + after, marked],
    ];
  };

  const bodyLines = (body, paths) => {
    if (!body) return paths.has("$") ? [["(empty body)", true]] : [];
    const value = json(body);
    return value === undefined ? [[body, paths.size > 0]] : jsonLines(value, paths);
  };

  const AROUND = 4, LONG = 400; // lines beside a mark, and characters of a line, that paper has too

  /** Lines with what is wrong marked; what is far from it stands on the screen only, and paper says how much that is. */
  const shownLines = (lines) => {
    const marks = lines.flatMap(([, marked], at) => marked ? [at] : []);
    const near = (at) => at < AROUND || marks.some((place) => Math.abs(place - at) <= AROUND);
    let far = 0;
    const note = () => {
      const said = far ? [element("span", { className: "paper" }, `… ${far} lines\n`)] : [];
      far = 0;
      return said;
    };
    const shown = lines.map(([text, marked], at) => {
      if (!near(at)) {
        far += 1;
        return [element("span", { className: "far" }, text + "\n")];
      }
      const rest = text.length > LONG ? [element("span", { className: "far" }, text.slice(LONG)), element("span", { className: "paper" }, "…")] : [];
      const parts = [text.slice(0, LONG), ...rest];
      return [...note(), ...(marked && text ? [element("mark", {}, parts)] : parts), "\n"];
    });
    return [...shown, ...note()];
  };

  const message = (title, first, headers, body, marks) => {
    const lines = [[first, marks.first]];
    for (const [name, value] of headers) lines.push([`${name}: ${value}`, marks.headers.delete(name.toLowerCase()) || marks.seen.has(name.toLowerCase())]);
    for (const name of marks.headers) lines.push([`(no ${name})`, true]);
    lines.push(["", false], ...bodyLines(body, marks.paths));
    return element("div", {}, element("b", {}, title), element("pre", {}, shownLines(lines)));
  };

  /** Which parts of the judged message the violations are about. */
  const marksOf = (violations, status) => {
    const marks = { first: false, headers: new Set(), seen: new Set(), paths: new Set() };
    for (const { path, clause, expected } of violations) {
      const otherStatus = path === "$.code" && /\/responses\/\w+$/.test(clause) && !expected.startsWith(String(status));
      if (!path || otherStatus) marks.first = true;
      else if (path.startsWith("$")) marks.paths.add(path);
      else { marks.headers.add(path.toLowerCase()); marks.seen.add(path.toLowerCase()); }
    }
    return marks;
  };

  const duration = (seconds) => seconds >= 1 ? `${seconds.toPrecision(3)} s` : `${(seconds * 1000).toPrecision(3)} ms`;
  const roles = { setup: "to get there", judged: "judged", event: "event", cleanup: "cleaning up" };

  const exchangeView = (exchange, violations, open) => {
    const { request, response } = exchange, event = exchange.role === "event";
    const none = marksOf([]), bad = marksOf(violations, response?.status);
    const status = response ? String(response.status) : "no answer";
    const answer = response
      ? message("Response", `HTTP ${status}`, response.headers, response.body, event ? none : bad)
      : element("div", {}, element("b", {}, "Response"), element("pre", {}, element("mark", {}, exchange.error || "none")));
    return element("details", { className: "exchange", open },
      element("summary", {}, `${exchange.id} ${roles[exchange.role]} · ${exchange.operation}`, element("code", {}, `${request.method} ${request.url} → ${status}`), `${duration(exchange.seconds)} · ${exchange.started}`),
      element("div", { className: "messages" }, message("Request", `${request.method} ${request.url}`, request.headers, request.body, event ? bad : none), answer));
  };

  const shell = (lines) => {
    const text = lines.join("\n");
    const copy = element("button", { type: "button" }, "Copy");
    const block = element("pre", { className: "shell" }, text);
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text);
        copy.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(block);
      }
    });
    return element("div", { className: "again" }, copy, block);
  };

  // --- details on demand ---

  const sides = (violation) => element("div", {},
    element("dl", { className: "sides" },
      element("div", { className: "expected" }, element("dt", {}, "Expected"), element("dd", {}, violation.expected)),
      element("div", { className: "actual" }, element("dt", {}, "Actual"), element("dd", {}, violation.actual || "nothing"))),
    element("p", { className: "clause" }, element("b", {}, "Clause"), element("code", {}, violation.clause)),
    violation.reason ? element("p", { className: "clause" }, element("b", {}, "Tolerated"), violation.reason) : null);

  const expectation = ({ reason, issue, expires, place }) => element("p", { className: "clause" }, element("b", {}, "Known"),
    [reason, issue, expires && `until ${expires}`, place].filter(Boolean).join(" · "));

  const fillCase = (details) => {
    const found = data(details.dataset.case), body = details.querySelector(".body");
    const bad = (exchange) => found.violations.filter((violation) => violation.exchange === exchange.id);
    body.replaceChildren(
      ...(found.accepted?.length ? [element("p", { className: "clause" }, element("b", {}, "Accepted"), found.accepted.join(" or "))] : []),
      ...(found.reason ? [element("p", { className: "clause" }, element("b", {}, "Reason"), found.reason)] : []),
      ...(found.expectation ? [expectation(found.expectation)] : []),
      ...found.violations.map(sides),
      ...(found.exchanges.length ? [element("h3", {}, "Exchanges")] : []),
      ...found.exchanges.map((exchange) => exchangeView(exchange, bad(exchange), bad(exchange).length > 0)),
      ...(found.curl.length ? [element("h3", {}, "Again"), shell(found.curl)] : []));
  };

  const fillCause = (details) => {
    const found = data(details.dataset.case), wanted = details.dataset.exchange;
    const exchange = found.exchanges.find((item) => item.id === wanted);
    if (!exchange) return;
    const violations = found.violations.filter((_, at) => String(at) === details.dataset.violation);
    details.querySelector(".example").replaceChildren(
      element("h3", {}, "For example"), exchangeView(exchange, violations, true),
      ...(found.curl.length ? [shell(found.curl)] : []));
  };

  const fill = (details) => {
    if (details.dataset.case === undefined || details.dataset.filled) return;
    details.dataset.filled = "yes";
    (details.classList.contains("cause") ? fillCause : fillCase)(details);
  };
  document.addEventListener("toggle", ({ target }) => { if (target.open) fill(target); }, true);
  document.querySelectorAll("details.cause[open]").forEach(fill);

  // --- filters ---

  const rows = [...document.querySelectorAll(".case")];
  const chips = [...document.querySelectorAll(".chip")];
  const operation = document.getElementById("operation"), text = document.getElementById("text"), shown = document.getElementById("shown");
  const words = new Map();
  const says = (row) => {
    if (!words.has(row)) words.set(row, row.firstElementChild.textContent.toLowerCase());
    return words.get(row);
  };
  const filter = () => {
    const verdicts = chips.filter((chip) => chip.ariaPressed === "true").map((chip) => chip.dataset.verdict);
    const wanted = text.value.trim().toLowerCase();
    let number = 0;
    for (const row of rows) {
      row.hidden = (verdicts.length > 0 && !verdicts.includes(row.dataset.verdict))
        || (operation.value !== "" && operation.value !== row.dataset.operation)
        || (wanted !== "" && !says(row).includes(wanted));
      number += !row.hidden;
    }
    shown.textContent = `${number} of ${rows.length} shown${number ? "" : "; take a filter away"}`;
  };
  for (const chip of chips) chip.addEventListener("click", () => { chip.ariaPressed = String(chip.ariaPressed !== "true"); filter(); });
  operation.addEventListener("change", filter);
  text.addEventListener("input", filter);
  document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
  filter();

  // --- links to cases, and paper ---

  const follow = () => {
    const row = location.hash.startsWith("#case-") && document.getElementById(location.hash.slice(1));
    if (!row) return;
    if (row.hidden) {
      for (const chip of chips) chip.ariaPressed = "false";
      operation.value = text.value = "";
      filter();
    }
    row.open = true;
    row.scrollIntoView({ block: "start" });
    row.querySelector("summary").focus({ preventScroll: true });
  };
  addEventListener("hashchange", follow);
  follow();

  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details.cause:not([open])")) {
      fill(details);
      details.open = details.dataset.printed = true;
    }
  });
  addEventListener("afterprint", () => {
    for (const details of document.querySelectorAll("details.cause[data-printed]")) details.open = false;
  });
}
