package oca.fill.publish;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import oca.model.ApplianceId;
import oca.protocol.HeartbeatReply;
import oca.protocol.ManifestDelta;
import oca.protocol.Wire;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code GET /v1/manifests/{appliance}}: the newest manifest with its version as ETag; 304
 * when the asker has it (RFC 9110, section 13.1.2); 226 with what changed since the one that it
 * has, for an asker that takes that (RFC 3229); 404 when there is none (yet).
 */
public final class ManifestEndpoint {
  private final ManifestBook book;
  private final LongAdder same = new LongAdder();
  private final LongAdder wholes = new LongAdder();
  private final LongAdder wholeBytes = new LongAdder();
  private final LongAdder deltas = new LongAdder();
  private final LongAdder deltaBytes = new LongAdder();

  /** Answers from {@code book}. */
  public ManifestEndpoint(ManifestBook book) {
    this.book = book;
  }

  /** The answer; the request's tail is the appliance's id. */
  public Response answer(Request request) {
    ApplianceId appliance = new ApplianceId(request.tail());
    Optional<Told> found = book.told(appliance);
    if (found.isEmpty()) {
      return Response.problem(404, "no manifest for " + appliance + " yet");
    }
    Told newest = found.get();
    String etag = "\"" + newest.manifest().version() + "\"";
    Optional<String> given = request.header("if-none-match");
    if (given.filter(it -> names(it, etag)).isPresent()) {
      same.increment();
      return Response.empty(304).with("ETag", etag);
    }
    byte[] delta = takesDeltas(request) ? delta(newest, given.orElse("")) : null;
    if (delta != null) {
      deltas.increment();
      deltaBytes.add(delta.length);
      return new Response(226, Map.of("Content-Type", Wire.MEDIA_TYPE), delta)
          .with("IM", ManifestDelta.MANIPULATION)
          .with("Delta-Base", given.orElse(""))
          .with("ETag", etag);
    }
    wholes.increment();
    wholeBytes.add(newest.json().length);
    return Response.bytes(Wire.MEDIA_TYPE, newest.json()).with("ETag", etag);
  }

  /** The same reply to a heartbeat, with word of the newest manifest. */
  public HeartbeatReply with(ApplianceId appliance, HeartbeatReply reply) {
    Optional<Told> newest = book.told(appliance);
    return newest.isEmpty() ? reply : reply.withManifest(newest.get().manifest().version());
  }

  /** Answers by how: {@code same}, {@code whole}, {@code delta}. */
  public Map<String, Long> answers() {
    return Map.of("same", same.sum(), "whole", wholes.sum(), "delta", deltas.sum());
  }

  /** Bytes of manifests and deltas that were answered. */
  public Map<String, Long> bytes() {
    return Map.of("whole", wholeBytes.sum(), "delta", deltaBytes.sum());
  }

  private static boolean takesDeltas(Request request) {
    return request
        .header("a-im")
        .filter(given -> given.contains(ManifestDelta.MANIPULATION))
        .isPresent();
  }

  /** What changed since the one version that the asker names. */
  private static byte @Nullable [] delta(Told newest, String given) {
    String tag = given.strip();
    return tag.matches("\"[0-9]{1,18}\"")
        ? newest.since(Long.parseLong(tag, 1, tag.length() - 1, 10))
        : null;
  }

  private static boolean names(String given, String etag) {
    return Arrays.stream(given.split(",", -1))
        .map(String::strip)
        .anyMatch(tag -> tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag));
  }
}
