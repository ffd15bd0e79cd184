package oca.server.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest.Entry;
import oca.store.Admission;
import oca.store.BlockDigests;
import oca.store.ContentMeta;
import oca.store.FillRequest;
import oca.store.FillSession;
import oca.store.Provenance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListReaderTest {
  private final FillFixture fill;
  private final ListReader lists;
  private final CatalogEntry file;
  private final CatalogEntry list;

  ListReaderTest() throws IOException {
    fill = new FillFixture();
    lists = fill.tools.lists();
    List<Entry> listed = fill.publishListed("a/v.mp4", 10_000, 4096);
    file = listed.getFirst().file();
    list = listed.getLast().file();
  }

  @AfterEach
  void stop() {
    fill.close();
  }

  @Test
  void read_listHeld_isItsBytesAndTheBlockSize() throws IOException {
    hold(list);
    BlockDigests blocks = lists.read(file, list);
    assertNotNull(blocks);
    assertEquals(4096, blocks.blockBytes());
    assertEquals(3, blocks.blocks());
    byte[] third = Arrays.copyOfRange(fill.peer.files.get(file.path()), 8192, 10_000);
    byte[] digest = HexFormat.of().parseHex(MemoryStore.sha256(third));
    assertTrue(blocks.matches(2, digest));
    assertFalse(blocks.matches(1, digest));
    assertEquals(0, fill.tally.listsUnread.sum());
  }

  @Test
  void read_noneAnnounced_isNoneAndNotCounted() {
    assertNull(lists.read(list, null));
    assertEquals(0, fill.tally.listsUnread.sum());
  }

  @Test
  void read_notHeldOrNotListed_isNoneAndCounted() {
    assertNull(lists.read(file, list));
    assertNull(lists.read(file, null));
    assertEquals(2, fill.tally.listsUnread.sum());
  }

  @Test
  void read_bytesThatRotted_isNoneCountedAndTheStoreIsTold() throws IOException {
    hold(list);
    fill.store.files.get(FillRound.key(list.id()))[40] ^= 1;
    assertNull(lists.read(file, list));
    assertEquals(1, fill.tally.listsUnread.sum());
    assertEquals(1, fill.store.readErrors.size());
  }

  @Test
  void read_heldUnderAnotherDigest_isNone() throws IOException {
    hold(list);
    CatalogEntry other =
        new CatalogEntry(
            list.path(), "title", list.length(), "0".repeat(64), "video/mp4", list.modified());
    assertNull(lists.read(file, other));
    assertEquals(0, fill.store.readErrors.size());
  }

  @Test
  void read_listBeyondTheLimit_isNoneAndCounted() throws IOException {
    int blocks = FillFixture.MAX_LIST / 32 + 1;
    List<Entry> listed = fill.publishListed("a/long.mp4", blocks * 4096, 4096);
    hold(listed.getLast().file());
    assertNull(lists.read(listed.getFirst().file(), listed.getLast().file()));
    assertEquals(1, fill.tally.listsUnread.sum());
    List<Entry> fits = fill.publishListed("a/fits.mp4", (blocks - 1) * 4096, 4096);
    hold(fits.getLast().file());
    assertNotNull(lists.read(fits.getFirst().file(), fits.getLast().file()));
  }

  private void hold(CatalogEntry held) throws IOException {
    ContentMeta meta =
        new ContentMeta(
            FillRound.key(held.id()), held.length(), held.sha256(), held.mediaType(), 0);
    FillRequest request = new FillRequest(meta, null, new Provenance("test", 0, 0, 0));
    try (FillSession session = ((Admission.Admitted) fill.store.fill(request)).session()) {
      session.append(ByteBuffer.wrap(fill.peer.files.get(held.path())));
      session.commit();
    }
  }
}
