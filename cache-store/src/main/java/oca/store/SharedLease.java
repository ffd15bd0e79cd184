package oca.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import oca.store.disk.ContentFile;
import oca.store.disk.OpenFile;
import org.jspecify.annotations.Nullable;

/** The one lease of an open file, handed to every reader; {@link StoredFile} counts them. */
final class SharedLease implements ContentLease {
  private final StoredFile file;
  private final ContentMeta meta;
  private final OpenFile open;
  private final Lookup.Hit hit = new Lookup.Hit(this);
  private volatile @Nullable CheckedBlocks checks;

  SharedLease(StoredFile file, ContentMeta meta, OpenFile open) {
    this.file = file;
    this.meta = meta;
    this.open = open;
  }

  /** The answer to every lookup that finds the file, so that hits make no garbage. */
  Lookup.Hit hit() {
    return hit;
  }

  void closeFile() throws IOException {
    open.close();
  }

  @Override
  public ContentMeta meta() {
    return meta;
  }

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
    return file.shelf();
  }

  @Override
  public ContentLease share() {
    file.share();
    return this;
  }

  @Override
  public long contentOffset() {
    return ContentFile.CONTENT_OFFSET;
  }

  @Override
  public BlockChecks checks() {
    CheckedBlocks known = checks;
    return known != null ? known : makeChecks();
  }

  private synchronized BlockChecks makeChecks() {
    CheckedBlocks known = checks;
    if (known == null) {
      known = new CheckedBlocks(new StoredBlocks(file, open));
      checks = known;
    }
    return known;
  }

  @Override
  public void reportReadError(IOException error) {
    file.readFailed(error);
  }

  @Override
  public void close() {
    file.release();
  }
}
