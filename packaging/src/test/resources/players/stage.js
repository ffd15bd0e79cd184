// One player as its makers ship it, and a witness beside it: nothing here helps the player. What is
// set is how far it reads ahead, for with its whole title in memory no player needs anybody.
const asked = new URLSearchParams(location.search);
const player = asked.get('player');
const AHEAD_S = Number(asked.get('ahead') ?? 12);
const video = document.querySelector('video');
const log = document.querySelector('pre');
const canvas = document.querySelector('canvas');

const STALL_MS = 250; // a stall is what a viewer sees: no progress for so long, with nothing to play
const EMPTY_S = 0.25;
const SAMPLE_MS = 50;
const KEPT_EVERY_MS = 500;

const wall = (since = performance.now()) => Math.round(performance.timeOrigin + since);

const stage = (window.stage = {
  player,
  time: 0, // seconds played
  begun: 0, // wall clock of the first picture that moved
  ended: false,
  fatal: '',
  stalls: [], // {at, ms, buffer}: nothing to play
  hitches: [], // the same with something to play: a busy machine, or a player that hangs
  longestLag: 0, // ms by which a timer of this page was late
  dropped: 0,
  frames: 0,
  samples: [], // {at, time, buffer}
  events: [], // {at, what}
  requests: [], // {at, host, file, status, ms}
});

function note(what) {
  stage.events.push({ at: wall(), what });
  log.textContent = stage.events
    .slice(-12)
    .map(({ at, what: text }) => `${((at - performance.timeOrigin) / 1000).toFixed(1)} s  ${text}`)
    .join('\n');
}

function buffer() {
  const { buffered, currentTime } = video;
  for (let i = 0; i < buffered.length; i++) {
    if (buffered.start(i) <= currentTime + 0.1 && currentTime < buffered.end(i)) {
      return buffered.end(i) - currentTime;
    }
  }
  return 0;
}

// ---- the picture ---------------------------------------------------------------------------------

let moved = 0;
let still = null;
let sampled = performance.now();
let kept = 0;

function sample() {
  const now = performance.now();
  const late = now - sampled - SAMPLE_MS;
  sampled = now;
  if (stage.begun) stage.longestLag = Math.max(stage.longestLag, Math.round(late));
  const ahead = buffer();
  if (video.currentTime !== stage.time || video.ended) {
    if (!stage.begun && video.currentTime > 0) stage.begun = wall();
    stage.time = video.currentTime;
    moved = now;
    still = null;
  } else if (stage.begun && now - moved > STALL_MS) {
    if (!still) {
      still = { at: wall(moved), ms: 0, buffer: ahead };
      (ahead < EMPTY_S ? stage.stalls : stage.hitches).push(still);
      note(ahead < EMPTY_S ? 'STALLED' : `no progress, with ${ahead.toFixed(1)} s to play`);
    }
    still.ms = Math.round(now - moved);
  }
  stage.ended = video.ended;
  if (now - kept > KEPT_EVERY_MS) {
    kept = now;
    const quality = video.getVideoPlaybackQuality();
    stage.dropped = quality.droppedVideoFrames;
    stage.frames = quality.totalVideoFrames;
    stage.samples.push({ at: wall(), time: video.currentTime, buffer: ahead });
  }
}
setInterval(sample, SAMPLE_MS);
for (const name of ['playing', 'waiting', 'seeking', 'error', 'ended']) {
  video.addEventListener(name, () => note(`video: ${name}, ${buffer().toFixed(1)} s to play`));
}

// ---- the requests --------------------------------------------------------------------------------

performance.setResourceTimingBufferSize(10_000);
new PerformanceObserver((list) => {
  for (const { name, startTime, duration, responseStatus } of list.getEntries()) {
    const { hostname, pathname } = new URL(name);
    const steering = /\/v1\/(hls|dash)\//.test(pathname);
    if (!steering && !pathname.includes('/titles/')) continue;
    stage.requests.push({
      at: wall(startTime),
      host: steering ? 'steering' : hostname,
      file: pathname.split('/').at(-1),
      status: responseStatus,
      ms: Math.round(duration),
    });
  }
}).observe({ type: 'resource', buffered: true });

// ---- the chart -----------------------------------------------------------------------------------

const COLOURS = ['#6ea8fe', '#7bd88f', '#ffd166', '#ff8fab', '#c3a6ff', '#8be9fd'];

function draw() {
  const pen = canvas.getContext('2d');
  const from = performance.timeOrigin;
  const span = Math.max(30_000, performance.now());
  const hosts = [...new Set(stage.requests.map(({ host }) => host))].sort();
  const x = (at) => 90 + ((at - from) / span) * 700;
  const row = (host) => 14 + hosts.indexOf(host) * 22;
  pen.fillStyle = '#14171c';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.font = '11px sans-serif';
  hosts.forEach((host, i) => {
    pen.fillStyle = COLOURS[i % COLOURS.length];
    pen.fillText(host, 4, row(host) + 4);
    for (const request of stage.requests.filter((it) => it.host === host)) {
      const good = request.status >= 200 && request.status < 300;
      pen.fillStyle = good ? COLOURS[i % COLOURS.length] : '#ff4d4d';
      pen.fillRect(x(request.at), row(host) - (good ? 5 : 8), 2, good ? 10 : 16);
    }
  });
  pen.fillStyle = '#d8dde6';
  pen.fillText('buffer, s', 4, 180);
  pen.strokeStyle = '#d8dde6';
  pen.beginPath();
  for (const { at, buffer: ahead } of stage.samples) pen.lineTo(x(at), 240 - ahead * 4);
  pen.stroke();
  for (const [list, colour] of [[stage.stalls, '#ff4d4d'], [stage.hitches, '#ffd166']]) {
    pen.fillStyle = colour;
    for (const { at, ms } of list) pen.fillRect(x(at), 150, Math.max(3, (ms / span) * 700), 90);
  }
  pen.fillStyle = '#8a93a3';
  for (let s = 0; s <= span / 1000; s += span > 120_000 ? 60 : 10) {
    pen.fillText(`${s}`, x(from + s * 1000), 256);
  }
}
setInterval(draw, 1000);

// ---- the players ---------------------------------------------------------------------------------

function script(src) {
  return new Promise((loaded, failed) => {
    const element = document.createElement('script');
    element.src = src;
    element.onload = loaded;
    element.onerror = failed;
    document.head.append(element);
  });
}

const starts = {
  async hls() {
    await script('/vendor/hls.js-1.7.4/hls.min.js');
    const hls = new Hls({ maxBufferLength: AHEAD_S, maxMaxBufferLength: AHEAD_S });
    hls.on(Hls.Events.ERROR, (_, { fatal, details }) => {
      note(`${fatal ? 'FATAL ' : ''}${details}`);
      if (fatal) stage.fatal = details;
    });
    hls.loadSource(new URL('/play/master.m3u8', location.href).href);
    hls.attachMedia(video);
    await video.play();
    return `hls.js ${Hls.version}`;
  },
  async dash() {
    await script('/vendor/dashjs-5.2.1/dash.all.min.js');
    const dash = dashjs.MediaPlayer().create();
    dash.updateSettings({
      debug: { logLevel: dashjs.Debug.LOG_LEVEL_NONE },
      streaming: {
        buffer: {
          bufferTimeDefault: AHEAD_S,
          bufferTimeAtTopQuality: AHEAD_S,
          bufferTimeAtTopQualityLongForm: AHEAD_S,
        },
      },
    });
    const { MEDIA_ERR_SRC_NOT_SUPPORTED } = MediaError;
    dash.on(dashjs.MediaPlayer.events.ERROR, ({ error }) => {
      note(`${error?.code} ${error?.message}`);
      if (error?.code === MEDIA_ERR_SRC_NOT_SUPPORTED || video.error) stage.fatal = error.message;
    });
    dash.initialize(video, new URL('/play/manifest.mpd', location.href).href, true);
    return `dash.js ${dash.getVersion()}`;
  },
  async shaka() {
    await script('/vendor/shaka-player-5.2.12/shaka-player.compiled.js');
    shaka.polyfill.installAll();
    const it = new shaka.Player();
    it.configure({ streaming: { bufferingGoal: AHEAD_S } });
    it.addEventListener('error', ({ detail }) => {
      note(`error ${detail.code}`);
      if (detail.severity === shaka.util.Error.Severity.CRITICAL) stage.fatal = `${detail.code}`;
    });
    await it.attach(video);
    await it.load(new URL('/play/master.m3u8', location.href).href);
    await video.play();
    return `shaka ${shaka.Player.version}`;
  },
};

document.querySelector('h1').textContent = player;
starts[player]()
  .then((name) => {
    document.querySelector('h1').textContent = `${name}, ${AHEAD_S} s ahead`;
  })
  .catch((error) => {
    stage.fatal = `${error?.code ?? error}`;
    note(`FATAL ${stage.fatal}`);
  });
