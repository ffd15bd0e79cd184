package oca.steering.play;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import oca.model.Address;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.protocol.Wire;
import oca.protocol.http.Response;
import oca.steering.catalog.Titles;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.Member;
import oca.steering.fleet.Standing;
import oca.steering.play.PlayerManifest.Form;
import oca.steering.rank.Ask;
import oca.steering.rank.Decider;
import oca.steering.rank.Decision;
import org.jspecify.annotations.Nullable;

/**
 * The steering manifests.
 *
 * <p>Whatever is asked, the answer is 200 with two pathways at least and a TTL above 0: hls.js ends
 * steering at 410 and never asks again after 429, dash.js ends it at 404 and 410. When there are
 * more requests than can be decided, a player that has a place keeps it and is told to come back
 * later; one that is new is always decided for.
 *
 * <p>What an answer depends on is the request, its sealed state, the keys and the snapshots, so all
 * replicas that have the same give the same. Safe on any thread.
 */
final class Manifests {
  /** Registered for HLS steering manifests; the HLS authoring rules and WebKit go by it. */
  private static final String HLS_MEDIA_TYPE = "application/vnd.apple.steering-list";

  private static final String STATE = "s";
  private static final String PLAYLIST = ".m3u8";
  private static final String RENEWED = ".t";
  private static final int MAX_PLAYLISTS = 64;

  private final PlaybackEndpoint.Sources sources;
  private final Supplier<PlaybackEndpoint.Settings> settings;
  private final UrlSigner signer;
  private final Decider decider;
  private final Pathways.Rules rules;
  private final Map<String, ApplianceId> namedPathways;
  private final StateSeal seal;
  private final RateGate gate;
  private final LongAdder hls = new LongAdder();
  private final LongAdder dash = new LongAdder();
  private final LongAdder originOnly = new LongAdder();
  private final LongAdder lastResort = new LongAdder();
  private final LongAdder playersMoved = new LongAdder();
  private final LongAdder stressed = new LongAdder();
  private final LongAdder shed = new LongAdder();
  private final LongAdder tokensRenewed = new LongAdder();

  Manifests(
      PlaybackEndpoint.Sources sources,
      Supplier<PlaybackEndpoint.Settings> settings,
      UrlSigner signer,
      Decider decider) {
    this.sources = sources;
    this.settings = settings;
    PlaybackEndpoint.Settings first = settings.get();
    PlaybackConfig config = first.playback();
    this.signer = signer;
    this.decider = decider;
    this.rules =
        new Pathways.Rules(
            first.originPathway(),
            first.origin(),
            config.spareOrigins(),
            config.pathways().stream()
                .collect(
                    Collectors.toMap(
                        PlaybackConfig.Pathway::appliance, PlaybackConfig.Pathway::id)),
            config.clones());
    this.namedPathways =
        config.pathways().stream()
            .collect(
                Collectors.toMap(PlaybackConfig.Pathway::id, PlaybackConfig.Pathway::appliance));
    this.seal = new StateSeal(sources.keys(), () -> config().stateLifetime().toSeconds());
    this.gate = new RateGate(() -> config().manifestsPerSecond(), sources.nanoClock().getAsLong());
  }

  private PlaybackConfig config() {
    return settings.get().playback();
  }

  /** What was answered since the start, by name. */
  Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    counts.put("hls", hls.sum());
    counts.put("dash", dash.sum());
    counts.put("originOnly", originOnly.sum());
    counts.put("lastResort", lastResort.sum());
    counts.put("playersMoved", playersMoved.sum());
    counts.put("stressed", stressed.sum());
    counts.put("shed", shed.sum());
    counts.put("tokensRenewed", tokensRenewed.sum());
    for (StateSeal.Fault fault : StateSeal.Fault.values()) {
      String name = fault.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      counts.put("state " + name, seal.count(fault));
    }
    return counts;
  }

  /**
   * The answer to one request.
   *
   * @param path of the request, raw
   * @param title decoded
   * @param named the client as a trusted caller named it, to be named again
   * @param session as the player calls it; null when it does not say
   */
  Response answer(
      Form form,
      String path,
      String title,
      Map<String, String> query,
      Address client,
      Optional<String> named,
      @Nullable String session) {
    FleetSnapshot fleet = sources.fleet().get();
    long now = sources.wallClock().instant().getEpochSecond();
    PlayerHints hints = PlayerHints.of(query);
    Optional<PlayState> known =
        Optional.ofNullable(query.get(STATE)).flatMap(it -> seal.open(it, title, client, now));
    PlayState state = known.orElseGet(() -> new PlayState(now, now, false, draw(), ""));
    Member current = current(fleet, hints, state);
    boolean mayDecide = gate.pass(sources.nanoClock().getAsLong());
    Member kept = !mayDecide && current != null && isFit(fleet, current) ? current : null;
    Decision decision =
        kept != null ? null : decider.decide(client, ask(title, current, state, session), fleet);
    List<Member> chosen = decision == null ? placeOf(kept) : decision.chosen();
    PlayState next = renewed(form, state, now);
    Pathways pathways = Pathways.to(chosen, form, renewal(form, title, next, now), rules);
    count(form, fleet, chosen, hints, pathways);
    if (kept != null) {
      shed.increment();
    }
    long ttl = kept != null ? shedTtl() : ttl(fleet, chosen, current);
    if (decision != null) {
      decider.answered(client, decision, ttl);
    }
    PlayerManifest manifest =
        new PlayerManifest(
            ttl, reloadUri(path, title, client, named, next, pathways, now), pathways);
    String mediaType =
        switch (form) {
          case HLS -> HLS_MEDIA_TYPE;
          case DASH -> Wire.MEDIA_TYPE;
        };
    return Response.bytes(mediaType, Wire.write(manifest));
  }

  private static List<Member> placeOf(@Nullable Member kept) {
    return kept == null ? List.of() : List.of(kept);
  }

  private Ask ask(
      String title, @Nullable Member current, PlayState state, @Nullable String session) {
    return new Ask(
        title,
        sources.titles().get().files(title),
        Ask.Form.PATHWAYS,
        current == null ? null : current.id(),
        state.draw(),
        session);
  }

  private long draw() {
    return sources.draws().getAsLong();
  }

  /**
   * What the player says it uses; else what it was told last. Of several it is the one that it was
   * told: dash.js (5.2.1) lists all that it used since it asked last, the oldest first, and would
   * be sent back to where it comes from.
   */
  private @Nullable Member current(FleetSnapshot fleet, PlayerHints hints, PlayState state) {
    if (hints.pathways().contains(state.pathway())) {
      return member(fleet, state.pathway());
    }
    for (String pathway : hints.pathways()) {
      Member member = member(fleet, pathway);
      if (member != null) {
        return member;
      }
    }
    return hints.pathways().isEmpty() ? member(fleet, state.pathway()) : null;
  }

  private @Nullable Member member(FleetSnapshot fleet, String pathway) {
    ApplianceId named = namedPathways.get(pathway);
    if (named != null) {
      return fleet.member(named);
    }
    int renewed = pathway.lastIndexOf(RENEWED);
    return fleet.ofPathway(renewed < 0 ? pathway : pathway.substring(0, renewed));
  }

  private boolean isFit(FleetSnapshot fleet, Member member) {
    Standing standing = fleet.standing(member, sources.nanoClock().getAsLong());
    return standing == Standing.ALIVE && !member.health().draining();
  }

  private long ttl(FleetSnapshot fleet, List<Member> chosen, @Nullable Member current) {
    boolean calm =
        !fleet.freeze().frozen()
            && (current == null || isFit(fleet, current))
            && chosen.stream().allMatch(member -> isFit(fleet, member));
    if (calm) {
      return settings.get().ttl().toSeconds();
    }
    stressed.increment();
    return Math.min(settings.get().ttl().toSeconds(), config().stressTtl().toSeconds());
  }

  private long shedTtl() {
    return Math.max(settings.get().ttl().toSeconds(), config().shedTtl().toSeconds());
  }

  /** With new tokens when half the time of those in the player's hands is over. */
  private PlayState renewed(Form form, PlayState state, long now) {
    boolean isDue = now - state.tokenSecond() >= config().urlLifetime().toSeconds() / 2;
    if (form == Form.DASH || !config().renewTokens() || !isDue || !signer.signs(now)) {
      return state;
    }
    tokensRenewed.increment();
    return new PlayState(state.issuedSecond(), now, true, state.draw(), state.pathway());
  }

  /**
   * The URIs of a player that got new tokens, now or before. Until then it has those of its
   * playlist, and no URI needs to differ in more than its host.
   */
  private Pathways.Renewal renewal(Form form, String title, PlayState state, long now) {
    if (form == Form.DASH || !config().renewTokens() || !state.renewed() || !signer.signs(now)) {
      return Pathways.Renewal.NONE;
    }
    Titles titles = sources.titles().get();
    List<String> playlists = new ArrayList<>();
    for (String path : titles.paths(title)) {
      if (path.endsWith(PLAYLIST) && playlists.size() < MAX_PLAYLISTS) {
        playlists.add(path);
      }
    }
    if (playlists.isEmpty()) {
      return Pathways.Renewal.NONE;
    }
    return new Renewed(titles, playlists, state.tokenSecond());
  }

  private final class Renewed implements Pathways.Renewal {
    private final Titles titles;
    private final List<String> playlists;
    private final long madeSecond;

    Renewed(Titles titles, List<String> playlists, long madeSecond) {
      this.titles = titles;
      this.playlists = playlists;
      this.madeSecond = madeSecond;
    }

    @Override
    public String suffix() {
      return RENEWED + Long.toString(madeSecond, Character.MAX_RADIX);
    }

    @Override
    public Map<String, String> uris(Endpoint at) {
      Map<String, String> uris = new LinkedHashMap<>();
      for (String path : playlists) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        String id = name.substring(0, name.length() - PLAYLIST.length());
        uris.putIfAbsent(id, signer.url(at, signer.sign(path, titles, madeSecond), path));
      }
      return uris;
    }
  }

  /** The same path again with the state; the player adds its hints anew. */
  private String reloadUri(
      String path,
      String title,
      Address client,
      Optional<String> named,
      PlayState state,
      Pathways pathways,
      long now) {
    PlayState sealed =
        new PlayState(
            now,
            state.tokenSecond(),
            state.renewed(),
            state.draw(),
            pathways.priority().getFirst());
    String base = settings.get().publicUri().toString();
    StringBuilder uri = new StringBuilder(base);
    if (base.endsWith("/")) {
      uri.setLength(base.length() - 1);
    }
    uri.append(path);
    List<String> query = new ArrayList<>();
    seal.seal(sealed, title, client).ifPresent(text -> query.add(STATE + "=" + text));
    named.ifPresent(name -> query.add("client=" + PlaybackEndpoint.encoded(name)));
    return query.isEmpty() ? uri.toString() : uri + "?" + String.join("&", query);
  }

  private void count(
      Form form, FleetSnapshot fleet, List<Member> chosen, PlayerHints hints, Pathways pathways) {
    switch (form) {
      case HLS -> hls.increment();
      case DASH -> dash.increment();
    }
    if (chosen.isEmpty()) {
      originOnly.increment();
    } else if (!fleet.standing(chosen.getFirst(), sources.nanoClock().getAsLong()).inAnswers()) {
      lastResort.increment();
    }
    if (!hints.pathways().isEmpty() && !hints.pathways().contains(pathways.priority().getFirst())) {
      playersMoved.increment();
    }
  }
}
