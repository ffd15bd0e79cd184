package oca.bench.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import oca.bench.pull.Sample.Mark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that lets wrong answers pass would praise a server for them. */
@Timeout(60)
class PullRunTest {
  private static final int LENGTH = 100_000;

  @TempDir Path folder;

  @Test
  void run_rightAnswers_areGood() throws IOException {
    List<Sample> samples = run(right(0), 1000);

    assertEquals(2, samples.size());
    assertTrue(samples.stream().allMatch(Sample::isGood), samples::toString);
    for (Sample sample : samples) {
      assertTrue(sample.askedAt() <= sample.firstAt(), samples::toString);
      assertTrue(sample.firstAt() <= sample.lastAt(), samples::toString);
    }
  }

  @Test
  void run_oneWrongByte_isSeen() throws IOException {
    byte[] answer = right(0);
    answer[answer.length - 1]++;

    assertMark(Mark.WRONG, run(answer, 1000));
  }

  @Test
  void run_anotherObjectsBytes_areSeen() throws IOException {
    assertMark(Mark.WRONG, run(right(1), 1000));
  }

  @Test
  void run_byteTooMany_isSeen() throws IOException {
    byte[] answer = right(0);

    assertMark(Mark.OTHER, run(java.util.Arrays.copyOf(answer, answer.length + 1), 1000));
  }

  @Test
  void run_otherLength_isSeen() throws IOException {
    assertMark(Mark.OTHER, run(ascii("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"), 1000));
  }

  @Test
  void run_noLength_isSeen() throws IOException {
    assertMark(Mark.OTHER, run(ascii("HTTP/1.1 200 OK\r\n\r\n"), 1000));
  }

  @Test
  void run_answerThatStops_isLate() throws IOException {
    assertMark(Mark.LATE, run(java.util.Arrays.copyOf(right(0), 500), 100));
  }

  @Test
  void run_refusal_tellsOfRetryAfter() throws IOException {
    String head = "HTTP/1.1 503 Away\r\nContent-Length: 4\r\nRetry-After: 1\r\n\r\naway";

    List<Sample> samples = run(ascii(head), 1000);

    assertMark(Mark.RETRY_AFTER, samples);
    assertTrue(samples.getFirst().isRefusal());
    assertFalse(samples.getFirst().isGood());
    assertEquals(503, samples.getFirst().status());
  }

  @Test
  void check_tooManyConnections_namesTheRemedy() {
    IOException refused = assertThrows(IOException.class, () -> FileLimit.check(5000, 1024));

    assertTrue(refused.getMessage().contains("ulimit -n"), refused::getMessage);
  }

  private static void assertMark(Mark mark, List<Sample> samples) {
    assertEquals(2, samples.size());
    assertTrue(samples.stream().allMatch(it -> it.mark() == mark), samples::toString);
  }

  /** The right answer to a request for object 0, with the bytes of this one. */
  private static byte[] right(long object) {
    byte[] head = ascii("HTTP/1.1 200 OK\r\nContent-Length: " + LENGTH + "\r\n\r\n");
    ByteBuffer answer = ByteBuffer.allocate(head.length + LENGTH);
    answer.put(head);
    new Noise().fill(answer, object, 0);
    return answer.array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Has two requests for object 0 answered so, one after the other, by one connection each. */
  private List<Sample> run(byte[] answer, int timeoutMillis) throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Thread.ofVirtual().start(() -> serve(server, answer));
      Path samples = folder.resolve("samples");
      try (PullRun run = PullRun.connect(order(server.socket().getLocalPort(), timeoutMillis))) {
        run.run();
      }
      return Samples.read(samples);
    }
  }

  /** Each connection is answered whatever it asks. */
  private static void serve(ServerSocketChannel server, byte[] answer) {
    try {
      while (true) {
        SocketChannel channel = server.accept();
        Thread.ofVirtual().start(() -> answer(channel, answer));
      }
    } catch (ClosedChannelException e) {
      // The test has ended.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void answer(SocketChannel channel, byte[] answer) {
    try (channel) {
      ByteBuffer asked = ByteBuffer.allocate(4096);
      while (channel.read(asked.clear()) > 0) {
        ByteBuffer bytes = ByteBuffer.wrap(answer);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
    } catch (IOException e) {
      // The client has given it up, as it should.
    }
  }

  private PullOrder order(int port, int timeoutMillis) {
    return new PullOrder(
        port,
        2,
        PullOrder.Plan.SEGMENTS,
        7,
        -Shelf.LIVE,
        1,
        LENGTH,
        0,
        0,
        0,
        0,
        timeoutMillis,
        folder.resolve("samples").toString(),
        List.of(ProcessHandle.current().pid()));
  }
}
