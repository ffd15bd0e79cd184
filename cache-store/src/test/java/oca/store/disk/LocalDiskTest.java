package oca.store.disk;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The machine's file system. */
class LocalDiskTest extends DiskContract {
  @TempDir Path temporary;

  @Override
  Disk disk() {
    return new LocalDisk();
  }

  @Override
  Path folder() {
    return temporary.resolve("disk");
  }
}
