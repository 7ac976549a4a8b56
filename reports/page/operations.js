
// The operations one by one: columns of numbers, what of them is filtered away, and a lane of bars for each client.

const operations = { count: 0, match: new Uint8Array(0), clients: [], filtered: 0 }; // filtered: how often
const outcomeNames = ["ok", "fail", "info"], outcomeWords = ["ok", "failed", "outcome unknown"];

function takeOperations(columns) {
  for (const name in columns) columns[name] ??= [];
  Object.assign(operations, columns, { count: columns.id.length });
  operations.id = sums(columns.id);
  operations.invoked = sums(columns.invoked);
  operations.match = new Uint8Array(operations.count).fill(1);
  operations.oldest = operations.age.reduce((most, age) => Math.max(most, age), 10000);
  operations.longest = operations.count ? columns.waited.reduce((most, wait) => Math.max(most, wait), 10000) : 10000;
  operations.witnesses = new Set(columns.witness);
  operations.clientNames = columns.clients;
  const lanes = columns.clients.map((name) => ({ name, all: [] }));
  for (let i = 0; i < operations.count; i++) lanes[columns.client[i]].all.push(i);
  operations.clients = lanes.sort((a, b) => naturally(a.name, b.name));
  operations.longestOf = lanes.map((lane) => lane.all.reduce((most, i) => Math.max(most, operations.waited[i]), 0));
}

// say is what was asked and answered: "read → 5".
function say(i) {
  const o = operations;
  let words = o.functions[o.function[i]];
  if (o.argument[i]) words += " " + o.texts[o.argument[i]];
  if (o.result[i]) words += " → " + o.texts[o.result[i]];
  return words;
}

function describe(i) {
  const o = operations;
  const error = o.errors[o.error[i]] ? ` (${o.errors[o.error[i]]})` : "";
  return `#${o.id[i]} ${o.clientNames[o.client[i]]} ${say(i)}, key ${o.keys[o.key[i]]}: ${outcomeWords[o.outcome[i]]}${error}, ` +
    `asked at ${instant(o.invoked[i])}, waited ${duration(o.waited[i])}`;
}

// filter keeps the operations that have all that is asked for. A text is looked for in each different text once.
function filter(wanted) {
  const o = operations, number = /^#(\d+)$/.exec(wanted.text);
  const found = number ? null : textFinder(wanted.text.toLowerCase());
  let count = 0;
  for (let i = 0; i < o.count; i++) {
    const keep = (wanted.key < 0 || o.key[i] === wanted.key) && (wanted.client < 0 || o.client[i] === wanted.client) &&
      (wanted.outcome < 0 || o.outcome[i] === wanted.outcome) && (number ? o.id[i] === Number(number[1]) : !found || found(i));
    o.match[i] = keep ? 1 : 0;
    if (keep) count++;
  }
  o.filtered++;
  changed();
  return count;
}

function textFinder(text) {
  if (text === "") return null;
  const o = operations;
  const among = (names) => Uint8Array.from(names, (name) => name.toLowerCase().includes(text) ? 1 : 0);
  const functions = among(o.functions), keys = among(o.keys), clients = among(o.clientNames);
  const servers = among(o.servers), errors = among(o.errors), texts = among(o.texts);
  return (i) => functions[o.function[i]] || keys[o.key[i]] || clients[o.client[i]] || servers[o.server[i]] || errors[o.error[i]] ||
    texts[o.argument[i]] || texts[o.result[i]];
}

const barHeight = 20;

// The lanes are as many as there are clients; only those that are scrolled to are drawn.
const barsChart = {
  filtered: true,
  scroller: null,
  height: () => Math.min(operations.clients.length, 24) * barHeight + bottom,
  top() { return this.scroller ? this.scroller.scrollTop : 0; },
  draw(s) {
    const first = Math.floor(this.top() / barHeight);
    for (let row = first; row < operations.clients.length && (row - first - 1) * barHeight < s.plot; row++) {
      const y = row * barHeight - this.top();
      if (y + barHeight > s.plot + barHeight / 2) break;
      gutter(s, operations.clients[row].name, y + 14);
      line(s, s.left, y + barHeight - 0.5, s.right, y + barHeight - 0.5, "line");
      within(s, () => drawLane(s, row, y));
    }
  },
  hint(s, run, x, y) {
    const position = this.nearest(s, x, y);
    return position < 0 ? "" : describe(position);
  },
  nearest(s, x, y) {
    const lane = operations.clients[Math.floor((y + this.top()) / barHeight)];
    if (!lane || y > s.plot) return -1;
    let best = -1, distance = 6;
    visit(lane, operations.clients.indexOf(lane), s.time(x - 8), s.time(x + 8), (i) => {
      const from = s.x(operations.invoked[i]), to = s.x(endOf(i));
      const away = x < from ? from - x : x > to ? x - to : 0;
      if (away < distance || away === 0) { distance = away; best = i; }
    });
    return best;
  },
};

const endOf = (i) => operations.waited[i] < 0 ? view.end : operations.invoked[i] + operations.waited[i];

// visit calls draw for the operations of a lane that match and reach into a stretch of time.
function visit(lane, row, from, to, draw) {
  const all = lane.all;
  let low = 0, high = all.length; // those that began too early to reach it are left out
  const reach = from - operations.longestOf[row];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (operations.invoked[all[middle]] < reach) low = middle + 1; else high = middle;
  }
  for (let i = low; i < all.length && operations.invoked[all[i]] <= to; i++) {
    if (operations.match[all[i]] && endOf(all[i]) >= from) draw(all[i]);
  }
  const pending = lane.endless || (lane.endless = all.filter((i) => operations.waited[i] < 0));
  for (const i of pending) if (operations.invoked[i] < reach && operations.match[i]) draw(i);
}

// drawLane draws bars, and those that share a pixel with one of the same outcome once.
function drawLane(s, row, y) {
  const done = [-1, -1, -1];
  const special = [];
  visit(operations.clients[row], row, view.from, view.to, (i) => {
    const outcome = operations.outcome[i], from = s.x(operations.invoked[i]), to = Math.max(s.x(endOf(i)), from + 1.5);
    if (operations.witnesses.has(i) || i === view.chosen) special.push(i);
    if (to <= done[outcome] + 0.7) return;
    done[outcome] = to;
    const height = outcome === 0 ? barHeight - 6 : outcome === 1 ? barHeight - 10 : barHeight - 12;
    box(s, ["answered", "fail", "info"][outcome], from, y + 2 + (barHeight - 6 - height) / 2, Math.max(to - from - (to - from > 3 ? 0.5 : 0), 1), height);
    if (to - from > 46) label(s, i, Math.max(from, s.left), to, y);
  });
  for (const i of special) outline(s, i, y);
}

function label(s, i, from, to, y) {
  s.pen.save();
  s.pen.beginPath();
  s.pen.rect(from, y, to - from - 2, barHeight);
  s.pen.clip();
  s.pen.font = "11px system-ui, 'Liberation Sans', 'DejaVu Sans', sans-serif";
  s.pen.fillStyle = colors.paper;
  s.pen.textAlign = "left";
  s.pen.fillText(say(i).slice(0, 80), from + 3, y + 13);
  s.pen.restore();
}

function outline(s, i, y) {
  const from = s.x(operations.invoked[i]), to = Math.max(s.x(endOf(i)), from + 3);
  s.pen.strokeStyle = colors[i === view.chosen ? "ink" : "bad"];
  s.pen.lineWidth = 2;
  s.pen.strokeRect(from - 1.5, y + 1, to - from + 3, barHeight - 4);
}
