import { get } from "./api.js";
import { el, table } from "./dom.js";
import * as format from "./format.js";
import { listen, state } from "./stream.js";

/** The log of decisions, newest first, and how it is kept. */
const MOST = 200;

export function show(place) {
  const log = el("div", {});
  const keeps = el("p", { class: "pad" });
  let seen = -1;
  place.replaceChildren(
    el("section", { class: "panel" }, el("div", { class: "bar" }, el("h2", {}, "Who decided what")), log),
    el("section", { class: "panel" }, el("div", { class: "bar" }, el("h2", {}, "How it is kept")), keeps));

  async function draw() {
    if (seen === state.last) {
      return;
    }
    seen = state.last;
    try {
      const told = await get("/v1/changes", { after: Math.max(0, state.last - MOST) });
      log.replaceChildren(told.changes.length
        ? table("Changes", [["Number", "number"], "When", "What", "Appliance", "Who", "Why"],
          told.changes.reverse().map((one) => [format.count(one.number), format.date(one.at), one.what,
            one.appliance ? el("a", { href: `#/appliance/${one.appliance}` }, one.appliance) : "the fleet",
            one.who, one.why || "\u2013"]))
        : el("p", { class: "muted pad" }, "Nothing was decided yet."));
      const { registry } = await get("/v1/registry");
      keeps.replaceChildren(registry.keeps === "memory"
        ? "In memory: it is lost with the process, but for orders in the saved fleet."
        : registry.connected
          ? `In the database, ${format.plural(registry.written, "change")} since the start.`
          : `The database is away (${registry.fault}); ${format.plural(registry.pending, "change")} of at most ${
            format.count(registry.queue)} wait in memory.`);
    } catch (fault) {
      log.replaceChildren(el("p", { class: "fault pad" }, fault.message));
      seen = -1;
    }
  }

  draw();
  return listen(draw);
}
