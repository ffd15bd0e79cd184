package oca.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import oca.store.disk.Layout;

/** A volume's folder, looked at and altered behind the store's back. */
record TestVolume(Path folder) {

  Path path(TestContent content) {
    return new Layout(folder).contentPath(content.key().high(), content.key().low());
  }

  Path partial(TestContent content) {
    return new Layout(folder).partialPath(content.key().high(), content.key().low());
  }

  boolean has(TestContent content) {
    return Files.exists(path(content));
  }

  long quarantined() throws IOException {
    return count("quarantine");
  }

  /** Files below one of its folders. */
  long count(String below) throws IOException {
    try (Stream<Path> paths = Files.walk(folder.resolve(below))) {
      return paths.filter(Files::isRegularFile).count();
    }
  }

  void flip(TestContent content, long offset) throws IOException {
    flip(path(content), offset, 0);
  }

  static void flip(Path path, long offset, int bit) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(offset);
      int value = file.read();
      file.seek(offset);
      file.write(value ^ 1 << bit);
    }
  }

  static void truncate(Path path, long length) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(length);
    }
  }
}
