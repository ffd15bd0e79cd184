package oca.bench.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Ours, see {@link ServerProcess}. */
record OurServer(String name, int port, String transport, Path data, Child child)
    implements Server {
  private static final String HEAP = "512m";
  private static final double WARM_UP_SECONDS = 6;

  static OurServer start(Settings settings, String name, Optional<Certificate> tls)
      throws IOException {
    String label = tls.isPresent() ? name + "-tls" : name;
    Path folder = Files.createDirectories(settings.folder().resolve(label)).toAbsolutePath();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--folder=" + folder,
                "--file-bytes=" + settings.fileBytes(),
                "--event-loops=" + settings.workers()));
    if (name.startsWith("oca-")) {
      arguments.add("--transport=" + name.substring("oca-".length()));
    }
    if (tls.isPresent()) {
      arguments.add("--certificate=" + tls.get().certificate());
      arguments.add("--private-key=" + tls.get().privateKey());
      arguments.add("--cipher-suite=" + settings.cipherSuite());
    }
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
      String[] serving = line.split(" ", -1);
      return new OurServer(name, Integer.parseInt(serving[1]), serving[2], folder, child);
    } catch (IOException | RuntimeException e) {
      child.close();
      throw e;
    }
  }

  @Override
  public List<Long> pids() {
    return child.pids();
  }

  @Override
  public OptionalLong allocated() throws IOException {
    return OptionalLong.of(Long.parseLong(child.ask("allocated")));
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
