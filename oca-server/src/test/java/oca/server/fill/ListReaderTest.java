package oca.server.fill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest.Entry;
import oca.store.Admission;
import oca.store.ContentMeta;
import oca.store.FillSession;
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
    ListedBlocks blocks = lists.read(file, list);
    assertNotNull(blocks);
    assertEquals(4096, blocks.blockBytes());
    assertArrayEquals(fill.peer.files.get(list.path()), blocks.sha256());
    assertEquals(3 * 32, blocks.sha256().length);
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
    try (FillSession session = ((Admission.Admitted) fill.store.fill(meta)).session()) {
      session.append(ByteBuffer.wrap(fill.peer.files.get(held.path())));
      session.commit();
    }
  }
}
