package oca.server.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import oca.server.http.RawClient.Answer;
import oca.store.ContentKey;
import oca.store.FillSession;
import oca.store.Lookup;
import oca.store.disk.Disk;
import oca.store.disk.LocalDisk;
import oca.store.disk.OpenFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A bit changes on the disk behind the store's back, and no viewer gets it, on each transport. */
@ParameterizedClass
@EnumSource(
    value = HttpConfig.Choice.class,
    names = {"NIO", "EPOLL", "IO_URING"})
class RottenFileTest extends Http2Fixture {
  private static final String PATH = "t/film.mp4";
  private static final int BLOCK = StoreFixture.BLOCK;
  private static final int HEADER = 4096;
  private static final long PAGE = 4096;
  private static final String NEXT = "redirects: [{prefix: t/, to: \"http://next.example:81\"}]";

  private final byte[] bytes = StoreFixture.random(7, 40 * BLOCK + 99);
  private final Map<ContentKey, Boolean> wanted = new ConcurrentHashMap<>();
  private Path place;
  private StoreFixture stored;

  RottenFileTest(HttpConfig.Choice choice) {
    super(choice);
  }

  /** On a disk: what lies in memory alone is not evicted. */
  @BeforeEach
  void fill() throws IOException {
    place = Files.createTempDirectory(Path.of("").toAbsolutePath(), "rotten");
    stored = new StoreFixture(place);
    stored.store.repairs((meta, _) -> wanted.put(meta.key(), true));
    // Or the scrub may be the first to find it; its next pass is a day away.
    await().until(() -> stored.store.scrubStatus().getFirst().passes() == 1);
    fillAgain();
  }

  @AfterEach
  void remove() throws IOException {
    listener.close();
    stored.close();
    try (Stream<Path> all = Files.walk(place)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Override
  HttpListener open(String... lines) throws IOException {
    listener =
        HttpListener.open(config(lines), stored.store, records::add, InstantSource.fixed(NOW));
    return listener;
  }

  private void fillAgain() throws IOException {
    try (FillSession session = stored.begin(PATH, bytes, true)) {
      StoreFixture.complete(session, bytes);
    }
  }

  /**
   * Changes a bit on the disk, and memory forgets the file; not when somebody keeps the page in
   * memory, where it would be changed too.
   *
   * @return whether it was changed
   */
  private boolean rot(int inContent) throws IOException {
    flip(inContent);
    Disk disk = new LocalDisk();
    try (OpenFile asked = disk.open(file(), Disk.Mode.READ)) {
      evict();
      // Asked for by whole pages.
      if (!disk.inMemory(asked, (HEADER + inContent) / PAGE * PAGE, PAGE)) {
        return true;
      }
    }
    flip(inContent);
    evict();
    return false;
  }

  private void flip(int inContent) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(file().toFile(), "rw")) {
      file.seek(HEADER + inContent);
      int was = file.read();
      file.seek(HEADER + inContent);
      file.write(was ^ 4);
    }
  }

  /** As far as nobody keeps it in memory. */
  private void evict() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(file().toFile(), "rw")) {
      file.getFD().sync();
      PageAdvice.evict(file, 0, 0);
    }
  }

  /** The one file there is: one that was taken out goes as soon as nobody sends from it. */
  private Path file() {
    await().until(() -> files().size() == 1);
    return files().getFirst();
  }

  private List<Path> files() {
    try (Stream<Path> all = Files.walk(place.resolve("disk").resolve("content"))) {
      return all.filter(Files::isRegularFile).toList();
    } catch (IOException | UncheckedIOException e) {
      // One went meanwhile.
      return List.of();
    }
  }

  private Answer range(int first, int last) throws IOException {
    return get("/" + PATH, "Range: bytes=" + first + "-" + last);
  }

  private byte[] part(int first, int last) {
    return Arrays.copyOfRange(bytes, first, last + 1);
  }

  @Test
  void get_coldAndGood_isComparedOnceAndHotAfterwards() throws IOException {
    open();
    evict();
    assertArrayEquals(bytes, get("/" + PATH).body());
    ReadingTotals cold = listener.reading();
    assertTrue(cold.reads() > 0 && cold.checkNanos() > 0, cold.toString());
    for (int i = 0; i < 5; i++) {
      assertArrayEquals(bytes, get("/" + PATH).body());
    }
    assertEquals(cold.checkNanos(), listener.reading().checkNanos(), "compared again");
    assertEquals(cold.reads(), listener.reading().reads(), "read again");
    assertEquals(0, listener.reading().damages());
  }

  @Test
  void range_ofTheRottenBlock_isSentElsewhereAndTheFileTakenOut() throws IOException {
    open(NEXT);
    assertTrue(rot(5 * BLOCK + 1000));
    assertArrayEquals(part(100, 4 * BLOCK), range(100, 4 * BLOCK).body());
    // Of the block, bytes that are right: it is compared whole.
    Answer answer = range(5 * BLOCK, 5 * BLOCK + 9);
    assertEquals(307, answer.status());
    assertEquals("http://next.example:81/" + PATH, answer.field("location"));
    assertInstanceOf(Lookup.Miss.class, stored.store.lookup(StoreFixture.key(PATH)));
    assertEquals(1, listener.reading().damages());
    await().until(() -> wanted.containsKey(StoreFixture.key(PATH)));
    fillAgain();
    evict();
    assertArrayEquals(bytes, get("/" + PATH).body());
  }

  @Test
  void get_firstBlockRottenAndNobodyElse_isNotHere() throws IOException {
    open();
    assertTrue(rot(0));
    assertEquals(404, get("/" + PATH).status());
    assertEquals(1, listener.readErrors());
  }

  @Test
  void http2_ofARottenBlock_isSentElsewhere() throws IOException {
    open(NEXT);
    assertTrue(rot(3));
    try (Http2Client client = h2c()) {
      var answer = client.answer(client.get("/" + PATH));
      assertEquals(307, answer.status());
      assertEquals(1, listener.reading().damages());
    }
    await().until(() -> wanted.containsKey(StoreFixture.key(PATH)));
    fillAgain();
    evict();
    try (Http2Client client = h2c()) {
      assertArrayEquals(bytes, client.answer(client.get("/" + PATH)).body());
    }
  }

  @Test
  void get_aLaterBlockRotten_endsBeforeIt() throws IOException {
    open("reading: {firstPiece: 4KiB, piece: 16KiB}", "chunk: 16KiB");
    assertTrue(rot(20 * BLOCK + 5));
    byte[] body;
    try (Socket socket = new Socket(listener.endpoint().host(), listener.endpoint().port())) {
      socket
          .getOutputStream()
          .write(
              ("GET /" + PATH + " HTTP/1.1\r\nHost: a\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      byte[] all = socket.getInputStream().readAllBytes();
      int head = new String(all, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
      body = Arrays.copyOfRange(all, head, all.length);
    }
    assertTrue(body.length <= 20 * BLOCK, body.length + " bytes");
    assertArrayEquals(Arrays.copyOf(bytes, body.length), body);
    assertTrue(body.length > 0);
  }

  @Test
  void ranges_whileBitsChange_areNeverWrong() throws IOException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    open();
    int refused = 0;
    for (int i = 0; i < 24 || refused == 0; i++) {
      int first = random.nextInt(bytes.length);
      int last = Math.min(bytes.length - 1, first + random.nextInt(6 * BLOCK));
      int hit = first + random.nextInt(last - first + 1);
      boolean isRotten = random.nextInt(3) == 0 && rot(hit);
      evict();
      Answer answer = range(first, last);
      if (answer.status() == 206) {
        assertFalse(isRotten, "seed " + seed);
        assertArrayEquals(part(first, last), answer.body(), "seed " + seed);
      } else {
        assertTrue(isRotten, "seed " + seed);
        assertEquals(404, answer.status());
        await().until(() -> wanted.remove(StoreFixture.key(PATH)) != null);
        fillAgain();
        refused++;
      }
    }
    assertTrue(refused > 0, "seed " + seed);
  }
}
