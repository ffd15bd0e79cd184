package oca.origin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import oca.config.ByteSize;
import oca.config.ConfigFile;
import oca.protocol.BlockList;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.http.ControlClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A published folder over HTTP, as appliances see it. */
class OriginTest {
  @TempDir private Path root;

  @Test
  void origin_publishedFolder_givesBlocksThatTheServedListProves() throws Exception {
    byte[] bytes = new byte[100_000];
    new Random(11).nextBytes(bytes);
    Files.createDirectories(root.resolve("titles/harbour"));
    Files.write(root.resolve("titles/harbour/v0.mp4"), bytes);
    Files.write(root.resolve("titles/harbour/a0.mp4"), Arrays.copyOf(bytes, 32768));
    Catalog published = Publisher.publish(root, new ByteSize(32768));
    try (Origin origin = Origin.start(config());
        ControlClient control = new ControlClient(Duration.ofSeconds(5));
        HttpClient viewer = HttpClient.newHttpClient()) {
      Catalog catalog = control.get(origin.adminEndpoint().http("v1/catalog"), Catalog.class);
      assertEquals(published, catalog);
      assertEquals(3, catalog.files().size());
      CatalogEntry file = catalog.files().get(1);
      BlockList blocks = file.blocks();
      assertNotNull(blocks);
      byte[] list = get(viewer, origin, blocks.path(), null);
      CatalogEntry listed = catalog.files().get(2);
      assertEquals(listed.path(), blocks.path());
      assertEquals(listed.sha256(), HexFormat.of().formatHex(sha256(list)));
      assertEquals(4 * 32, list.length);
      for (int block = 0; block < 4; block++) {
        int from = block * blocks.size();
        int to = Math.min(bytes.length, from + blocks.size());
        byte[] part = get(viewer, origin, file.path(), "bytes=" + from + "-" + (to - 1));
        assertArrayEquals(
            Arrays.copyOfRange(list, block * 32, block * 32 + 32), sha256(part), "block " + block);
      }
    }
  }

  private OriginConfig config() throws Exception {
    String yaml =
        """
        root: %s
        http: { listen: "127.0.0.1:0", eventLoops: 1 }
        admin: "127.0.0.1:0"
        """
            .formatted(root);
    return ConfigFile.parse("origin.yaml", yaml, OriginConfig.class);
  }

  private static byte[] get(HttpClient viewer, Origin origin, String path, String range)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(origin.endpoint().http(path));
    if (range != null) {
      request.header("Range", range);
    }
    HttpResponse<byte[]> answer = viewer.send(request.build(), BodyHandlers.ofByteArray());
    assertEquals(range == null ? 200 : 206, answer.statusCode());
    assertEquals(
        path.endsWith(".mp4") ? "video/mp4" : "application/octet-stream",
        answer.headers().firstValue("Content-Type").orElse(""));
    return answer.body();
  }

  private static byte[] sha256(byte[] bytes) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }
}
