package oca.store;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import oca.store.disk.ContentFile;
import oca.store.disk.OpenFile;

/** A lease on a file of a volume. */
final class FileLease implements ContentLease {
  private static final VarHandle CLOSED = handle();

  private final StoredFile file;
  private final OpenFile open;
  private boolean closed;

  FileLease(StoredFile file, OpenFile open) {
    this.file = file;
    this.open = open;
  }

  @Override
  public ContentMeta meta() {
    return file.meta();
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
  public long contentOffset() {
    return ContentFile.CONTENT_OFFSET;
  }

  @Override
  public void reportReadError(IOException error) {
    file.readFailed(error);
  }

  @Override
  public void close() {
    if (!closed && CLOSED.compareAndSet(this, false, true)) {
      file.release();
    }
  }

  private static VarHandle handle() {
    try {
      return MethodHandles.lookup().findVarHandle(FileLease.class, "closed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
