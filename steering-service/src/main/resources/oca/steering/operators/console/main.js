import * as appliance from "./appliance.js";
import * as changes from "./changes.js";
import { el, setAttribute, setText } from "./dom.js";
import * as explain from "./explain.js";
import * as fleet from "./fleet.js";
import * as format from "./format.js";
import { thaw } from "./orders.js";
import * as routes from "./routes.js";
import { listen, start, state } from "./stream.js";

/** The views by the first word of the address; each returns what takes it down. */
const VIEWS = { fleet, appliance, explain, routes, changes };
const content = document.getElementById("content");
const link = document.getElementById("link");
const banners = document.getElementById("banners");
let leave = () => {};

function turn() {
  const [, name = "", rest = ""] = location.hash.match(/^#\/([a-z]*)\/?(.*)$/) ?? [];
  const known = name in VIEWS ? name : "fleet";
  leave();
  leave = VIEWS[known].show(content, decodeURIComponent(rest));
  for (const tab of document.querySelectorAll("nav a")) {
    const here = tab.dataset.view === (known === "appliance" ? "fleet" : known);
    tab.toggleAttribute("aria-current", here);
    if (here) {
      tab.setAttribute("aria-current", "page");
    }
  }
  document.title = `${rest || known} \u2013 Steering console`;
}

const frozen = el("section", { class: "banner bad", role: "alert", hidden: true },
  el("p", {}), el("button", { type: "button", class: "danger", onclick: thaw }, "Thaw"));
const away = el("section", { class: "banner warn", role: "alert", hidden: true }, el("p", {}));
const waiting = el("section", { class: "banner warn", hidden: true },
  el("p", {}, "Too few appliances were heard since the service started; it does not call itself ready yet."));
banners.append(away, frozen, waiting);

function frame() {
  const live = state.link === "live";
  setAttribute(link, "data-state", state.link);
  setText(link, live ? "live" : state.at ? "disconnected" : "connecting");
  away.hidden = live || !state.at;
  if (!away.hidden) {
    setText(away.firstChild, `The service has not answered since ${format.time(state.since)}. What stands here was so at ${
      format.time(state.at)}; the page tries again by itself.`);
  }
  frozen.hidden = !state.freeze?.frozen;
  if (!frozen.hidden) {
    setText(frozen.firstChild, `Evictions are frozen: ${state.freeze.lost} of ${state.freeze.of} appliances fell silent at once, `
      + "which is taken for a fault on our side. They stay in answers until they are back, the freeze ends by itself, or you thaw it.");
  }
  waiting.hidden = state.ready || !live;
  content.classList.toggle("stale", !away.hidden);
}

window.addEventListener("hashchange", () => {
  turn();
  content.focus({ preventScroll: true });
  window.scrollTo(0, 0);
});
listen(frame);
frame();
turn();
start();
