/** Figures as people read them. */
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

function scaled(value, units, step) {
  let scale = 0;
  let left = value;
  while (left >= step && scale < units.length - 1) {
    left /= step;
    scale++;
  }
  return `${left >= 1000 ? whole.format(left) : short.format(left)} ${units[scale]}`;
}

export const count = (value) => whole.format(value);
export const bits = (value) => scaled(value, ["b/s", "kb/s", "Mb/s", "Gb/s", "Tb/s"], 1000);
export const bytes = (value) => scaled(value, ["B", "KiB", "MiB", "GiB", "TiB", "PiB"], 1024);
export const percent = (share) => `${whole.format(share * 100)} %`;
export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

export function seconds(value) {
  if (value < 0) {
    return "never";
  }
  if (value < 60) {
    return `${value} s`;
  }
  return value < 3600 ? `${Math.floor(value / 60)} min`
    : value < 86_400 ? `${Math.floor(value / 3600)} h` : `${Math.floor(value / 86_400)} d`;
}

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const calendar = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

export const time = (instant) => clock.format(new Date(instant));
export const date = (instant) => calendar.format(new Date(instant));
