import { get } from "./api.js";
import { el, table } from "./dom.js";
import * as format from "./format.js";

/** Why a client is sent where: the same decision as the answer, with everybody passed over. */
const MOST = 200;
const asked = { client: "", kind: "title", what: "" };

export function show(place) {
  const client = el("input", { id: "client", name: "client", value: asked.client, autocomplete: "off",
    spellcheck: "false", placeholder: "192.0.2.7 or 2001:db8::7" });
  const kind = el("select", { id: "kind", name: "kind" },
    el("option", { value: "title", selected: asked.kind === "title" }, "title"),
    el("option", { value: "path", selected: asked.kind === "path" }, "path of a file"));
  const what = el("input", { id: "what", name: "what", value: asked.what, required: true, autocomplete: "off",
    spellcheck: "false", placeholder: "as in the catalogue" });
  const result = el("div", { "aria-live": "polite" });

  place.replaceChildren(
    el("section", { class: "panel" },
      el("div", { class: "bar" }, el("h2", {}, "Why is a client sent where?")),
      el("form", { class: "ask", onsubmit: (event) => { event.preventDefault(); ask(); } },
        field("Client", "client", client), field("Wants", "kind", kind), field("Named", "what", what),
        el("button", { class: "primary" }, "Explain"))),
    result);

  async function ask() {
    Object.assign(asked, { client: client.value.trim(), kind: kind.value, what: what.value.trim() });
    try {
      const query = { [asked.kind]: asked.what };
      if (asked.client) {
        query.client = asked.client;
      }
      result.replaceChildren(...ladder(await get("/v1/explain", query)));
    } catch (fault) {
      result.replaceChildren(el("section", { class: "panel" }, el("p", { class: "fault pad" }, fault.message)));
    }
  }

  if (asked.what) {
    ask();
  }
  return () => {};
}

function field(label, id, input) {
  return el("div", { class: "field" }, el("label", { for: id }, label), input);
}

function ladder(told) {
  const chosen = told.candidates.filter((one) => one.rank > 0);
  const over = told.candidates.filter((one) => one.rank === 0);
  return [
    el("section", { class: "panel" },
      el("div", { class: "bar" }, el("h2", {}, "Answer")),
      el("p", { class: "pad" },
        "For ", el("strong", {}, told.client), ", network ", el("strong", {}, told.network), ", ",
        format.plural(told.files, "file"), " to be held."),
      el("ol", { class: "ladder" },
        ...chosen.map((one) => el("li", {},
          el("span", { class: "rank" }, String(one.rank)),
          el("div", {},
            el("a", { href: `#/appliance/${one.appliance}` }, one.appliance),
            el("p", { class: "muted" }, details(one))))),
        el("li", { class: "origin" }, el("span", { class: "rank" }, String(chosen.length + 1)),
          el("div", {}, el("span", {}, "origin"),
            el("p", { class: "muted" }, `${told.origin}, always offered last`))))),
    over.length ? passedOver(over) : null,
  ].filter(Boolean);
}

/** What is told besides name and reason; older and newer services tell less and more. */
function details(one) {
  return [
    one.site, one.endpoint, distance(one),
    `headroom ${format.percent(one.headroom)}`,
    one.standing && one.standing !== "alive" ? one.standing : null,
    "share" in one && one.share < 1 ? `share ${format.percent(one.share)}` : null,
    "warmth" in one && one.warmth < 1 ? `warming ${format.percent(one.warmth)}` : null,
    one.current ? "in use now" : null,
    `heard ${format.count(one.leaseAgeMillis)} ms ago`,
  ].filter(Boolean).join(" \u00b7 ");
}

const distance = (one) => (one.distanceKm < 0 ? "" : `${format.count(one.distanceKm)} km`);

function passedOver(over) {
  const reasons = new Map();
  over.forEach((one) => reasons.set(one.reason, (reasons.get(one.reason) ?? 0) + 1));
  const place = el("div", {});
  let only = "";
  const chips = [...reasons].map(([reason, times]) =>
    el("button", { type: "button", class: "chip", "aria-pressed": "false",
      onclick: () => { only = only === reason ? "" : reason; draw(); } }, `${reason} ${format.count(times)}`));

  function draw() {
    const wanted = over.filter((one) => !only || one.reason === only);
    chips.forEach((chip, i) => chip.setAttribute("aria-pressed", String([...reasons.keys()][i] === only)));
    place.replaceChildren(
      table("Passed over",
        ["Appliance", "Site", "Reason", "Which means", ["Distance", "number"], ["Headroom", "number"],
          ["Heard", "number"]],
        wanted.slice(0, MOST).map((one) => [
          el("a", { href: `#/appliance/${one.appliance}` }, one.appliance), one.site, one.reason,
          one.fault ? `${one.sentence}: ${one.fault}` : one.sentence, distance(one),
          format.percent(one.headroom), `${format.count(one.leaseAgeMillis)} ms ago`])),
      wanted.length > MOST
        ? el("p", { class: "muted pad" }, `The first ${MOST} of ${format.count(wanted.length)}; choose a reason.`)
        : "");
  }

  draw();
  return el("section", { class: "panel" },
    el("div", { class: "bar" }, el("h2", {}, "Passed over"),
      el("div", { class: "chips", role: "group", "aria-label": "Only those with the reason" }, ...chips)),
    place);
}
