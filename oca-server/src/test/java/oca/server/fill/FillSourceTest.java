package oca.server.fill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import oca.model.ByteRange;
import oca.server.fill.FillQueue.Verdict;
import oca.server.fill.FillSource.Fetched;
import oca.server.fill.SourceServer.Manner;
import oca.server.fill.s3.S3Origins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One source, and a file that lacks bytes in several places. */
class FillSourceTest {
  private static final int LENGTH = 20_000;

  private final SourceServer server;
  private final FillSource source =
      new FillSource(
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          new S3Origins(List.of(), InstantSource.system()),
          InstantSource.system());
  private final byte[] published = new byte[LENGTH];
  private long arrived;

  FillSourceTest() throws IOException {
    server = new SourceServer();
    new Random(3).nextBytes(published);
    server.files.put("v", published);
  }

  @AfterEach
  void stop() {
    source.close();
    server.close();
  }

  @Test
  void fetch_severalGaps_asksForEachAndNothingElse() throws Exception {
    Holed file = new Holed(new ByteRange(100, 199), new ByteRange(5000, 9999), last(1));
    fetchAll(file);
    assertArrayEquals(published, file.bytes);
    assertEquals(
        List.of("v bytes=100-199", "v bytes=5000-9999", "v bytes=19999-19999"), server.asked);
    assertEquals(100 + 5000 + 1, arrived);
  }

  @Test
  void fetch_sourceIgnoringRanges_fillsAllGapsFromOneBody() throws Exception {
    server.manner = Manner.IGNORING_RANGES;
    Holed file = new Holed(new ByteRange(100, 199), new ByteRange(5000, 9999), last(70));
    fetchAll(file);
    assertArrayEquals(published, file.bytes);
    assertEquals(List.of("v bytes=100-199"), server.asked);
  }

  @Test
  void fetch_otherRangeThanTheGap_isRefused() throws Exception {
    server.manner = Manner.OTHER_RANGE;
    Holed file = new Holed(new ByteRange(100, 199));
    Fetched.Failed failed = assertInstanceOf(Fetched.Failed.class, fetch(file));
    assertTrue(failed.reason().contains("bytes 100-199/20000 were asked for"), failed.reason());
    assertEquals(0, arrived);
  }

  @Test
  void fetch_blockThatIsRefused_isTheSourcesFaultAndIsStillMissing() throws Exception {
    server.manner = Manner.LYING;
    Holed file = new Holed(new ByteRange(4000, 7999));
    file.refuse = true;
    assertInstanceOf(Fetched.Wrong.class, fetch(file));
    assertEquals(new ByteRange(4000, 7999), file.gap());
    server.manner = Manner.HONEST;
    file.refuse = false;
    fetchAll(file);
    assertArrayEquals(published, file.bytes);
  }

  @Test
  void fetch_truncatedInAGap_leavesItsRest() throws Exception {
    server.manner = Manner.TRUNCATING;
    server.breakOffWhen = () -> arrived == 500;
    Holed file = new Holed(new ByteRange(1000, 1999), last(10));
    assertInstanceOf(Fetched.Failed.class, fetch(file));
    assertEquals(new ByteRange(1500, 1999), file.gap());
  }

  private void fetchAll(Holed file) throws Exception {
    while (file.gap() != null) {
      assertEquals(new Fetched.Sent(), fetch(file));
    }
  }

  private Fetched fetch(Holed file) throws Exception {
    return source.fetch(server.uri("v"), file, file.gap(), new Freely());
  }

  private static ByteRange last(int bytes) {
    return new ByteRange(LENGTH - bytes, LENGTH - 1);
  }

  private final class Freely implements FillSource.Gate {
    @Override
    public Verdict verdict(long at) {
      return Verdict.GO_ON;
    }

    @Override
    public void arrived(int bytes) {
      arrived += bytes;
    }

    @Override
    public int chunk() {
      return 4096;
    }
  }

  /** The published file but for some gaps. */
  private final class Holed implements Missing {
    private final byte[] bytes = published.clone();
    private final BitSet missing = new BitSet();
    private boolean refuse;

    Holed(ByteRange... gaps) {
      for (ByteRange gap : gaps) {
        Arrays.fill(bytes, (int) gap.first(), (int) gap.last() + 1, (byte) 0);
        missing.set((int) gap.first(), (int) gap.last() + 1);
      }
    }

    @Override
    public long length() {
      return LENGTH;
    }

    @Override
    public ByteRange gap() {
      int first = missing.nextSetBit(0);
      return first < 0 ? null : new ByteRange(first, missing.nextClearBit(first) - 1);
    }

    @Override
    public void append(ByteBuffer more) throws IOException {
      int at = missing.nextSetBit(0);
      int end = at + more.remaining();
      assertTrue(end <= missing.nextClearBit(at), "more than the gap");
      if (!refuse) {
        more.get(bytes, at, more.remaining());
        missing.clear(at, end);
      }
    }
  }
}
