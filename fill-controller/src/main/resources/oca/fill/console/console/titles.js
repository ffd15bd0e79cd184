import { get } from "./api.js";
import { badge, el, say, table } from "./dom.js";
import * as format from "./format.js";

/** One title: is it live, what is missing where, and why it is placed as it is. */
export function show(place, title) {
  const input = el("input", { id: "title", type: "search", value: title, placeholder: "title, as the catalogue names it" });
  const found = el("div", {});
  place.replaceChildren(el("section", { class: "panel" },
    el("div", { class: "bar" }, el("h2", {}, "Is it live?")),
    el("form", { class: "ask", onsubmit: (event) => {
      event.preventDefault();
      location.hash = `#/titles/${encodeURIComponent(input.value.trim())}`;
    } },
    el("div", { class: "field wide" }, el("label", { for: "title" }, "Title"), input),
    el("button", { class: "primary" }, "Look"))), found);
  let gone = false;

  async function load() {
    try {
      const [ready, placed] = await Promise.all([
        get(`/v1/titles/${encodeURIComponent(title)}/readiness`),
        get("/v1/placement", { title })]);
      if (!gone) {
        found.replaceChildren(readiness(ready), placement(placed));
      }
    } catch (fault) {
      say(fault.message, true);
      found.replaceChildren();
    }
  }
  if (title) {
    load();
  }
  const timer = title ? setInterval(load, 5_000) : 0;
  return () => { gone = true; clearInterval(timer); };
}

function readiness(ready) {
  const rows = ready.sites.flatMap((site) => [
    [site.site, badge(site.ready ? "ready" : "waiting"), `${site.copies} of ${site.copiesWanted}`, ""],
    ...site.missing.map((one) => ["", one.appliance, `${format.plural(one.files, "file")}, ${format.bytes(one.bytes)}`,
      one.expected ? `expected ${format.date(one.expected)}${one.why ? `, ${one.why}` : ""}` : one.why])]);
  return el("section", { class: "panel" },
    el("div", { class: "bar" }, el("h2", {}, ready.title), badge(ready.live ? "live" : "waiting"),
      el("p", { class: "muted" }, `${ready.sitesReady} of ${ready.sitesWanted} sites ready${
        ready.expected ? `, expected ${format.date(ready.expected)}` : ""}`)),
    table("Sites", ["Site", "State or appliance", "Copies or missing", "When"], rows));
}

function placement(placed) {
  return el("section", { class: "panel" },
    el("div", { class: "bar" }, el("h2", {}, "Why it is where it is")),
    table("Placement", ["Site", "Holders", "Why"],
      placed.sites.map((site) => [site.site, (site.holders ?? []).join(", ") || "\u2013", site.why])));
}
