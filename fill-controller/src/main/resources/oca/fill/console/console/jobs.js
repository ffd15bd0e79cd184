import { get, post } from "./api.js";
import { badge, el, say, setText, table } from "./dom.js";
import * as format from "./format.js";
import { listen, state } from "./status.js";

/** Fill jobs: what waits, runs and ended, and what a person may do about one. */
const STATES = ["", "queued", "granted", "done", "failed", "cancelled"];
/** Above what any plan gives a file: granted before all others of its appliance that are not due. */
const FIRST = 1e9;

export function show(place, appliance) {
  const view = { state: "", appliance, cursor: "", deeper: false, jobs: [] };
  const states = el("select", { id: "state", onchange: () => { view.state = states.value; again(); } },
    ...STATES.map((one) => el("option", { value: one }, one || "all")));
  const named = el("input", { type: "search", id: "appliance", value: appliance, placeholder: "all appliances",
    onchange: () => { view.appliance = named.value.trim(); again(); } });
  const list = el("div", {});
  const shown = el("p", { class: "muted", role: "status" });
  const more = el("button", { type: "button", hidden: true, onclick: () => { view.deeper = true; load(); } }, "Show more");
  place.replaceChildren(el("section", { class: "panel" },
    el("div", { class: "bar" }, el("h2", {}, "Jobs")),
    el("div", { class: "ask" },
      el("div", { class: "field" }, el("label", { for: "state" }, "State"), states),
      el("div", { class: "field wide" }, el("label", { for: "appliance" }, "Appliance"), named),
      el("button", { type: "button", onclick: () => again() }, "Look again")),
    list, el("div", { class: "bar foot" }, shown, more)));
  let gone = false;
  let asked = 0;

  function again() {
    view.cursor = "";
    view.deeper = false;
    load(true);
  }

  async function load(anew = false) {
    const mine = ++asked;
    const query = Object.fromEntries(
      [["state", view.state], ["appliance", view.appliance], ["cursor", view.cursor]].filter(([, value]) => value));
    try {
      const page = await get("/v1/jobs", query);
      if (!gone && mine === asked) {
        view.jobs = anew ? page.jobs : [...view.jobs, ...page.jobs];
        view.cursor = page.next ?? "";
        draw();
      }
    } catch (fault) {
      say(`Jobs cannot be had: ${fault.message}`, true);
    }
  }

  function draw() {
    list.replaceChildren(table("Jobs",
      [["Job", "number"], "Appliance", "File", ["There", "number"], "State", ["Try", "number"], "Changed", "Orders", "Why"],
      view.jobs.map((job) => [
        String(job.job), job.appliance, job.path, `${format.bytes(job.bytes)} of ${format.bytes(job.length)}`,
        badge(job.paused && job.state === "queued" ? "paused" : job.state), String(job.attempt),
        `${format.seconds(Math.round(job.ageMillis / 1000))} ago`, actions(job), job.why])));
    setText(shown, view.jobs.length ? `${format.plural(view.jobs.length, "job")}${view.cursor ? ", and more" : ""}` : "No job is like that.");
    more.hidden = !view.cursor;
  }

  function actions(job) {
    const open = job.state === "queued" || job.state === "granted";
    const waits = job.state === "queued" && !job.paused && job.value < FIRST;
    const kinds = open ? [...(waits ? ["first"] : []), job.paused ? "resume" : "pause", "cancel"] : [];
    return el("span", { class: "actions" }, ...kinds.map((kind) => el("button", {
      type: "button", class: kind === "cancel" ? "small danger" : "small", "aria-label": `${kind} job ${job.job}`,
      onclick: async () => {
        try {
          await (kind === "first" ? post(`/v1/jobs/${job.job}/reprioritise`, { value: FIRST }) : post(`/v1/jobs/${job.job}/${kind}`));
          say(`Job ${job.job}: ${kind}`);
          again();
        } catch (fault) {
          say(fault.message, true);
        }
      } }, kind)));
  }

  /** Not under somebody's hand, and not once more was asked for than the first page. */
  let seen = "";
  const silent = listen(() => {
    if (!state.status) {
      return;
    }
    const { plans, jobs } = state.status;
    const now = `${plans.applied} ${jobs.queued} ${jobs.granted}`;
    if (now !== seen && !view.deeper && !list.matches(":hover, :focus-within")) {
      seen = now;
      again();
    }
  });
  if (!seen) {
    again();
  }
  return () => {
    gone = true;
    silent();
  };
}
