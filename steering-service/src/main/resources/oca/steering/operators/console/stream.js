import { askForToken, headers } from "./api.js";

/**
 * The fleet as the service tells it each second, kept here: rows by name, and what each sent and
 * had free over the last ten minutes. Read by fetch instead of EventSource, because that cannot
 * show a token; resumes by the id of the last event all the same.
 */
const KEPT = 600;
const SILENT = 5_000;
const LONGEST_PAUSE = 10_000;

export const rows = new Map();
export const state = { link: "away", since: Date.now(), freeze: null, ready: true, last: 0, at: null };

const histories = new Map();
const listeners = new Set();
let lastId = "";
let heard = 0;
let aborted = null;

/** Calls back with the set of names that changed, all of them when it is null. */
export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Times in seconds, bits per second, headroom; oldest first. */
export function history(name) {
  return histories.get(name) ?? [[], [], []];
}

export async function start() {
  setInterval(watch, 1000);
  for (let pause = 500; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const began = Date.now();
    try {
      await read();
    } catch (fault) {
      console.debug("the stream ended:", fault);
    }
    turn("away");
    if (Date.now() - began > LONGEST_PAUSE) {
      pause = 500;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function read() {
  aborted = new AbortController();
  heard = Date.now();
  const answer = await fetch("/v1/events", {
    cache: "no-store",
    headers: headers(lastId ? { "Last-Event-ID": lastId } : {}),
    signal: aborted.signal,
  });
  if (answer.status === 401) {
    await askForToken();
    return;
  }
  if (!answer.ok) {
    throw new Error(`events: ${answer.status}`);
  }
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let parts = [];
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    // An event ends with an empty line, which may come in two pieces.
    parts.push(value);
    if (value.includes("\n\n") || (parts.length > 1 && value.startsWith("\n"))) {
      const events = parts.join("").split("\n\n");
      parts = [events.pop()];
      events.forEach(event);
    }
  }
}

function event(text) {
  const fields = {};
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) {
      const name = line.slice(0, colon);
      const value = line.slice(colon + 1).replace(/^ /, "");
      fields[name] = name in fields ? `${fields[name]}\n${value}` : value;
    }
  }
  if (!fields.data) {
    return;
  }
  heard = Date.now();
  lastId = fields.id ?? lastId;
  take(fields.event, JSON.parse(fields.data));
}

function take(kind, told) {
  const whole = kind === "fleet";
  if (whole) {
    rows.clear();
  }
  told.rows.forEach((row) => rows.set(row.appliance, row));
  (told.gone ?? []).forEach((name) => rows.delete(name));
  Object.assign(state, {
    freeze: told.freeze, ready: told.ready, last: told.last, at: told.at });
  note(Date.parse(told.at) / 1000);
  turn("live", false);
  const changed = whole ? null : new Set(told.rows.map((row) => row.appliance));
  listeners.forEach((listener) => listener(changed));
}

function note(at) {
  for (const [name, row] of rows) {
    if (row.leaseAge < 0) {
      continue;
    }
    let kept = histories.get(name);
    if (!kept) {
      histories.set(name, (kept = [[], [], []]));
    }
    if (kept[0].length && at <= kept[0][kept[0].length - 1]) {
      continue;
    }
    const heardNow = row.standing === "alive" || row.standing === "suspect";
    kept[0].push(at);
    kept[1].push(heardNow ? row.bitsPerSecond : null);
    kept[2].push(heardNow ? row.headroom * 100 : null);
    if (kept[0].length > KEPT) {
      kept.forEach((column) => column.shift());
    }
  }
}

/** A connection that says nothing for long is one that is gone. */
function watch() {
  if (state.link === "live" && Date.now() - heard > SILENT) {
    turn("away");
    aborted?.abort();
  }
}

function turn(link, tell = true) {
  if (state.link !== link) {
    state.link = link;
    state.since = Date.now();
    if (tell) {
      listeners.forEach((listener) => listener(new Set()));
    }
  }
}
