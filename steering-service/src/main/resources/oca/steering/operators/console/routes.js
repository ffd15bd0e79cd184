import { get } from "./api.js";
import { el, table } from "./dom.js";
import * as format from "./format.js";

/** What is known of an address or prefix, who leads there, and where routers of a site differ. */
const asked = { what: "" };

export function show(place) {
  const what = el("input", { id: "route", value: asked.what, required: true, autocomplete: "off",
    spellcheck: "false", placeholder: "192.0.2.7, 192.0.2.0/24 or 2001:db8::/32" });
  const result = el("div", { "aria-live": "polite" });
  place.replaceChildren(
    el("section", { class: "panel" },
      el("div", { class: "bar" }, el("h2", {}, "Which routes lead where?")),
      el("form", { class: "ask", onsubmit: (event) => { event.preventDefault(); ask(); } },
        el("div", { class: "field wide" }, el("label", { for: "route" }, "Address or prefix"), what),
        el("button", { class: "primary" }, "Look up"))),
    result);

  async function ask() {
    asked.what = what.value.trim();
    const isPrefix = asked.what.includes("/");
    try {
      const told = await get("/v1/routes", { [isPrefix ? "prefix" : "address"]: asked.what });
      const check = isPrefix ? await get("/v1/routes/check", { prefix: asked.what }) : null;
      result.replaceChildren(...answer(told), ...(check ? checked(check) : []));
    } catch (fault) {
      result.replaceChildren(el("section", { class: "panel" }, el("p", { class: "fault pad" },
        fault.status === 404
          ? "This service does not show its routes: it has no /v1/routes for operators."
          : fault.message)));
    }
  }

  if (asked.what) {
    ask();
  }
  return () => {};
}

function panel(title, ...content) {
  return el("section", { class: "panel" }, el("div", { class: "bar" }, el("h2", {}, title)), ...content);
}

function nothing(text) {
  return el("p", { class: "muted pad" }, text);
}

function answer(told) {
  const found = told.match !== "none";
  return [
    panel(found ? `${told.asked} is in ${told.match}` : `${told.asked} is in no network`,
      found
        ? table("Sites that lead there",
          ["Tier", "Site", ["AS path", "number"], ["MED", "number"], ["Origin AS", "number"], "Learnt from"],
          told.sites.map((one) => [`${one.tier}`, one.site, `${one.asPathLength}`, `${one.med}`,
            one.originAs ? `${one.originAs}` : "\u2013", one.view]))
        : nothing("Its viewers are sent to the origin.")),
    panel("What each view says of it",
      told.paths.length
        ? table("Paths",
          ["Prefix", "View", "Site", ["AS path", "number"], ["MED", "number"], "Standing", "Which means"],
          told.paths.map((one) => [one.prefix, one.stale ? `${one.view}, stale` : one.view, one.site,
            `${one.asPathLength}`, `${one.med}`, one.standing, one.sentence]))
        : nothing("No view has a path to it.")),
    told.inside?.length
      ? panel("Prefixes inside", table("Prefixes inside", ["Prefix", "Sites, best first"],
        told.inside.map((one) => [one.prefix, sites(one)])))
      : null,
    told.more ? nothing("There is more than is shown.") : null,
  ].filter(Boolean);
}

const sites = (covering) => covering.sites.map((one) => `${one.site} (tier ${one.tier})`).join(", ");

function checked(check) {
  const share = check.share > 0 && check.share < 1 ? `, ${format.percent(check.share)} of it` : "";
  const covered = { whole: "is covered whole", partly: `is covered in part${share}`, not: "is not covered" };
  return [
    panel(`Check: ${check.prefix} ${covered[check.covered] ?? check.covered}`,
      check.by.length
        ? table("Covered by", ["Prefix", "Sites, best first"], check.by.map((one) => [one.prefix, sites(one)]))
        : nothing("By nothing.")),
    panel("Where routers of one site differ",
      check.differences.length
        ? table("Differences", ["Prefix", "Site", "Source", "Who says what", "Who is silent"],
          check.differences.map((one) => [one.prefix, one.site, one.source,
            one.told.map((say) => `${say.speaker}: AS path ${say.asPathLength}, MED ${say.med}`).join("; "),
            one.silent.join(", ") || "\u2013"]))
        : nothing("They all say the same.")),
  ];
}
