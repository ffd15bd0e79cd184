import uPlot from "./vendor/uplot-1.6.32/uPlot.esm.js";
import * as format from "./format.js";

/** Bits per second and headroom over the last ten minutes; its colours follow the theme. */
const HEIGHT = 240;
const SHORTEST = 60;
const STEPS = [1, 5, 10, 15, 30, 60, 120, 300];

export function chart(place, data) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let plot = null;

  function colour(name) {
    return getComputedStyle(place).getPropertyValue(name).trim();
  }

  function options() {
    const axis = {
      stroke: colour("--muted-flat"), grid: { stroke: colour("--line-flat"), width: 1 },
      ticks: { stroke: colour("--line-flat"), width: 1 } };
    return {
      width: Math.max(240, place.clientWidth),
      height: HEIGHT,
      legend: { live: true },
      cursor: { y: false },
      padding: [16, 12, 0, 4],
      scales: {
        x: { range: (_, low, high) => [Math.min(low, high - SHORTEST), high] },
        bits: { range: (_, _low, high) => [0, Math.max(high ?? 0, 1000) * 1.1] },
        free: { range: [0, 100] },
      },
      series: [
        { label: "at", value: (_, at) => (at === null ? "" : format.time(at * 1000)) },
        { label: "sends", scale: "bits", stroke: colour("--accent-flat"), width: 2,
          fill: colour("--accent-wash"), value: (_, value) => (value === null ? "" : format.bits(value)) },
        { label: "headroom", scale: "free", stroke: colour("--good-flat"), width: 2, dash: [6, 3],
          value: (_, value) => (value === null ? "" : `${value.toFixed(1)} %`) },
      ],
      axes: [
        { ...axis, incrs: STEPS, values: (_, ticks) => ticks.map((at) => format.time(at * 1000)), space: 80 },
        { ...axis, scale: "bits", size: 80, values: (_, ticks) => ticks.map(format.bits) },
        { ...axis, scale: "free", side: 1, size: 60, grid: { show: false },
          values: (_, ticks) => ticks.map((value) => `${value} %`) },
      ],
    };
  }

  function make() {
    plot?.destroy();
    plot = new uPlot(options(), data(), place);
    tellNewest();
  }

  /** The legend tells what is under the pointer, or else the newest. */
  function tellNewest() {
    if (!(plot.cursor.left >= 0)) {
      plot.setLegend({ idx: data()[0].length - 1 });
    }
  }

  const resized = new ResizeObserver(() =>
    plot?.setSize({ width: Math.max(240, place.clientWidth), height: HEIGHT }));
  make();
  resized.observe(place);
  dark.addEventListener("change", make);
  return {
    update() {
      plot.setData(data());
      tellNewest();
    },
    close() {
      resized.disconnect();
      dark.removeEventListener("change", make);
      plot.destroy();
    },
  };
}
