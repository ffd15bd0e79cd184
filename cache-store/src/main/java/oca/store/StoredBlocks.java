package oca.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import oca.store.disk.BlockTable;
import oca.store.disk.ContentFile;
import oca.store.disk.OpenFile;

/** The blocks of one open file on a volume, as its table has them. */
final class StoredBlocks implements CheckedBlocks.Blocks {
  private final StoredFile file;
  private final OpenFile open;
  private final ContentFile.Header header;

  StoredBlocks(StoredFile file, OpenFile open) {
    this.file = file;
    this.open = open;
    this.header = file.header();
  }

  @Override
  public long contentOffset() {
    return ContentFile.CONTENT_OFFSET;
  }

  @Override
  public int blockBytes() {
    return header.blockBytes();
  }

  @Override
  public long endOf(long block) {
    return header.blockEnd(block);
  }

  @Override
  public boolean hasChecksum(long block) {
    return true;
  }

  @Override
  public boolean matches(long block, ByteBuffer scratch) throws IOException {
    return new BlockTable(open.channel(), header, scratch).matches(block);
  }

  @Override
  public void leaveMemory(long block) {
    long start = header.blockStart(block);
    file.shelf()
        .volume()
        .disk()
        .leaveMemory(open, ContentFile.CONTENT_OFFSET + start, header.blockEnd(block) - start);
  }

  @Override
  public DamagedBlockException damaged(long block) {
    file.shelf().openFiles().damaged(file, block);
    return new DamagedBlockException(file.path().toString(), block);
  }
}
