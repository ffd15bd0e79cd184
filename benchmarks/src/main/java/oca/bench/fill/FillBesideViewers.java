package oca.bench.fill;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import oca.bench.serve.Setup;
import oca.config.ByteSize;
import oca.config.ConfigException;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.Entry;
import oca.protocol.FillManifest.FillWindow;
import oca.protocol.FillManifest.Source;
import oca.protocol.FillManifest.Tier;
import oca.protocol.HeartbeatReply;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What do viewers notice of an appliance that fills at its cap? Viewers ask for ranges of a held
 * file at a steady pace while the window opens and closes, slice by slice, in an order that is
 * turned round each time; the time to the first byte with and without filling is compared within
 * each round, and the median of the rounds is told with the least and the greatest.
 *
 * <p>Exit code 1 when an answer was wrong or filling moves the p99 by more than {@code --limit}.
 * Viewers, appliance and origin share this process and its processors: what it tells is an upper
 * bound.
 */
@Command(
    name = "fill-beside-viewers",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Compares viewers' first byte with and without filling.")
public final class FillBesideViewers implements Callable<Integer> {
  private static final int RANGE = 64 << 10;
  private static final int BLOCK = 1 << 20;
  private static final Duration SETTLE = Duration.ofMillis(500);

  @Option(names = "--cap", description = "of filling, in a second")
  private String cap = "16MiB";

  @Option(names = "--viewers", description = "connections")
  private int viewers = 8;

  @Option(names = "--every", description = "milliseconds between requests of each of them")
  private int every = 20;

  @Option(names = "--rounds", description = "each with a ratio of its own; the median counts")
  private int rounds = 5;

  @Option(names = "--slices", description = "of a round with filling, and as many without")
  private int slices = 2;

  @Option(names = "--seconds", description = "of a slice")
  private double seconds = 2;

  @Option(names = "--limit", description = "by how much the p99 may be more, as a part of it")
  private double limit = 0.05;

  @Option(names = "--folder", description = "for the store; emptied afterwards")
  private Path folder = Path.of("benchmarks/target/fill");

  private final Recorder with = new Recorder(3);
  private final Recorder without = new Recorder(3);
  private final Histogram allFilling = new Histogram(3);
  private final Histogram allIdle = new Histogram(3);
  private final AtomicReference<FillManifest> manifest = new AtomicReference<>();
  private volatile Phase phase = Phase.NEITHER;
  private volatile String wrong = "";
  private PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);

  private enum Phase {
    NEITHER,
    WITH,
    WITHOUT,
    OVER
  }

  /** Runs and exits. */
  public static void main(String[] args) {
    System.exit(run(new PrintWriter(System.out, true, StandardCharsets.UTF_8), args));
  }

  /** Runs; the exit code. */
  static int run(PrintWriter out, String... args) {
    FillBesideViewers command = new FillBesideViewers();
    command.out = out;
    return Setup.run(command, out, args);
  }

  @Override
  public Integer call() throws IOException, ConfigException, InterruptedException {
    long rate = ByteSize.parse(cap).bytes();
    int files = (int) Math.ceil(rate * rounds * slices * (seconds + 1) / (16 << 20)) + 2;
    Published published = Published.of(files, 16 << 20, BLOCK, 1);
    Files.createDirectories(folder);
    Path home = Files.createTempDirectory(folder, "viewers");
    try (CountingOrigin origin = new CountingOrigin(published);
        ControlListener plane = plane()) {
      List<Entry> entries = entries(published, origin);
      manifest.set(manifest(1, true, rate, entries.subList(0, 2)));
      try (FillBox box =
          new FillBox("n-1", "north", home.resolve("n-1"), BLOCK, plane.endpoint().http(""))) {
        while (box.store().held().size() < 2) {
          Thread.sleep(20);
        }
        List<Thread> threads = watch(box.endpoint(), published);
        long filled = 0;
        List<Double> ratios = new ArrayList<>();
        slice(entries, false, 0, rate); // Warms up.
        without.reset();
        for (int round = 0; round < rounds && wrong.isEmpty(); round++) {
          Histogram filling = new Histogram(3);
          Histogram idle = new Histogram(3);
          for (int slice = 0; slice < 2 * slices && wrong.isEmpty(); slice++) {
            // With, without, without, with: what drifts falls on both.
            boolean fills = slice % 4 == 0 || slice % 4 == 3;
            long before = origin.sent();
            slice(entries, fills, 1 + round * 2 * slices + slice, rate);
            filled += fills ? origin.sent() - before : 0;
            filling.add(with.getIntervalHistogram());
            idle.add(without.getIntervalHistogram());
          }
          ratios.add(p99(filling) / Math.max(1, p99(idle)));
          allFilling.add(filling);
          allIdle.add(idle);
        }
        phase = Phase.OVER;
        for (Thread thread : threads) {
          thread.join();
        }
        return tell(filled, ratios) ? 0 : 1;
      }
    } finally {
      OriginBytes.delete(home);
    }
  }

  private void slice(List<Entry> entries, boolean fills, int number, long rate) {
    manifest.set(manifest(2 + number, fills, rate, entries));
    LockSupport.parkNanos(SETTLE.toNanos());
    phase = fills ? Phase.WITH : Phase.WITHOUT;
    LockSupport.parkNanos((long) (seconds * 1e9));
    phase = Phase.NEITHER;
  }

  private static double p99(Histogram micros) {
    return micros.getValueAtPercentile(99);
  }

  private boolean tell(long filled, List<Double> ratios) {
    Collections.sort(ratios);
    double median = ratios.isEmpty() ? Double.NaN : ratios.get(ratios.size() / 2);
    out.println(
        String.format(
            Locale.ROOT,
            "first byte without filling: p50 %d us, p99 %d us (%d answers); with %.1f MiB/s: p50 %d"
                + " us, p99 %d us (%d answers); p99 ratio of %d rounds: median %.3f, %.3f to"
                + " %.3f%s",
            allIdle.getValueAtPercentile(50),
            allIdle.getValueAtPercentile(99),
            allIdle.getTotalCount(),
            filled / 1048576.0 / (rounds * slices * (seconds + SETTLE.toMillis() / 1000.0)),
            allFilling.getValueAtPercentile(50),
            allFilling.getValueAtPercentile(99),
            allFilling.getTotalCount(),
            ratios.size(),
            median,
            ratios.isEmpty() ? Double.NaN : ratios.getFirst(),
            ratios.isEmpty() ? Double.NaN : ratios.getLast(),
            wrong.isEmpty() ? "" : "; " + wrong));
    return wrong.isEmpty()
        && allFilling.getTotalCount() > 0
        && allIdle.getTotalCount() > 0
        && filled > 0
        && median <= 1 + limit;
  }

  private List<Thread> watch(Endpoint box, Published published) {
    byte[] file = published.bytes().get(published.catalog().files().getFirst().path());
    if (file == null) {
      throw new IllegalStateException("the first file has no bytes");
    }
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < viewers; i++) {
      int seed = i;
      threads.add(Thread.ofPlatform().name("viewer-" + i).start(() -> view(box, file, seed)));
    }
    return Collections.unmodifiableList(threads);
  }

  private void view(Endpoint box, byte[] file, int seed) {
    Random random = new Random(seed);
    byte[] answer = new byte[RANGE];
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), box.port())) {
      socket.setTcpNoDelay(true);
      while (phase != Phase.OVER) {
        LockSupport.parkNanos((long) (every * 1e6 * (0.5 + random.nextDouble())));
        Phase during = phase;
        int first = random.nextInt(file.length - RANGE);
        String request =
            "GET /t/0.mp4 HTTP/1.1\r\nHost: a\r\nRange: bytes=%d-%d\r\n\r\n"
                .formatted(first, first + RANGE - 1);
        long asked = System.nanoTime();
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        int began = in.read();
        long micros = (System.nanoTime() - asked) / 1000;
        if (began < 0) {
          throw new IOException("the appliance closed");
        }
        skipHead(in);
        if (in.readNBytes(answer, 0, RANGE) < RANGE
            || !java.util.Arrays.equals(answer, 0, RANGE, file, first, first + RANGE)) {
          throw new IOException("a wrong answer at " + first);
        }
        switch (during) {
          case WITH -> with.recordValue(micros);
          case WITHOUT -> without.recordValue(micros);
          case NEITHER, OVER -> {}
        }
      }
    } catch (IOException e) {
      wrong = String.valueOf(e.getMessage());
    }
  }

  private static void skipHead(InputStream in) throws IOException {
    int ends = 0;
    while (ends < 2) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the head breaks off");
      }
      ends = next == '\n' ? ends + 1 : next == '\r' ? ends : 0;
    }
  }

  private ControlListener plane() throws IOException {
    ControlListener plane =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT);
    plane
        .route("POST", "/v1/heartbeats", _ -> Response.message(new HeartbeatReply(false)))
        .route("POST", "/v1/fill-reports", _ -> Response.empty(204))
        .route("GET", "/v1/manifests/n-1", _ -> Response.message(manifest.get()))
        .start();
    return plane;
  }

  private static List<Entry> entries(Published published, CountingOrigin origin) {
    List<Entry> entries = new ArrayList<>();
    for (CatalogEntry file : published.catalog().files()) {
      entries.add(
          new Entry(
              file, List.of(new Source(origin.endpoint().http(file.path()), Tier.ORIGIN, 0))));
    }
    return entries;
  }

  private static FillManifest manifest(long version, boolean open, long rate, List<Entry> entries) {
    Instant now = Instant.now();
    FillWindow window =
        open
            ? new FillWindow(now.minusSeconds(60), now.plusSeconds(3600))
            : new FillWindow(now.plusSeconds(3600), now.plusSeconds(7200));
    return new FillManifest(new ApplianceId("n-1"), version, window, rate, entries);
  }
}
