
// The charts of counts and quantiles. Their columns are as fine as the data has them where there is room, and else so many
// of them together as make eight pixels.

// columnsIn calls draw(first, count, x, width) for each column of the stretch of time that is shown.
function columnsIn(s, run, most, draw) {
  const width = run.bins.width, pixel = (s.right - s.left) / (view.to - view.from);
  let merged = 1;
  while (merged < most && width * merged * pixel < 8) merged *= 2;
  const first = Math.floor(view.from / width / merged) * merged;
  within(s, () => {
    for (let bin = first; bin * width <= view.to; bin += merged) {
      const x = s.x(bin * width);
      draw(bin, merged, x, Math.max(merged * width * pixel - (merged * width * pixel > 3 ? 0.6 : 0), 0.6));
    }
  });
}

function total(list, first, count) {
  let sum = 0;
  for (let i = first; i < Math.min(first + count, list.length); i++) sum += list[i];
  return sum;
}

const everything = 1 << 20; // columns of counts may be merged without end

const rateChart = {
  height: () => 130,
  draw(s, run) {
    const columns = [];
    columnsIn(s, run, everything, (bin, merged, x, width) => {
      columns.push({ x, width, merged, counts: run.bins.outcomes.map((list) => total(list, bin, merged)) });
    });
    const most = highest(columns.map((c) => c.counts[0] + c.counts[1] + c.counts[2])), top = 10;
    line(s, s.left, top, s.right, top, "line");
    const rate = columns.length ? most / (columns[0].merged * run.bins.width / 1e6) : 0;
    text(s, Number(rate.toPrecision(3)) + " per s", s.left - 8, top + 4, "right");
    text(s, "0", s.left - 8, s.plot, "right");
    within(s, () => {
      for (const c of columns) {
        const scale = (s.plot - top) / Math.max(most, 1), all = c.counts[0] + c.counts[1] + c.counts[2];
        let y = s.plot;
        c.counts.forEach((count, outcome) => {
          const height = count * scale * Math.min(1, most / all);
          if (count > 0) box(s, ["answered", "fail", "info"][outcome], c.x, y -= height, c.width, height);
        });
        if (all > most) text(s, "▲ " + grouped(all), Math.min(c.x, s.right - 30), top - 1, "center", "ink");
      }
    });
  },
  hint(s, run, x) {
    let words = "";
    columnsIn(s, run, everything, (bin, merged, from, width) => {
      const counts = run.bins.outcomes.map((list) => total(list, bin, merged));
      if (x >= from && x < from + width + 0.6) words = `from ${instant(bin * run.bins.width)}: ${counts[0]} ok, ${counts[1]} fail, ${counts[2]} info`;
    });
    return words;
  },
};

// highest is the highest of the counts, or, if a few are far above the others, what the others need: the few are marked.
function highest(counts) {
  const sorted = counts.filter((count) => count > 0).sort((a, b) => a - b);
  const most = sorted.at(-1) || 1, usual = sorted[Math.floor(sorted.length * 0.97)] || 1;
  return most > 3 * usual ? 1.3 * usual : most;
}

// partsChart draws a row for each share; under says what the part that is not filled looks like.
function partsChart(rows, rowHeight, filled, under) {
  const sides = new Set(rows.map((row) => row.side)).size > 1 || rows.some((row) => row.side);
  const places = [];
  let y = 6;
  rows.forEach((row, i) => {
    if (sides && (i === 0 || rows[i - 1].side !== row.side)) y += 18;
    places.push(y);
    y += rowHeight + 5;
  });
  return {
    height: () => y + bottom,
    draw(s, run) {
      rows.forEach((row, i) => {
        if (sides && (i === 0 || rows[i - 1].side !== row.side)) text(s, row.side, 2, places[i] - 5, "left", "ink");
        row.name.split(", ").forEach((words, j) => gutter(s, words, places[i] + 14 + 14 * j));
        if (!under) line(s, s.left, places[i] + rowHeight, s.right, places[i] + rowHeight, "line");
        columnsIn(s, run, everything, (bin, merged, x, width) => {
          const all = total(row.all, bin, merged), some = total(row.some, bin, merged);
          if (all === 0) return;
          let height = rowHeight * some / all;
          if (some > 0) height = Math.max(height, 1.5);
          if (under && some < all) height = Math.min(height, rowHeight - 1.5);
          if (under) box(s, under, x, places[i], width, rowHeight);
          if (some > 0) box(s, filled, x, places[i] + rowHeight - height, width, height);
        });
      });
    },
    hint(s, run, x, y) {
      const i = places.findIndex((place) => y >= place && y < place + rowHeight);
      if (i < 0) return "";
      let words = "";
      columnsIn(s, run, everything, (bin, merged, from, width) => {
        const all = total(rows[i].all, bin, merged);
        if (x < from || x >= from + width + 0.6 || all === 0) return;
        words = `${rows[i].name}: ${total(rows[i].some, bin, merged)} of ${all}, from ${instant(bin * run.bins.width)}`;
      });
      return words;
    },
  };
}

// lossesChart draws a row for each link; the highest of all is as high as a row.
function lossesChart(rows) {
  const height = 18, gap = 6;
  const place = (i) => 6 + (height + gap) * i;
  return {
    height: () => 8 + (height + gap) * rows.length + bottom,
    draw(s, run) {
      let highest = 1;
      for (const row of rows) columnsIn(s, run, everything, (bin, merged) => { highest = Math.max(highest, total(row.some, bin, merged)); });
      rows.forEach((row, i) => {
        gutter(s, row.name, place(i) + 14);
        line(s, s.left, place(i) + height, s.right, place(i) + height, "line");
        columnsIn(s, run, everything, (bin, merged, x, width) => {
          const lost = total(row.some, bin, merged);
          if (lost === 0) return;
          const filled = Math.max(height * lost / highest, 1.5);
          box(s, "fail", x, place(i) + height - filled, width, filled);
        });
      });
    },
    hint(s, run, x, y) {
      const row = rows[Math.floor((y - 6) / (height + gap))];
      let words = "";
      if (row) columnsIn(s, run, everything, (bin, merged, from, width) => {
        const lost = total(row.some, bin, merged);
        if (lost > 0 && x >= from && x < from + width + 0.6) words = `${row.name}: ${lost} lost from ${instant(bin * run.bins.width)}`;
      });
      return words;
    },
  };
}

// latencyChart draws each operation that is not filtered away, and beneath them the quantiles of those that ended ok.
const latencyChart = {
  filtered: true,
  height: () => 230,
  draw(s, run) {
    const place = logarithmic(s, operations.longest, 8);
    quantiles(s, run, place);
    within(s, () => marks(s, place));
  },
  hint(s, run, x, y) {
    const position = this.nearest(s, x, y);
    return position < 0 ? "" : describe(position);
  },
  nearest(s, x, y) {
    const place = logarithmicPlace(s);
    let best = -1, distance = 64;
    for (let i = firstAtLeast(operations.invoked, s.time(x - 8)); i < operations.count && operations.invoked[i] <= s.time(x + 8); i++) {
      if (!operations.match[i] || operations.waited[i] < 0) continue;
      const away = (s.x(operations.invoked[i]) - x) ** 2 + (place(operations.waited[i]) - y) ** 2;
      if (away < distance) { distance = away; best = i; }
    }
    return best;
  },
};

// logarithmicPlace is the scale of the latency chart, without drawing it.
function logarithmicPlace(s) {
  const decades = Math.max(Math.ceil(Math.log10(operations.longest / 100) - 1e-9), 2);
  return (micro) => s.plot - 6 - (s.plot - 14) * Math.log10(Math.max(micro, 100) / 100) / decades;
}

// marks draws a dot for ok, a cross for fail, a triangle for info; marks on the same spot are drawn once.
function marks(s, place) {
  const spots = [new Set(), new Set(), new Set()];
  const last = firstAtLeast(operations.invoked, view.to + 1);
  for (let i = firstAtLeast(operations.invoked, view.from); i < last; i++) {
    if (!operations.match[i] || operations.waited[i] < 0) continue;
    spots[operations.outcome[i]].add(Math.round(s.x(operations.invoked[i])) * 1024 + Math.round(place(operations.waited[i])));
  }
  s.pen.fillStyle = colors.answered;
  for (const spot of spots[0]) s.pen.fillRect((spot >> 10) - 1.3, (spot & 1023) - 1.3, 2.6, 2.6);
  stroke(s, "fail", spots[1], (x, y) => {
    s.pen.moveTo(x - 2.5, y - 2.5);
    s.pen.lineTo(x + 2.5, y + 2.5);
    s.pen.moveTo(x + 2.5, y - 2.5);
    s.pen.lineTo(x - 2.5, y + 2.5);
  });
  stroke(s, "info", spots[2], (x, y) => {
    s.pen.moveTo(x, y - 3);
    s.pen.lineTo(x + 3, y + 2.5);
    s.pen.lineTo(x - 3, y + 2.5);
    s.pen.closePath();
  });
}

function stroke(s, color, spots, shape) {
  s.pen.strokeStyle = colors[color];
  s.pen.lineWidth = 1.4;
  s.pen.beginPath();
  for (const spot of spots) shape(spot >> 10, spot & 1023);
  s.pen.stroke();
}

// quantiles draws half, 99 in 100 and the longest as steps. Those of several columns together are in the data too, since
// they do not follow from those of each.
function quantiles(s, run, place) {
  const pixel = (s.right - s.left) / (view.to - view.from);
  const level = run.bins.waits.find((one) => one.merged * run.bins.width * pixel >= 14) || run.bins.waits.at(-1);
  const width = level.merged * run.bins.width;
  within(s, () => {
    for (const [name, dash, weight] of [["half", [], 2], ["most", [6, 3], 1.4]]) {
      s.pen.strokeStyle = colors.ink;
      s.pen.lineWidth = weight;
      s.pen.setLineDash(dash);
      s.pen.beginPath();
      for (let i = Math.floor(view.from / width); i * width <= view.to && i < level[name].length; i++) {
        if (level[name][i] === 0) continue;
        s.pen.moveTo(s.x(i * width), place(level[name][i]));
        s.pen.lineTo(s.x((i + 1) * width), place(level[name][i]));
      }
      s.pen.stroke();
    }
    s.pen.setLineDash([]);
  });
}

// staleChart draws a mark for each answer that was out of date.
const staleChart = {
  filtered: true,
  height: () => 150,
  draw(s) {
    const place = logarithmic(s, operations.oldest, 8);
    within(s, () => {
      s.pen.fillStyle = colors.bad;
      operations.stale.forEach((position, i) => {
        const at = operations.invoked[position];
        if (at < view.from || at > view.to || !operations.match[position]) return;
        s.pen.beginPath();
        const x = s.x(at), y = place(operations.age[i]);
        s.pen.moveTo(x, y - 4);
        s.pen.lineTo(x + 4, y);
        s.pen.lineTo(x, y + 4);
        s.pen.lineTo(x - 4, y);
        s.pen.fill();
      });
    });
  },
};
