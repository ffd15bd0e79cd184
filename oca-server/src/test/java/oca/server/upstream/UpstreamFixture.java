package oca.server.upstream;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.server.caching.FieldSection;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;

/** Upstreams over origins of the test's own. */
abstract class UpstreamFixture {
  /** The transports, with client sockets. */
  enum Transport {
    NIO,
    EPOLL,
    IO_URING;

    Channel newChannel() {
      return switch (this) {
        case NIO -> new NioSocketChannel();
        case EPOLL -> new EpollSocketChannel();
        case IO_URING -> new IoUringSocketChannel();
      };
    }

    IoHandlerFactory handlers() {
      return switch (this) {
        case NIO -> NioIoHandler.newFactory();
        case EPOLL -> EpollIoHandler.newFactory();
        case IO_URING -> IoUringIoHandler.newFactory();
      };
    }
  }

  /** A clock that stands until it is moved. */
  static final class ManualClock implements InstantSource {
    private final AtomicLong millis = new AtomicLong(1_800_000_000_000L);

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis.get());
    }

    void pass(Duration time) {
      millis.addAndGet(time.toMillis());
    }
  }

  /** For all tests, as threads cost more than what they do here. */
  private static final Map<Transport, EventLoopGroup> LOOPS = new ConcurrentHashMap<>();

  private final Transport transport;
  final EventLoopGroup loops;
  private final List<AutoCloseable> open = new ArrayList<>();
  final ManualClock clock = new ManualClock();
  Resolver resolver = Resolver.SYSTEM;
  Upstreams upstreams;

  UpstreamFixture() {
    this(Transport.NIO);
  }

  UpstreamFixture(Transport transport) {
    this.transport = transport;
    this.loops =
        LOOPS.computeIfAbsent(
            transport,
            it ->
                new MultiThreadIoEventLoopGroup(
                    2, new DefaultThreadFactory("test-" + it, true), it.handlers()));
  }

  @AfterEach
  void closeAll() throws Exception {
    List<Throwable> faults = new ArrayList<>();
    if (upstreams != null) {
      upstreams.close();
    }
    for (AutoCloseable one : open) {
      one.close();
      if (one instanceof ScriptedOrigin origin) {
        faults.addAll(origin.faults);
      }
    }
    Assertions.assertEquals(List.of(), faults);
  }

  /** Looks often: nothing here takes long. */
  static ConditionFactory await() {
    return Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .atMost(Duration.ofSeconds(20));
  }

  <T extends AutoCloseable> T keep(T closeable) {
    open.add(closeable);
    return closeable;
  }

  ScriptedOrigin origin(ScriptedOrigin.Script script) throws IOException {
    return keep(new ScriptedOrigin(script));
  }

  ScriptedOrigin answering(String answer) throws IOException {
    return keep(ScriptedOrigin.answering(answer));
  }

  /** Opens from YAML lines. */
  Upstreams open(String... lines) throws IOException {
    try {
      UpstreamsConfig config =
          ConfigFile.parse("test", String.join("\n", lines) + "\n", UpstreamsConfig.class);
      upstreams = Upstreams.open(config, loops, transport::newChannel, resolver, clock);
      return upstreams;
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  static String origins(ScriptedOrigin... origins) {
    return group("origins", origins);
  }

  static String group(String name, ScriptedOrigin... origins) {
    List<String> urls = new ArrayList<>();
    for (ScriptedOrigin origin : origins) {
      urls.add("{url: \"" + origin.url() + "\"}");
    }
    return name + ": [" + String.join(", ", urls) + "]";
  }

  static Question get(String target) {
    return Question.get(target, FieldSection.of("Accept", "*/*"), 7);
  }

  /** Asks on that loop and waits for the end. */
  TestReceiver.Outcome ask(EventLoop loop, Question question) throws Exception {
    TestReceiver receiver = new TestReceiver();
    var _ = upstreams.send(loop, question, receiver);
    return receiver.await();
  }

  TestReceiver.Outcome ask(Question question) throws Exception {
    return ask(loops.next(), question);
  }

  UpstreamStatus only() {
    Assertions.assertEquals(1, upstreams.status().size());
    return upstreams.status().getFirst();
  }
}
