// What was fetched from where: once in the order of fetching (the ribbon), once laid along the
// title (the timeline under the picture), and summed up (the legend).
import { byId, bytes, h, hueOf, percent, setText } from './dom.js';

const LONGEST = 140;
const HEIGHT = { '270p': 'low', '360p': 'mid' };

export function createRibbon() {
  const ribbon = byId('ribbon');
  const timeline = byId('timeline');
  const legend = byId('legend');
  const badge = byId('source-badge');
  const playhead = h('i', { className: 'playhead' });
  const ahead = h('i', { className: 'ahead' });
  const cells = new Map();
  const shares = new Map();
  let run = null;
  let total = 0;

  const block = (segment, className) => {
    const element = h('b', { className: `${className} ${hueOf(segment.source)}` });
    element.dataset.tip = [
      `${segment.source} · ${segment.lane === 'audio' ? 'audio' : `video ${segment.rung}`}`,
      `${segment.file}  bytes ${segment.range[0]}–${segment.range[1]}`,
      `${bytes(segment.bytes)} in ${segment.ms} ms · at ${segment.start.toFixed(1)} s`,
    ].join('\n');
    return element;
  };

  function addToRibbon(segment) {
    const stick = ribbon.scrollWidth - ribbon.scrollLeft - ribbon.clientWidth < 40;
    if (!run || run.source !== segment.source) {
      const blocks = h('div', { className: 'blocks' });
      run = { source: segment.source, blocks };
      ribbon.append(
        h(
          'div',
          { className: `run ${hueOf(segment.source)}` },
          h('span', {}, segment.source),
          blocks,
        ),
      );
    }
    run.blocks.append(
      block(
        segment,
        segment.lane === 'audio' ? 'audio' : `video ${HEIGHT[segment.rung] ?? 'high'}`,
      ),
    );
    let surplus = ribbon.querySelectorAll('b').length - LONGEST;
    while (surplus-- > 0) {
      const first = ribbon.querySelector('b');
      const group = first.closest('.run');
      first.remove();
      if (!group.querySelector('b')) group.remove();
    }
    if (stick) ribbon.scrollLeft = ribbon.scrollWidth;
  }

  function addToTimeline(segment, titleSeconds) {
    const key = `${segment.lane}@${Math.round(segment.start)}`;
    const cell = block(segment, `cell ${segment.lane}`);
    cell.style.left = `${(segment.start / titleSeconds) * 100}%`;
    cell.style.width = `${(segment.duration / titleSeconds) * 100}%`;
    cells.get(key)?.remove();
    cells.set(key, cell);
    timeline.append(cell);
  }

  function addToLegend(segment) {
    total += segment.bytes;
    shares.set(segment.source, (shares.get(segment.source) ?? 0) + segment.bytes);
    const entries = [...shares].sort((a, b) => b[1] - a[1]);
    legend.replaceChildren(
      ...entries.map(([source, sum]) =>
        h('li', { className: hueOf(source) }, h('i'), `${source} ${percent(sum / total)}`),
      ),
    );
  }

  return {
    add(segment, titleSeconds) {
      addToRibbon(segment);
      addToTimeline(segment, titleSeconds);
      addToLegend(segment);
    },
    /** Moves the playhead, and says over the picture where what plays right now came from. */
    at(seconds, bufferedTo, titleSeconds) {
      const part = (value) => `${Math.min(100, (value / titleSeconds) * 100)}%`;
      playhead.style.left = part(seconds);
      ahead.style.left = part(seconds);
      ahead.style.width = part(Math.max(0, bufferedTo - seconds));
      const cell = cells.get(`video@${Math.floor(seconds / 2) * 2}`);
      badge.hidden = !cell;
      if (!cell) return null;
      const source = cell.dataset.tip.split(' · ')[0];
      badge.className = `source-badge ${hueOf(source)}`;
      setText(badge, `from ${source}`);
      return source;
    },
    clear() {
      for (const element of [ribbon, timeline, legend]) element.replaceChildren();
      timeline.append(ahead, playhead);
      cells.clear();
      shares.clear();
      run = null;
      total = 0;
      badge.hidden = true;
    },
  };
}

/** One tooltip for everything that carries data-tip, by pointer or by arrow keys in its group. */
export function installTips() {
  const tip = byId('tip');
  const show = (element) => {
    setText(tip, element.dataset.tip);
    tip.hidden = false;
    const box = element.getBoundingClientRect();
    const left = Math.min(
      innerWidth - tip.offsetWidth - 8,
      Math.max(8, box.left + box.width / 2 - tip.offsetWidth / 2),
    );
    const above = box.top - tip.offsetHeight - 8;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 8 ? above : box.bottom + 8}px`;
  };
  const hide = () => {
    tip.hidden = true;
    document.querySelector('.picked')?.classList.remove('picked');
  };
  document.addEventListener('pointerover', ({ target }) => {
    const element = target.closest?.('[data-tip]');
    if (element) show(element);
    else hide();
  });
  for (const group of [byId('ribbon'), byId('timeline')]) {
    group.addEventListener('blur', hide);
    group.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
      if (event.key === 'Escape') hide();
      if (step === undefined) return;
      event.preventDefault();
      const all = [...group.querySelectorAll('[data-tip]')].sort((a, b) =>
        group.id === 'timeline' ? parseFloat(a.style.left) - parseFloat(b.style.left) : 0,
      );
      if (all.length === 0) return;
      const from = all.findIndex((element) => element.classList.contains('picked'));
      const to = from < 0 ? all.length - 1 : Math.max(0, Math.min(all.length - 1, from + step));
      hide();
      all[to].classList.add('picked');
      all[to].scrollIntoView({ block: 'nearest', inline: 'nearest' });
      show(all[to]);
    });
  }
}
