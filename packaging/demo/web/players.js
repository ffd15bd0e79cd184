// The three players behind one face, tuned to leave a dead appliance quickly. All follow content
// steering by themselves; this file only sets limits and reports what they fetched.
//
// A player is {name, rung(), destroy()}; `on` receives
//   segment({url, range, ms, bytes, lane: 'video' | 'audio', rung, start, duration})
//   trouble(what, url)   something failed at a place and the player goes on by itself
//   fatal(what)          the player gave up; the caller starts a new one

const FORWARD_BUFFER_S = 12;
const BACK_BUFFER_S = 6; // short, so that a second round fetches again and the page has news
const FIRST_BYTE_MS = 1500;
const WHOLE_SEGMENT_MS = 5000;
const RETRY_MS = 150;
const PENALTY_MS = 10_000;
const STEERING_WAIT_MS = 1000;
const FIRST_ESTIMATE_BPS = 2_000_000;

export const PLAYERS = [
  { id: 'hls', name: 'hls.js', form: 'HLS', start: startHls },
  { id: 'dash', name: 'dash.js', form: 'DASH', start: startDash },
  { id: 'shaka', name: 'shaka', form: 'HLS', start: startShaka },
];

/**
 * hls.js keeps a failed pathway out for five minutes. Here an appliance is back in seconds, and the
 * steering service knows it: what it still ranks first after a short penalty is tried again. And it
 * asks steering only once it loads segments; here it asks at once, and loads when it has the answer.
 */
function promptSteering(Hls) {
  return class extends Hls.DefaultConfig.contentSteeringController {
    onManifestLoaded(event, data) {
      super.onManifestLoaded(event, data);
      this.startLoad();
    }

    updatePathwayPriority(priority) {
      const penalties = this.penalizedPathways ?? {};
      for (const [pathway, since] of Object.entries(penalties)) {
        if (performance.now() - since > PENALTY_MS) delete penalties[pathway];
      }
      super.updatePathwayPriority(priority);
    }
  };
}

function startHls(video, title, on) {
  const { Hls } = window;
  const quick = (maxNumRetry) => ({
    default: {
      maxTimeToFirstByteMs: FIRST_BYTE_MS,
      maxLoadTimeMs: WHOLE_SEGMENT_MS,
      timeoutRetry: { maxNumRetry: 0, retryDelayMs: 0, maxRetryDelayMs: 0 },
      errorRetry: { maxNumRetry, retryDelayMs: RETRY_MS, maxRetryDelayMs: RETRY_MS },
    },
  });
  const hls = new Hls({
    contentSteeringController: promptSteering(Hls),
    autoStartLoad: false,
    maxBufferLength: FORWARD_BUFFER_S,
    maxMaxBufferLength: FORWARD_BUFFER_S,
    backBufferLength: BACK_BUFFER_S,
    abrEwmaDefaultEstimate: FIRST_ESTIMATE_BPS,
    errorPenaltyExpireMs: PENALTY_MS,
    fragLoadPolicy: quick(1),
    playlistLoadPolicy: quick(1),
  });
  const { Events } = Hls;
  let rung = '–';
  let waiting = 0;
  let started = false;
  // The first segment, too, comes from where steering says; without an answer, from the origin.
  const start = () => {
    clearTimeout(waiting);
    if (!started) {
      started = true;
      hls.startLoad(-1);
    }
  };
  hls.on(Events.MANIFEST_PARSED, () => {
    waiting = setTimeout(start, STEERING_WAIT_MS);
    video.play().catch(() => on.trouble('The browser wants a click before it plays'));
  });
  // A task later the pathways of this very answer are in force.
  hls.on(Events.STEERING_MANIFEST_LOADED, () => setTimeout(start));
  hls.on(Events.LEVEL_SWITCHED, (_, { level }) => {
    const height = hls.levels[level]?.height;
    if (height) rung = `${height}p`;
  });
  hls.on(Events.FRAG_LOADED, (_, { frag }) => {
    const { loading, loaded } = frag.stats;
    on.segment({
      url: frag.url,
      range: [frag.byteRangeStartOffset, frag.byteRangeEndOffset - 1],
      ms: Math.round(loading.end - loading.start),
      bytes: loaded,
      lane: frag.type === 'audio' ? 'audio' : 'video',
      rung: frag.type === 'audio' ? 'audio' : `${hls.levels[frag.level]?.height ?? '?'}p`,
      start: frag.start,
      duration: frag.duration,
    });
  });
  hls.on(Events.ERROR, (_, { fatal, details, frag, url }) => {
    if (fatal) on.fatal(details);
    else if (/load/i.test(details)) on.trouble(details, frag?.url ?? url);
  });
  video.loop = true;
  hls.loadSource(new URL(title.hls, location.href).href);
  hls.attachMedia(video);
  return {
    name: 'hls',
    rung: () => rung,
    destroy() {
      clearTimeout(waiting);
      started = true;
      hls.destroy();
      video.loop = false;
    },
  };
}

function startDash(video, title, on) {
  const { dashjs } = window;
  const player = dashjs.MediaPlayer().create();
  const quick = (value) => ({
    MediaSegment: value,
    InitializationSegment: value,
    IndexSegment: value,
  });
  player.updateSettings({
    debug: { logLevel: dashjs.Debug.LOG_LEVEL_NONE },
    streaming: {
      applyContentSteering: true,
      buffer: {
        bufferTimeDefault: FORWARD_BUFFER_S,
        bufferTimeAtTopQuality: FORWARD_BUFFER_S,
        bufferTimeAtTopQualityLongForm: FORWARD_BUFFER_S,
        bufferToKeep: BACK_BUFFER_S,
        bufferPruningInterval: 2,
      },
      blacklistExpiryTime: PENALTY_MS / 1000, // the steering answer's TTL overrides it
      fragmentRequestTimeout: 2 * FIRST_BYTE_MS, // dash.js has no limit for the first byte alone
      retryIntervals: quick(RETRY_MS),
      retryAttempts: quick(1),
      abr: { initialBitrate: { video: FIRST_ESTIMATE_BPS / 1000 } },
      // both would reach outside this page: a time server, and the browser's storage
      utcSynchronization: { enabled: false },
      lastBitrateCachingInfo: { enabled: false },
      lastMediaSettingsCachingInfo: { enabled: false },
    },
  });
  const { events } = dashjs.MediaPlayer;
  let rung = '–';
  player.on(events.QUALITY_CHANGE_RENDERED, ({ mediaType, newRepresentation }) => {
    if (mediaType === 'video' && newRepresentation?.height) rung = `${newRepresentation.height}p`;
  });
  player.on(events.FRAGMENT_LOADING_COMPLETED, ({ request, error }) => {
    if (error) {
      on.trouble(`${request.type} failed`, request.url);
      return;
    }
    if (request.type !== 'MediaSegment') return;
    const video = request.mediaType === 'video';
    on.segment({
      url: request.url,
      range: (request.range ?? '').split('-').map(Number),
      ms: Math.max(0, Math.round(request.endDate - request.startDate)),
      bytes: request.bytesLoaded,
      lane: video ? 'video' : 'audio',
      rung: video ? `${request.representation?.height ?? '?'}p` : 'audio',
      start: request.startTime,
      duration: request.duration,
    });
  });
  player.on(events.PLAYBACK_ENDED, () => {
    player.seek(0);
    player.play();
  });
  player.on(events.ERROR, ({ error }) => {
    // a failed segment was reported above, and dash.js goes on with the next place
    if (error?.code !== dashjs.MediaPlayer.errors.DOWNLOAD_ERROR_ID_CONTENT_CODE) {
      on.fatal(error?.message ?? 'unknown error');
    }
  });
  player.initialize(video, new URL(title.dash, location.href).href, true);
  return { name: 'dash', rung: () => rung, destroy: () => player.destroy() };
}

// shaka clones no pathways (5.2.12): it goes to those that the playlist names, so that names all.
function startShaka(video, title, on) {
  const { shaka } = window;
  const player = new shaka.Player();
  const { RequestType, AdvancedRequestType } = shaka.net.NetworkingEngine;
  player.configure({
    abr: { defaultBandwidthEstimate: FIRST_ESTIMATE_BPS },
    streaming: {
      bufferingGoal: FORWARD_BUFFER_S,
      bufferBehind: BACK_BUFFER_S,
      retryParameters: {
        maxAttempts: 2, // of each place: the second is another one, if there is one
        baseDelay: RETRY_MS,
        connectionTimeout: FIRST_BYTE_MS,
        stallTimeout: FIRST_BYTE_MS,
        timeout: WHOLE_SEGMENT_MS,
      },
    },
  });
  let rung = '–';
  player.addEventListener('adaptation', ({ newTrack }) => {
    if (newTrack?.height) rung = `${newTrack.height}p`;
  });
  player.addEventListener('error', ({ detail }) => {
    const what = `shaka error ${detail?.code}`;
    if (detail?.severity === shaka.util.Error.Severity.CRITICAL) on.fatal(what);
    else on.trouble(what);
  });
  const net = player.getNetworkingEngine();
  net.addEventListener('retry', ({ error }) => {
    const url = error?.data?.[0];
    if (typeof url === 'string' && URL.canParse(url)) on.trouble('segment failed', url);
  });
  net.registerResponseFilter((type, response, context) => {
    const { segment, stream } = context ?? {};
    const isMedia =
      type === RequestType.SEGMENT && context?.type === AdvancedRequestType.MEDIA_SEGMENT;
    if (!isMedia || !segment || !stream) return;
    const isVideo = stream.type === 'video';
    if (isVideo && stream.height) rung = `${stream.height}p`;
    on.segment({
      url: response.uri,
      range: [segment.getStartByte(), segment.getEndByte()],
      ms: Math.round(response.timeMs ?? 0),
      bytes: response.data.byteLength,
      lane: isVideo ? 'video' : 'audio',
      rung: isVideo ? `${stream.height ?? '?'}p` : 'audio',
      start: segment.getStartTime(),
      duration: segment.getEndTime() - segment.getStartTime(),
    });
  });
  video.loop = true;
  const load = async () => {
    await player.attach(video);
    await player.load(new URL(`${title.hls}?pathways=all`, location.href).href);
    await video.play().catch(() => on.trouble('The browser wants a click before it plays'));
  };
  load().catch((problem) => {
    // being told to go while loading is no failure
    if (problem?.code !== shaka.util.Error.Code.LOAD_INTERRUPTED) {
      on.fatal(`shaka error ${problem?.code ?? problem}`);
    }
  });
  return {
    name: 'shaka',
    rung: () => rung,
    async destroy() {
      await player.destroy();
      video.loop = false;
    },
  };
}
