package oca.bench.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * nginx from the system, with the configuration in the resources. {@code nginx} has tcp_nopush on
 * and {@code nginx-nopush} has it off.
 */
record NginxServer(String name, int port, Path data, Child child) implements Server {
  private static final double WARM_UP_SECONDS = 0.5;

  static NginxServer start(Settings settings, String name, Optional<Certificate> tls)
      throws IOException {
    ServerName named = ServerName.of(name);
    String label = tls.isPresent() ? named.folder() + "-tls" : named.folder();
    Path root = settings.folder().resolve("www").toAbsolutePath();
    Nginx.layOut(root, settings.fileBytes());
    int port = Nginx.freePort();
    Child child = Nginx.start(settings, label, config(settings, named, tls, root, port), port);
    return new NginxServer(name, port, root, child);
  }

  private static String config(
      Settings settings, ServerName name, Optional<Certificate> tls, Path root, int port)
      throws IOException {
    String secured = "";
    if (tls.isPresent()) {
      secured =
          Nginx.filled(
              NginxServer.class,
              "nginx-tls.conf",
              Map.of(
                  "certificate", tls.get().certificate().toString(),
                  "privateKey", tls.get().privateKey().toString(),
                  "suite", settings.cipherSuite()));
    }
    String usual =
        Nginx.filled(
            NginxServer.class,
            "nginx.conf",
            Map.of(
                "user",
                Nginx.user(),
                "workers",
                String.valueOf(settings.workers()),
                "nopush",
                name.kind().equals("nginx") ? "on" : "off",
                "port",
                String.valueOf(port),
                "ssl",
                tls.isPresent() ? "ssl" : "",
                "tls",
                secured,
                "root",
                root.toString()));
    return Nginx.withSettings(usual, name);
  }

  @Override
  public List<Long> pids() {
    return child.pids();
  }

  @Override
  public OptionalLong allocated() {
    return OptionalLong.empty();
  }

  @Override
  public double warmUpSeconds() {
    return WARM_UP_SECONDS;
  }

  @Override
  public void close() {
    child.close();
  }
}
