import { badge, el, setText, table } from "./dom.js";
import * as format from "./format.js";
import { listen, state } from "./status.js";

/** The plan in force and how far it has come: what there is to know before going to bed. */
const STEP = 200;

export function show(place) {
  let most = STEP;
  let words = "";
  const tiles = el("div", { class: "tiles" });
  const search = el("input", { type: "search", id: "filter", placeholder: "name or site",
    oninput: () => { words = search.value.toLowerCase(); most = STEP; draw(); } });
  const fleet = el("div", {});
  const shown = el("p", { class: "muted", role: "status" });
  const more = el("button", { type: "button", onclick: () => { most += STEP; draw(); } });
  const failures = el("section", { class: "panel" });
  const ranking = el("section", { class: "panel" });
  place.replaceChildren(tiles,
    el("section", { class: "panel" },
      el("div", { class: "bar" }, el("h2", {}, "Appliances"),
        el("label", { class: "hidden", for: "filter" }, "Filter appliances"), search),
      fleet, el("div", { class: "bar foot" }, shown, more)),
    el("div", { class: "pair" }, ranking, failures));

  function draw() {
    if (!state.status) {
      return;
    }
    const { plan, catalog, appliances, fill } = state.status;
    const planned = appliances.reduce((sum, one) => sum + one.plannedFiles, 0);
    const held = appliances.reduce((sum, one) => sum + one.heldOfPlanned, 0);
    const alive = appliances.filter((one) => one.alive).length;
    tiles.replaceChildren(
      tile(plan.windowOpen ? "open" : "closed",
        plan.windowOpen ? `window, until ${format.date(plan.windowCloses)}` : `window, opens ${format.date(plan.windowOpens)}`,
        plan.windowOpen ? "serving" : ""),
      tile(planned ? format.percent(held / planned) : "\u2013", "of the planned files are held"),
      tile(`${format.count(alive)} / ${format.count(appliances.length)}`, "appliances alive",
        alive < appliances.length ? "silent" : "serving"),
      tile(format.bytes(fill.originBytes), "from the origin"),
      tile(format.bytes(fill.peerBytes), "from peers"),
      tile(format.count(fill.failed), "fills failed", fill.failed ? "silent" : ""),
      tile(format.count(catalog.titles), `titles, ${format.bytes(catalog.bytes)}`),
      tile(plan.madeAt ? format.time(plan.madeAt) : "never", "plan made, day " + plan.day));
    const found = appliances.filter((one) => !words
      || one.id.toLowerCase().includes(words) || one.site.toLowerCase().includes(words));
    const rows = found.slice(0, most).map((one) => [
      one.id, one.site, badge(one.alive ? "alive" : "away"),
      one.manifestVersion ? `v${one.manifestVersion}` : "none",
      format.count(one.plannedFiles), format.bytes(one.plannedBytes), progress(one)]);
    fleet.replaceChildren(table("Appliances",
      ["Appliance", "Site", "State", "Manifest", ["Planned files", "number"], ["Planned", "number"], "Held of planned"], rows));
    setText(shown, found.length ? format.plural(found.length, "appliance") : "No appliance is like that.");
    more.hidden = found.length <= most;
    setText(more, `Show ${format.count(Math.min(STEP, found.length - most))} more`);
    failures.replaceChildren(el("div", { class: "bar" }, el("h2", {}, "Newest failures")),
      fill.lastFailures.length
        ? table("Newest failures", ["When", "Appliance", "Reason"],
          fill.lastFailures.map((one) => [format.date(one.at ?? one.ended), one.appliance, one.reason]))
        : el("p", { class: "muted pad" }, "None so far."));
    ranking.replaceChildren(el("div", { class: "bar" }, el("h2", {}, "Expected most")),
      state.status.ranking.length
        ? table("Expected most", ["Title", ["Plays a day", "number"], ["Copies", "number"]],
          state.status.ranking.map((one) => [
            el("a", { href: `#/titles/${encodeURIComponent(one.title)}` }, one.title),
            one.popularity.toPrecision(3), format.count(one.copies)]))
        : el("p", { class: "muted pad" }, "Nothing was planned yet."));
  }
  return listen(draw);
}

function tile(figure, words, look) {
  return el("div", { class: "tile", "data-state": look }, el("strong", {}, figure), el("span", {}, words));
}

function progress(one) {
  const share = one.plannedFiles ? one.heldOfPlanned / one.plannedFiles : 0;
  return el("span", { class: "progress" },
    el("meter", { min: "0", max: "1", value: String(share), "aria-hidden": "true" }),
    one.plannedFiles ? `${format.count(one.heldOfPlanned)}, ${format.percent(share)}` : "\u2013");
}
