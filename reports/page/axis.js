
// The canvases on which charts are drawn. All have the same left edge and the same time axis: what stands at one place is
// at one time.

const bottom = 20;
let colors = {};

// readColors takes the colours of the style sheet, which has them for light and dark.
function readColors() {
  const style = getComputedStyle(document.documentElement);
  colors = {};
  for (const name of ["ink", "muted", "line", "paper", "card", "link", "band", "fault", "fault-soft", "on-fault", "answered", "refused", "fail", "info",
    "leader", "down", "paused", "preserving", "bad"]) colors[name] = style.getPropertyValue("--" + name).trim();
}

// sheet prepares a canvas for drawing at the size that it has on the page.
function sheet(canvas, height) {
  const width = canvas.parentElement.clientWidth, scale = devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.style.height = height + "px";
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.font = "12px system-ui, 'Liberation Sans', 'DejaVu Sans', sans-serif";
  pen.direction = "ltr";
  const left = width < 600 ? 84 : 128, right = width - 12, span = view.to - view.from;
  return {
    pen, width, height, left, right, plot: height - bottom,
    x: (time) => left + (time - view.from) / span * (right - left),
    time: (x) => view.from + (x - left) / (right - left) * span,
  };
}

function text(s, words, x, y, align, color) {
  s.pen.fillStyle = colors[color || "muted"];
  s.pen.textAlign = align;
  s.pen.fillText(words, x, y);
}

// gutter writes what a row is, cut to the room that there is.
function gutter(s, words, y) {
  let shown = words;
  while (shown.length > 1 && s.pen.measureText(shown).width > s.left - 12) shown = shown.slice(0, Math.ceil(shown.length * 0.8) - 2) + "…";
  text(s, shown, s.left - 8, y, "right");
}

function line(s, x1, y1, x2, y2, color, dash) {
  s.pen.strokeStyle = colors[color];
  s.pen.lineWidth = 1;
  s.pen.setLineDash(dash || []);
  s.pen.beginPath();
  s.pen.moveTo(x1, y1);
  s.pen.lineTo(x2, y2);
  s.pen.stroke();
  s.pen.setLineDash([]);
}

function box(s, color, x, y, width, height) {
  s.pen.fillStyle = colors[color] || color;
  s.pen.fillRect(x, y, width, height);
}

// within draws only between the edges of the plot.
function within(s, draw) {
  s.pen.save();
  s.pen.beginPath();
  s.pen.rect(s.left, 0, s.right - s.left, s.height);
  s.pen.clip();
  draw();
  s.pen.restore();
}

// ground draws what is behind every chart: faults in force, phases, seconds.
function ground(s, run) {
  within(s, () => {
    for (const fault of run.faults || []) {
      for (const [from, to] of fault.on || []) {
        if (to >= view.from && from <= view.to) box(s, "band", s.x(from), 0, Math.max(s.x(to) - s.x(from), 1), s.plot);
      }
    }
    for (const phase of (run.phases || []).slice(1)) line(s, s.x(phase.from), 0, s.x(phase.from), s.plot, "muted", [5, 4]);
  });
  line(s, s.left, s.plot + 0.5, s.right, s.plot + 0.5, "muted");
  const tick = tickOf((view.to - view.from) / Math.max((s.right - s.left) / 64, 2));
  const digits = Math.max(0, -Math.floor(Math.log10(tick / 1e6) + 1e-9));
  for (let at = Math.ceil(view.from / tick) * tick; at <= view.to; at += tick) {
    line(s, s.x(at), s.plot, s.x(at), s.plot + 4, "muted");
    text(s, (at / 1e6).toFixed(digits), s.x(at), s.plot + 15, "center");
  }
  text(s, "seconds", 2, s.plot + 15, "left");
}

// tickOf is 1, 2 or 5 times a power of ten, and at least so many microseconds.
function tickOf(least) {
  const ten = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * ten).find((size) => size >= least) || 10 * ten;
}

// cursor draws the moment and the stretch that is being chosen, above all.
function cursor(s, brush) {
  if (brush) {
    s.pen.globalAlpha = 0.25;
    box(s, "link", Math.min(brush[0], brush[1]), 0, Math.abs(brush[1] - brush[0]), s.plot);
    s.pen.globalAlpha = 1;
  }
  if (view.cursor !== null && view.cursor >= view.from && view.cursor <= view.to) line(s, s.x(view.cursor), 0, s.x(view.cursor), s.plot, "bad");
}

// logarithmic is a vertical scale from a tenth of a millisecond (in microseconds: 100) up.
function logarithmic(s, highest, top) {
  const decades = Math.max(Math.ceil(Math.log10(highest / 100) - 1e-9), 2);
  const place = (micro) => s.plot - 6 - (s.plot - 6 - top) * Math.log10(Math.max(micro, 100) / 100) / decades;
  for (let i = 0, micro = 100; i <= decades; i++, micro *= 10) {
    line(s, s.left, place(micro), s.right, place(micro), "line");
    text(s, micro < 1e6 ? micro / 1000 + " ms" : micro / 1e6 + " s", s.left - 8, place(micro) + 4, "right");
  }
  return place;
}
