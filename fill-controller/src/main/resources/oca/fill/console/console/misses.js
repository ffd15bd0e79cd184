import { get } from "./api.js";
import { el, say, setText, table } from "./dom.js";
import * as format from "./format.js";

/** Why bytes did not come from the nearest site; every row leads to what it is made of. */
const SPANS = [["1h", "the last hour"], ["24h", "the last 24 hours"], ["7d", "the last 7 days"], ["30d", "the last 30 days"]];
const BY = [["label", "cause"], ["site", "nearest site"], ["from", "served from"], ["appliance", "appliance"],
  ["title", "title"], ["file", "file"], ["hour", "hour, UTC"]];
const KEYS = ["label", "site", "servedFrom", "appliance", "title", "file"];
const MOST = 200;

const share = (part, whole) => (whole ? part / whole : 0);
const exact = (value) => `${(value * 100).toFixed(value && value < 0.1 ? 2 : 1)} %`;

export function show(place, rest) {
  const asked = new URLSearchParams(rest);
  const by = choice("by", "By", BY, asked.get("by") ?? "label");
  const span = choice("span", "Within", SPANS, asked.get("span") ?? "24h");
  const only = KEYS.filter((key) => asked.get(key));
  const tiles = el("div", { class: "tiles" });
  const found = el("div", {});
  const foot = el("p", { class: "muted" });
  const csv = el("a", { class: "button", href: "#", download: "misses.csv" }, "CSV");
  const account = el("section", { class: "panel" });
  place.replaceChildren(tiles,
    el("section", { class: "panel" },
      el("div", { class: "bar" }, el("h2", {}, "Where bytes came from, and why"), csv),
      el("form", { class: "ask", onsubmit: (event) => { event.preventDefault(); go({}); } },
        by.field, span.field,
        only.length ? el("div", { class: "chips", role: "group", "aria-label": "Only" }, ...only.map(chip)) : null),
      found, el("div", { class: "bar foot" }, foot)),
    account);
  by.select.addEventListener("change", () => go({}));
  span.select.addEventListener("change", () => go({}));
  let gone = false;

  function chip(key) {
    const name = key === "servedFrom" ? "from" : key;
    return el("button", { type: "button", "aria-label": `any ${name}`, onclick: () => go({ [key]: null }) },
      `${name}: ${asked.get(key)} \u00d7`);
  }

  function query(changes) {
    const next = new URLSearchParams();
    for (const key of only) {
      next.set(key, asked.get(key));
    }
    next.set("by", by.select.value);
    next.set("span", span.select.value);
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) {
        next.delete(key);
      } else {
        next.set(key, value);
      }
    }
    return next;
  }

  function go(changes) {
    location.hash = `#/misses/${encodeURIComponent(query(changes).toString())}`;
  }

  function link(dimension, value) {
    if (dimension === "hour") {
      return format.date(value);
    }
    const key = dimension === "from" ? "servedFrom" : dimension;
    const next = BY.map(([name]) => name).find((name) => name !== dimension
      && !asked.get(name === "from" ? "servedFrom" : name)) ?? "hour";
    return el("a", { href: `#/misses/${encodeURIComponent(query({ [key]: value, by: next }).toString())}` }, value);
  }

  async function load() {
    const wanted = Object.fromEntries(only.map((key) => [key, asked.get(key)]));
    const parameters = { ...wanted, by: by.select.value, from: span.select.value, limit: String(MOST) };
    csv.href = `/v1/misses?${new URLSearchParams({ ...parameters, limit: "100000", format: "csv" })}`;
    try {
      const answer = await get("/v1/misses", parameters);
      if (!gone) {
        draw(answer);
      }
    } catch (fault) {
      say(fault.message, true);
    }
  }

  function draw({ report, labels, account: sums, counts }) {
    const { total, rows, left } = report;
    tiles.replaceChildren(
      tile(format.bytes(total.bytes), "served to viewers"),
      tile(exact(share(total.nearest, total.bytes)), "from the nearest site", "serving"),
      tile(exact(share(total.missed, total.bytes)), "from elsewhere, with a cause", total.missed ? "draining" : ""),
      tile(exact(total.contentShed), "content shed: it was not held"),
      tile(exact(total.offload), "offload: not from the origin"),
      tile(exact(share(total.unknown, total.bytes)), "unknown", total.unknown ? "silent" : ""));
    const dimension = by.select.value;
    const sentences = new Map(labels.map((one) => [one.label, one.sentence]));
    const most = Math.max(1, ...rows.map((row) => row.sum.bytes));
    found.replaceChildren(rows.length
      ? table("Misses", [heading(dimension), ["Served", "number"], ["Missed", "number"], ["Share", "number"],
        ["Hours missed", "number"], ["Responses", "number"], dimension === "label" ? "What it means" : "Content shed"],
      rows.map(({ key, sum }) => [
        link(dimension, key[0]),
        format.bytes(sum.bytes),
        format.bytes(sum.missed),
        el("span", { class: "progress" },
          el("meter", { min: "0", max: String(most), value: String(sum.bytes), "aria-label": `bytes of ${key[0]}` }),
          exact(share(sum.bytes, total.bytes))),
        sum.missedHours ? sum.missedHours.toFixed(1) : "\u2013",
        format.count(sum.requests),
        dimension === "label" ? sentences.get(key[0]) ?? "" : exact(sum.contentShed)]))
      : el("p", { class: "muted pad" },
        "Nothing was labelled in this time. Appliances post serve records here, and steering its records (recording.to.target)."));
    setText(foot, [
      format.plural(rows.length, "row") + (left ? `, ${format.count(left)} more in the CSV` : ""),
      `${format.bytes(sums.waiting)} wait for their label`,
      total.timedBytes < total.bytes
        ? `hours are known of ${exact(share(total.timedBytes, total.bytes))} of the bytes (players that send CMCD br)` : "",
    ].filter(Boolean).join("; "));
    const odd = Object.entries(counts).filter(([name, count]) => count && !["answers", "responses", "bytes"].includes(name));
    account.replaceChildren(el("div", { class: "bar" }, el("h2", {}, "Account")),
      el("p", { class: "pad" }, `${format.bytes(sums.taken)} taken = ${format.bytes(sums.labelled)} labelled + ${
        format.bytes(sums.waiting)} waiting, of ${format.plural(counts.responses ?? 0, "response")} and ${
        format.plural(counts.answers ?? 0, "answer")} of steering.`),
      odd.length ? table("Odd records", ["What was odd", ["Count", "number"]],
        odd.map(([name, count]) => [name, format.count(count)])) : el("p", { class: "muted pad" }, "No record was odd."));
  }
  load();
  const timer = setInterval(load, 10_000);
  return () => { gone = true; clearInterval(timer); };
}

function heading(dimension) {
  const words = new Map(BY).get(dimension);
  return words[0].toUpperCase() + words.slice(1);
}

function choice(id, label, options, value) {
  const select = el("select", { id }, ...options.map(([name, text]) =>
    el("option", { value: name, selected: name === value }, text)));
  return { select, field: el("div", { class: "field" }, el("label", { for: id }, label), select) };
}

function tile(value, text, state = "") {
  return el("div", { class: "tile", "data-state": state || undefined }, el("strong", {}, value), el("span", {}, text));
}
