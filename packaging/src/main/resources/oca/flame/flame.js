"use strict";
(() => {
  const $ = id => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const ROWS = 50, ROW_MS = 1000 / ROWS, CELL_H = 5, LOAD_H = 44, AXIS = 56, FRAME_H = 18, WAITING = 2;
  const seconds = Math.max(1, Math.ceil(data.millis / 1000));
  const cellW = Math.max(4, Math.min(14, Math.floor((document.documentElement.clientWidth - 140) / seconds)));
  const nodes = data.parents.length;
  const kids = Array.from({ length: nodes }, () => []);
  for (let i = 1; i < nodes; i++) kids[data.parents[i]].push(i);
  const depth = new Int32Array(nodes);
  for (let i = 1; i < nodes; i++) depth[i] = depth[data.parents[i]] + 1;
  const name = node => data.frames[data.names[node]];
  const number = n => n.toLocaleString("en");
  const share = (part, whole) => whole ? (100 * part / whole).toFixed(1) + " %" : "-";
  const clock = ms => new Date(Date.parse(data.begins) + ms).toISOString().slice(11, 23);
  const took = us => us === 0 ? "" : us < 1000 ? us + " us" : us < 1e6 ? (us / 1000).toFixed(1) + " ms" : (us / 1e6).toFixed(2) + " s";
  let colours = {};

  // What is chosen: cells in the order of time, second * ROWS + row; the cursor is one end of it.
  let from = 0, to = seconds * ROWS - 1, isAll = true, cursor = 0, anchor = 0, withWaiting = false, dragged = false;
  // The flame graph: samples at and below each node, the frame that is zoomed to and the one with the focus.
  let totals = new Float64Array(nodes), zoomed = 0, focused = 0, boxes = [], wanted = "";

  const context = (canvas, width, height) => {
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = height + "px";
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    return pen;
  };

  const readColours = () => {
    const style = getComputedStyle(document.documentElement);
    for (const key of ["ink", "soft", "line", "panel", "accent", "cold", "warm", "hot", "ours", "netty", "jdk", "thread", "other", "ink-on", "found"]) {
      colours[key] = style.getPropertyValue("--" + key).trim();
    }
  };

  const mixed = (a, b, part) => {
    const of = (hex, at) => parseInt(hex.slice(at, at + 2), 16);
    return "rgb(" + [1, 3, 5].map(at => Math.round(of(a, at) + (of(b, at) - of(a, at)) * part)).join(",") + ")";
  };

  const counts = () => {
    const cells = new Int32Array(seconds * ROWS);
    for (let i = 0; i < data.samples.length; i += 3) {
      if (withWaiting || data.samples[i + 2] !== WAITING) cells[cellOf(data.samples[i])]++;
    }
    return cells;
  };
  const cellOf = ms => Math.min(seconds * ROWS - 1, Math.floor(ms / ROW_MS));

  const drawHeat = () => {
    const cells = counts();
    const most = cells.reduce((a, b) => Math.max(a, b), 1);
    const width = AXIS + seconds * cellW + 8, top = LOAD_H + 14, height = top + ROWS * CELL_H + 20;
    $("heat").style.width = width + "px";
    const pen = context($("heat"), width, height);
    pen.font = "11px system-ui, sans-serif";
    drawLoad(pen);
    for (let i = 0; i < cells.length; i++) {
      const part = Math.sqrt(cells[i] / most);
      pen.fillStyle = part === 0 ? colours.cold : part < .5 ? mixed(colours.cold, colours.warm, part * 2) : mixed(colours.warm, colours.hot, part * 2 - 1);
      pen.fillRect(...boxOf(i, top), cellW - 1, CELL_H - (CELL_H > 4 ? .5 : 0));
    }
    pen.globalAlpha = .6;
    for (let i = 0; !isAll && i < cells.length; i++) {
      if (i < from || i > to) {
        pen.fillStyle = colours.panel;
        pen.fillRect(...boxOf(i, top), cellW, CELL_H);
      }
    }
    pen.globalAlpha = 1;
    pen.strokeStyle = colours.accent;
    pen.lineWidth = 2;
    const [x, y] = boxOf(cursor, top);
    pen.strokeRect(x - 1, y - 1, cellW + 1, CELL_H + 1);
    pen.fillStyle = colours.soft;
    pen.textAlign = "right";
    for (const ms of [0, 500, 1000]) pen.fillText(ms + " ms", AXIS - 6, top + ROWS * CELL_H * (1 - ms / 1000) + (ms === 1000 ? 8 : ms === 0 ? 0 : 4));
    pen.textAlign = "left";
    for (let s = 0; s < seconds; s += Math.max(1, Math.ceil(64 / cellW))) {
      if (AXIS + s * cellW + 50 < width || s === 0) pen.fillText(clock(s * 1000).slice(0, 8), AXIS + s * cellW, height - 5);
    }
  };

  const boxOf = (cell, top) => [AXIS + Math.floor(cell / ROWS) * cellW, top + (ROWS - 1 - cell % ROWS) * CELL_H];

  // Processor load as two lines, and a tick for each event that took long, missed objectives in full height.
  const drawLoad = pen => {
    const x = ms => AXIS + ms / 1000 * cellW, y = part => LOAD_H - part / 1000 * (LOAD_H - 12);
    pen.fillStyle = colours.soft;
    pen.textAlign = "right";
    pen.fillText("load", AXIS - 6, 20);
    pen.fillText("events", AXIS - 6, LOAD_H + 9);
    for (const [at, colour] of [[2, colours.soft], [1, colours.accent]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = 1.3;
      pen.beginPath();
      for (let i = 0; i < data.load.length; i += 3) pen.lineTo(x(data.load[i]), y(data.load[i + at]));
      pen.stroke();
    }
    for (const [ms, , kind] of data.events) {
      pen.fillStyle = kind === "missed" ? colours.found : kind === "slow answer" ? colours.hot : colours.warm;
      if (kind === "missed") pen.fillRect(x(ms), 0, 2, LOAD_H + 12);
      else pen.fillRect(x(ms), LOAD_H + 2, 2, 9);
    }
  };

  const tally = () => {
    totals = new Float64Array(nodes);
    for (let i = 0; i < data.samples.length; i += 3) {
      const cell = cellOf(data.samples[i]);
      if (cell >= from && cell <= to && (withWaiting || data.samples[i + 2] !== WAITING)) totals[data.samples[i + 1]]++;
    }
    for (let i = nodes - 1; i > 0; i--) totals[data.parents[i]] += totals[i];
    if (totals[zoomed] === 0) zoomed = 0;
    if (totals[focused] === 0) focused = zoomed;
  };

  const colourOf = node => {
    const text = name(node);
    if (wanted && text.toLowerCase().includes(wanted)) return colours.found;
    return text.startsWith("[") || node === 0 ? colours.thread : text.startsWith("oca.") ? colours.ours : text.startsWith("io.netty.") ? colours.netty
      : /^(java|javax|jdk|sun)\./.test(text) ? colours.jdk : colours.other;
  };
  const short = text => text.startsWith("[") ? text : text.replace(/^(?:[a-z_0-9]+\.)+/, "");

  const drawFlame = () => {
    const canvas = $("flame"), width = canvas.parentElement.clientWidth - 2;
    boxes = [];
    let deepest = 0;
    const above = [];
    for (let node = zoomed; node > 0; node = data.parents[node]) above.unshift(data.parents[node]);
    above.forEach((node, i) => boxes.push({ node, x: 0, y: i * FRAME_H, w: width, pale: true }));
    const place = (node, x, scale, y) => {
      const w = totals[node] * scale;
      if (w < .5) return;
      deepest = Math.max(deepest, y);
      boxes.push({ node, x, y, w });
      let at = x;
      for (const kid of kids[node].filter(it => totals[it] > 0).sort((a, b) => name(a) < name(b) ? -1 : 1)) {
        place(kid, at, scale, y + FRAME_H);
        at += totals[kid] * scale;
      }
    };
    place(zoomed, 0, width / Math.max(1, totals[zoomed]), above.length * FRAME_H);
    const pen = context(canvas, width, Math.max(60, deepest + FRAME_H + 2));
    pen.font = "12px system-ui, sans-serif";
    pen.textBaseline = "middle";
    for (const box of boxes) {
      pen.globalAlpha = box.pale ? .5 : 1;
      pen.fillStyle = colourOf(box.node);
      pen.fillRect(box.x, box.y, Math.max(.5, box.w - .7), FRAME_H - 1);
      if (box.w > 28) {
        pen.save();
        pen.beginPath();
        pen.rect(box.x, box.y, box.w - 3, FRAME_H);
        pen.clip();
        pen.globalAlpha = 1;
        pen.fillStyle = box.pale ? colours.ink : colours["ink-on"];
        pen.fillText(short(name(box.node)), box.x + 4, box.y + FRAME_H / 2);
        pen.restore();
      }
      if (box.node === focused) {
        pen.globalAlpha = 1;
        pen.strokeStyle = colours.accent;
        pen.lineWidth = 2;
        pen.strokeRect(box.x + 1, box.y + 1, Math.max(1, box.w - 2.7), FRAME_H - 3);
      }
    }
    if (totals[0] === 0) {
      pen.fillStyle = colours.soft;
      pen.fillText("no samples in this part", 10, 30);
    }
    tellFrame();
  };

  const tellFrame = () => {
    let self = totals[focused];
    for (const kid of kids[focused]) self -= totals[kid];
    $("frame").textContent = name(focused) + ": " + number(totals[focused]) + " samples, " + share(totals[focused], totals[0]) + "; itself "
      + share(self, totals[0]);
  };

  const tellSearch = () => {
    let inside = 0;
    const walk = (node, found) => {
      const here = found || name(node).toLowerCase().includes(wanted);
      if (here && !found) inside += totals[node];
      if (!here) kids[node].forEach(kid => totals[kid] > 0 && walk(kid, false));
    };
    if (wanted) walk(0, false);
    $("found").textContent = wanted ? share(inside, totals[0]) + " of samples" : "";
  };

  const tellPart = () => {
    $("said").textContent = isAll ? "whole recording, " + number(totals[0]) + " samples"
      : clock(from * ROW_MS) + " to " + clock((to + 1) * ROW_MS) + ", " + number(totals[0]) + " samples";
  };

  const listEvents = () => {
    const rows = data.events.filter(([ms]) => cellOf(ms) >= from && cellOf(ms) <= to).sort((a, b) => b[1] - a[1]).slice(0, 50);
    $("events").replaceChildren(...rows.map(event => {
      const row = document.createElement("tr");
      [clock(event[0]), took(event[1]), event[2], event[3]].forEach((text, i) => {
        const cell = document.createElement("td");
        cell.textContent = text;
        cell.className = i < 2 ? "n" : "";
        row.append(cell);
      });
      return row;
    }));
    if (rows.length === 0) $("events").innerHTML = "<tr><td colspan=4>nothing that was noted</td></tr>";
  };

  const show = () => {
    tally();
    drawHeat();
    drawFlame();
    tellSearch();
    tellPart();
    listEvents();
  };

  const choose = (a, b) => {
    isAll = a === null;
    from = isAll ? 0 : Math.min(a, b);
    to = isAll ? seconds * ROWS - 1 : Math.max(a, b);
    zoomed = focused = 0;
    show();
  };

  const zoom = node => {
    zoomed = focused = node;
    drawFlame();
  };

  // Pointers.
  const cellAt = event => {
    const box = $("heat").getBoundingClientRect();
    const s = Math.floor((event.clientX - box.left - AXIS) / cellW), row = ROWS - 1 - Math.floor((event.clientY - box.top - LOAD_H - 14) / CELL_H);
    return Math.max(0, Math.min(seconds - 1, s)) * ROWS + Math.max(0, Math.min(ROWS - 1, row));
  };
  $("heat").addEventListener("pointerdown", event => {
    anchor = cursor = cellAt(event);
    dragged = true;
    $("heat").setPointerCapture(event.pointerId);
    drawHeat();
  });
  $("heat").addEventListener("pointermove", event => {
    if (!dragged) return;
    cursor = cellAt(event);
    isAll = false;
    from = Math.min(anchor, cursor);
    to = Math.max(anchor, cursor);
    drawHeat();
  });
  $("heat").addEventListener("pointerup", () => {
    dragged = false;
    choose(anchor, cursor);
  });
  const boxAt = event => {
    const box = $("flame").getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    return boxes.find(it => x >= it.x && x < it.x + it.w && y >= it.y && y < it.y + FRAME_H);
  };
  $("flame").addEventListener("click", event => {
    const hit = boxAt(event);
    if (hit) zoom(hit.node);
  });
  $("flame").addEventListener("pointermove", event => {
    const hit = boxAt(event);
    if (hit && hit.node !== focused) {
      focused = hit.node;
      drawFlame();
    }
  });

  // Keys.
  const steps = { ArrowLeft: -ROWS, ArrowRight: ROWS, ArrowUp: 1, ArrowDown: -1 };
  $("heat").addEventListener("keydown", event => {
    if (event.key in steps) {
      const next = cursor + steps[event.key];
      if (next >= 0 && next < seconds * ROWS) cursor = next;
      if (event.shiftKey) choose(anchor, cursor);
      else {
        anchor = cursor;
        drawHeat();
        $("said").textContent = "at " + clock(cursor * ROW_MS);
      }
    } else if (event.key === "Enter" || event.key === " ") choose(anchor, cursor);
    else if (event.key === "Escape") choose(null);
    else return;
    event.preventDefault();
  });
  const beside = step => {
    const row = boxes.filter(it => !it.pale && depth[it.node] === depth[focused]).sort((a, b) => a.x - b.x);
    const next = row[row.findIndex(it => it.node === focused) + step];
    return next ? next.node : focused;
  };
  const widest = node => kids[node].filter(it => totals[it] > 0).sort((a, b) => totals[b] - totals[a])[0] ?? node;
  $("flame").addEventListener("keydown", event => {
    switch (event.key) {
      case "ArrowDown": focused = widest(focused); break;
      case "ArrowUp": focused = focused > 0 ? data.parents[focused] : 0; break;
      case "ArrowLeft": focused = beside(-1); break;
      case "ArrowRight": focused = beside(1); break;
      case "Enter": zoomed = focused; break;
      case "Backspace": zoomed = focused = zoomed > 0 ? data.parents[zoomed] : 0; break;
      case "Escape": zoomed = focused = 0; break;
      default: return;
    }
    event.preventDefault();
    drawFlame();
  });
  document.addEventListener("keydown", event => {
    if (event.key === "/" && document.activeElement !== $("search")) {
      event.preventDefault();
      $("search").focus();
    }
  });
  $("search").addEventListener("input", () => {
    wanted = $("search").value.trim().toLowerCase();
    tellSearch();
    drawFlame();
  });
  $("waiting").addEventListener("change", () => {
    withWaiting = $("waiting").checked;
    show();
  });
  $("all").addEventListener("click", () => choose(null));
  $("out").addEventListener("click", () => zoom(zoomed > 0 ? data.parents[zoomed] : 0));
  $("theme").addEventListener("click", () => {
    const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    document.documentElement.dataset.theme = dark ? "light" : "dark";
    readColours();
    show();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    readColours();
    show();
  });
  addEventListener("resize", drawFlame);

  let waiting = 0;
  for (let i = 2; i < data.samples.length; i += 3) waiting += data.samples[i] === WAITING ? 1 : 0;
  $("facts").textContent = clock(0).slice(0, 8) + " to " + clock(data.millis).slice(0, 8) + " UTC on " + data.begins.slice(0, 10) + "; "
    + number(data.samples.length / 3 - waiting) + " samples at work" + (waiting ? ", " + number(waiting) + " waiting; " : "; ") + number(data.events.length) + " events";
  $("notes").textContent = data.notes.join("; ");
  $("waiting").parentElement.hidden = waiting === 0;
  readColours();
  show();
})();
