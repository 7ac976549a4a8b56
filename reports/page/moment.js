
// What was so at the moment of the cursor: faults in force, who led, and what nodes wrote around it.

function listenMoment(run) {
  for (const log of run.logs) {
    const option = element("option", log.name);
    option.value = log.name;
    byId("log-of").append(option);
  }
  byId("log-of").addEventListener("change", () => drawMoment(run));
  byId("logs").hidden = run.logs.length === 0;
}

function drawMoment(run) {
  const at = view.cursor;
  byId("moment").hidden = at === null;
  if (at === null) return;
  byId("moment-time").textContent = instant(at);
  byId("moment-facts").replaceChildren(...momentFacts(run, at).map((words) => element("li", words)));
  drawLogs(run, at);
}

function momentFacts(run, at) {
  const facts = [];
  const phase = (run.phases || []).findLast((one) => one.from <= at);
  if (phase) facts.push("phase: " + phase.name);
  const faults = (run.faults || []).filter((fault) => (fault.on || []).some(([from, to]) => from <= at && at <= to));
  facts.push(faults.length ? "faults in force: " + faults.map((fault) => `${fault.name} (${fault.detail})`).join("; ") : "no fault is in force");
  for (const [kind, words] of [["leader", "says it leads"], ["down", "is down"], ["paused", "is paused"], ["preserving", "preserves itself"]]) {
    for (const node of run.nodes || []) {
      const state = (node.states || []).findLast((one) => one.kind === kind && one.from <= at && at < one.to);
      if (state) facts.push(`${node.name} ${words} ${state.name}`.trim() + `, since ${instant(state.from)}`);
    }
  }
  return facts;
}

// drawLogs shows the lines around the moment, of one node or of all.
function drawLogs(run, at) {
  const wanted = byId("log-of").value, before = [], after = [];
  for (const log of run.logs) {
    if (!log.lines || wanted !== "" && log.name !== wanted) continue;
    const first = firstAtLeast(log.lines.map((one) => one.at), at + 1);
    for (const one of log.lines.slice(Math.max(first - 14, 0), first)) before.push({ ...one, name: log.name });
    for (const one of log.lines.slice(first, first + 8)) after.push({ ...one, name: log.name });
  }
  const order = (a, b) => a.at - b.at;
  const rows = [...before.sort(order).slice(-14), null, ...after.sort(order).slice(0, 8)].map(logRow);
  byId("log-lines").replaceChildren(...rows);
  byId("log-cut").textContent = run.logs.filter((log) => log.cut && (wanted === "" || log.name === wanted)).map((log) => `${log.name}: ${log.cut}`).join(" ");
}

function logRow(one) {
  if (!one) return element("li", "— " + instant(view.cursor) + " —", "now");
  const row = element("li");
  row.append(element("span", (one.at / 1e6).toFixed(6), "n"), " ", element("b", one.name), " ", element("span", one.text));
  return row;
}
