
// What makes the page live: charts become canvases that share the time that is shown.

function live(run) {
  const charts = { faults: faultsChart, nodes: nodesChart, latency: latencyChart, rate: rateChart, stale: staleChart,
    availability: partsChart(run.bins.answered || [], 20, "answered", "refused"),
    losses: lossesChart(run.bins.losses || []),
    registry: partsChart(run.bins.registry || [], 34, "bad", null) };
  const sheets = [];
  for (const [id, chart] of Object.entries(charts)) {
    const title = byId(id + "-title");
    if (title) sheets.push(replace(title.closest("figure"), title.textContent, chart));
  }
  sheets.push(lanesOfClients());
  const draw = () => {
    readColors();
    for (const one of sheets) drawSheet(one, run);
  };
  for (const one of sheets) listenSheet(one, run);
  onView(draw);
  onView(() => drawMoment(run));
  onView(fillListIfMoved());
  new ResizeObserver(changed).observe(byId("time"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}

// replace puts a canvas before a chart's still picture, which stays for print.
function replace(figure, title, chart) {
  const room = element("div", undefined, "live"), canvas = element("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", title + ", in the time shown; the table beneath has the numbers");
  room.append(canvas);
  figure.prepend(room);
  figure.querySelector(".scroll").classList.add("still");
  return { chart, canvas, brush: null };
}

function lanesOfClients() {
  const scroller = byId("lanes"), canvas = element("canvas"), room = element("div", undefined, "room");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", "The operations of each client as bars; the list beneath has each in words");
  room.style.height = operations.clients.length * barHeight + bottom + "px";
  room.append(canvas);
  scroller.append(room);
  barsChart.scroller = scroller;
  scroller.addEventListener("scroll", changed, { passive: true });
  return { chart: barsChart, canvas, brush: null };
}

// drawSheet draws a chart if it would look other than it does.
function drawSheet(one, run) {
  const parts = [view.from, view.to, view.cursor, one.brush, one.canvas.parentElement.clientWidth, devicePixelRatio, colors.paper, colors.ink];
  if (one.chart.filtered) parts.push(operations.filtered, view.chosen, one.chart.top ? one.chart.top() : 0);
  const looks = parts.join(" ");
  if (looks === one.looks) return;
  one.looks = looks;
  const s = sheet(one.canvas, one.chart.height(run));
  ground(s, run);
  one.chart.draw(s, run);
  cursor(s, one.brush);
  one.sheet = s;
}

// fillListIfMoved fills the list anew when it would hold something else.
function fillListIfMoved() {
  let before = "";
  return () => {
    const now = view.from + " " + view.to + " " + operations.filtered;
    if (now !== before) fillList(); else drawList();
    before = now;
  };
}

// listenSheet: a click goes to a moment, a drag shows a stretch of time, a double click all, and hovering tells what is there.
function listenSheet(one, run) {
  const canvas = one.canvas, place = (event) => event.clientX - canvas.getBoundingClientRect().left;
  const clip = (x) => Math.min(Math.max(x, one.sheet.left), one.sheet.right);
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    one.brush = [clip(place(event)), clip(place(event))];
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (one.brush) { one.brush[1] = clip(place(event)); changed(); }
    else tell(event, hintOf(one, run, event));
  });
  canvas.addEventListener("pointercancel", () => { one.brush = null; changed(); });
  canvas.addEventListener("pointerleave", () => tell(null, ""));
  canvas.addEventListener("pointerup", (event) => {
    if (!one.brush) return;
    const [from, to] = one.brush.slice().sort((a, b) => a - b);
    one.brush = null;
    if (to - from > 5) show(one.sheet.time(from), one.sheet.time(to));
    else pointAt(one, event);
  });
  canvas.addEventListener("dblclick", () => show(0, view.end));
}

function pointAt(one, event) {
  const edge = one.canvas.getBoundingClientRect(), x = event.clientX - edge.left;
  if (x < one.sheet.left) return;
  const position = one.chart.nearest ? one.chart.nearest(one.sheet, x, event.clientY - edge.top) : -1;
  if (position >= 0) choose(position);
  else point(one.sheet.time(x));
}

function hintOf(one, run, event) {
  const edge = one.canvas.getBoundingClientRect();
  return one.chart.hint && one.sheet ? one.chart.hint(one.sheet, run, event.clientX - edge.left, event.clientY - edge.top) : "";
}

function tell(event, words) {
  const hint = byId("hint");
  hint.hidden = words === "";
  if (words === "") return;
  hint.textContent = words.slice(0, 400);
  hint.style.left = Math.max(4, Math.min(event.clientX + 14, innerWidth - hint.offsetWidth - 8)) + "px";
  hint.style.top = (event.clientY + 18 + hint.offsetHeight > innerHeight ? event.clientY - hint.offsetHeight - 8 : event.clientY + 18) + "px";
}

// listenTools: everything that the mouse can do with time, and keys for it.
function listenTools() {
  const all = () => show(0, view.end), closer = () => zoom(0.5), wider = () => zoom(2);
  const buttons = { "time-earlier": () => pan(-0.5), "time-later": () => pan(0.5), "time-closer": closer, "time-wider": wider, "time-all": all };
  for (const [id, act] of Object.entries(buttons)) byId(id).addEventListener("click", act);
  const typed = () => {
    const from = Number(byId("time-from").value) * 1e6, to = Number(byId("time-to").value) * 1e6;
    if (to > from) show(from, to);
  };
  for (const id of ["time-from", "time-to"]) byId(id).addEventListener("change", typed);
  byId("tools").addEventListener("keydown", (event) => {
    if (event.target.tagName === "INPUT" || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = (view.to - view.from) / 50, at = view.cursor === null ? (view.from + view.to) / 2 : view.cursor;
    const act = { ArrowLeft: () => point(at - step), ArrowRight: () => point(at + step), "+": closer, "-": wider, "0": all }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  onView(() => {
    for (const [id, value] of [["time-from", view.from], ["time-to", view.to]]) {
      if (document.activeElement !== byId(id)) byId(id).value = Number((value / 1e6).toFixed(3));
    }
    byId("tools-cursor").textContent = view.cursor === null ? "" : "at " + instant(view.cursor);
  });
}

// listenCopy puts a button beside each line that can be copied.
function listenCopy() {
  for (const button of document.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const words = button.dataset.copy === "link" ? location.href : button.parentElement.querySelector("code").textContent;
      const before = button.textContent, name = button.getAttribute("aria-label");
      button.textContent = await copied(words) ? "copied" : "select and copy by hand";
      button.removeAttribute("aria-label"); // so that this is read out
      setTimeout(() => {
        button.textContent = before;
        if (name) button.setAttribute("aria-label", name);
      }, 2000);
    });
  }
}

async function copied(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return false;
  }
}

async function start() {
  listenCopy();
  listenStory();
  const packed = byId("data");
  if (!packed) return;
  const run = await unpack(packed.textContent);
  packed.remove();
  view.end = view.to = run.end;
  takeOperations(run.operations);
  for (const id of ["tools", "operations"]) byId(id).hidden = false;
  document.documentElement.classList.add("alive");
  readColors();
  fillFilter();
  listenList();
  listenTools();
  listenMoment(run);
  live(run);
  arrive(location.hash.slice(1)); // the browser went there before there was all that is above
  recall();
  addEventListener("hashchange", recall);
  changed();
  requestAnimationFrame(() => requestAnimationFrame(() => { document.documentElement.dataset.ready = Math.round(performance.now()); }));
}

await start();
