import { ApiFault, post } from "./api.js";
import { el, say } from "./dom.js";

/** Orders: what each does, asked for before it is given, with a reason for the log. */
const KINDS = {
  drain: ["Drain", "It gets no new viewers from now on. Those that it serves go on."],
  undrain: ["Undrain", "It gets viewers again as soon as it is alive and does not drain by itself."],
  retire: ["Retire", "It is taken out of service for good: no viewers, and its silence is no loss."],
  restore: ["Restore", "It is in service again."],
};

/** The orders that make sense for an appliance under that order. */
export function kinds(row) {
  switch (row.order) {
    case "none": return ["drain", "retire"];
    case "drain": return ["undrain", "retire"];
    default: return ["restore"];
  }
}

export function button(kind, row) {
  return el("button", {
    type: "button",
    class: kind === "retire" ? "danger" : "",
    "aria-label": `${KINDS[kind][0]} ${row.appliance}`,
    onclick: () => order(kind, row.appliance),
  }, KINDS[kind][0]);
}

export function order(kind, name) {
  const [title, meaning] = KINDS[kind];
  return give(`${title} ${name}?`, meaning, title, kind === "retire",
    `/v1/appliances/${encodeURIComponent(name)}/${kind}`, `${name}: ${kind}`);
}

export function thaw() {
  return give("Thaw the fleet?",
    "Every appliance whose lease ran out is evicted at once. Do this when they are really gone.",
    "Thaw", true, "/v1/thaw", "the freeze is ended");
}

async function give(question, meaning, title, isDanger, path, done) {
  const reason = await confirm(question, meaning, title, isDanger);
  if (reason === null) {
    return;
  }
  try {
    const { status } = await post(path, reason ? { reason } : {});
    say(status === 202
      ? `${done}: in force, but not stored yet, because the database is away`
      : `${done}: in force`);
  } catch (fault) {
    say(fault instanceof ApiFault ? fault.message : String(fault), true);
  }
}

/** The reason, perhaps empty; null when it was called off. */
function confirm(question, meaning, title, isDanger) {
  const dialog = document.getElementById("dialog");
  const reason = el("input", {
    id: "reason", name: "reason", maxlength: "500", autocomplete: "off",
    placeholder: "for the log, optional" });
  dialog.className = "dialog";
  dialog.replaceChildren(
    el("form", { method: "dialog" },
      el("h2", { id: "dialog-title" }, question),
      el("p", {}, meaning),
      el("label", { for: "reason" }, "Reason"), reason,
      el("menu", {},
        el("button", { value: "", type: "submit", formnovalidate: true }, "Leave it"),
        el("button", { value: "yes", class: isDanger ? "primary danger" : "primary" }, title))));
  // Enter in the field means yes; the first button of the form would be meant otherwise.
  reason.addEventListener("keydown", (key) => {
    if (key.key === "Enter") {
      key.preventDefault();
      dialog.close("yes");
    }
  });
  dialog.returnValue = "";
  return new Promise((resolve) => {
    dialog.addEventListener("close",
      () => resolve(dialog.returnValue === "yes" ? reason.value.trim() : null), { once: true });
    dialog.showModal();
    reason.focus();
  });
}
