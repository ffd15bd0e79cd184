package oca.origin;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import oca.model.ContentId;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.store.ContentKey;
import oca.store.ContentLease;
import oca.store.ContentMeta;
import oca.store.ContentSource;
import oca.store.Lookup;
import oca.store.disk.OpenFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A catalogue's files, all open for reading from start to close. A lease needs no count, because
 * nothing is ever taken out while the process serves.
 */
final class PublishedFolder implements ContentSource, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PublishedFolder.class);

  private final Map<ContentKey, Lookup> files;

  private PublishedFolder(Map<ContentKey, Lookup> files) {
    this.files = files;
  }

  /**
   * Opens every file of the catalogue.
   *
   * @throws IOException when one is missing or not as long as the catalogue says; the message names
   *     it
   */
  static PublishedFolder open(Path root, Catalog catalog, int maxFiles) throws IOException {
    if (catalog.files().size() > maxFiles) {
      throw new IOException(
          "the catalogue of "
              + root
              + " lists "
              + catalog.files().size()
              + " files where "
              + maxFiles
              + " may be kept open; raise maxFiles, and the limit of open files with it");
    }
    Map<ContentKey, Lookup> files = new HashMap<>();
    PublishedFolder folder = new PublishedFolder(files);
    try {
      for (CatalogEntry entry : catalog.files()) {
        PublishedFile file = openFile(root.resolve(entry.path()), entry);
        files.put(file.meta().key(), new Lookup.Hit(file));
      }
      return folder;
    } catch (IOException e) {
      folder.close();
      throw e;
    }
  }

  @Override
  public Lookup lookup(ContentKey key) {
    return files.getOrDefault(key, Lookup.Miss.MISS);
  }

  @Override
  public void close() {
    for (Lookup lookup : files.values()) {
      if (lookup instanceof Lookup.Hit(PublishedFile file)) {
        file.shut();
      }
    }
  }

  private static PublishedFile openFile(Path path, CatalogEntry entry) throws IOException {
    OpenFile open = OpenFile.of(new RandomAccessFile(path.toFile(), "r"));
    if (open.channel().size() != entry.length()) {
      open.close();
      throw new IOException(
          path
              + " is not as long as the catalogue says; publish a changed file under a new path and"
              + " make the catalogue anew with: oca origin --publish");
    }
    ContentId id = entry.id();
    ContentMeta meta =
        new ContentMeta(
            new ContentKey(id.high(), id.low()),
            entry.length(),
            entry.sha256(),
            entry.mediaType(),
            entry.modified().getEpochSecond());
    return new PublishedFile(meta, path, open);
  }

  /** One file, which is its own lease. */
  private record PublishedFile(ContentMeta meta, Path path, OpenFile open) implements ContentLease {

    @Override
    public FileChannel channel() {
      return open.channel();
    }

    @Override
    public int descriptor() {
      return open.descriptor();
    }

    @Override
    public Object volume() {
      return PublishedFolder.class; // one folder, one disk, as far as we know
    }

    @Override
    public ContentLease share() {
      return this;
    }

    @Override
    public long contentOffset() {
      return 0;
    }

    @Override
    public void reportReadError(IOException error) {
      log.error("{} cannot be read", path, error);
    }

    @Override
    public void close() {
      // Open until the folder closes.
    }

    void shut() {
      try {
        open.close();
      } catch (IOException e) {
        log.warn("{} did not close", path, e);
      }
    }
  }
}
