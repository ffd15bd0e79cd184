// The fleet: a card per appliance, grouped by site, and the origin. Rates are derived here, from
// the totals of successive polls.
import { byId, bytes, count, h, hueOf, percent, rate, setText } from './dom.js';

const SMOOTH = 0.5; // weight of the newest sample
const QUIET = 6000; // bytes per second: below it a decaying average is shown as nothing
const SPARK_SAMPLES = 40;
const STATES = {
  serving: '● serving',
  draining: '◐ draining',
  starting: '◌ starting',
  down: '✕ down',
};
const ACTIONS = [
  { name: 'drain', label: 'Drain', when: ['serving'], doing: 'Draining…' },
  { name: 'kill', label: 'Kill', when: ['serving', 'draining', 'starting'], doing: 'Killing…' },
  { name: 'restore', label: 'Restore', when: ['down', 'draining'], doing: 'Restoring…' },
];

/** Follows a growing total; `rate` is in bytes per second, and a total that fell is a restart. */
function createRate() {
  let last = null;
  let value = 0;
  return {
    next(total, seconds) {
      if (last && seconds > last.seconds) {
        const sample = Math.max(0, total - last.total) / (seconds - last.seconds);
        value += SMOOTH * (sample - value);
        if (value < QUIET) value = 0;
      }
      last = { total, seconds };
      return value;
    },
  };
}

function createSpark() {
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'polyline');
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', `0 0 ${SPARK_SAMPLES - 1} 20`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  svg.classList.add('spark');
  svg.append(line);
  const samples = [];
  return {
    svg,
    add(value) {
      samples.push(value);
      if (samples.length > SPARK_SAMPLES) samples.shift();
      const top = Math.max(...samples, 1);
      const from = SPARK_SAMPLES - samples.length;
      line.setAttribute(
        'points',
        samples.map((v, i) => `${from + i},${(18.5 - (v / top) * 17).toFixed(1)}`).join(' '),
      );
    },
  };
}

function figure(label) {
  const value = h('dd', {}, '–');
  return { element: h('div', {}, h('dt', {}, label), value), set: (text) => setText(value, text) };
}

function createCard(id, act) {
  const state = h('span', { className: 'state' });
  const transport = h('span', {
    className: 'chip',
    title: 'how it moves bytes from disk to socket',
  });
  const serving = h('strong', {}, '0 Mb/s');
  const filling = h('span', {}, '');
  const spark = createSpark();
  const disk = h('i');
  const diskText = h('span', { className: 'muted' });
  const bar = h('div', { className: 'bar', role: 'img' }, disk);
  const [files, connections, requests, queue] = ['files', 'conns', 'requests', 'fill queue'].map(
    figure,
  );
  const titles = h('ul', { className: 'held', 'aria-label': `Titles on ${id}` });
  const said = h('p', { className: 'said', role: 'status' });
  const buttons = ACTIONS.map((action) => ({
    action,
    element: h(
      'button',
      { type: 'button', className: action.name, 'aria-label': `${action.label} ${id}` },
      action.label,
    ),
  }));
  const serveRate = createRate();
  const fillRate = createRate();
  let busy = false;
  let now = null;

  const enable = () => {
    for (const { action, element } of buttons)
      element.disabled = busy || !action.when.includes(now);
  };
  for (const { action, element } of buttons) {
    element.addEventListener('click', async () => {
      busy = true;
      said.className = 'said';
      setText(said, action.doing);
      enable();
      const problem = await act(id, action.name);
      busy = false;
      said.className = problem ? 'said bad' : 'said';
      setText(said, problem ?? '');
      enable();
    });
  }

  const element = h(
    'article',
    { className: `card ${hueOf(id)}`, 'aria-label': `Appliance ${id}` },
    h('header', {}, h('i', { className: 'swatch' }), h('h3', {}, id), transport, state),
    h('div', { className: 'flow' }, h('div', {}, serving, filling), spark.svg),
    h('div', { className: 'disk' }, bar, diskText),
    h('dl', {}, files.element, connections.element, requests.element, queue.element),
    titles,
    h('footer', {}, ...buttons.map((b) => b.element), said),
  );

  return {
    element,
    update(appliance, allTitles, seconds, playingFrom) {
      now = appliance.state;
      element.dataset.state = now;
      element.classList.toggle('playing', playingFrom === id);
      setText(state, STATES[now] ?? now);
      setText(transport, appliance.transport);
      const served = serveRate.next(appliance.servedBytes, seconds);
      setText(serving, rate(served));
      spark.add(served);
      const filled = fillRate.next(appliance.fillBytes, seconds);
      setText(
        filling,
        filled > 0 ? `filling ${rate(filled)}` : `filled ${bytes(appliance.fillBytes)} so far`,
      );
      filling.className = filled > 0 ? 'filling' : 'muted';
      const used = appliance.capacityBytes > 0 ? appliance.usedBytes / appliance.capacityBytes : 0;
      disk.style.width = percent(Math.min(1, used), 1).replace(' ', '');
      bar.setAttribute('aria-label', `Disk ${percent(used)} full`);
      setText(diskText, `${bytes(appliance.usedBytes)} of ${bytes(appliance.capacityBytes)}`);
      files.set(count(appliance.holdsFiles));
      connections.set(count(appliance.connections));
      requests.set(count(appliance.requests));
      queue.set(count(appliance.fillQueue));
      const held = new Set(appliance.titles);
      const key = allTitles.map((t) => `${t.id}${held.has(t.id)}`).join();
      if (titles.dataset.key !== key) {
        titles.dataset.key = key;
        titles.replaceChildren(
          ...allTitles.map((t) =>
            h(
              'li',
              { className: held.has(t.id) ? 'has' : 'lacks' },
              t.name,
              h('span', { className: 'visually-hidden' }, held.has(t.id) ? ' held' : ' not held'),
            ),
          ),
        );
      }
      enable();
    },
  };
}

export function createFleet(act) {
  const root = byId('fleet');
  const cards = new Map();
  const sites = new Map();
  const originRate = createRate();
  const originSpark = createSpark();
  const originNow = h('strong', {}, '0 Mb/s');
  const originTotal = h('span', { className: 'muted' });
  const originCard = h(
    'article',
    { className: 'card origin-card hue-origin', 'aria-label': 'Origin' },
    h(
      'header',
      {},
      h('i', { className: 'swatch' }),
      h('h3', {}, 'origin'),
      h('span', { className: 'muted' }, 'outside the network'),
    ),
    h('div', { className: 'flow' }, h('div', {}, originNow, originTotal), originSpark.svg),
  );
  const originSection = h('section', { className: 'site' }, originCard);

  return {
    update(state, seconds, playingFrom) {
      for (const site of state.sites) {
        if (sites.has(site.id)) continue;
        const grid = h('div', { className: 'cards' });
        const summary = h('span', { className: 'muted' });
        sites.set(site.id, { grid, summary });
        root.append(
          h('section', { className: 'site' }, h('h2', {}, h('span', {}, site.name), summary), grid),
        );
      }
      root.append(...(originSection.isConnected ? [] : [originSection]));
      for (const appliance of state.appliances) {
        if (!cards.has(appliance.id)) {
          const card = createCard(appliance.id, act);
          cards.set(appliance.id, card);
          (sites.get(appliance.site)?.grid ?? root).append(card.element);
        }
        cards.get(appliance.id).update(appliance, state.titles, seconds, playingFrom);
      }
      for (const [id, { summary }] of sites) {
        const here = state.appliances.filter((a) => a.site === id);
        const up = here.filter((a) => a.state === 'serving').length;
        setText(summary, `${up} of ${here.length} serving`);
      }
      const served = originRate.next(state.origin.servedBytes, seconds);
      setText(originNow, rate(served));
      setText(originTotal, `${bytes(state.origin.servedBytes)} so far`);
      originSpark.add(served);
      originCard.classList.toggle('playing', playingFrom === 'origin');
    },
  };
}
