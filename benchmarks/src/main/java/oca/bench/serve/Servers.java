package oca.bench.serve;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Which servers there are to compare, by name. */
final class Servers {
  /** What is compared unless the command line says otherwise. */
  static final List<String> USUAL =
      List.of("oca-io_uring", "oca-epoll", "oca-nio", "nginx", "nginx-nopush");

  private Servers() {}

  /** What came of the wish to start a server. */
  sealed interface Start {
    record Started(Server server) implements Start {}

    record NotCompared(String why) implements Start {}
  }

  /**
   * Starts one by its name.
   *
   * @throws IOException when it should have started; its log is named
   */
  static Start start(Settings settings, String name, Optional<Certificate> tls) throws IOException {
    return switch (ServerName.of(name).kind()) {
      case "oca", "oca-io_uring", "oca-epoll", "oca-nio" ->
          tls.isPresent() && OurTls.missing().isPresent()
              ? new Start.NotCompared(OurTls.missing().get())
              : new Start.Started(OurServer.start(settings, name, tls));
      case "nginx", "nginx-nopush" ->
          installed()
              ? new Start.Started(NginxServer.start(settings, name, tls))
              : new Start.NotCompared("not installed (Debian: apt install nginx)");
      case "trafficserver", "varnish" ->
          new Start.NotCompared(
              "not compared: no configuration of it has been tried and tuned for this load");
      case String other ->
          throw new IllegalArgumentException(
              "unknown server \""
                  + other
                  + "\"; there are oca (the default transport), "
                  + USUAL
                  + ", and ours with other settings, such as oca-epoll:chunk=512KiB");
    };
  }

  private static boolean installed() {
    try {
      return !Nginx.binary().isEmpty();
    } catch (IOException e) {
      return false; // that is the answer
    }
  }
}
