package oca.server.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import oca.config.ConfigFile;
import oca.server.http.RawClient.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Ranges where 31, 32 and 33 bits end, in a file that is larger than all of them: a transport that
 * cuts an offset short answers with other bytes and no error.
 */
@ParameterizedClass
@EnumSource(
    value = HttpConfig.Choice.class,
    names = {"NIO", "EPOLL", "IO_URING"})
class LargeFileTest {
  private static final long GIB = 1L << 30;
  private static final long LENGTH = 5 * GIB + (64 << 20) + 123;
  private static final int OFFSET = 4096;
  private static final int MARK = 1 << 20;

  @TempDir private Path folder;
  private final HttpConfig.Choice choice;
  private final FileSource source = new FileSource();
  private RandomAccessFile file;
  private HttpListener listener;

  LargeFileTest(HttpConfig.Choice choice) {
    this.choice = choice;
  }

  @BeforeEach
  void open() throws Exception {
    Path path = folder.resolve("large");
    file = new RandomAccessFile(path.toFile(), "rw");
    file.setLength(OFFSET + LENGTH);
    Random random = new Random(7);
    byte[] mark = new byte[MARK];
    for (long at : new long[] {0, GIB, 2 * GIB, 3 * GIB, 4 * GIB, 5 * GIB, LENGTH - MARK / 2}) {
      random.nextBytes(mark);
      file.seek(Math.max(0, OFFSET + at - MARK / 2));
      file.write(mark);
    }
    source.publish("large.mp4", path, OFFSET, LENGTH, LENGTH);
    String text = "listen: 127.0.0.1:0\neventLoops: 1\ntransport: " + choice;
    listener =
        HttpListener.open(
            ConfigFile.parse("test", text, HttpConfig.class),
            source,
            _ -> {},
            InstantSource.system());
  }

  @AfterEach
  void close() throws IOException {
    await().untilAsserted(() -> assertEquals(0, source.openLeases.get()));
    listener.close();
    source.close();
    file.close();
  }

  @Test
  void ranges_aroundEachBoundary_areExact() throws IOException {
    try (RawClient client = new RawClient(listener.endpoint())) {
      for (long boundary : new long[] {GIB, 2 * GIB, 3 * GIB, 4 * GIB, 5 * GIB}) {
        assertExact(client, boundary - 300_000, boundary - 1);
        assertExact(client, boundary - 1, boundary);
        assertExact(client, boundary - 200_000, boundary + 200_000);
        assertExact(client, boundary, boundary + 400_000);
        assertExact(client, boundary - OFFSET - 1, boundary - OFFSET + 70_000);
      }
    }
  }

  @Test
  void range_longAcross4GiB_isExact() throws IOException {
    try (RawClient client = new RawClient(listener.endpoint())) {
      assertExact(client, 4 * GIB - (9 << 20), 4 * GIB + (9 << 20) + 1);
    }
  }

  @Test
  void suffix_ofLargeFile_isExact() throws IOException {
    try (RawClient client = new RawClient(listener.endpoint())) {
      Answer answer = client.get("/large.mp4", "Range: bytes=-400000").answer();
      assertPart(answer, LENGTH - 400_000, LENGTH - 1);
    }
  }

  @Test
  void whole_ofLargeFile_announcesItsLength() throws IOException {
    try (RawClient client = new RawClient(listener.endpoint())) {
      assertEquals("" + LENGTH, client.get("/large.mp4").head().field("content-length"));
      assertArrayEquals(expected(0, MARK - 1), client.bytes(MARK));
    }
  }

  private void assertExact(RawClient client, long first, long last) throws IOException {
    assertPart(
        client.get("/large.mp4", "Range: bytes=" + first + "-" + last).answer(), first, last);
  }

  private void assertPart(Answer answer, long first, long last) throws IOException {
    assertEquals(206, answer.status());
    assertEquals("bytes " + first + "-" + last + "/" + LENGTH, answer.field("content-range"));
    assertArrayEquals(expected(first, last), answer.body());
  }

  private byte[] expected(long first, long last) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(last - first + 1)];
    file.seek(OFFSET + first);
    file.readFully(bytes);
    return bytes;
  }
}
