package oca.bench.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusScanTest {
  private static final String ANSWERS =
      "HTTP/1.1 404 Not Found\r\nA: HTTP\r\n\r\nHHTTP/1.1 416 No\r\n\r\nHTTP/1.1 x";

  @Test
  void take_allAtOnce_findsEachStatus() {
    assertEquals(List.of(404, 416), found(ANSWERS.length()));
  }

  @Test
  void take_anyPieces_findsTheSame() {
    for (int piece = 1; piece < ANSWERS.length(); piece++) {
      assertEquals(List.of(404, 416), found(piece), "pieces of " + piece);
    }
  }

  private static List<Integer> found(int piece) {
    StatusScan scan = new StatusScan();
    List<Integer> found = new ArrayList<>();
    byte[] bytes = ANSWERS.getBytes(StandardCharsets.US_ASCII);
    for (int at = 0; at < bytes.length; at += piece) {
      scan.take(ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at)), found::add);
    }
    return found;
  }
}
