package oca.bench.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Ours, see {@link ServerProcess}; the name's kind tells the transport. */
record OurServer(String name, int port, String transport, Path data, Child child)
    implements Server {
  private static final String HEAP = "512m";
  private static final double WARM_UP_SECONDS = 6;

  static OurServer start(Settings settings, String name, Optional<Certificate> tls)
      throws IOException {
    ServerName named = ServerName.of(name);
    String label = tls.isPresent() ? named.folder() + "-tls" : named.folder();
    return start(settings, named, label, List.of("-Xms" + HEAP, "-Xmx" + HEAP), tls);
  }

  /**
   * The same, otherwise.
   *
   * @param label names its store and its log; servers of one label run one after the other
   * @param heap how much of it, as options of the JVM
   */
  static OurServer start(
      Settings settings,
      ServerName named,
      String label,
      List<String> heap,
      Optional<Certificate> tls)
      throws IOException {
    Path folder = Files.createDirectories(settings.folder().resolve(label)).toAbsolutePath();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--folder=" + folder,
                "--file-bytes=" + settings.fileBytes(),
                "--event-loops=" + settings.workers()));
    if (named.kind().startsWith("oca-")) {
      arguments.add("--transport=" + named.kind().substring("oca-".length()));
    }
    named.settings().forEach(setting -> arguments.add("--set=" + setting));
    if (tls.isPresent()) {
      arguments.add("--certificate=" + tls.get().certificate());
      arguments.add("--private-key=" + tls.get().privateKey());
      arguments.add("--cipher-suite=" + settings.cipherSuite());
    }
    Child child =
        Child.start(
            Child.java(settings, heap, ServerProcess.class, arguments),
            settings.serverCpus(),
            settings.folder().resolve(label + ".log"));
    try {
      String line = child.readLine();
      while (!line.startsWith("port ")) {
        line = child.readLine(); // a logging library's own words
      }
      String[] serving = line.split(" ", -1);
      return new OurServer(named.text(), Integer.parseInt(serving[1]), serving[2], folder, child);
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

  /** What it holds after a collection of its garbage. */
  ServerMemory memory() throws IOException {
    return child.ask("memory", ServerMemory.class);
  }

  /** What it has counted so far. */
  Counters counters() throws IOException {
    return child.ask("counters", Counters.class);
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
