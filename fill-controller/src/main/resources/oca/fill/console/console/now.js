import { get } from "./api.js";
import { el, say, setText } from "./dom.js";
import * as format from "./format.js";
import { line } from "./line.js";

/** What viewers get, and what a person should look after: first that, then figures, then machines. */
const EVERY = 2_000;
const BACK = [["15m", "15 minutes"], ["1h", "an hour"]];

const millis = (micros) => (micros === undefined ? "\u2013"
  : micros >= 600e6 ? "over 10 s" : micros >= 1e6 ? `${micros / 1e6} s` : `${micros / 1e3} ms`);
const share = (part, whole) => (whole ? part / whole : 0);
const exact = (value) => `${(value * 100).toFixed(value && value < 0.1 ? 2 : 1)} %`;
const rate = (value) => (value >= 10 ? format.count(value) : value.toFixed(2));

export function show(place, rest) {
  const asked = new URLSearchParams(rest);
  const site = asked.get("site") ?? "";
  const back = el("select", { id: "back", onchange: () => load() },
    ...BACK.map(([name, text]) => el("option", { value: name }, text)));
  const csv = el("a", { class: "button", href: "#", download: "viewers.csv" }, "CSV");
  const concerns = el("section", { class: "panel", "aria-label": "To look after" });
  const tiles = el("div", { class: "tiles", role: "group", "aria-label": "Viewers in the last minute" });
  const charts = [
    line("Starts a second", (one) => one.startsPerSecond, rate),
    line("First byte, 95 of 100", (one) => one.firstByteP95Micros, millis),
    line("Late bytes", (one) => (one.timedBytes ? one.lateBytes / one.timedBytes : undefined), exact),
    line("Sent to viewers", (one) => one.bitsPerSecond, format.bits),
  ];
  const map = el("div", { class: "map" });
  const left = el("p", { class: "muted" });
  place.replaceChildren(concerns, tiles,
    el("section", { class: "panel" },
      el("div", { class: "bar" }, el("h2", {}, site ? `Viewers of ${site}` : "Viewers"),
        site ? el("a", { href: "#/now" }, "all sites") : null,
        el("span", { class: "chips" }, el("label", { for: "back", class: "muted" }, "The last"), back), csv),
      el("div", { class: "charts" }, ...charts.map((one) => one.node))),
    el("section", { class: "panel" }, el("div", { class: "bar" }, el("h2", {}, "Sites")), map,
      el("div", { class: "bar foot" }, left)));
  let gone = false;
  let shown = "";

  async function load() {
    const parameters = { over: "1m", back: back.value, ...(site ? { site } : {}) };
    csv.href = `/v1/viewers?${new URLSearchParams({ ...parameters, format: "csv" })}`;
    try {
      const answer = await get("/v1/viewers", parameters);
      if (!gone) {
        draw(answer);
      }
    } catch (fault) {
      say(`What viewers get cannot be had: ${fault.message}`, true);
    }
  }

  function draw({ report, concerns: found, map: sites, left: out }) {
    drawConcerns(found);
    const now = report.now;
    tiles.replaceChildren(
      tile(`${rate(now.startsPerSecond)} /s`, "starts"),
      tile(millis(now.firstByteP95Micros), "first byte, 95 of 100"),
      tile(now.timedBytes ? exact(share(now.lateBytes, now.timedBytes)) : "\u2013", "bytes later than they play",
        share(now.lateBytes, now.timedBytes) > 0.05 ? "silent" : ""),
      tile(now.told ? exact(share(now.starved, now.told)) : "\u2013", "of players ran out", now.starved ? "draining" : ""),
      tile(now.responses ? exact(share(now.failed, now.responses)) : "\u2013", "of answers failed", now.failed ? "silent" : ""),
      tile(format.bits(now.bitsPerSecond), "sent to viewers"));
    // The newest slice is still coming in.
    const series = report.series.slice(0, -1);
    charts.forEach((chart) => chart.update(series));
    drawMap(sites, new Map(report.sites.map((one) => [one.site, one.figure])));
    setText(left, [
      now.responses ? `${exact(share(now.told, now.responses))} of the responses came with CMCD; starts, late bytes and who ran out are known of those` : "",
      out.old ? `${format.plural(out.old, "record")} came too late to be shown` : "",
      out.future ? `${format.plural(out.future, "record")} were from the future: look at the senders' clocks` : "",
      out.folded ? `${format.plural(out.folded, "record")} of sites beyond viewers.cells` : "",
    ].filter(Boolean).join("; "));
  }

  /** Only when they changed: a screen reader would read them again. */
  function drawConcerns(found) {
    const text = JSON.stringify(found);
    if (text === shown) {
      return;
    }
    shown = text;
    concerns.replaceChildren(
      el("div", { class: "bar" }, el("h2", {}, found.length ? `To look after: ${found.length}` : "Nothing to look after")),
      found.length
        ? el("ul", { class: "concerns" }, ...found.map((one) => el("li", { "data-level": one.level.toLowerCase() },
          el("strong", {}, one.what),
          el("span", { class: "muted" }, `since ${format.date(one.since)}`),
          el("span", {}, one.remedy, one.view ? " " : "", one.view ? el("a", { href: `#/${one.view}` }, `see ${one.view}`) : ""))))
        : el("p", { class: "muted pad" }, "Viewers get what they ask for in time, all appliances are heard of, and plans are made."));
  }

  function drawMap(sites, figures) {
    const known = new Set(sites.map((one) => one.site));
    const all = [...sites, ...[...figures.keys()].filter((one) => !known.has(one)).map((one) => ({ site: one, appliances: [] }))];
    map.replaceChildren(...all.map(({ site: name, appliances }) => {
      const figure = figures.get(name);
      const silent = appliances.filter((one) => !one.alive).length;
      const late = figure ? share(figure.lateBytes, figure.timedBytes) : 0;
      const state = silent ? "bad" : late > 0.05 || figure?.failed ? "warn" : figure ? "good" : "none";
      return el("a", { class: "place", "data-state": state, href: `#/now/${encodeURIComponent(new URLSearchParams({ site: name }))}` },
        el("strong", {}, name),
        el("span", { class: "cells", "aria-hidden": "true" },
          ...appliances.map((one) => el("i", { "data-state": one.alive ? "alive" : "silent", title: one.appliance }))),
        el("span", { class: "muted" }, [
          appliances.length ? format.plural(appliances.length, "appliance") : "not of the fleet",
          silent ? `${silent} silent` : "",
          figure ? format.bits(figure.bitsPerSecond) : "no viewers",
          figure?.timedBytes ? `${exact(late)} late` : "",
        ].filter(Boolean).join(", ")));
    }));
    if (!all.length) {
      map.replaceChildren(el("p", { class: "muted pad" }, "No appliance was heard of yet."));
    }
  }

  load();
  const timer = setInterval(load, EVERY);
  return () => { gone = true; clearInterval(timer); };
}

function tile(value, text, state = "") {
  return el("div", { class: "tile", "data-state": state || undefined }, el("strong", {}, value), el("span", {}, text));
}
