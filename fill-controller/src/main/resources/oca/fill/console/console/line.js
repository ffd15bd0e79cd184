import { el, setText } from "./dom.js";
import * as format from "./format.js";

/** One figure over time as a line; gaps where it is not known. Its colours follow the theme. */
const SPACE = "http://www.w3.org/2000/svg";
const WIDTH = 600;
const HEIGHT = 120;

function shape(name, properties) {
  const made = document.createElementNS(SPACE, name);
  Object.entries(properties).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
}

/** of(figure) is the value, undefined where there is none; text(value) is how people read it. */
export function line(title, of, text) {
  const newest = el("strong", {}, "\u2013");
  const highest = el("span", { class: "muted" });
  const path = shape("path", { class: "line" });
  const wash = shape("path", { class: "wash" });
  const base = shape("path", { class: "base", d: `M0 ${HEIGHT - 0.5}H${WIDTH}` });
  const svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": title });
  svg.append(wash, base, path);
  const from = el("span", {});
  const to = el("span", {});
  const node = el("figure", { class: "chart" },
    el("figcaption", {}, el("span", {}, title), newest, highest), svg, el("div", { class: "ends muted" }, from, to));

  function update(series) {
    const values = series.map((slice) => of(slice.figure));
    const known = values.filter((value) => value !== undefined);
    const top = Math.max(...known, 0);
    const x = (i) => (series.length > 1 ? (i / (series.length - 1)) * WIDTH : 0);
    const y = (value) => HEIGHT - 1 - (top ? (value / top) * (HEIGHT - 6) : 0);
    let trace = "";
    let area = "";
    let begun = -1;
    values.forEach((value, i) => {
      if (value === undefined) {
        begun = -1;
        return;
      }
      trace += `${begun < 0 ? "M" : "L"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
      begun = begun < 0 ? i : begun;
      if (i === values.length - 1 || values[i + 1] === undefined) {
        area += `M${x(begun).toFixed(1)} ${HEIGHT}${values.slice(begun, i + 1)
          .map((one, j) => `L${x(begun + j).toFixed(1)} ${y(one).toFixed(1)}`).join("")}L${x(i).toFixed(1)} ${HEIGHT}Z`;
        // A single known value is a dot.
        trace += begun === i ? "h.01" : "";
      }
    });
    path.setAttribute("d", trace);
    wash.setAttribute("d", area);
    setText(newest, known.length ? text(known.at(-1)) : "\u2013");
    setText(highest, known.length ? `highest ${text(top)}` : "nothing known");
    svg.setAttribute("aria-label", known.length
      ? `${title}: ${text(known.at(-1))} at last, ${text(top)} at most` : `${title}: nothing known`);
    setText(from, series.length ? format.time(series[0].at) : "");
    setText(to, series.length ? format.time(series.at(-1).at) : "");
  }
  return { node, update };
}
