package oca.server.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.protocol.ServeRecord;
import oca.server.http.RawClient.Answer;
import oca.server.range.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A listener over a few files, on one transport, and what must hold after every test. */
abstract class ListenerFixture {
  static final int SMALL = 100_000;
  static final int BIG = 64 << 20;
  static final int OFFSET = 4096;
  static final Instant NOW = Instant.ofEpochSecond(FileSource.MODIFIED + 10);

  @TempDir Path folder;

  final HttpConfig.Choice choice;
  final FileSource source = new FileSource();
  final Queue<ServeRecord> records = new ConcurrentLinkedQueue<>();
  byte[] small;
  HttpListener listener;

  ListenerFixture(HttpConfig.Choice choice) {
    this.choice = choice;
  }

  @BeforeEach
  void publish() throws IOException {
    small = new byte[SMALL];
    new Random(1).nextBytes(small);
    byte[] behindHeader = new byte[OFFSET + SMALL];
    System.arraycopy(small, 0, behindHeader, OFFSET, SMALL);
    Path file = Files.write(folder.resolve("small"), behindHeader);
    source.publish("t/small.mp4", file, OFFSET, SMALL, SMALL);
    source.publish("t/filling.mp4", file, OFFSET, SMALL, 5000);
    source.publish("t/short.mp4", file, OFFSET, SMALL + 1, SMALL + 1);
    source.publish("t/odd.mp4", file, OFFSET, SMALL, -1);
    source.publish("t/empty.mp4", file, OFFSET, 0, 0);
    Path big = folder.resolve("big");
    try (var channel = new java.io.RandomAccessFile(big.toFile(), "rw")) {
      channel.setLength(BIG);
    }
    source.publish("t/big.mp4", big, 0, BIG, BIG);
  }

  /** With further lines of configuration. */
  HttpListener open(String... lines) throws IOException {
    listener = HttpListener.open(config(lines), source, records::add, InstantSource.fixed(NOW));
    return listener;
  }

  HttpConfig config(String... lines) {
    String more = String.join("\n", lines);
    String listen =
        more.startsWith("listen:") || more.contains("\nlisten:") ? "" : "listen: 127.0.0.1:0\n";
    String loops = more.contains("eventLoops:") ? "" : "eventLoops: 2\n";
    String drain = more.contains("drainIdle:") ? "" : "drainIdle: 0ms\n";
    String text = listen + loops + drain + "transport: " + choice + "\n" + more;
    try {
      return ConfigFile.parse("test", text, HttpConfig.class);
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  RawClient connect() throws IOException {
    return new RawClient((listener == null ? open() : listener).endpoint());
  }

  Answer ask(String request) throws IOException {
    try (RawClient client = connect()) {
      return client.say(request).answer();
    }
  }

  Answer get(String path, String... fields) throws IOException {
    return ask(RawClient.request("GET", path, fields));
  }

  /** Nothing is left over, whatever the test did. */
  @AfterEach
  void settle() throws IOException {
    if (listener != null) {
      await().untilAsserted(() -> assertEquals(0, source.openLeases.get(), "open leases"));
      listener.close();
      assertEquals(0, source.closedTwice.get(), "leases closed twice");
      assertEquals(listener.requests(), records.size(), "one record for each request");
      assertEquals(
          listener.bytesSent(), records.stream().mapToLong(ServeRecord::bodyBytes).sum(), "bytes");
      assertEquals(0, listener.recordsLost());
    }
    source.close();
  }

  long count(Outcome outcome) {
    return listener.outcomes().getOrDefault(outcome, 0L);
  }
}
