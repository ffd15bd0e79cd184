package oca.fill.publish;

import java.util.Arrays;
import java.util.Optional;
import oca.model.ApplianceId;
import oca.protocol.Wire;
import oca.protocol.http.Request;
import oca.protocol.http.Response;

/**
 * Answers {@code GET /v1/manifests/{appliance}}: the newest manifest with its version as ETag; 304
 * when the asker has it (RFC 9110, section 13.1.2); 404 when there is none (yet).
 */
public final class ManifestEndpoint {
  private final ManifestBook book;

  /** Answers from {@code book}. */
  public ManifestEndpoint(ManifestBook book) {
    this.book = book;
  }

  /** The answer; the request's tail is the appliance's id. */
  public Response answer(Request request) {
    ApplianceId appliance = new ApplianceId(request.tail());
    Optional<ManifestBook.Published> found = book.published(appliance);
    if (found.isEmpty()) {
      return Response.problem(404, "no manifest for " + appliance + " yet");
    }
    String etag = "\"" + found.get().manifest().version() + "\"";
    Response response =
        request.header("if-none-match").filter(given -> names(given, etag)).isPresent()
            ? Response.empty(304)
            : Response.bytes(Wire.MEDIA_TYPE, found.get().json());
    return response.with("ETag", etag);
  }

  private static boolean names(String given, String etag) {
    return Arrays.stream(given.split(",", -1))
        .map(String::strip)
        .anyMatch(tag -> tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag));
  }
}
