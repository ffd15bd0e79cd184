package oca.server.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import oca.config.ConfigFile;
import oca.server.http.RawClient.Answer;
import oca.store.DigestMismatchException;
import oca.store.FillSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What viewers get of a file that is on its way into a real store, on each transport. */
@ParameterizedClass
@EnumSource(
    value = HttpConfig.Choice.class,
    names = {"NIO", "EPOLL", "IO_URING"})
class FillingTest {
  private static final int BLOCK = StoreFixture.BLOCK;
  private static final int BLOCKS = 10;
  private static final int LENGTH = (BLOCKS - 1) * BLOCK + 777;
  private static final String PATH = "t/v.mp4";

  @TempDir private Path folder;

  private final HttpConfig.Choice choice;
  private final byte[] bytes = StoreFixture.random(5, LENGTH);
  private StoreFixture files;
  private HttpListener listener;
  private RawClient client;

  FillingTest(HttpConfig.Choice choice) {
    this.choice = choice;
  }

  @BeforeEach
  void open() throws Exception {
    files = new StoreFixture(folder);
    String text = "listen: 127.0.0.1:0\neventLoops: 1\ntransport: " + choice;
    listener =
        HttpListener.open(
            ConfigFile.parse("test", text, HttpConfig.class),
            files.store,
            _ -> {},
            InstantSource.system());
    client = new RawClient(listener.endpoint());
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    listener.close();
    files.close();
  }

  @Test
  void get_announcedFileAppended_isServedUpToTheLastWholeBlock() throws IOException {
    try (FillSession session = files.begin(PATH, bytes, true)) {
      assertNotHere("bytes=0-0");
      session.append(ByteBuffer.wrap(bytes, 0, BLOCK - 1));
      assertNotHere("bytes=0-0");
      session.append(ByteBuffer.wrap(bytes, BLOCK - 1, 2 * BLOCK + 101));
      assertPart(0, 0);
      assertPart(100, 2 * BLOCK);
      assertPart(0, 3 * BLOCK - 1);
      assertPart(3 * BLOCK - 1, 3 * BLOCK - 1);
      assertNotHere("bytes=0-" + 3 * BLOCK);
      assertNotHere("bytes=" + (3 * BLOCK - 1) + "-" + 3 * BLOCK);
      assertNotHere("bytes=" + 3 * BLOCK + "-" + (3 * BLOCK + 50));
      assertNotHere("bytes=5-");
      assertNotHere("bytes=-5");
      assertEquals(404, client.get("/" + PATH).answer().status());
      assertEquals(416, get("bytes=" + LENGTH + "-").status());
      session.append(ByteBuffer.wrap(bytes, 3 * BLOCK + 100, LENGTH - 3 * BLOCK - 100));
      assertPart(LENGTH - 5, LENGTH - 1);
      session.commit();
    }
    assertWhole();
  }

  @Test
  void get_blocksInAnyOrder_areServedWhereTheyAre() throws IOException {
    try (FillSession session = files.begin(PATH, bytes, true)) {
      for (int block : new int[] {BLOCKS - 1, 4, 5}) {
        session.write(block, StoreFixture.block(bytes, block));
      }
      assertPart(4 * BLOCK, 6 * BLOCK - 1);
      assertPart(LENGTH - 777, LENGTH - 1);
      assertNotHere("bytes=" + (4 * BLOCK - 1) + "-" + 4 * BLOCK);
      assertNotHere("bytes=" + 5 * BLOCK + "-" + 6 * BLOCK);
      assertNotHere("bytes=0-10");
    }
    // Nobody fills it now: nothing of it is shown, and its blocks are shown again when one does.
    assertNotHere("bytes=" + 4 * BLOCK + "-" + 4 * BLOCK);
    try (FillSession session = files.begin(PATH, bytes, true)) {
      assertPart(4 * BLOCK, 6 * BLOCK - 1);
      StoreFixture.complete(session, bytes);
    }
    assertWhole();
  }

  @Test
  void get_blockThatIsNotTheAnnouncedOne_isNeverShown() throws IOException {
    byte[] lie = bytes.clone();
    lie[BLOCK + 3] ^= 1;
    try (FillSession session = files.begin(PATH, bytes, true)) {
      assertThrows(
          DigestMismatchException.class,
          () -> session.append(ByteBuffer.wrap(lie, 0, 2 * BLOCK).slice()));
      assertPart(0, BLOCK - 1);
      assertNotHere("bytes=" + BLOCK + "-" + BLOCK);
      session.append(ByteBuffer.wrap(bytes, BLOCK, BLOCK));
      assertPart(0, 2 * BLOCK - 1);
    }
  }

  @Test
  void get_fileWithoutAnnouncedBlocks_isShownWhenWholeAndNotBefore() throws IOException {
    try (FillSession session = files.begin(PATH, bytes, false)) {
      session.append(ByteBuffer.wrap(bytes));
      assertNotHere("bytes=0-0");
      assertEquals(404, client.get("/" + PATH).answer().status());
      session.commit();
    }
    assertWhole();
  }

  @Test
  void get_conditionsWhileFilling_areThoseOfTheWholeFile() throws IOException {
    try (FillSession session = files.begin(PATH, bytes, true)) {
      session.write(0, StoreFixture.block(bytes, 0));
      String tag = get("bytes=0-9").field("etag");
      assertEquals(304, client.get("/" + PATH, "If-None-Match: " + tag).answer().status());
      assertEquals(412, client.get("/" + PATH, "If-Match: \"x\"").answer().status());
      Answer same = client.get("/" + PATH, "Range: bytes=0-9", "If-Range: " + tag).answer();
      assertEquals(206, same.status());
      Answer other = client.get("/" + PATH, "Range: bytes=0-9", "If-Range: \"x\"").answer();
      assertEquals(404, other.status(), "the whole file is not here");
      assertEquals(404, client.say(RawClient.request("HEAD", "/" + PATH)).head().status());
    }
  }

  private void assertWhole() throws IOException {
    Answer whole = client.get("/" + PATH).answer();
    assertEquals(200, whole.status());
    assertArrayEquals(bytes, whole.body());
    assertPart(0, LENGTH - 1);
    assertPart(BLOCK - 1, 7 * BLOCK);
  }

  private void assertPart(int first, int last) throws IOException {
    Answer answer = get("bytes=" + first + "-" + last);
    assertEquals(206, answer.status(), first + "-" + last);
    assertEquals("bytes " + first + "-" + last + "/" + LENGTH, answer.field("content-range"));
    assertEquals("" + (last - first + 1), answer.field("content-length"));
    assertEquals(34, answer.field("etag").length());
    assertArrayEquals(Arrays.copyOfRange(bytes, first, last + 1), answer.body());
  }

  private void assertNotHere(String range) throws IOException {
    assertEquals(404, get(range).status(), range);
  }

  private Answer get(String range) throws IOException {
    return client.get("/" + PATH, "Range: " + range).answer();
  }
}
