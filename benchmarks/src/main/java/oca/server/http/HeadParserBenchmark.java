package oca.server.http;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to find the end of a request's head and to read all that matters out of it, for
 * a benchmark's client, a browser's player, and a player that tells how it fares in the query? With
 * {@code -prof gc} it tells the garbage. In the parser's own package, for nobody else has a use for
 * it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HeadParserBenchmark {
  private static final String BROWSER =
      """
      Host: cache1.north.example\r
      Connection: keep-alive\r
      sec-ch-ua-platform: "Linux"\r
      User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)\r
      sec-ch-ua: "Chromium";v="156", "Not/A)Brand";v="24"\r
      sec-ch-ua-mobile: ?0\r
      Accept: */*\r
      Origin: https://player.example\r
      Sec-Fetch-Site: cross-site\r
      Sec-Fetch-Mode: cors\r
      Sec-Fetch-Dest: empty\r
      Referer: https://player.example/\r
      Accept-Encoding: identity\r
      Accept-Language: en-GB,en;q=0.9\r
      Range: bytes=41943040-42991615\r
      \r
      """;

  /** Who asks. */
  public enum Asker {
    /** Host and Range, no more. */
    PLAIN,
    /** What Chromium sends for a script's range. */
    BROWSER,
    /** The same, with CMCD in the query. */
    CMCD
  }

  /** Who asks. */
  @Param public Asker asker = Asker.PLAIN;

  private final HeadParser parser = new HeadParser(100, new KnownPaths(_ -> false));
  private byte[] head = new byte[0];

  /** Spells the head. */
  @Setup
  public void spell() {
    String path = "GET /titles/harbour/v2.mp4";
    String text =
        switch (asker) {
          case PLAIN ->
              path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes=41943040-42991615\r\n\r\n";
          case BROWSER -> path + " HTTP/1.1\r\n" + BROWSER;
          case CMCD ->
              path
                  + "?CMCD=bl%3D21300%2Cbr%3D3200%2Cmtp%3D48100%2Cot%3Dv%2Crtp%3D15000%2Csf%3Dh"
                  + "%2Csid%3D%226e2fb550-c457-11e9-bb97-0800200c9a66%22 HTTP/1.1\r\n"
                  + BROWSER;
        };
    head = text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Finds the end and reads the head; the result says which file and which range. */
  @Benchmark
  public Object read() {
    return parser.parse(head, 0, HeadParser.end(head, 0, 0, head.length), 0);
  }
}
