package oca.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import oca.model.ApplianceId;
import oca.model.ContentPath;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;

/**
 * The demo's web server: the page and its players, each session's playlists, the state as JSON, and
 * the buttons. It plays the part of a publisher's web application; media never pass through it.
 */
final class DemoPage implements AutoCloseable {
  private static final Map<String, String> MEDIA_TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "md", "text/plain; charset=utf-8");

  private final ControlListener listener;
  private final ControlClient control;
  private final World world;
  private final Path web;
  private final Path media;

  private DemoPage(ControlListener listener, World world, Path home, ControlClient control) {
    this.control = control;
    this.listener = listener;
    this.world = world;
    this.web = home.resolve("demo").resolve("web");
    this.media = home.resolve("demo").resolve("media");
  }

  /** What the buttons do. */
  interface Buttons {
    void press(String action, ApplianceId appliance) throws IOException;
  }

  /** Starts to serve. */
  static DemoPage open(
      World world,
      Path home,
      ControlClient control,
      Supplier<DemoState> state,
      ControlListener.Handler explain,
      Buttons buttons)
      throws IOException {
    ControlListener listener =
        ControlListener.bind(world.page(), new ControlListener.Limits(1 << 16, 64));
    DemoPage page = new DemoPage(listener, world, home, control);
    listener
        .route("GET", "/", page::file)
        .route("GET", "/play/", page::playlist)
        .route(
            "GET",
            "/api/state",
            _ -> Response.message(state.get()).with("Cache-Control", "no-store"))
        .route("GET", "/api/explain", explain)
        .route("POST", "/api/appliances/", request -> press(request, buttons));
    listener.start();
    return page;
  }

  @Override
  public void close() {
    listener.close();
  }

  private static Response press(Request request, Buttons buttons) throws IOException {
    String[] parts = request.tail().split("/", -1);
    if (parts.length != 2) {
      return Response.problem(404, "no such resource: " + request.path());
    }
    buttons.press(parts[1], new ApplianceId(parts[0]));
    return Response.empty(204);
  }

  private Response file(Request request) throws IOException {
    String path = request.tail().isEmpty() ? "index.html" : request.tail();
    if (ContentPath.fault(path) != null) {
      return Response.problem(404, "no such resource: " + request.path());
    }
    try {
      String suffix = path.substring(path.lastIndexOf('.') + 1);
      return Response.bytes(
              MEDIA_TYPES.getOrDefault(suffix, "application/octet-stream"),
              Files.readAllBytes(web.resolve(path)))
          .with("Cache-Control", "no-cache");
    } catch (NoSuchFileException e) {
      return Response.problem(404, "no such resource: " + request.path());
    }
  }

  /**
   * {@code /play/TITLE/master.m3u8}, with {@code ?pathways=all} naming the whole fleet, and {@code
   * /play/TITLE/manifest.mpd}.
   */
  private Response playlist(Request request) throws IOException {
    String[] parts = request.tail().split("/", -1);
    boolean known =
        parts.length == 2
            && ContentPath.fault(request.tail()) == null
            && Files.isRegularFile(media.resolve(request.tail()));
    if (!known) {
      return Response.problem(404, "no such title or playlist: " + request.path());
    }
    String title = parts[0];
    String plain = Files.readString(media.resolve(request.tail()));
    URI base = world.origin().http("titles/" + title + "/");
    return switch (parts[1]) {
      case "master.m3u8" ->
          Response.text(
              "application/vnd.apple.mpegurl",
              PlayerManifests.hls(
                  plain,
                  base,
                  request.parameter("pathways").isPresent()
                      ? firstAnswer(title).naming(fleet())
                      : firstAnswer(title)));
      case "manifest.mpd" ->
          Response.text(
              "application/dash+xml",
              PlayerManifests.dash(plain, base, world.steering().http("v1/dash/" + title)));
      default -> Response.problem(404, "not a playlist: " + request.path());
    };
  }

  /** An appliance's name is its pathway in every answer. */
  private static Map<String, String> fleet() {
    return World.BOXES.stream().collect(Collectors.toMap(box -> box.id().value(), World.Box::host));
  }

  /** Page and viewer share an address here; elsewhere a publisher would add {@code client=}. */
  private FirstAnswer firstAnswer(String title) {
    URI steering = world.steering().http("v1/hls/" + title);
    try {
      return FirstAnswer.of(control.get(steering, Map.class));
    } catch (IOException e) {
      // It is no reason to refuse a playlist: the player asks again itself, from the origin.
      return FirstAnswer.none(steering);
    }
  }
}
