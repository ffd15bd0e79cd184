package oca.server.fill;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import oca.protocol.BlockList;
import oca.protocol.CatalogEntry;
import oca.store.BlockDigests;
import oca.store.BlockMap;
import oca.store.ContentLease;
import oca.store.ContentMeta;
import oca.store.ContentSource;
import oca.store.Lookup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads block lists out of the store into memory. Blocks on a disk: for virtual threads.
 *
 * <p>A list decides which bytes viewers see before the whole file has passed its digest, so that it
 * is compared with its own digest each time that it is read, not only when it came. A list that
 * cannot be used is no reason to do without the file: that is then shown when it is whole.
 */
final class ListReader {
  private static final Logger log = LoggerFactory.getLogger(ListReader.class);

  private final ContentSource store;
  private final long most;
  private final FillTally tally;

  /**
   * Reads from {@code store}.
   *
   * @param most the longest list that is read, in bytes
   */
  ListReader(ContentSource store, long most, FillTally tally) {
    this.store = store;
    this.most = most;
    this.tally = tally;
  }

  /**
   * The digests of the blocks of {@code file}.
   *
   * @param list the manifest's entry of the list that the file names, null when there is none
   * @return null when none are announced, and, counted and logged, when the list cannot be used
   */
  @Nullable BlockDigests read(CatalogEntry file, @Nullable CatalogEntry list) {
    BlockList blocks = file.blocks();
    if (blocks == null) {
      return null;
    }
    try {
      return BlockDigests.of(blocks.size(), bytes(blocks.lengthFor(file.length()), list));
    } catch (IOException e) {
      tally.listsUnread.increment();
      log.warn(
          "{} comes in without its block list {}, which {}; it is shown when it is whole",
          file.path(),
          blocks.path(),
          e.getMessage());
      return null;
    }
  }

  private byte[] bytes(long length, @Nullable CatalogEntry list) throws IOException {
    if (list == null) {
      throw new IOException("the manifest does not list");
    }
    if (list.length() != length) {
      throw new IOException("has not one digest for each block of the file");
    }
    if (list.length() > most) {
      throw new IOException(
          "has " + list.length() + " bytes; raise fill.maxBlockList, which is " + most);
    }
    return switch (store.lookup(FillRound.key(list.id()))) {
      case Lookup.Miss _ -> throw new IOException("is not held");
      case Lookup.Filling(ContentLease lease, BlockMap _) -> {
        lease.close();
        throw new IOException("is not held whole");
      }
      case Lookup.Hit(ContentLease lease) -> {
        try (lease) {
          yield held(lease, list);
        }
      }
    };
  }

  private static byte[] held(ContentLease lease, CatalogEntry list) throws IOException {
    ContentMeta meta = lease.meta();
    if (meta.length() != list.length() || !meta.sha256().equals(list.sha256())) {
      throw new IOException("is held with other bytes than the manifest announces");
    }
    try {
      byte[] bytes = read(lease, (int) list.length());
      String found = HexFormat.of().formatHex(sha256().digest(bytes));
      if (!found.equals(list.sha256())) {
        throw new IOException("does not match its digest any more");
      }
      return bytes;
    } catch (IOException e) {
      lease.reportReadError(e);
      throw new IOException("cannot be read: " + e.getMessage(), e);
    }
  }

  private static byte[] read(ContentLease lease, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (lease.channel().read(bytes, lease.contentOffset() + bytes.position()) < 0) {
        throw new EOFException("ends after " + bytes.position() + " of " + length + " bytes");
      }
    }
    return bytes.array();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must have SHA-256", e);
    }
  }
}
