package oca.store.pull;

import java.io.IOException;
import java.nio.ByteBuffer;
import oca.store.CheckedBlocks;
import oca.store.DamagedBlockException;
import oca.store.disk.BlockChecksums;

/**
 * The slices of a pulled object. One that is not whole has no checksum yet: its bytes came through
 * this process a moment ago, or never get one, as when an answer was broken off; those are sent as
 * they are.
 */
final class PulledBlocks implements CheckedBlocks.Blocks {
  private final PulledObject object;
  private final PulledFile file;

  PulledBlocks(PulledObject object, PulledFile file) {
    this.object = object;
    this.file = file;
  }

  @Override
  public long contentOffset() {
    return 0;
  }

  @Override
  public int blockBytes() {
    return object.sliceBytes();
  }

  @Override
  public long endOf(long block) {
    return block * blockBytes() + file.sliceLength((int) block, object.length());
  }

  @Override
  public boolean hasChecksum(long block) {
    return object.slices().checksum((int) block) != BlockChecksums.UNWRITTEN;
  }

  @Override
  public boolean matches(long block, ByteBuffer scratch) throws IOException {
    return file.verify((int) block, object.length(), scratch);
  }

  @Override
  public void leaveMemory(long block) {
    file.leaveMemory((int) block);
  }

  /** The object is dropped; who asks for it next has it fetched anew. */
  @Override
  public DamagedBlockException damaged(long block) {
    DamagedBlockException damage = new DamagedBlockException(file.path().toString(), block);
    object.readFailed(damage);
    return damage;
  }
}
