import { get } from "./api.js";
import { chart } from "./chart.js";
import { badge, el, setText, table } from "./dom.js";
import * as format from "./format.js";
import { button, kinds } from "./orders.js";
import { history, listen, rows, state } from "./stream.js";

/** One appliance: how it stands, what it sends, what was decided about it. */
export function show(place, name) {
  const facts = el("dl", { class: "facts" });
  const actions = el("div", { class: "actions" });
  const title = el("h2", {}, name, " ");
  const changes = el("div", {});
  const figure = el("figure", { class: "chart", role: "img",
    "aria-label": `Bits per second and headroom of ${name} over the last ten minutes` });
  let plot = null;
  let drawn = "";
  let seen = -1;

  place.replaceChildren(
    el("p", {}, el("a", { href: "#/fleet" }, "\u2190 All appliances")),
    el("section", { class: "panel" }, el("div", { class: "bar" }, title, actions), facts),
    el("section", { class: "panel" }, el("div", { class: "bar" }, el("h2", {}, "Traffic"),
      el("p", { class: "muted" }, "since this page was opened, ten minutes at the most")), figure),
    el("section", { class: "panel" }, el("div", { class: "bar" }, el("h2", {}, "Decided about it")), changes));

  function draw(changed) {
    const row = rows.get(name);
    if (!row) {
      setText(title, `${name} is not known`);
      return;
    }
    if (row.leaseAge >= 0) {
      plot ??= chart(figure, () => history(name));
      plot.update();
    } else {
      figure.replaceChildren(el("p", { class: "muted pad" }, "It was never heard."));
    }
    const now = JSON.stringify(row);
    if ((!changed || changed.has(name)) && now !== drawn) {
      const before = drawn ? JSON.parse(drawn) : {};
      drawn = now;
      facts.replaceChildren(...entries(row).map(([term, value]) =>
        el("div", {}, el("dt", {}, term), el("dd", {}, value))));
      if (before.state !== row.state || before.order !== row.order) {
        title.replaceChildren(name, " ", badge(row.state));
        const focused = actions.contains(document.activeElement);
        actions.replaceChildren(...kinds(row).map((kind) => button(kind, row)));
        if (focused) {
          actions.firstChild.focus();
        }
      }
    }
    if (seen !== state.last) {
      seen = state.last;
      log();
    }
  }

  async function log() {
    try {
      const told = await get(`/v1/appliances/${encodeURIComponent(name)}`);
      changes.replaceChildren(told.changes.length
        ? table("Decided about it", ["When", "What", "Who", "Why"],
          told.changes.map((one) => [format.date(one.at), one.what, one.who, one.why || "\u2013"]))
        : el("p", { class: "muted pad" }, "Nothing yet."));
    } catch (fault) {
      changes.replaceChildren(el("p", { class: "fault pad" }, fault.message));
    }
  }

  draw(null);
  const stop = listen(draw);
  return () => {
    stop();
    plot?.close();
  };
}

function entries(row) {
  const heard = row.leaseAge >= 0;
  const used = row.capacityBytes ? ` (${format.percent(row.usedBytes / row.capacityBytes)})` : "";
  return [
    ["Site", row.site ?? "\u2013"],
    ["Viewers reach it at", row.endpoint ?? "\u2013"],
    ["Order", row.order],
    ["Standing", row.standing],
    ["Last heard", row.leaseAge < 0 ? "never" : `${format.seconds(row.leaseAge)} ago`],
    ["Registered", row.registered ? format.date(row.registered) : "no"],
    ["Note", row.note || "\u2013"],
    ...(heard ? [
      ["Pathway", row.pathway],
      ["Headroom", format.percent(row.headroom)],
      ["Connections", `${format.count(row.connections)} of ${format.count(row.connectionLimit)}`],
      ["Sends", `${format.bits(row.bitsPerSecond)} of ${format.bits(row.bitsPerSecondLimit)}`],
      ["Disk", `${format.bytes(row.usedBytes)} of ${format.bytes(row.capacityBytes)}${used}`],
      ["Files", format.count(row.files)],
    ] : []),
  ];
}
