// The demo page: polls the demo process once a second, plays a title with a real player, and shows
// both. Browser tests read `window.ocaDemo`.
import { byId, h, setText } from './dom.js';
import { createFleet } from './fleet.js';
import {
  createClock,
  createDays,
  createEvents,
  explanationFailed,
  showExplanation,
} from './panels.js';
import { PLAYERS } from './players.js';
import { createRibbon, installTips } from './ribbon.js';
import { createVitals } from './vitals.js';

const POLL_MS = 1000;
const POLL_LIMIT_MS = 4000;
const EXPLAIN_EVERY_POLLS = 3;
const RESTART_MS = 1000;
const SEGMENTS_KEPT = 2000;
const TITLE_SECONDS = 60; // until the player knows better

const video = byId('video');
const ribbon = createRibbon();
const clock = createClock();
const days = createDays();
const events = createEvents();
const fleet = createFleet(act);
const vitals = createVitals(video);

let state = null;
let player = null;
let title = null;
let hosts = new Map();
let segments = [];
let fetchingFrom = null;
let playingFrom = null;
let polls = 0;
let restart = 0;
let leaving = Promise.resolve(); // of players that are still letting go of the video element
let turn = 0;

const asked = new URLSearchParams(location.search);
let playerId = PLAYERS.some((p) => p.id === asked.get('player'))
  ? asked.get('player')
  : PLAYERS[0].id;
let titleId = asked.get('title');

window.ocaDemo = {
  get stalls() {
    return vitals.stalls;
  },
  get segments() {
    return segments;
  },
  get player() {
    return player?.name ?? null;
  },
  get title() {
    return title?.id ?? null;
  },
  get currentTime() {
    return video.currentTime;
  },
  get playingFrom() {
    return playingFrom;
  },
  get fetchingFrom() {
    return fetchingFrom;
  },
  get bufferSeconds() {
    return vitals.bufferSeconds();
  },
  get rung() {
    return player?.rung() ?? null;
  },
  get state() {
    return state;
  },
};

// ---- playing -----------------------------------------------------------------------------------

const titleSeconds = () =>
  Number.isFinite(video.duration) && video.duration > 0 ? video.duration : TITLE_SECONDS;

const sourceOf = (hostname) => hosts.get(hostname) ?? hostname;

function onSegment(fetched) {
  const { hostname, pathname } = new URL(fetched.url);
  const source = sourceOf(hostname);
  const segment = { ...fetched, source, file: pathname.split('/').slice(-2).join('/') };
  segments.push(segment);
  if (segments.length > SEGMENTS_KEPT) segments.shift();
  if (fetchingFrom && fetchingFrom !== source)
    events.player(`player moved from ${fetchingFrom} to ${source}`);
  fetchingFrom = source;
  ribbon.add(segment, titleSeconds());
}

async function play() {
  clearTimeout(restart);
  const mine = ++turn;
  const last = player;
  player = null;
  leaving = leaving.then(() => last?.destroy()).catch((problem) => events.player(`${problem}`));
  await leaving;
  if (mine !== turn) return; // another choice was made meanwhile
  title = state.titles.find((t) => t.id === titleId) ?? state.titles[0];
  if (!title) return;
  titleId = title.id;
  segments = [];
  fetchingFrom = null;
  ribbon.clear();
  vitals.reset();
  const on = {
    segment: onSegment,
    trouble: (what, url) =>
      events.player(
        url ? `player: ${what} at ${sourceOf(new URL(url).hostname)}` : `player: ${what}`,
      ),
    fatal(text) {
      events.player(`player gave up (${text}) and starts again`);
      clearTimeout(restart);
      restart = setTimeout(play, RESTART_MS);
    },
  };
  player = PLAYERS.find((p) => p.id === playerId).start(video, title, on);
  const query = new URLSearchParams({ title: titleId, player: playerId });
  history.replaceState(null, '', `?${query}`);
  explain();
}

function picker(root, name, choices, chosen, pick) {
  const legend = root.querySelector('legend');
  root.replaceChildren(
    legend,
    ...choices.map(({ id, label, note }) => {
      const input = h('input', { type: 'radio', name, value: id, checked: id === chosen() });
      input.addEventListener('change', () => pick(id));
      return h('label', {}, input, h('span', {}, label, note ? h('small', {}, note) : null));
    }),
  );
}

function showPickers() {
  picker(
    byId('titles'),
    'title',
    state.titles.map((t) => ({ id: t.id, label: t.name })),
    () => titleId,
    (id) => {
      titleId = id;
      play();
    },
  );
  picker(
    byId('players'),
    'player',
    PLAYERS.map((p) => ({ id: p.id, label: p.name, note: p.form })),
    () => playerId,
    (id) => {
      playerId = id;
      play();
    },
  );
}

function tick() {
  playingFrom = ribbon.at(
    video.currentTime,
    video.currentTime + vitals.bufferSeconds(),
    titleSeconds(),
  );
  vitals.show({
    rung: player?.rung() ?? '–',
    playingFrom: playingFrom ?? '–',
    fetchingFrom: fetchingFrom ?? '–',
    segments: segments.length,
  });
  requestAnimationFrame(tick);
}

// ---- the demo process --------------------------------------------------------------------------

async function poll() {
  try {
    const answer = await fetch('/api/state', {
      cache: 'no-store',
      signal: AbortSignal.timeout(POLL_LIMIT_MS),
    });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    const first = state === null;
    state = await answer.json();
    byId('notice').hidden = true;
    document.body.classList.remove('stale');
    byId('console').href = state.console;
    byId('console').hidden = false;
    hosts = new Map(state.appliances.map((a) => [a.host, a.id]));
    hosts.set(state.origin.host, 'origin');
    clock(state);
    fleet.update(state, performance.now() / 1000, fetchingFrom);
    days(state);
    events.update(state);
    if (first) {
      play();
      showPickers();
    } else if (polls % EXPLAIN_EVERY_POLLS === 0) {
      explain();
    }
    polls++;
  } catch (problem) {
    // shown, and tried again in a second: the demo process may be starting or gone
    const notice = byId('notice');
    const why = problem.name === 'TimeoutError' ? 'it did not answer in time' : problem.message;
    setText(
      notice,
      `The demo process cannot be reached (${why}). Is “oca demo” still running? Trying again every second.`,
    );
    notice.hidden = false;
    document.body.classList.add('stale');
  }
  setTimeout(poll, POLL_MS);
}

async function explain() {
  if (!title) return;
  try {
    const answer = await fetch(`/api/explain?title=${encodeURIComponent(title.id)}`, {
      cache: 'no-store',
      signal: AbortSignal.timeout(POLL_LIMIT_MS),
    });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    showExplanation(await answer.json(), title.name);
  } catch (problem) {
    explanationFailed(`No explanation just now: ${problem.message}`);
  }
}

/** Asks for drain, kill or restore; answers null, or what went wrong in words. */
async function act(id, action) {
  try {
    const answer = await fetch(`/api/appliances/${encodeURIComponent(id)}/${action}`, {
      method: 'POST',
      signal: AbortSignal.timeout(30_000),
    });
    if (answer.ok) return null;
    const problem = await answer.json().catch(() => ({})); // an answer without a body still has a status
    return problem.detail ?? `${action} failed with status ${answer.status}`;
  } catch (problem) {
    return `${action} did not get through: ${problem.message}`;
  } finally {
    explain();
  }
}

// ---- light and dark ----------------------------------------------------------------------------

function installTheme() {
  const themes = ['auto', 'light', 'dark'];
  const button = byId('theme');
  let theme = localStorage.getItem('theme') ?? 'auto';
  const apply = () => {
    document.documentElement.dataset.theme = theme;
    setText(button, `Theme: ${theme}`);
  };
  button.addEventListener('click', () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    localStorage.setItem('theme', theme);
    apply();
  });
  apply();
}

installTheme();
installTips();
requestAnimationFrame(tick);
poll();
