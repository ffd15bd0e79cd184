package oca.protocol.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A console's page under {@code /console/}: files of a jar, a closed list, read whole at the start.
 *
 * <p>What all consoles look alike by ({@code style.css}, {@code dom.js}, {@code format.js}) comes
 * from here, the rest from the console's own package. A page asks the API beside it for everything
 * else, and no other host for anything, which its policy enforces. Safe on any thread.
 */
public final class Pages {
  private static final String PREFIX = "/console/";
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private static final List<String> KIT = List.of("style.css", "dom.js", "format.js");

  private record File(String type, byte[] bytes, String etag) {}

  private final Map<String, File> files = new TreeMap<>();

  /**
   * A page.
   *
   * @param owner whose resources {@code console/NAME} are, one for each of {@code names}
   * @param names relative to the page; {@code index.html} among them
   * @throws IllegalStateException when one is missing, which is a fault of the build
   */
  public Pages(Class<?> owner, List<String> names) {
    KIT.forEach(name -> add(name, read(Pages.class, "kit/" + name)));
    names.forEach(name -> add(name, read(owner, "console/" + name)));
  }

  /** Adds the page; {@code /} leads there. */
  public void addTo(ControlListener listener) {
    listener.routeInline("GET", PREFIX, this::file);
    listener.routeInline("GET", "/console", _ -> moved());
    listener.routeInline("GET", "/", request -> request.tail().isEmpty() ? moved() : nothing());
  }

  private void add(String name, byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "text/plain");
    files.put(
        name, new File(type, bytes, '"' + HexFormat.of().toHexDigits((int) sum.getValue()) + '"'));
  }

  private Response file(Request request) {
    File file = find(request.tail().isEmpty() ? "index.html" : request.tail());
    if (file == null) {
      return nothing();
    }
    boolean known = request.header("if-none-match").orElse("").equals(file.etag());
    Response answer = known ? Response.empty(304) : Response.bytes(file.type(), file.bytes());
    return answer
        .with("ETag", file.etag())
        .with("Cache-Control", "no-cache")
        .with("Content-Security-Policy", POLICY)
        .with("X-Content-Type-Options", "nosniff")
        .with("Referrer-Policy", "no-referrer");
  }

  private @Nullable File find(String name) {
    return files.get(name);
  }

  private static Response moved() {
    return Response.empty(302).with("Location", PREFIX);
  }

  private static Response nothing() {
    return Response.problem(404, "no such page; the console is at " + PREFIX);
  }

  private static byte[] read(Class<?> owner, String name) {
    try (InputStream in = owner.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
