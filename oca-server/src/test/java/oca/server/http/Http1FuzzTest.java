package oca.server.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.config.Current;
import oca.server.authorize.LiveAuthorizer;
import oca.server.pull.PullSource;
import oca.server.range.ContentRequest.Method;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.slf4j.LoggerFactory;

/**
 * Any bytes over one connection, in one piece, in random pieces and byte by byte: the answers are
 * always those that {@link HeadModel} foretells, and the same bytes, after each piece. Whatever is
 * sent, no file's bytes but those asked for leave, all that was lent is given back, and Netty's own
 * decoder reads each head that is answered in the same way.
 */
@Tag("fuzz")
class Http1FuzzTest {
  private static final int MAX_INPUT = 8192;
  private static final int BYTEWISE = 600;
  private static final int OFFSET = 64;
  private static final HttpConfig CONFIG = config();
  private static final HeadModel MODEL = new HeadModel(CONFIG);
  private static final byte[] CONTENT = content();

  private static Path file;
  private static FileSource source;
  private static volatile ILoggingEvent fault;

  /** All is done on one thread; other tests may log meanwhile. */
  private static volatile Thread tester;

  private static HttpConfig config() {
    String text =
        """
        listen: 127.0.0.1:0
        transport: nio
        eventLoops: 1
        maxConnections: 10
        maxRefusals: 0
        maxBulk: 4
        maxHeadBytes: 512B
        maxFields: 8
        maxRanges: 4
        maxRequestsPerConnection: 40
        headTimeout: 1h
        idleTimeout: 1h
        slowestReader: 0B
        chunk: 4KiB
        lingerTimeout: 60s
        drainTimeout: 1s
        reading: {threadsPerVolume: 0}
        """;
    try {
      return ConfigFile.parse("fuzz", text, HttpConfig.class);
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] content() {
    byte[] bytes = new byte[5000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ('a' + i * 7 % 26);
    }
    return bytes;
  }

  @BeforeAll
  static void start() throws IOException {
    byte[] onDisk = new byte[OFFSET + CONTENT.length + OFFSET];
    Arrays.fill(onDisk, (byte) 0xee);
    System.arraycopy(CONTENT, 0, onDisk, OFFSET, CONTENT.length);
    file = Files.write(Files.createTempFile("fuzz", ".bin"), onDisk);
    source = new FileSource();
    source.publish("a", file, OFFSET, CONTENT.length, CONTENT.length);
    source.publish("part", file, OFFSET, CONTENT.length, 100);
    source.publish("none", file, OFFSET, 0, 0);
    var appender =
        new AppenderBase<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent event) {
            boolean isOurs = Thread.currentThread().equals(tester);
            fault = isOurs && event.getLevel().isGreaterOrEqual(Level.WARN) ? event : fault;
          }
        };
    appender.start();
    ((Logger) LoggerFactory.getLogger("oca.server.http")).addAppender(appender);
  }

  @AfterAll
  static void stop() throws IOException {
    source.close();
    Files.delete(file);
  }

  @FuzzTest
  void answers(byte[] data) {
    tester = Thread.currentThread();
    byte[] input = data.length > MAX_INPUT ? Arrays.copyOf(data, MAX_INPUT) : data;
    Random random = new Random(Arrays.hashCode(input));
    byte[] whole = run(input, new int[] {input.length});
    byte[] pieces = run(input, random.ints(6, 0, input.length + 1).sorted().toArray());
    assertArrayEquals(whole, pieces, "split otherwise, answered otherwise");
    if (input.length <= BYTEWISE) {
      int[] each = java.util.stream.IntStream.rangeClosed(1, input.length).toArray();
      assertArrayEquals(whole, run(input, each), "split otherwise, answered otherwise");
    }
    breakOff(input, random);
    compareWithNetty(input);
  }

  /** What is answered to the input when it comes in pieces that end at these places. */
  private static byte[] run(byte[] input, int[] ends) {
    fault = null;
    FakeSocket socket = new FakeSocket();
    Serving serving = serving();
    connect(socket, serving);
    String stream = new String(input, StandardCharsets.ISO_8859_1);
    int from = 0;
    for (int i = 0; i <= ends.length; i++) {
      int to = i == ends.length ? input.length : ends[i];
      socket.writeInbound(Unpooled.copiedBuffer(input, from, to - from));
      from = to;
      boolean checks = i >= ends.length - 1 || ends.length < 10 || i % 16 == 0;
      if (checks) {
        List<HeadModel.Request> asked = MODEL.requests(stream.substring(0, to));
        new AnswerReader(socket.sent(), CONTENT).check(asked);
        boolean ended = !asked.isEmpty() && asked.getLast().last();
        assertEquals(ended, socket.isOutputShutdown(), "ended, or not, and should");
        assertTrue(socket.config().isAutoRead(), "deaf for ever");
        assertEquals(asked.size(), serving.tally().requests(), "each answer is counted once");
      }
    }
    byte[] sent = socket.sent();
    var _ = socket.close();
    assertBalanced(socket, serving);
    return sent;
  }

  /** Goes away while an answer is under way. */
  private static void breakOff(byte[] input, Random random) {
    FakeSocket socket = new FakeSocket();
    Serving serving = serving();
    connect(socket, serving);
    int to = random.nextInt(input.length + 1);
    // Not run: what the connection left for a later turn.
    socket.pipeline().fireChannelRead(Unpooled.copiedBuffer(input, 0, to));
    var _ = socket.close();
    assertBalanced(socket, serving);
  }

  private static void assertBalanced(FakeSocket socket, Serving serving) {
    socket.runPendingTasks();
    socket.checkException();
    assertNull(fault, () -> "logged: " + fault.getFormattedMessage());
    assertEquals(0, source.openLeases.get(), "leases kept");
    assertEquals(0, source.closedTwice.get(), "leases closed twice");
    assertEquals(0, source.readErrors.get(), "read errors");
    assertEquals(0, socket.lent(), "buffers kept");
    assertTrue(serving.bulk().enter(), "bulk places kept");
    assertEquals(0, serving.bulk().refused(), "bulk places kept");
    assertFalse(socket.isOpen());
  }

  private static void connect(FakeSocket socket, Serving serving) {
    socket
        .pipeline()
        .addLast(
            new Http1Connection(
                serving,
                socket,
                new EventLoopState(serving),
                new Asker("192.0.2.0", new byte[] {(byte) 192, 0, 2, 1}),
                false,
                Protocol.HTTP_1,
                listener ->
                    new RegionBody(
                        socket,
                        listener,
                        socket.eventLoop(),
                        resume ->
                            new Supply(
                                serving.residency(),
                                serving.residency().newCache(),
                                socket.eventLoop(),
                                CONFIG.chunk().bytes(),
                                resume))));
    socket.pipeline().fireChannelActive();
  }

  private static Serving serving() {
    Instant now = Instant.ofEpochSecond(1_790_000_000L);
    ReplyFields fields =
        new ReplyFields(
            () -> now,
            () -> ReplyFields.retryAfter(CONFIG.retryAfter()),
            CONFIG.cacheName(),
            () -> FieldLines.of());
    try {
      return new Serving(
          Current.of(CONFIG),
          source,
          PullSource.NONE,
          new ReplyWriter(fields),
          new Http2Heads(fields),
          record -> {},
          () -> now,
          new Tally(),
          new BulkGate(() -> 1, () -> false),
          () -> AnswerReader.BOUNDARY,
          new AtomicBoolean(),
          new Residency(CONFIG.reading(), KernelPageCache.instances()),
          LiveAuthorizer.open(CONFIG.authorize()),
          new AtomicReference<>(FieldLines.of()),
          new ContentRoom(() -> 0));
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  /** Each head that we take, Netty takes too, and reads the same out of it. */
  private static void compareWithNetty(byte[] input) {
    HeadParser parser = new HeadParser(CONFIG.maxFields(), new KnownPaths(_ -> false));
    int from = 0;
    for (int end; (end = HeadParser.end(input, from, from, input.length)) > 0; from = end) {
      Arrival ours = parser.parse(input, from, end, 0);
      String head = new String(input, from, end - from, StandardCharsets.ISO_8859_1);
      HeadModel.Request model = MODEL.request(head);
      assertEquals(model.refused(), ours.fault() != null, () -> "refused, or not: " + head);
      if (ours.fault() != null) {
        break;
      }
      assertSame(model, ours, head);
      EmbeddedChannel netty =
          new EmbeddedChannel(
              new HttpRequestDecoder(new HttpDecoderConfig().setStrictLineParsing(true)));
      netty.writeInbound(Unpooled.copiedBuffer(input, from, end - from));
      HttpRequest theirs = netty.readInbound();
      assertTrue(theirs.decoderResult().isSuccess(), () -> "Netty refuses: " + head);
      assertEquals(model.method(), theirs.method().name(), head);
      assertEquals(head.strip().split(" ", 3)[1], theirs.uri(), head);
      model
          .fields()
          .forEach(
              (name, value) ->
                  assertEquals(value, String.join(", ", theirs.headers().getAll(name)), head));
      netty.finishAndReleaseAll();
    }
  }

  private static void assertSame(HeadModel.Request model, Arrival ours, String head) {
    assertEquals(Method.of(model.method()), ours.request().method(), head);
    assertEquals(model.path(), ours.request().path(), head);
    assertEquals(!model.last(), ours.keepAlive(), head);
    if (model.path().isEmpty()) {
      // OPTIONS of the server: no file, no condition.
      return;
    }
    assertEquals(model.fields().get("range"), ours.request().range(), head);
    assertEquals(model.fields().get("if-range"), ours.request().ifRange(), head);
    assertEquals(model.fields().get("if-match"), ours.request().ifMatch(), head);
    assertEquals(model.fields().get("if-none-match"), ours.request().ifNoneMatch(), head);
  }
}
