// The panels below and the clock: days, the explanation of a decision, the event log.
import { byId, bytes, count, h, hueOf, percent, setText, table } from './dom.js';

const DAYS_SHOWN = 7;
const EVENTS_SHOWN = 60;
const SLOT_MINUTES = 15;
const LONGEST_STEP = 16; // slots; more than that between two polls is a jump, not a step

const REASONS = {
  chosen: 'can serve it',
  'not held': 'does not hold the title',
  'no lease': 'no fresh heartbeat',
  draining: 'being drained',
  'no headroom': 'no headroom left',
};

const minutesOf = (clock) => {
  const [hours, minutes] = clock.split(':').map(Number);
  return hours * 60 + minutes;
};

/** The clock shades the hours in which it has seen the fill window open. */
export function createClock() {
  const windows = byId('clock-windows');
  const slots = Array.from({ length: 1440 / SLOT_MINUTES }, () => h('i'));
  windows.append(...slots);
  let last = null;
  return (state) => {
    setText(byId('clock-day'), `Day ${state.day}`);
    setText(byId('clock-time'), state.timeOfDay);
    const now = minutesOf(state.timeOfDay);
    byId('clock-now').style.left = `${(now / 1440) * 100}%`;
    const slot = Math.floor(now / SLOT_MINUTES) % slots.length;
    // a poll may step over slots: they had the state of its two ends, if both agree
    let from = last && last.open === state.fillWindowOpen ? last.slot : slot;
    if ((slot - from + slots.length) % slots.length > LONGEST_STEP) from = slot;
    for (let i = from; ; i = (i + 1) % slots.length) {
      slots[i].classList.toggle('open', state.fillWindowOpen);
      if (i === slot) break;
    }
    last = { slot, open: state.fillWindowOpen };
    const pill = byId('clock-window');
    pill.classList.toggle('open', state.fillWindowOpen);
    setText(pill, state.fillWindowOpen ? 'Fill window open' : 'Fill window closed');
    byId('clock-track').setAttribute(
      'aria-label',
      `Day ${state.day}, ${state.timeOfDay}; a day lasts ${state.dayLengthSeconds} seconds`,
    );
  };
}

function share(day) {
  const parts = [
    ['nearest', day.nearestBytes, 'nearest site'],
    ['other', day.otherSiteBytes, 'other site'],
    ['from-origin', day.originBytes, 'origin'],
  ];
  const sum = parts.reduce((total, [, value]) => total + value, 0);
  const words = parts
    .map(([, value, name]) => `${name} ${percent(sum ? value / sum : 0)} (${bytes(value)})`)
    .join('\n');
  const bar = h(
    'div',
    { className: 'share', role: 'img', 'aria-label': words.replaceAll('\n', ', ') },
    ...parts
      .filter(([, value]) => value > 0)
      .map(([name, value]) => {
        const piece = h('i', { className: name });
        piece.style.flexGrow = value / sum;
        return piece;
      }),
  );
  bar.dataset.tip = `Day ${day.day}\n${words}`;
  return bar;
}

export function createDays() {
  let shown = '';
  return ({ days }) => {
    const key = JSON.stringify(days);
    if (key === shown) return;
    shown = key;
    const compared = days.reduce((sum, day) => sum + day.responsesCompared, 0);
    const wrong = days.reduce((sum, day) => sum + day.wrongBytes, 0);
    const verdict = byId('verdict');
    verdict.className = wrong > 0 ? 'verdict bad' : 'verdict good';
    verdict.replaceChildren(
      h('strong', {}, count(wrong)),
      h('span', {}, 'wrong bytes'),
      h('small', {}, `in ${count(compared)} responses compared with the source`),
    );
    if (days.length === 0) {
      byId('days').replaceChildren(
        h('p', { className: 'muted' }, 'The first day is still running.'),
      );
      return;
    }
    const rows = days
      .slice(-DAYS_SHOWN)
      .reverse()
      .map((day) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, `Day ${day.day}`),
          h('td', { className: 'wide' }, share(day)),
          h('td', { className: 'strong' }, percent(day.offload, 1)),
          h('td', {}, bytes(day.fillBytes)),
          h('td', {}, count(day.responsesCompared)),
          h('td', { className: day.wrongBytes > 0 ? 'bad' : 'good' }, count(day.wrongBytes)),
        ),
      );
    byId('days').replaceChildren(
      table(
        'Finished days',
        ['Day', 'Served from', 'Offload', 'Filled', 'Compared', 'Wrong'],
        rows,
      ),
    );
  };
}

/** Shows one answer of /api/explain. */
export function showExplanation(explanation, titleName) {
  setText(
    byId('explain-client'),
    `${titleName} · client ${explanation.network.replace('->', '→')}`,
  );
  const rows = explanation.candidates.map((candidate) => {
    const chosen = candidate.reason === 'chosen';
    return h(
      'tr',
      { className: chosen ? 'chosen' : 'passed' },
      h('td', { className: 'rank' }, chosen ? String(candidate.rank) : '–'),
      h(
        'th',
        { scope: 'row', className: hueOf(candidate.appliance) },
        h('i', { className: 'swatch' }),
        candidate.appliance,
      ),
      h('td', {}, candidate.site),
      h('td', {}, `${Math.round(candidate.distanceKm)} km`),
      h(
        'td',
        {},
        h(
          'span',
          { className: chosen ? 'reason good' : 'reason' },
          REASONS[candidate.reason] ?? candidate.reason,
        ),
      ),
    );
  });
  const fresh = table(
    'Candidates in order',
    ['Rank', 'Appliance', 'Site', 'Distance', 'Reason'],
    rows,
  );
  const old = byId('explain').firstElementChild;
  if (!old || !old.isEqualNode(fresh)) byId('explain').replaceChildren(fresh);
}

export function explanationFailed(text) {
  byId('explain').replaceChildren(h('p', { className: 'muted' }, text));
}

/** Merges what the demo process reports with what the player did; newest first, each shown once. */
export function createEvents() {
  const list = byId('events');
  let seen = [];
  let clock = { day: 0, timeOfDay: '--:--' };
  const add = (day, at, text, className) => {
    list.prepend(h('li', { className }, h('time', {}, `d${day} ${at}`), h('span', {}, text)));
    while (list.children.length > EVENTS_SHOWN) list.lastElementChild.remove();
  };
  return {
    update(state) {
      clock = state;
      const keys = state.events.map((event) => `${event.day} ${event.at} ${event.text}`);
      // the log is a sliding window: what follows the longest known suffix of `seen` is new
      let known = Math.min(seen.length, keys.length);
      while (known > 0 && !seen.slice(-known).every((key, i) => key === keys[i])) known--;
      for (const event of state.events.slice(known))
        add(event.day, event.at, event.text, 'from-fleet');
      seen = keys;
    },
    player: (text) => add(clock.day, clock.timeOfDay, text, 'from-player'),
  };
}
