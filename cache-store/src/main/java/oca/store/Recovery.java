package oca.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import oca.store.disk.BadFileException;
import oca.store.disk.ContentFile;
import oca.store.disk.FileOpener;
import oca.store.disk.OpenFile;
import oca.store.disk.StoreRefusedException;
import oca.store.disk.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out from the files themselves what a volume holds. Reads headers and tables of checksums,
 * no content: a whole file was synced before it got its name.
 *
 * <p>What does not belong goes to quarantine, never to nothing; only our own torn partial files, in
 * which nothing can be resumed, are deleted.
 */
final class Recovery {
  private static final Logger log = LoggerFactory.getLogger(Recovery.class);

  private Recovery() {}

  /** The whole files of a volume. An I/O error is charged to it, and the file left out. */
  static List<ContentFile.Header> wholeFiles(Volume volume) throws StoreRefusedException {
    return scan(volume, volume::visitContent, Recovery::wholeFile);
  }

  /** The partial files of a volume that a later session may resume. */
  static List<ContentFile.Header> partialFiles(Volume volume) throws StoreRefusedException {
    return scan(volume, volume::visitPartials, Recovery::partialFile);
  }

  private interface Walk {
    void show(Volume.Visitor visitor) throws IOException;
  }

  private interface Reading {
    Optional<ContentFile.Header> read(Volume volume, Path path) throws IOException;
  }

  private static List<ContentFile.Header> scan(Volume volume, Walk walk, Reading reading)
      throws StoreRefusedException {
    List<ContentFile.Header> found = new ArrayList<>();
    try {
      walk.show(
          path -> {
            if (volume.inService()) {
              readOne(volume, path, reading).ifPresent(found::add);
            }
          });
    } catch (StoreRefusedException e) {
      throw e;
    } catch (IOException e) {
      volume.charge(e);
    }
    return volume.inService() ? found : List.of();
  }

  private static Optional<ContentFile.Header> readOne(Volume volume, Path path, Reading reading)
      throws StoreRefusedException {
    try {
      try {
        return reading.read(volume, path);
      } catch (BadFileException e) {
        volume.quarantine(path, String.valueOf(e.getMessage()));
      }
    } catch (StoreRefusedException e) {
      throw e;
    } catch (IOException e) {
      volume.charge(e);
    }
    return Optional.empty();
  }

  private static Optional<ContentFile.Header> wholeFile(Volume volume, Path path)
      throws IOException {
    if (!path.getFileName().toString().matches("[0-9a-f]{32}\\.oca")
        || !Files.isRegularFile(path)) {
      throw new BadFileException("it is not a file of content");
    }
    try (OpenFile file = volume.openFile(path, FileOpener.Mode.READ)) {
      ContentFile.Header header = header(path, file);
      requireOurs(volume, header, path, volume.contentPath(header.high(), header.low()));
      ContentFile.checkWhole(file.channel(), header);
      return Optional.of(header);
    }
  }

  private static Optional<ContentFile.Header> partialFile(Volume volume, Path path)
      throws IOException {
    if (!path.getFileName().toString().matches("[0-9a-f]{32}\\.part")
        || !Files.isRegularFile(path)) {
      throw new BadFileException("it is not a partial file");
    }
    ContentFile.Header header;
    try (OpenFile file = volume.openFile(path, FileOpener.Mode.READ)) {
      header = header(path, file);
      ContentFile.checkSize(file.channel(), header);
    } catch (BadFileException e) {
      log.info("partial file {} was torn and is dropped: {}", path, e.getMessage());
      Files.delete(path);
      return Optional.empty();
    }
    requireOurs(volume, header, path, volume.partialPath(header.high(), header.low()));
    return Optional.of(header);
  }

  private static ContentFile.Header header(Path path, OpenFile file) throws IOException {
    try {
      return ContentFile.readHeader(file.channel());
    } catch (StoreRefusedException e) {
      throw new StoreRefusedException(path + ": " + e.getMessage());
    }
  }

  private static void requireOurs(Volume volume, ContentFile.Header header, Path path, Path due)
      throws BadFileException {
    if (!header.storeId().equals(volume.storeId())) {
      throw new BadFileException("it was written for another volume, " + header.storeId());
    }
    if (!path.equals(due)) {
      throw new BadFileException("its place would be " + due);
    }
  }
}
