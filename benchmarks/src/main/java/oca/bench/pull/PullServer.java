package oca.bench.pull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import oca.bench.serve.Child;
import oca.bench.serve.Nginx;
import oca.bench.serve.ServerName;
import oca.bench.serve.ServerProcess;
import oca.bench.serve.Settings;

/**
 * A server under test that pulls from the origin, with nothing kept yet: ours ({@code oca}, {@code
 * oca-epoll} and so on) or {@code nginx}, both also with settings, see {@link ServerName}.
 *
 * @param name as on the command line
 * @param port on 127.0.0.1
 */
record PullServer(String name, int port, Child child) implements AutoCloseable {
  private static final String HEAP = "512m";

  /** What nginx does without in answers of live segments: they are shorter than a slice. */
  private static final String SLICES =
      """
      slice 1m;
                  proxy_cache_key $uri$slice_range;
                  proxy_set_header Range $slice_range;\
      """;

  /**
   * Looks whether there is such a server.
   *
   * @throws IllegalArgumentException when there is none; the message names those there are
   */
  static void check(String name) {
    String kind = ServerName.of(name).kind();
    if (!kind.equals("nginx") && !kind.equals("oca") && !kind.startsWith("oca-")) {
      throw new IllegalArgumentException(
          "unknown server \""
              + name
              + "\"; there are oca, oca-io_uring, oca-epoll, oca-nio and nginx, each also with"
              + " other settings, such as oca:chunk=128KiB");
    }
  }

  /**
   * Starts one.
   *
   * @param origin the port that it pulls from
   * @param capacityMebibytes what it may keep
   * @param fileBytes a file that it has beforehand, {@code /file.bin}; 0 for none
   */
  static PullServer start(
      Settings settings, String name, int origin, long capacityMebibytes, long fileBytes)
      throws IOException {
    return start(settings, name, origin, capacityMebibytes, fileBytes, "");
  }

  /**
   * Starts one that is told of a live event, where servers of its kind can be.
   *
   * @param event as it stands in a list of {@code live.events}, in one line of YAML; may be empty
   */
  static PullServer start(
      Settings settings,
      String name,
      int origin,
      long capacityMebibytes,
      long fileBytes,
      String event)
      throws IOException {
    check(name);
    ServerName named = ServerName.of(name);
    return named.kind().equals("nginx")
        ? nginx(settings, named, origin, capacityMebibytes, fileBytes)
        : ours(settings, named, origin, capacityMebibytes, fileBytes, event);
  }

  private static PullServer ours(
      Settings settings,
      ServerName named,
      int origin,
      long capacityMebibytes,
      long fileBytes,
      String event)
      throws IOException {
    String label = "pull-" + named.folder();
    Path home = Files.createDirectories(settings.folder().resolve(label)).toAbsolutePath();
    empty(home.resolve("pulled"));
    Path config = home.resolve("pull.yaml");
    Files.writeString(
        config,
        Nginx.filled(
            PullServer.class,
            "pull.yaml",
            Map.of(
                "folder", home.resolve("pulled").toString(),
                "capacity", String.valueOf(capacityMebibytes),
                "origin", String.valueOf(origin),
                "event", event)));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--folder=" + home,
                "--file-bytes=" + fileBytes,
                "--event-loops=" + settings.workers(),
                "--pull=" + config));
    if (named.kind().startsWith("oca-")) {
      arguments.add("--transport=" + named.kind().substring("oca-".length()));
    }
    named.settings().forEach(setting -> arguments.add("--set=" + setting));
    Child child =
        Child.start(
            Child.java(settings, HEAP, ServerProcess.class, arguments),
            settings.serverCpus(),
            settings.folder().resolve(label + ".log"));
    try {
      String line = child.readLine();
      while (!line.startsWith("port ")) {
        line = child.readLine(); // a logging library's own words
      }
      return new PullServer(named.text(), Integer.parseInt(line.split(" ", -1)[1]), child);
    } catch (IOException | RuntimeException e) {
      child.close();
      throw e;
    }
  }

  private static PullServer nginx(
      Settings settings, ServerName named, int origin, long capacityMebibytes, long fileBytes)
      throws IOException {
    String label = "pull-" + named.folder();
    Path home = Files.createDirectories(settings.folder().resolve(label)).toAbsolutePath();
    Path root = settings.folder().resolve("www").toAbsolutePath();
    if (fileBytes > 0) {
      Nginx.layOut(root, fileBytes);
    }
    empty(home.resolve("cache"));
    int port = Nginx.freePort();
    String usual =
        Nginx.filled(
            PullServer.class,
            "nginx-pull.conf",
            Map.of(
                "user",
                Nginx.user(),
                "workers",
                String.valueOf(settings.workers()),
                "port",
                String.valueOf(port),
                "origin",
                String.valueOf(origin),
                "capacity",
                capacityMebibytes + "m",
                "slices",
                hasSlices() ? SLICES : "",
                "root",
                root.toString()));
    return new PullServer(
        named.text(), port, Nginx.start(settings, label, Nginx.withSettings(usual, named), port));
  }

  /** Whether the system's nginx can fetch a range in slices; without, it fetches the whole. */
  static boolean hasSlices() throws IOException {
    return Nginx.options().contains("--with-http_slice_module");
  }

  private static void empty(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path each : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  boolean isOurs() {
    return !name.startsWith("nginx");
  }

  List<Long> pids() {
    return child.pids();
  }

  @Override
  public void close() {
    child.close();
  }
}
