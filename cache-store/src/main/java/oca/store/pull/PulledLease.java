package oca.store.pull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import oca.store.BlockChecks;
import oca.store.CheckedBlocks;
import oca.store.FileLease;
import org.jspecify.annotations.Nullable;

/** The one lease of an object, handed to every reader; {@link PulledObject} counts them. */
final class PulledLease implements FileLease {
  private final PulledObject object;
  private final PulledFile file;
  private final Object volume;
  private volatile @Nullable CheckedBlocks checks;

  PulledLease(PulledObject object, PulledFile file, Object volume) {
    this.object = object;
    this.file = file;
    this.volume = volume;
  }

  @Override
  public FileChannel channel() {
    return file.open().channel();
  }

  @Override
  public int descriptor() {
    return file.open().descriptor();
  }

  @Override
  public Object volume() {
    return volume;
  }

  @Override
  public FileLease share() {
    object.share();
    return this;
  }

  @Override
  public long contentOffset() {
    return 0;
  }

  @Override
  public BlockChecks checks() {
    CheckedBlocks known = checks;
    return known != null ? known : makeChecks();
  }

  private synchronized BlockChecks makeChecks() {
    CheckedBlocks known = checks;
    if (known == null) {
      known = new CheckedBlocks(new PulledBlocks(object, file));
      checks = known;
    }
    return known;
  }

  @Override
  public void reportReadError(IOException error) {
    object.readFailed(error);
  }

  @Override
  public void close() {
    object.release();
  }
}
