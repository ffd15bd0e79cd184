import { get } from "./api.js";
import { el, say } from "./dom.js";
import * as format from "./format.js";

/** When each site may fill, over the days to come. */
const SVG = "http://www.w3.org/2000/svg";
const DAY = 86_400_000;
const LEFT = 130;
const WIDTH = 1200;
const ROW = 34;
const TOP = 26;

export function show(place) {
  const chart = el("div", { class: "week" }, el("p", { class: "muted" }, "loading"));
  const list = el("div", {});
  place.replaceChildren(el("section", { class: "panel" },
    el("div", { class: "bar" }, el("h2", {}, "Fill windows"),
      el("p", { class: "muted" }, "in this browser's time; sites keep their own, daylight saving included")),
    chart, list));
  let gone = false;

  async function load() {
    try {
      const calendar = await get("/v1/calendar", { days: "7" });
      if (!gone) {
        chart.replaceChildren(draw(calendar));
        list.replaceChildren(table(calendar));
      }
    } catch (fault) {
      say(`The calendar cannot be had: ${fault.message}`, true);
    }
  }
  load();
  const timer = setInterval(load, 30_000);
  return () => { gone = true; clearInterval(timer); };
}

function draw({ now, until, sites }) {
  const from = Date.parse(now);
  const span = Date.parse(until) - from;
  const x = (at) => LEFT + Math.max(0, Math.min(1, (Date.parse(at) - from) / span)) * (WIDTH - LEFT - 10);
  const height = TOP + ROW * Math.max(1, sites.length) + 6;
  const svg = node("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": "Fill windows by site" });
  const first = new Date(from);
  first.setHours(0, 0, 0, 0);
  for (let day = new Date(first); day.getTime() < from + span; day.setDate(day.getDate() + 1)) {
    if (day.getTime() >= from) {
      const at = x(day.toISOString());
      svg.append(node("line", { class: "midnight", x1: at, x2: at, y1: TOP - 6, y2: height - 4 }));
      const word = node("text", { x: at + 5, y: 14 });
      word.textContent = day.toLocaleDateString("en-GB", span > 2 * DAY ? { weekday: "short", day: "numeric" } : { weekday: "long" });
      svg.append(word);
    }
  }
  sites.forEach((site, row) => {
    const y = TOP + row * ROW;
    const name = node("text", { class: "site", x: 4, y: y + 19 });
    name.textContent = site.site;
    svg.append(name, node("line", { class: "hour", x1: LEFT, x2: WIDTH - 10, y1: y + ROW - 3, y2: y + ROW - 3 }));
    for (const window of site.windows) {
      const begin = x(window.opens);
      const open = Date.parse(window.opens) <= from;
      const bar = node("rect", { class: open ? "window open" : "window", x: begin, y: y + 4, rx: 4,
        width: Math.max(2, x(window.closes) - begin), height: ROW - 12 });
      const words = node("title", {});
      words.textContent = `${site.site}: ${format.date(window.opens)} to ${format.date(window.closes)}`;
      bar.append(words);
      svg.append(bar);
    }
  });
  svg.append(node("line", { class: "now", x1: LEFT, x2: LEFT, y1: TOP - 6, y2: height - 4 }));
  return svg;
}

function table({ sites }) {
  const next = sites.map((site) => [site.site, site.windows[0]]).filter(([, window]) => window);
  return el("ol", { class: "pad muted" }, ...next.map(([name, window]) => el("li", {},
    `${name}: ${Date.parse(window.opens) <= Date.now() ? "open" : `opens ${format.date(window.opens)}`}, closes ${format.date(window.closes)}`)));
}

function node(name, attributes) {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
}
