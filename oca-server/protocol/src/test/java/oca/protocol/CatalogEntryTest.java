package oca.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class CatalogEntryTest {
  private static final String SHA = "0".repeat(64);

  @Test
  void headroom_scarcerOfTheTwo_counts() {
    assertEquals(0.25, new Health(false, 10, 100, 75, 100).headroom(), 1e-9);
    assertEquals(0, new Health(false, 200, 100, 0, 100).headroom(), 1e-9);
    assertEquals(0, new Health(false, 0, 0, 0, 100).headroom(), 1e-9);
  }

  @Test
  void construct_badFields_areRefusedAndNamed() {
    assertEquals(
        "the path has a dot segment at index 0: ../x", refusal("../x", 1, SHA, "video/mp4"));
    refusal("x", -1, SHA, "video/mp4");
    refusal("x", 1, "short", "video/mp4");
    refusal("x", 1, SHA, "video/mp4\r\nSet-Cookie: a");
    refusal("x", 1, SHA, "v".repeat(101));
  }

  private static String refusal(String path, long length, String sha256, String mediaType) {
    return String.valueOf(
        assertThrows(
                IllegalArgumentException.class,
                () -> new CatalogEntry(path, "t", length, sha256, mediaType, Instant.EPOCH))
            .getMessage());
  }
}
