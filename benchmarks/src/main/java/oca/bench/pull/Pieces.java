package oca.bench.pull;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.net.HttpURLConnection;
import java.net.URI;
import oca.bench.serve.MadeBytes;

/** One range after the other, for filling a cache with made bytes; each is compared. */
final class Pieces {
  private static final int PATIENCE_MILLIS = 60_000;

  private Pieces() {}

  /**
   * Asks for one, and waits for all of it.
   *
   * @throws IOException when it is not what was asked for
   */
  static void ask(int port, String path, long from, long to) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + port + "/" + path).toURL().openConnection();
    connection.setReadTimeout(PATIENCE_MILLIS);
    connection.setRequestProperty("Range", "bytes=" + from + "-" + (to - 1));
    try (InputStream in = connection.getInputStream()) {
      byte[] bytes = in.readAllBytes();
      if (connection.getResponseCode() != 206 || bytes.length != to - from) {
        throw new IOException(
            "bytes=%d-%d of %s was answered %d with %d bytes"
                .formatted(from, to - 1, path, connection.getResponseCode(), bytes.length));
      }
      if (MadeBytes.mismatch(MemorySegment.ofArray(bytes), bytes.length, from) >= 0) {
        throw new IOException("a wrong byte in bytes=%d-%d of %s".formatted(from, to - 1, path));
      }
    }
  }
}
