package oca.steering.operators;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.jspecify.annotations.Nullable;

/**
 * The console page under {@code /console/}: files of this jar, a closed list. It asks the API
 * beside it for everything else, and no other host for anything, which its policy enforces.
 */
public final class Console {
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

  private static final String[] FILES = {
    "index.html",
    "style.css",
    "icon.svg",
    "main.js",
    "api.js",
    "stream.js",
    "dom.js",
    "format.js",
    "fleet.js",
    "appliance.js",
    "chart.js",
    "orders.js",
    "explain.js",
    "routes.js",
    "changes.js",
    "vendor/uplot-1.6.32/uPlot.esm.js",
    "vendor/uplot-1.6.32/uPlot.min.css",
  };

  private record File(String type, byte[] bytes, String etag) {}

  private final Map<String, File> files = new TreeMap<>();

  /** The page, read whole. */
  public Console() {
    for (String name : FILES) {
      byte[] bytes = read(name);
      CRC32C sum = new CRC32C();
      sum.update(bytes);
      String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "text/plain");
      files.put(
          name,
          new File(type, bytes, '"' + HexFormat.of().toHexDigits((int) sum.getValue()) + '"'));
    }
  }

  /** Adds the page; {@code /} leads there. */
  public void addForOperatorsTo(ControlListener listener) {
    listener.routeInline("GET", PREFIX, this::file);
    listener.routeInline("GET", "/console", _ -> moved());
    listener.routeInline("GET", "/", request -> request.tail().isEmpty() ? moved() : nothing());
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

  private static byte[] read(String name) {
    try (InputStream in = Console.class.getResourceAsStream("console/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the resource console/" + name + " is missing");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
