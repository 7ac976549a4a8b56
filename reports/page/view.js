
// What is shown: a stretch of time, a moment in it, and an operation. Everything that draws listens for changes, and draws
// at most once a frame.

const view = { end: 1, from: 0, to: 1, cursor: null, chosen: -1, listeners: [], waiting: false };

function onView(listener) { view.listeners.push(listener); }

function changed() {
  if (view.waiting) return;
  view.waiting = true;
  requestAnimationFrame(() => {
    view.waiting = false;
    for (const listener of view.listeners) listener();
  });
}

const shortest = 1000; // microseconds

// show shows a stretch of time, within the run.
function show(from, to) {
  const length = Math.min(Math.max(to - from, shortest), view.end);
  view.from = Math.min(Math.max(from, 0), view.end - length);
  view.to = view.from + length;
  remember();
  changed();
}

function zoom(factor) {
  const middle = view.cursor !== null && view.cursor >= view.from && view.cursor <= view.to ? view.cursor : (view.from + view.to) / 2;
  show(middle - (middle - view.from) * factor, middle + (view.to - middle) * factor);
}

function pan(share) {
  const by = (view.to - view.from) * share;
  show(view.from + by, view.to + by);
}

// point goes to a moment, and shows a stretch around it if it is outside.
function point(time) {
  view.cursor = Math.min(Math.max(time, 0), view.end);
  if (view.cursor < view.from || view.cursor > view.to) {
    const half = (view.to - view.from) / 2;
    show(view.cursor - half, view.cursor + half);
  }
  remember();
  changed();
}

// remember puts the moment into the page's address, so that it can be passed on.
function remember() {
  const parts = [];
  if (view.cursor !== null) parts.push("t=" + (view.cursor / 1e6).toFixed(6).replace(/\.?0+$/, "") + "s");
  if (view.chosen >= 0) parts.push("op=" + operations.id[view.chosen]);
  if (view.to - view.from < view.end) parts.push("from=" + (view.from / 1e6).toFixed(6) + "s", "to=" + (view.to / 1e6).toFixed(6) + "s");
  if (parts.length) history.replaceState(null, "", "#" + parts.join("&"));
  else if (location.hash.includes("=")) history.replaceState(null, "", "#time");
}

// arrive goes to a part of the page when all that stands above it is drawn, and is as high as it stays.
function arrive(id) {
  requestAnimationFrame(() => requestAnimationFrame(() => byId(id)?.scrollIntoView({ behavior: "instant" })));
}

// recall goes to the moment of the page's address, if it has one: "#t=12.3s&op=118".
function recall() {
  const named = {};
  for (const [, key, value] of location.hash.matchAll(/[#&](t|op|from|to)=([0-9.]+)s?/g)) named[key] = Number(value);
  const stretch = named.from !== undefined && named.to > named.from;
  if (stretch) show(named.from * 1e6, named.to * 1e6);
  const chosen = named.op !== undefined && chooseNumber(named.op, !stretch);
  if (named.t !== undefined) {
    if (!stretch && !chosen) show(named.t * 1e6 - 1e6, named.t * 1e6 + 1e6);
    point(named.t * 1e6);
  }
  if (named.op !== undefined) arrive("operations");
  else if (Object.keys(named).length > 0) arrive("time");
}
