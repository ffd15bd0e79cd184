package oca.steering;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;

/**
 * {@code GET /v1/openapi.json}: what both listeners answer, as an OpenAPI 3.1 document.
 *
 * <p>The document is written by hand; a test holds it to the routes and to what they answer.
 */
final class OpenApi {
  static final String PATH = "/v1/openapi.json";
  static final String MEDIA_TYPE = "application/vnd.oai.openapi+json;version=3.1";

  private final byte[] document;

  /** The document, read whole. */
  OpenApi() {
    try (InputStream in = OpenApi.class.getResourceAsStream("openapi.json")) {
      if (in == null) {
        throw new IllegalStateException("the resource openapi.json is missing");
      }
      this.document = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds the route. */
  void addTo(ControlListener listener) {
    listener.routeInline(
        "GET",
        PATH,
        _ ->
            Response.bytes(MEDIA_TYPE, document)
                .with("Access-Control-Allow-Origin", "*")
                .with("Cache-Control", "no-cache"));
  }
}
