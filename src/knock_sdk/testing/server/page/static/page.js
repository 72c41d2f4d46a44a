// Keeps an open page up to date. The server says what has changed; the page is then fetched again, and its live
// elements are changed in place, so that focus, selection, scroll position, open details and typed text stay.
"use strict";

const live = { busy: false, again: false, total: 0, source: null };
const body = document.body;

// Browsers have six connections to a server for all its tabs, so only a tab that is seen keeps one.
function connect() {
  if (live.source || document.hidden) return;
  const source = (live.source = new EventSource(body.dataset.events));
  source.addEventListener("open", () => {
    offline(false);
    if (!reading()) refresh(); // what happened before the stream began is unknown
  });
  source.addEventListener("change", (event) => changed(JSON.parse(event.data)));
  source.addEventListener("error", () => {
    offline(true);
    if (source.readyState !== EventSource.CLOSED || live.source !== source) return;
    live.source = null; // the browser has given up
    setTimeout(connect, 2000);
  });
}

function disconnect() {
  live.source?.close();
  live.source = null;
}

function offline(is) {
  document.querySelector("[data-offline]").hidden = !is;
}

function changed(change) {
  document.querySelector("[data-now]").textContent = change.now;
  live.total = change.total;
  const wanted = new Set(body.dataset.kinds.split(",").concat("state"));
  if (fresh() || Object.keys(change.kinds).some((kind) => wanted.has(kind))) update();
}

// The number of messages that the page does not know; 0 if it does not say how many it knows.
function fresh() {
  return body.dataset.total ? Math.max(0, live.total - body.dataset.total) : 0;
}

// Update the page; a list that somebody reads stays as it is, and new messages are only counted.
function update() {
  if (!reading()) return refresh();
  const notice = document.querySelector("[data-arrived]");
  const count = fresh();
  if (!notice || !count) return;
  const text = `${count.toLocaleString("en")} new message${count === 1 ? "" : "s"}${notice.dataset.suffix}`;
  notice.querySelector("[data-arrived-text]").textContent = text;
  notice.hidden = false;
  announce(text);
}

function reading() {
  const list = document.querySelector("[data-list]");
  if (!list) return false;
  const selection = getSelection();
  const selected = !selection.isCollapsed && list.contains(selection.anchorNode);
  return Boolean(body.dataset.hold) || selected || list.contains(document.activeElement) || scrollY > 400;
}

async function refresh() {
  if (live.busy) {
    live.again = true;
    return;
  }
  live.busy = true;
  const started = performance.now();
  try {
    const response = await fetch(location.href, { headers: { accept: "text/html" } });
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    if (response.ok) apply(next);
  } catch {
    offline(true); // the stream connects again, and refreshes then
  } finally {
    setTimeout(() => {
      live.busy = false;
      if (live.again) {
        live.again = false;
        update();
      }
    }, Math.max(250, 3 * (performance.now() - started))); // a search takes the server some time
  }
}

function apply(next) {
  for (const element of document.querySelectorAll("[data-live]")) {
    const other = next.getElementById(element.id);
    if (other && !element.isEqualNode(other)) morph(element, other);
  }
  body.dataset.total = next.body.dataset.total;
  const notice = document.querySelector("[data-arrived]");
  if (notice) notice.hidden = true;
}

// Make an element equal to another one; elements with the same id are kept.
function morph(element, other) {
  for (const { name, value } of other.attributes) {
    if (name === "open" || (name === "value" && element === document.activeElement)) continue;
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
  for (const { name } of [...element.attributes]) {
    if (name !== "open" && !other.hasAttribute(name)) element.removeAttribute(name);
  }
  const named = new Map([...element.children].filter((child) => child.id).map((child) => [child.id, child]));
  const kept = new Set([...other.children].map((child) => child.id).filter((id) => named.has(id)));
  let present = element.firstChild;
  for (const wanted of [...other.childNodes]) {
    // What has gone is removed first, so that what stays is not moved: moving an element takes its focus.
    while (present && present.id && !kept.has(present.id)) present = discard(present);
    const same = wanted.id ? named.get(wanted.id) : present;
    if (same && same.nodeType === wanted.nodeType && same.nodeName === wanted.nodeName && (same.id || "") === (wanted.id || "")) {
      if (same === present) present = present.nextSibling;
      else element.insertBefore(same, present);
      if (same.nodeType !== Node.ELEMENT_NODE) {
        if (same.data !== wanted.data) same.data = wanted.data;
      } else if (!same.isEqualNode(wanted)) morph(same, wanted);
    } else element.insertBefore(document.importNode(wanted, true), present);
  }
  while (present) present = discard(present);
}

function discard(node) {
  const following = node.nextSibling;
  node.remove();
  return following;
}

let announced = 0;
function announce(text) {
  if (Date.now() - announced < 5000) return; // a screen reader would not come to an end
  announced = Date.now();
  document.querySelector("[data-announce]").textContent = text;
}

if (body.dataset.events) {
  connect();
  addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", (event) => {
    if (event.persisted) connect(); // the page comes from the browser's memory
  });
}
