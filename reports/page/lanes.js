
// The charts that have a lane for each fault, and for each node.

const laneHeight = 24;

const faultsChart = {
  height: (run) => 24 + laneHeight * Math.max(1, ...(run.faults || []).map((fault) => fault.lane + 1)) + bottom,
  draw(s, run) {
    within(s, () => {
      for (const phase of run.phases || []) {
        const from = Math.max(s.x(phase.from), s.left), room = Math.min(s.x(phase.to), s.right) - from;
        if (room > 44) text(s, phase.name, from + 4, 13, "left");
      }
      for (const fault of run.faults || []) drawFault(s, fault);
    });
  },
  hint(s, run, x, y) {
    const fault = (run.faults || []).find((one) => y >= 20 + laneHeight * one.lane && y < 38 + laneHeight * one.lane && x >= s.x(one.from) && x <= s.x(one.to));
    return fault ? `${fault.name}: ${fault.detail}, ${instant(fault.from)} to ${instant(fault.to)}` : "";
  },
};

function drawFault(s, fault) {
  if (fault.to < view.from || fault.from > view.to) return; // its name would seem to say that it is in force
  const y = 20 + laneHeight * fault.lane, from = s.x(fault.from), width = Math.max(s.x(fault.to) - from, 2);
  box(s, "fault-soft", from, y, width, laneHeight - 6);
  for (const [a, b] of fault.on || []) box(s, "fault", s.x(a), y, Math.max(s.x(b) - s.x(a), 1.5), laneHeight - 6);
  s.pen.font = "600 " + s.pen.font;
  const inside = Math.max(from, s.left), room = Math.min(from + width, s.right) - inside, needs = s.pen.measureText(fault.name).width + 10;
  if (room > needs) text(s, fault.name, inside + 6, y + 13, "left", fault.on && fault.on.length > 1 ? "ink" : "on-fault");
  else if (from + width + needs < s.right) text(s, fault.name, from + width + 5, y + 13, "left", "ink");
  else if (from - needs > s.left) text(s, fault.name, from - 5, y + 13, "right", "ink");
  else narrow(s, fault.name, inside + 4, y + 13, s.right - inside - 8);
  s.pen.font = s.pen.font.replace(/^(600|bold) /, "");
}

// narrow writes over a bar what fits neither inside nor beside it, on paper of its own.
function narrow(s, words, x, y, room) {
  const width = Math.min(s.pen.measureText(words).width, room);
  box(s, "paper", x - 2, y - 11, width + 4, 14);
  s.pen.fillStyle = colors.ink;
  s.pen.textAlign = "left";
  s.pen.fillText(words, x, y, room);
}

const nodesChart = {
  height: (run) => 6 + laneHeight * Math.max(1, (run.nodes || []).length) + bottom,
  draw(s, run) {
    (run.nodes || []).forEach((node, i) => {
      const y = 6 + laneHeight * i;
      line(s, s.left, y + laneHeight / 2, s.right, y + laneHeight / 2, "line");
      gutter(s, node.name, y + 16);
      within(s, () => { for (const state of node.states || []) drawState(s, state, y); });
    });
  },
  hint(s, run, x, y) {
    const node = (run.nodes || [])[Math.floor((y - 6) / laneHeight)];
    if (!node) return "";
    const state = (node.states || []).findLast((one) => x >= s.x(one.from) - 6 && x <= Math.max(s.x(one.to), s.x(one.from) + 6));
    return state ? `${node.name}: ${state.kind} ${state.name}, ${instant(state.from)}` + (state.to > state.from ? ` to ${instant(state.to)}` : "") : "";
  },
};

const bars = { leader: "leads", down: "down", paused: "paused", preserving: "self-preservation" };

// drawState draws a bar for what lasts and a mark for what is an instant: a triangle for a start, a cross for a panic.
function drawState(s, state, y) {
  const x = s.x(state.from), width = Math.max(s.x(state.to) - x, 1.5);
  if (state.to < view.from || state.from > view.to) return;
  if (bars[state.kind]) {
    box(s, state.kind, x, y + 1, width, laneHeight - 6);
    const words = state.kind === "leader" ? "leads " + state.name : bars[state.kind], from = Math.max(x, s.left);
    if (Math.min(x + width, s.right) - from > s.pen.measureText(words).width + 8) {
      s.pen.fillStyle = "#ffffff";
      s.pen.textAlign = "left";
      s.pen.fillText(words, from + 5, y + 14);
    }
    return;
  }
  s.pen.fillStyle = s.pen.strokeStyle = colors[["start", "note"].includes(state.kind) ? "ink" : "bad"];
  s.pen.lineWidth = 2;
  s.pen.beginPath();
  switch (state.kind) {
    case "full": case "ailing": case "outside": return box(s, "fault", x, y + laneHeight - 10, width, 6);
    case "start": return triangle(s, x, y + 13, y + 5);
    case "kill": return triangle(s, x, y + 5, y + 13);
    case "exit": return s.pen.strokeRect(x - 4, y + 5, 8, 8);
    case "panic": return strokes(s, [x - 5, y + 5, x + 5, y + 15], [x + 5, y + 5, x - 5, y + 15]);
  }
  strokes(s, [x, y + 5, x, y + 15]);
}

// triangle stands on one height and points at another.
function triangle(s, x, base, tip) {
  s.pen.moveTo(x - 5, base);
  s.pen.lineTo(x + 5, base);
  s.pen.lineTo(x, tip);
  s.pen.fill();
}

function strokes(s, ...lines) {
  for (const [x1, y1, x2, y2] of lines) {
    s.pen.moveTo(x1, y1);
    s.pen.lineTo(x2, y2);
  }
  s.pen.stroke();
}
