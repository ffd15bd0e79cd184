import * as calendar from "./calendar.js";
import { el, setAttribute, setText } from "./dom.js";
import * as format from "./format.js";
import * as jobs from "./jobs.js";
import * as misses from "./misses.js";
import * as now from "./now.js";
import { listen, start, state } from "./status.js";
import * as titles from "./titles.js";
import * as tonight from "./tonight.js";

/** The views by the first word of the address; each returns what takes it down. */
const VIEWS = { now, tonight, calendar, jobs, titles, misses };
const content = document.getElementById("content");
const link = document.getElementById("link");
let leave = () => {};

function turn() {
  const [, name = "", rest = ""] = location.hash.match(/^#\/([a-z]*)\/?(.*)$/) ?? [];
  const known = name in VIEWS ? name : "now";
  leave();
  leave = VIEWS[known].show(content, decodeURIComponent(rest));
  for (const tab of document.querySelectorAll("nav a")) {
    if (tab.dataset.view === known) {
      tab.setAttribute("aria-current", "page");
    } else {
      tab.removeAttribute("aria-current");
    }
  }
  document.title = `${(known === "titles" && rest) || known} \u2013 Fill console`;
}

const away = el("section", { class: "banner warn", role: "alert", hidden: true }, el("p", {}));
const trouble = el("section", { class: "banner bad", role: "alert", hidden: true }, el("p", {}));
document.getElementById("banners").append(away, trouble);

function frame() {
  const live = state.link === "live";
  setAttribute(link, "data-state", state.link);
  setText(link, live ? "live" : state.at ? "disconnected" : "connecting");
  away.hidden = live || !state.at;
  if (!away.hidden) {
    setText(away.firstChild, `The controller has not answered since ${format.time(state.since)}. What stands here was so at ${
      format.time(state.at)}; the page tries again by itself.`);
  }
  const { plan, catalog } = state.status ?? {};
  const words = [
    plan?.problem && `No plan could be made: ${plan.problem}`,
    catalog?.problem && `The catalogue of version ${catalog.version} stays in force: ${catalog.problem}`,
  ].filter(Boolean);
  trouble.hidden = words.length === 0;
  setText(trouble.firstChild, words.join(". "));
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
