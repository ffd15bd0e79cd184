package oca.server.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import oca.config.ConfigFile;
import oca.config.Current;
import oca.server.pull.PullSource;
import oca.store.ContentKey;
import oca.store.ContentLease;
import oca.store.ContentMeta;
import oca.store.ContentSource;
import oca.store.FillSession;
import oca.store.Lookup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever clients do, each lookup's lease is closed once: closed too seldom, the store never gets
 * its space back; closed too often, another reader's file is closed under it.
 */
@ParameterizedClass
@EnumSource(
    value = HttpConfig.Choice.class,
    names = {"NIO", "EPOLL", "IO_URING"})
class LeaseReturnTest {
  private static final int CLIENTS = 120;
  private static final int BIG = 3_000_000;
  private static final String[] PATHS = {
    "/t/big", "/t/small", "/t/filling", "/t/fault", "/t/none", "/", "/t//small", "t/small"
  };
  private static final String[] METHODS = {"GET", "GET", "GET", "GET", "HEAD", "OPTIONS", "PUT"};

  @TempDir private Path folder;

  private final HttpConfig.Choice choice;
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger closedTooOften = new AtomicInteger();
  private final FakePages pages = new FakePages(seed, 3, open::get);
  private StoreFixture files;

  LeaseReturnTest(HttpConfig.Choice choice) {
    this.choice = choice;
  }

  @AfterEach
  void close() {
    files.close();
  }

  @Test
  void leases_afterOddAndAbortedRequests_areAllBack() throws Exception {
    System.out.println("seed " + seed);
    files = new StoreFixture(folder);
    files.hold("t/big", StoreFixture.random(1, BIG));
    files.hold("t/small", StoreFixture.random(2, 5000));
    files.hold("t/fault", StoreFixture.random(3, 5000));
    byte[] filling = StoreFixture.random(4, 10 * StoreFixture.BLOCK);
    try (FillSession session = files.begin("t/filling", filling, true)) {
      session.append(ByteBuffer.wrap(filling, 0, 5 * StoreFixture.BLOCK));
      try (HttpListener listener = listen()) {
        for (int i = 0; i < CLIENTS; i++) {
          misbehave(listener);
        }
        await().untilAsserted(() -> assertEquals(0, open.get(), "open leases, seed " + seed));
        assertTrue(listener.requests() > CLIENTS / 2, "hardly anything was asked, seed " + seed);
      }
    }
    assertEquals(0, closedTooOften.get(), "seed " + seed);
    assertTrue(pages.begun.get() > 0, "nothing was read, seed " + seed);
    assertEquals(0, pages.withoutLease.get(), "read without a lease, seed " + seed);
    for (String path : new String[] {"t/big", "t/small", "t/fault"}) {
      assertTrue(files.store.remove(StoreFixture.key(path)));
    }
    // What there is of it is kept; it is completed, to be removed too.
    files.hold("t/filling", filling);
    assertTrue(files.store.remove(StoreFixture.key("t/filling")));
    await().untilAsserted(() -> assertEquals(0, files.store.status().usedBytes(), "seed " + seed));
  }

  private HttpListener listen() throws Exception {
    String text =
        "{listen: '127.0.0.1:0', eventLoops: 2, chunk: 64KiB, maxConnections: 40, idleTimeout:"
            + " 300ms, headTimeout: 300ms, lingerTimeout: 50ms, drainTimeout: 1s, drainIdle: 0ms,"
            + " reading: {firstPiece: 8KiB, piece: 32KiB, queuePerVolume: 8}, transport: "
            + choice
            + "}";
    return HttpListener.open(
        Current.of(ConfigFile.parse("test", text, HttpConfig.class)),
        new Counting(),
        PullSource.NONE,
        _ -> {},
        InstantSource.system(),
        InheritedSockets.none(),
        () -> pages);
  }

  private void misbehave(HttpListener listener) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(6); n >= 0; n--) {
      text.append(request());
    }
    if (random.nextInt(5) == 0) {
      text.setLength(random.nextInt(text.length()));
    }
    int receiveBuffer = random.nextInt(3) == 0 ? 8192 : 0;
    try (RawClient client = new RawClient(listener.endpoint(), receiveBuffer)) {
      client.socket.setSoTimeout(100 + random.nextInt(400));
      client.say(text.toString());
      switch (random.nextInt(5)) {
        case 0 -> client.socket.setSoLinger(true, 0);
        case 1 -> client.socket.shutdownOutput();
        case 2 -> read(client, random.nextInt(200_000));
        case 3 -> {
          read(client, random.nextInt(2_000_000));
          client.socket.setSoLinger(true, 0);
        }
        default -> read(client, Integer.MAX_VALUE);
      }
    } catch (IOException e) {
      assertTrue(
          e instanceof java.net.SocketException || e instanceof java.net.SocketTimeoutException,
          () -> e + ", seed " + seed);
    }
  }

  private static void read(RawClient client, int atMost) throws IOException {
    byte[] into = new byte[32_768];
    int left = atMost;
    for (int n = client.read(into); n >= 0 && left > 0; n = client.read(into)) {
      left -= n;
    }
  }

  private String request() {
    String[] fields = {
      "X: y",
      "Range: bytes=" + random.nextInt(BIG) + "-" + random.nextInt(2 * BIG),
      "Range: bytes=0-" + random.nextInt(5000),
      "Range: bytes=-" + random.nextInt(5000),
      "Range: bytes=" + 2L * BIG + "-",
      "Range: bytes=0-1,5-6",
      "Range: bytes=banana",
      "If-None-Match: *",
      "If-Match: \"x\"",
      "If-Range: \"x\"",
      "Connection: close",
      "Content-Length: 5"
    };
    String method = METHODS[random.nextInt(METHODS.length)];
    String path = PATHS[random.nextInt(PATHS.length)];
    return RawClient.request(
        method, path, fields[random.nextInt(fields.length)], fields[random.nextInt(8)]);
  }

  /** The store, with each lease counted by itself; of one file it cannot say what it is. */
  private final class Counting implements ContentSource {
    @Override
    public Lookup lookup(ContentKey key) {
      boolean faulty = key.equals(StoreFixture.key("t/fault"));
      return switch (files.store.lookup(key)) {
        case Lookup.Hit hit -> new Lookup.Hit(new Counted(hit.lease(), faulty));
        case Lookup.Filling filling ->
            new Lookup.Filling(new Counted(filling.lease(), false), filling.blocks());
        case Lookup.Miss miss -> miss;
      };
    }
  }

  private final class Counted implements ContentLease {
    private final ContentLease of;
    private final boolean faulty;
    private final AtomicBoolean closed = new AtomicBoolean();

    Counted(ContentLease of, boolean faulty) {
      this.of = of;
      this.faulty = faulty;
      open.incrementAndGet();
    }

    @Override
    public ContentMeta meta() {
      if (faulty) {
        throw new IllegalStateException("fails on purpose");
      }
      return of.meta();
    }

    @Override
    public FileChannel channel() {
      return of.channel();
    }

    @Override
    public int descriptor() {
      return of.descriptor();
    }

    @Override
    public Object volume() {
      return of.volume();
    }

    @Override
    public ContentLease share() {
      return new Counted(of.share(), faulty);
    }

    @Override
    public long contentOffset() {
      return of.contentOffset();
    }

    @Override
    public void reportReadError(IOException error) {
      of.reportReadError(error);
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        open.decrementAndGet();
        of.close();
      } else {
        closedTooOften.incrementAndGet();
      }
    }
  }
}
