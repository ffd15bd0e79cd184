package oca.server.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.config.Current;
import oca.server.http.HttpConfig;
import oca.server.http.HttpListener;
import oca.server.http.InheritedSockets;
import oca.store.Lookup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cases of one specification against one listener and one origin, through real sockets. Each
 * has targets of its own; they share a clock that only they move, and that is set back for each.
 * What each answer said of itself is held to {@link CacheStatusPage}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Conformance {
  /** Prefix of a service, and the settings that it stands for. */
  private static final Map<String, String> SERVICES = new LinkedHashMap<>();

  static {
    SERVICES.put("p", "{}");
    SERVICES.put("guess", "{heuristicPercent: 10, heuristicCap: 1d}");
    SERVICES.put("errors", "{errors: [{status: 404, keep: 10s}, {status: 500, keep: 2s}]}");
    SERVICES.put("stale", "{staleWhileRevalidate: 60s, staleIfError: 60s, staleIfAway: 120s}");
    SERVICES.put("never", "{staleIfAway: 0s}");
    SERVICES.put("strip", "{cookies: strip}");
    SERVICES.put("refuse", "{cookies: refuse}");
    SERVICES.put("deaf", "{heedsRequests: false}");
    SERVICES.put("targets", "{targets: [Edge-Cache-Control, CDN-Cache-Control]}");
  }

  final AtomicLong millis = new AtomicLong(PullFixture.BEGIN);
  private final Map<Case, List<String>> said = new LinkedHashMap<>();
  ScriptedOrigin origin;
  PullServices pulls;
  HttpListener listener;

  /** The specification's name, which is a heading of {@link CacheStatusPage}. */
  abstract String title();

  abstract List<Case> cases();

  @BeforeAll
  void open(@TempDir Path folder) throws IOException, ConfigException {
    origin = new ScriptedOrigin();
    StringBuilder text =
        new StringBuilder(
            "folder: " + folder.resolve("pull") + "\ncapacity: 256MiB\neventLoops: 1\nservices:\n");
    SERVICES.forEach(
        (prefix, caching) ->
            text.append(
                """
                  - name: %s
                    prefix: %s/
                    upstreams:
                      origins: [{url: "http://127.0.0.1:%d"}]
                      firstByte: 5s
                      maxRetryAfter: 0s
                      retry: {maxAttempts: 1}
                      breaker: {window: 10000, least: 10000}
                    caching: %s
                """
                    .formatted(prefix, prefix, origin.port(), caching)));
    pulls =
        PullServices.open(
            ConfigFile.parse("test", text.toString(), PullConfig.class),
            () -> Instant.ofEpochMilli(millis.get()),
            "edge",
            "edge-1");
    listener =
        HttpListener.open(
            Current.of(
                ConfigFile.parse(
                    "test",
                    "listen: 127.0.0.1:0\neventLoops: 1\ndrainIdle: 0ms\ncacheName: edge",
                    HttpConfig.class)),
            _ -> Lookup.Miss.MISS,
            pulls,
            _ -> {},
            () -> Instant.ofEpochMilli(millis.get()),
            InheritedSockets.none());
  }

  @TestFactory
  Stream<DynamicTest> conversations() {
    List<Case> cases = cases();
    List<DynamicTest> tests = new ArrayList<>();
    IntStream.range(0, cases.size())
        .forEach(
            i -> {
              Case one = cases.get(i);
              tests.add(
                  DynamicTest.dynamicTest(one.section() + ": " + one.name(), () -> run(one, i)));
            });
    tests.add(
        DynamicTest.dynamicTest(
            "what was said of it is what " + CacheStatusPage.FILE.getFileName() + " tells",
            () -> {
              assertEquals(cases.size(), said.size(), "the page is held to cases that passed");
              CacheStatusPage.hold(title(), said);
            }));
    return tests.stream();
  }

  private void run(Case one, int number) throws Exception {
    String path = '/' + one.prefix() + '/' + number;
    Conversation conversation = new Conversation(listener.endpoint().port(), origin, millis, path);
    // So that no case tells another date or lifetime for those before it.
    millis.set(PullFixture.BEGIN);
    one.run(conversation);
    said.put(one, conversation.log());
  }

  @AfterAll
  void close() throws IOException {
    listener.close();
    pulls.close();
    origin.close();
  }
}
