package oca.bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.server.http.HttpConfig;
import oca.server.http.HttpListener;
import oca.store.ContentKey;
import oca.store.ContentLease;
import oca.store.ContentMeta;
import oca.store.ContentSource;
import oca.store.Lookup;
import oca.store.disk.OpenFile;

/**
 * How long do hot requests take while others flood the appliance with requests for files on a slow
 * disk, with and without the question whether they are in memory? See {@code cold-flood.sh}, which
 * makes the slow disk.
 *
 * <p>32 connections ask for 64 KiB of the hot file 10 times a second each; 32 others ask for 1 MiB
 * of the cold one, one after the other. Quiet and flooded phases, with and without the question,
 * take turns, so that the machine's own moods come out in all alike.
 */
final class ColdFlood {
  private static final int CONNECTIONS = 32;
  private static final int HOT_BYTES = 64 << 10;
  private static final int COLD_BYTES = 1 << 20;
  private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(100);

  private final Map<ContentKey, Lookup> files;
  private final long hotLength;
  private final long coldLength;
  private final Path cold;
  private final String transport;
  private final long seconds;

  private ColdFlood(Path hot, Path cold, String transport, long seconds) throws IOException {
    PlainFile hotFile = PlainFile.open("hot", hot);
    PlainFile coldFile = PlainFile.open("cold", cold);
    this.files =
        Map.of(
            hotFile.meta().key(), new Lookup.Hit(hotFile),
            coldFile.meta().key(), new Lookup.Hit(coldFile));
    this.hotLength = hotFile.meta().length();
    this.coldLength = coldFile.meta().length();
    this.cold = cold;
    this.transport = transport;
    this.seconds = seconds;
  }

  /**
   * Runs all phases in turn.
   *
   * @param arguments hot file, cold file, transport, seconds a phase, rounds
   */
  public static void main(String[] arguments) throws Exception {
    ColdFlood flood =
        new ColdFlood(
            Path.of(arguments[0]),
            Path.of(arguments[1]),
            arguments[2],
            Long.parseLong(arguments[3]));
    System.out.println("question  flood   hot requests   p50 ms   p99 ms   max ms   cold MiB");
    for (int round = 0; round < Integer.parseInt(arguments[4]); round++) {
      for (boolean asks : new boolean[] {true, false}) {
        for (boolean flooded : new boolean[] {false, true}) {
          flood.phase(asks, flooded);
        }
      }
    }
  }

  private void phase(boolean asks, boolean flooded) throws Exception {
    new ProcessBuilder(
            "dd", "of=" + cold, "oflag=nocache", "conv=notrunc,fdatasync", "count=0", "status=none")
        .inheritIO()
        .start()
        .waitFor();
    ContentSource source = key -> files.getOrDefault(key, Lookup.Miss.MISS);
    try (HttpListener listener =
        HttpListener.open(config(asks), source, _ -> {}, InstantSource.system())) {
      ConcurrentLinkedQueue<Long> took = new ConcurrentLinkedQueue<>();
      AtomicLong coldBytes = new AtomicLong();
      AtomicBoolean ended = new AtomicBoolean();
      AtomicLongArray dues = new AtomicLongArray(CONNECTIONS);
      CountDownLatch warm = new CountDownLatch(CONNECTIONS);
      for (int i = 0; i < CONNECTIONS; i++) {
        Random random = new Random(i);
        int number = i;
        var _ =
            Thread.startVirtualThread(
                () -> askHot(listener.endpoint(), random, warm, took, number, dues, ended));
      }
      warm.await();
      if (flooded) {
        for (int i = 0; i < CONNECTIONS; i++) {
          Random random = new Random(1000 + i);
          var _ =
              Thread.startVirtualThread(
                  () -> askCold(listener.endpoint(), random, coldBytes, ended));
        }
      }
      took.clear();
      TimeUnit.SECONDS.sleep(seconds);
      ended.set(true);
      long now = System.nanoTime();
      for (int i = 0; i < CONNECTIONS; i++) {
        // What has not been answered yet counts with what it has waited.
        if (now > dues.get(i)) {
          took.add(now - dues.get(i));
        }
      }
      long[] nanos = took.stream().mapToLong(Long::longValue).sorted().toArray();
      System.out.printf(
          "%-8s  %-5s   %12d   %6.2f   %6.2f   %6.1f   %8d   %s%n",
          asks ? "on" : "off",
          flooded ? "yes" : "no",
          nanos.length,
          nanos[nanos.length / 2] / 1e6,
          nanos[(int) (nanos.length * 0.99)] / 1e6,
          nanos[nanos.length - 1] / 1e6,
          coldBytes.get() >> 20,
          listener.reading());
    }
  }

  private HttpConfig config(boolean asks) throws ConfigException {
    return ConfigFile.parse(
        "flood",
        "{listen: '127.0.0.1:0', eventLoops: 1, drainTimeout: 0ms, transport: "
            + transport
            + ", reading: {threadsPerVolume: "
            + (asks ? 8 : 0)
            + "}}",
        HttpConfig.class);
  }

  private void askHot(
      Endpoint to,
      Random random,
      CountDownLatch warm,
      ConcurrentLinkedQueue<Long> took,
      int number,
      AtomicLongArray dues,
      AtomicBoolean ended) {
    try (Socket socket = new Socket(to.host(), to.port())) {
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(socket.getInputStream(), 65_536));
      byte[] room = new byte[HOT_BYTES];
      long next = System.nanoTime() + random.nextLong(PERIOD);
      for (int n = 0; !ended.get(); n++) {
        TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
        // From the time it was due, so that a stall counts for all that it holds up.
        long due = next;
        ask(socket, in, "hot", random.nextLong(hotLength - HOT_BYTES), room);
        took.add(System.nanoTime() - due);
        next += PERIOD;
        dues.set(number, next);
        if (n == 10) {
          warm.countDown();
        }
      }
    } catch (IOException | InterruptedException e) {
      if (!ended.get()) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void askCold(Endpoint to, Random random, AtomicLong bytes, AtomicBoolean ended) {
    try (Socket socket = new Socket(to.host(), to.port())) {
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(socket.getInputStream(), 65_536));
      byte[] room = new byte[COLD_BYTES];
      while (!ended.get()) {
        ask(socket, in, "cold", random.nextLong(coldLength - COLD_BYTES), room);
        bytes.addAndGet(COLD_BYTES);
      }
    } catch (IOException e) {
      if (!ended.get()) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void ask(Socket socket, DataInputStream in, String path, long first, byte[] room)
      throws IOException {
    long last = first + room.length - 1;
    String request =
        "GET /" + path + " HTTP/1.1\r\nHost: x\r\nRange: bytes=" + first + "-" + last + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    int ends = 0;
    StringBuilder head = new StringBuilder();
    while (ends < 4) {
      char c = (char) in.readByte();
      head.append(c);
      ends = c == "\r\n\r\n".charAt(ends) ? ends + 1 : c == '\r' ? 1 : 0;
    }
    if (!head.toString().startsWith("HTTP/1.1 206")) {
      throw new IOException("refused: " + head);
    }
    in.readFully(room);
  }

  /** A file that is always held; its volume is its folder. */
  private record PlainFile(ContentMeta meta, OpenFile open, Path volume) implements ContentLease {
    static PlainFile open(String path, Path file) throws IOException {
      OpenFile open = OpenFile.of(new RandomAccessFile(file.toFile(), "r"));
      ContentId id = ContentId.ofPath(path);
      long length = open.channel().size();
      ContentKey key = new ContentKey(id.high(), id.low());
      return new PlainFile(
          new ContentMeta(key, length, "0".repeat(64), "video/mp4", 0),
          open,
          Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a folder"));
    }

    @Override
    public FileChannel channel() {
      return open.channel();
    }

    @Override
    public int descriptor() {
      return open.descriptor();
    }

    @Override
    public ContentLease share() {
      return this;
    }

    @Override
    public long contentOffset() {
      return 0;
    }

    @Override
    public void reportReadError(IOException error) {
      System.out.println("a read failed: " + error);
    }

    @Override
    public void close() {
      // Open until the process ends.
    }
  }
}
