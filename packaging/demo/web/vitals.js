// How the viewer fares: buffer, stalls, rung, source. A stall is the picture standing still for want
// of data while it should run; the start, a seek and the jump of the loop are none.
import { byId, h, setText } from './dom.js';

const STALL_MS = 120; // shorter halts are not seen
const DRY_SECONDS = 0.5; // with more at hand it is the decoder that is late, not the data

export function createVitals(video) {
  const root = byId('vitals');
  const fields = Object.fromEntries(
    [
      ['buffer', 'Buffer'],
      ['stalls', 'Stalls'],
      ['rung', 'Rung'],
      ['playing', 'Playing from'],
      ['fetching', 'Fetching from'],
      ['count', 'Segments'],
    ].map(([key, label]) => {
      const value = h('dd', {}, '–');
      const box = h('div', {}, h('dt', {}, label), value);
      root.append(box);
      return [key, { box, value }];
    }),
  );
  let stalls = 0;
  let running = false;
  let pending = 0;

  const settle = () => {
    clearTimeout(pending);
    pending = 0;
  };
  video.addEventListener('playing', () => {
    running = true;
    settle();
  });
  video.addEventListener('timeupdate', settle);
  for (const type of ['seeking', 'ended', 'pause', 'emptied']) {
    video.addEventListener(type, () => {
      running = false;
      settle();
    });
  }
  video.addEventListener('waiting', () => {
    if (!running || video.seeking || video.ended || pending) return;
    pending = setTimeout(() => {
      pending = 0;
      if (bufferSeconds() < DRY_SECONDS) stalls++;
    }, STALL_MS);
  });

  const bufferSeconds = () => {
    const { buffered, currentTime } = video;
    for (let i = 0; i < buffered.length; i++) {
      if (buffered.start(i) <= currentTime + 0.3 && buffered.end(i) >= currentTime)
        return buffered.end(i) - currentTime;
    }
    return 0;
  };

  return {
    get stalls() {
      return stalls;
    },
    bufferSeconds,
    reset() {
      stalls = 0;
      running = false;
      settle();
    },
    show({ rung, playingFrom, fetchingFrom, segments }) {
      setText(fields.buffer.value, `${bufferSeconds().toFixed(1)} s`);
      setText(fields.stalls.value, stalls);
      fields.stalls.box.className = stalls > 0 ? 'bad' : 'good';
      setText(fields.rung.value, rung);
      setText(fields.playing.value, playingFrom);
      setText(fields.fetching.value, fetchingFrom);
      setText(fields.count.value, segments);
    },
  };
}
