package oca.bench.fill;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import oca.bench.serve.Setup;
import oca.config.ByteSize;
import oca.config.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How much does the origin send while all appliances of a site fill with the same files, and the
 * one that fetches a file for the others dies in the middle of it?
 *
 * <p>Writes one line for each size of fleet to the standard output. Exit code 1 when the origin
 * sent more than 1.02 of the unique bytes, or an appliance that lives does not serve each byte as
 * it was published.
 */
@Command(
    name = "origin-bytes",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Fills fleets, kills a master, and counts what the origin sent.")
public final class OriginBytes implements Callable<Integer> {
  private static final double LIMIT = 1.02;
  private static final long PATIENCE_NANOS = 600_000_000_000L;

  @Option(names = "--appliances", split = ",", description = "sizes of the fleet")
  private List<Integer> appliances = List.of(4, 16, 64);

  @Option(names = "--files", description = "that are filled")
  private int files = 4;

  @Option(names = "--size", description = "of each")
  private String size = "16MiB";

  @Option(names = "--block", description = "of which the files have digests")
  private String block = "64KiB";

  @Option(names = "--rate", description = "what an appliance may fetch in a second")
  private String rate = "64MiB";

  @Option(
      names = "--link",
      description = "what all together may fetch from outside in a second, but see --carried")
  private String link = "8MiB";

  @Option(
      names = "--carried",
      description =
          "what this machine carries in a second: the link has its part for one appliance")
  private String carried = "96MiB";

  @Option(names = "--masters", description = "for each file")
  private int masters = 1;

  @Option(names = "--no-kill", description = "lets the master live")
  private boolean noKill;

  @Option(names = "--folder", description = "for the stores; emptied afterwards")
  private Path folder = Path.of("benchmarks/target/fill");

  @Option(names = "--seed", description = "of the content")
  private long seed = 1;

  /**
   * What came of one fleet.
   *
   * @param unique bytes of all files together
   * @param originBytes that the origin handed to sockets
   * @param peerBytes that appliances fetched from each other
   * @param killed the appliance that died, and what of its files was not there yet
   * @param wrong files that an appliance that lives did not serve as they were published
   * @param seconds until all of those held all
   */
  record Result(
      int appliances,
      long unique,
      long originBytes,
      long peerBytes,
      String killed,
      int wrong,
      double seconds) {
    double ratio() {
      return (double) originBytes / unique;
    }

    boolean good() {
      return ratio() <= LIMIT && wrong == 0;
    }
  }

  /** Runs and exits. */
  public static void main(String[] args) {
    System.exit(run(new PrintWriter(System.out, true, StandardCharsets.UTF_8), args));
  }

  /** Runs; the exit code. */
  static int run(PrintWriter out, String... args) {
    return Setup.run(new OriginBytes().printingTo(out), out, args);
  }

  private PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);

  private OriginBytes printingTo(PrintWriter to) {
    out = to;
    return this;
  }

  @Override
  public Integer call() throws IOException, ConfigException, InterruptedException {
    boolean good = true;
    for (int fleet : appliances) {
      Result result = fill(fleet);
      good &= result.good();
      out.println(
          String.format(
              Locale.ROOT,
              "%3d appliances, %.1f MiB unique: origin %.1f MiB, ratio %.4f, from peers %.1f MiB,"
                  + " killed %s, %d wrong files, %.1f s",
              result.appliances(),
              mebibytes(result.unique()),
              mebibytes(result.originBytes()),
              result.ratio(),
              mebibytes(result.peerBytes()),
              result.killed(),
              result.wrong(),
              result.seconds()));
    }
    return good ? 0 : 1;
  }

  private Result fill(int fleet) throws IOException, ConfigException, InterruptedException {
    int blockBytes = (int) ByteSize.parse(block).bytes();
    Published published = Published.of(files, (int) ByteSize.parse(size).bytes(), blockBytes, seed);
    Files.createDirectories(folder);
    Path home = Files.createTempDirectory(folder, "fleet");
    try (FillFleet all =
        new FillFleet(
            published,
            fleet,
            blockBytes,
            ByteSize.parse(rate).bytes(),
            "masters: %d, sites: [{site: north, rate: %dB}]".formatted(masters, linkRate(fleet)),
            home)) {
      all.plan(published);
      long began = System.nanoTime();
      List<FillBox> living = new ArrayList<>(all.boxes());
      String killed = "nobody";
      if (!noKill) {
        FillBox victim = masterMidFile(all, published);
        killed = victim.id() + " at " + victim.filler().filling(9).size() + " files";
        victim.kill();
        living.remove(victim);
      }
      await(living, published, began);
      double seconds = (System.nanoTime() - began) / 1e9;
      int wrong = wrong(living, published);
      return new Result(
          fleet,
          published.unique(),
          all.origin().sent(),
          living.stream().mapToLong(it -> it.filler().status().bytesFromPeers()).sum(),
          killed,
          wrong,
          seconds);
    } finally {
      delete(home);
    }
  }

  /** A slow machine must not be what a fast link waits for: a master would be far ahead then. */
  private long linkRate(int fleet) {
    return Math.min(ByteSize.parse(link).bytes(), ByteSize.parse(carried).bytes() / fleet);
  }

  /** The appliance that is fetching from the origin when a third of all has come from there. */
  private static FillBox masterMidFile(FillFleet all, Published published)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    Map<FillBox, Long> before = new HashMap<>();
    while (System.nanoTime() - began < PATIENCE_NANOS) {
      boolean due = all.origin().sent() > published.unique() / 3;
      Optional<FillBox> busiest =
          all.boxes().stream()
              .filter(it -> !it.filler().filling(1).isEmpty())
              .filter(
                  it ->
                      it.filler().status().bytesFromOrigins()
                          > before.getOrDefault(it, Long.MAX_VALUE))
              .max(Comparator.comparingLong(it -> it.filler().status().bytesFromOrigins()));
      if (due && busiest.isPresent()) {
        return busiest.get();
      }
      all.boxes().forEach(it -> before.put(it, it.filler().status().bytesFromOrigins()));
      Thread.sleep(20);
    }
    throw new IOException("nobody fetches from the origin");
  }

  private static void await(List<FillBox> living, Published published, long began)
      throws IOException, InterruptedException {
    int wanted = published.bytes().size();
    while (living.stream().anyMatch(it -> it.store().held().size() < wanted)) {
      if (System.nanoTime() - began > PATIENCE_NANOS) {
        throw new IOException(
            "not filled in ten minutes: "
                + living.stream()
                    .filter(it -> it.store().held().size() < wanted)
                    .map(it -> it.id() + " " + it.filler().status())
                    .toList());
      }
      Thread.sleep(20);
    }
  }

  private static int wrong(List<FillBox> living, Published published)
      throws IOException, InterruptedException {
    int wrong = 0;
    try (HttpClient viewer = HttpClient.newHttpClient()) {
      for (FillBox box : living) {
        for (Map.Entry<String, byte[]> file : published.bytes().entrySet()) {
          HttpResponse<InputStream> answer =
              viewer.send(
                  HttpRequest.newBuilder(box.endpoint().http(file.getKey())).build(),
                  BodyHandlers.ofInputStream());
          try (InputStream body = answer.body()) {
            boolean same =
                answer.statusCode() == 200 && Arrays.equals(body.readAllBytes(), file.getValue());
            wrong += same ? 0 : 1;
          }
        }
      }
    }
    return wrong;
  }

  private static double mebibytes(long bytes) {
    return bytes / 1048576.0;
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
