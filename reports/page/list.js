
// The list of operations, of which only the rows that are scrolled to are in the page; the filter; and the operation that
// is chosen, in full.

const rowHeight = 28;
const list = { rows: new Int32Array(0), made: new Map() };

// fillFilter offers what there is to choose from.
function fillFilter() {
  offer("filter-key", operations.keys);
  offer("filter-client", operations.clientNames);
  for (const id of ["filter-key", "filter-client", "filter-outcome"]) byId(id).addEventListener("change", applyFilter);
  byId("filter-text").addEventListener("input", applyFilter);
  byId("filter").addEventListener("submit", (event) => event.preventDefault());
  byId("filter").addEventListener("reset", () => setTimeout(applyFilter));
}

function offer(id, names) {
  const numbers = names.map((name, i) => i).sort((a, b) => naturally(names[a], names[b]));
  for (const i of numbers.slice(0, 2000)) {
    const option = element("option", names[i] === "" ? "(none)" : names[i]);
    option.value = i;
    byId(id).append(option);
  }
}

function applyFilter() {
  const value = (id) => Number(byId(id).value);
  filter({ key: value("filter-key"), client: value("filter-client"), outcome: value("filter-outcome"), text: byId("filter-text").value });
}

// fillList finds the operations that match in the time that is shown.
function fillList() {
  const o = operations, first = firstAtLeast(o.invoked, view.from), last = firstAtLeast(o.invoked, view.to + 1);
  const rows = new Int32Array(last - first);
  let count = 0;
  for (let i = first; i < last; i++) if (o.match[i]) rows[count++] = i;
  list.rows = rows.subarray(0, count);
  byId("count").textContent = `${grouped(count)} of ${grouped(o.count)} operations match in the time shown.`;
  byId("list-room").style.height = Math.max(count, 1) * rowHeight + "px";
  byId("list").style.height = Math.min(Math.max(count, 4) * rowHeight + 18, 12.5 * rowHeight) + "px";
  for (const row of list.made.values()) row.remove();
  list.made.clear();
  drawList();
}

function drawList() {
  const box = byId("list"), first = Math.max(Math.floor(box.scrollTop / rowHeight) - 4, 0);
  const last = Math.min(first + Math.ceil(box.clientHeight / rowHeight) + 8, list.rows.length);
  for (const [at, row] of list.made) {
    if (at < first || at >= last) { row.remove(); list.made.delete(at); }
  }
  for (let at = first; at < last; at++) {
    if (!list.made.has(at)) list.made.set(at, byId("list-room").appendChild(rowOf(at)));
  }
  for (const row of list.made.values()) row.setAttribute("aria-selected", Number(row.dataset.position) === view.chosen);
  const chosen = [...list.made.values()].find((row) => Number(row.dataset.position) === view.chosen);
  if (chosen) box.setAttribute("aria-activedescendant", chosen.id); else box.removeAttribute("aria-activedescendant");
}

function rowOf(at) {
  const i = list.rows[at], o = operations, row = element("div", undefined, "row");
  row.id = "row-" + o.id[i];
  row.dataset.position = i;
  row.setAttribute("role", "option");
  row.setAttribute("aria-setsize", list.rows.length);
  row.setAttribute("aria-posinset", at + 1);
  row.style.top = at * rowHeight + "px";
  row.append(element("span", instant(o.invoked[i]), "n"), element("span", o.clientNames[o.client[i]]),
    element("span", ["✓ ", "✗ ", "? "][o.outcome[i]] + outcomeNames[o.outcome[i]], "outcome-" + outcomeNames[o.outcome[i]]),
    element("span", o.keys[o.key[i]]), element("span", say(i), "what"), element("span", duration(o.waited[i]), "n"));
  return row;
}

function listenList() {
  const box = byId("list");
  box.addEventListener("scroll", () => requestAnimationFrame(drawList), { passive: true });
  box.addEventListener("click", (event) => {
    const row = event.target.closest(".row");
    if (row) choose(Number(row.dataset.position));
  });
  box.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity }[event.key];
    if (steps === undefined || list.rows.length === 0) return;
    event.preventDefault();
    const at = firstAtLeast(list.rows, view.chosen), is = list.rows[at] === view.chosen;
    const next = is ? at + steps : steps > 0 && Number.isFinite(steps) ? at : at - 1;
    const to = Math.min(Math.max(next, 0), list.rows.length - 1);
    scrollTo(to);
    choose(list.rows[to]);
  });
}

function scrollTo(at) {
  const box = byId("list"), y = at * rowHeight;
  if (y < box.scrollTop || y + rowHeight > box.scrollTop + box.clientHeight) box.scrollTop = y - box.clientHeight / 2;
}

// choose shows an operation, and goes to its time.
function choose(position) {
  view.chosen = position;
  point(operations.invoked[position]);
  drawChosen();
}

// chooseNumber chooses an operation by its number in the history, if the page has it; closer: and shows the time around it.
function chooseNumber(number, closer) {
  const position = operations.id.indexOf(number);
  if (position < 0) {
    byId("chosen").replaceChildren(element("p", `Operation #${number} is not among those in this page.`));
    return false;
  }
  if (closer) {
    const around = Math.max(operations.waited[position] * 3, 500000);
    show(operations.invoked[position] - around, operations.invoked[position] + around);
  }
  choose(position);
  fillList();
  scrollTo(firstAtLeast(list.rows, position));
  return true;
}

// drawChosen tells all that the page has of the operation.
function drawChosen() {
  const i = view.chosen, o = operations, facts = element("dl", undefined, "facts");
  if (i < 0) return;
  const late = o.stale.indexOf(i);
  for (const [name, value] of [["operation", "#" + o.id[i]], ["client", o.clientNames[o.client[i]]], ["asked", o.functions[o.function[i]]],
    ["key", o.keys[o.key[i]]], ["argument", o.texts[o.argument[i]]], ["result", o.texts[o.result[i]]], ["outcome", outcomeWords[o.outcome[i]]],
    ["error", o.errors[o.error[i]]], ["answered by", o.servers[o.server[i]]], ["asked at", instant(o.invoked[i])], ["waited", duration(o.waited[i])],
    ["out of date by", late < 0 ? "" : "at least " + duration(o.age[late])], ["evidence", o.witnesses.has(i) ? "yes, against a promise" : ""]]) {
    if (value === "") continue;
    const pair = element("div");
    pair.append(element("dt", name), element("dd", value));
    facts.append(pair);
  }
  byId("chosen").replaceChildren(facts);
}
