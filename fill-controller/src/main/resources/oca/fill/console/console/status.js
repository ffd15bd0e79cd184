/** The status as the controller tells it when it changes; the browser comes back by itself. */
export const state = { link: "away", since: Date.now(), at: null, status: null };

const listeners = new Set();

/** Calls back when the status or the link changed, and at once when there is a status. */
export function listen(listener) {
  listeners.add(listener);
  if (state.status) {
    listener();
  }
  return () => listeners.delete(listener);
}

export function start() {
  const events = new EventSource("/v1/events");
  events.addEventListener("status", (event) => {
    state.status = JSON.parse(event.data);
    state.at = Date.now();
    turn("live");
  });
  events.onerror = () => turn("away");
  events.onopen = () => turn(state.status ? "live" : "away");
}

function turn(link) {
  if (state.link !== link) {
    state.link = link;
    state.since = Date.now();
  }
  listeners.forEach((listener) => listener());
}
