// Small pieces every part of the page uses: elements, numbers in words, the colour of a source.

/** Creates an element; `props` are properties, or attributes where the name has a dash. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.includes('-') || name === 'role' || name === 'for') element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Writes text only when it changed, so that assistive technology and selection are left alone. */
export function setText(element, text) {
  if (element.textContent !== String(text)) element.textContent = text;
}

export function bytes(n) {
  if (!Number.isFinite(n)) return '–';
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let i = 0;
  while (n >= 1000 && i < units.length - 1) {
    n /= 1000;
    i++;
  }
  return `${i === 0 || n >= 100 ? Math.round(n) : n.toFixed(1)} ${units[i]}`;
}

/** Bytes per second, as network people read them: bits per second. */
export function rate(bytesPerSecond) {
  const bits = bytesPerSecond * 8;
  if (bits < 1000) return '0 Mb/s';
  if (bits >= 1e9) return `${(bits / 1e9).toFixed(2)} Gb/s`;
  return `${bits >= 1e8 ? Math.round(bits / 1e6) : (bits / 1e6).toFixed(1)} Mb/s`;
}

export const count = (n) => (Number.isFinite(n) ? n.toLocaleString('en-GB') : '–');

export const percent = (fraction, digits = 0) =>
  Number.isFinite(fraction) ? `${(fraction * 100).toFixed(digits)} %` : '–';

const HUES = 8;
const hues = new Map();

/** CSS class that gives an appliance its colour: the same on cards, ribbon and tables. */
export function hueOf(source) {
  if (source === 'origin' || source === null) return 'hue-origin';
  if (!hues.has(source)) hues.set(source, hues.size % HUES);
  return `hue-${hues.get(source)}`;
}

/** The table element for rows of cells; header cells are strings, body cells strings or nodes. */
export function table(caption, head, rows) {
  return h(
    'table',
    {},
    h('caption', { className: 'visually-hidden' }, caption),
    h('thead', {}, h('tr', {}, ...head.map((text) => h('th', { scope: 'col' }, text)))),
    h('tbody', {}, ...rows),
  );
}
