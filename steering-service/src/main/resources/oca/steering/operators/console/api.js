import { el } from "./dom.js";

/** The API beside this page. A token, where one is asked for, lives as long as the tab. */
const KEY = "oca-operators-token";

export class ApiFault extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

let asking = null;

export function headers(more = {}) {
  const token = sessionStorage.getItem(KEY);
  return token ? { ...more, Authorization: `Bearer ${token}` } : more;
}

/** Asks for the token in a dialog, once for all who wait. */
export function askForToken() {
  asking ??= new Promise((resolve) => {
    const dialog = el("dialog", { class: "dialog", "aria-labelledby": "token-title" });
    const input = el("input", {
      type: "password", id: "token", autocomplete: "off", required: true, minlength: "16" });
    const form = el("form", { method: "dialog" },
      el("h2", { id: "token-title" }, "Token of the operators"),
      el("label", { for: "token" }, "The first line of operators.tokenFile"), input,
      el("menu", {}, el("button", { class: "primary" }, "Let me in")));
    dialog.append(form);
    dialog.addEventListener("close", () => {
      sessionStorage.setItem(KEY, input.value.trim());
      dialog.remove();
      asking = null;
      resolve();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
  return asking;
}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", ...options, headers: headers(options.headers) });
  } catch {
    throw new ApiFault(0, "the service does not answer");
  }
  if (answer.status === 401) {
    await askForToken();
    return ask(path, options);
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    throw new ApiFault(answer.status, body.detail ?? `the service answered ${answer.status}`);
  }
  return { status: answer.status, body };
}

export async function get(path, query = {}) {
  const asked = new URLSearchParams(query).toString();
  return (await ask(asked ? `${path}?${asked}` : path, {})).body;
}

export function post(path, message) {
  return ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(message),
  });
}
