package oca.server.fill.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3OriginsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T02:00:00Z");
  private static final URI FILE = URI.create("s3://media/a/v.mp4");

  @TempDir Path folder;

  @Test
  void ask_pathAddressing_namesTheBucketInThePath() throws Exception {
    S3Origins.Signed asked =
        origins("endpoint: \"http://10.0.0.1:9000\", unsigned: true").ask("GET", FILE, null);
    assertEquals(URI.create("http://10.0.0.1:9000/media/a/v.mp4"), asked.uri());
    assertTrue(asked.headers().isEmpty(), "nothing is signed: " + asked.headers());
  }

  @Test
  void ask_virtualAddressingAtAmazon_namesTheBucketInTheHost() throws Exception {
    S3Origins.Signed asked =
        origins("region: eu-central-1, addressing: virtual, unsigned: true")
            .ask("GET", FILE, "bytes=0-9");
    assertEquals(URI.create("https://media.s3.eu-central-1.amazonaws.com/a/v.mp4"), asked.uri());
    assertEquals("bytes=0-9", asked.headers().get("Range"));
  }

  @Test
  void ask_withCredentials_signsTheRangeAndTheRegion() throws Exception {
    S3Origins.Signed asked =
        origins("region: north-1, credentials: " + credentials("K", "s", ""))
            .ask("GET", FILE, "bytes=5-9");
    String authorization = asked.headers().getOrDefault("Authorization", "");
    assertTrue(
        authorization.startsWith(
            "AWS4-HMAC-SHA256"
                + " Credential=K/20260301/north-1/s3/aws4_request,SignedHeaders=host;range"
                + ";x-amz-content-sha256;x-amz-date,"),
        authorization);
    assertEquals("bytes=5-9", asked.headers().get("Range"));
    assertNull(asked.headers().get("Host"), "the client writes it");
  }

  @Test
  void ask_credentialsThatChange_areReadAgain() throws Exception {
    String file = credentials("OLD", "s", "");
    S3Origins origins = origins("credentials: " + file);
    assertTrue(authorization(origins).contains("Credential=OLD/"));
    credentials("NEW", "t", "aws_session_token = tok\n");
    Files.setLastModifiedTime(Path.of(file), FileTime.from(NOW));
    assertTrue(authorization(origins).contains("Credential=NEW/"));
    assertEquals("tok", origins.ask("GET", FILE, null).headers().get("x-amz-security-token"));
  }

  @Test
  void ask_unusableCredentials_namesFileAndKeyAndNoSecret() throws Exception {
    Path file = folder.resolve("bad");
    S3Origins origins = origins("credentials: " + file);
    assertRefused(origins, FILE, "bad cannot be read");
    Files.writeString(
        file, "[default]\naws_secret_access_key = hush\n[other]\naws_access_key_id=A");
    IOException e = assertRefused(origins, FILE, "no usable aws_access_key_id");
    assertFalse(String.valueOf(e.getMessage()).contains("hush"));
    Files.writeString(file, "x".repeat(65_537));
    assertRefused(origins, FILE, "longer than 65536");
  }

  @Test
  void ask_anotherBucket_isRefusedByName() throws Exception {
    assertRefused(origins("unsigned: true"), URI.create("s3://film/x"), "film is not in fill.s3");
  }

  @Test
  void config_whatCannotBe_isRefused() {
    refused("{bucket: media}", "either credentials or unsigned");
    refused("{bucket: media, unsigned: true, credentials: /f}", "either credentials or unsigned");
    refused("{bucket: Media, unsigned: true}", "bucket must be");
    refused("{bucket: media, unsigned: true, endpoint: \"ftp://h\"}", "endpoint must be");
    refused("{bucket: media, unsigned: true, endpoint: \"http://h/path\"}", "endpoint must be");
    refused("{bucket: media, unsigned: true, region: \"a/b\"}", "region must be");
  }

  @Test
  void origins_oneBucketTwice_isRefused() throws Exception {
    S3Config media = config("unsigned: true");
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> new S3Origins(List.of(media, media), () -> NOW));
    assertTrue(String.valueOf(e.getMessage()).contains("media is listed twice"));
  }

  @Test
  void why_knownCodes_sayWhatToDo() throws Exception {
    S3Origins origins = origins("unsigned: true");
    assertEquals(
        "answered 403 RequestTimeTooSkewed: this appliance's clock and the store's differ by 960 s",
        origins.why(
            403, NOW.minusSeconds(960), null, "<Error><Code>RequestTimeTooSkewed</Code></Error>"));
    assertEquals(
        "answered 301 PermanentRedirect: the bucket is in the region eu-west-3",
        origins.why(301, null, "eu-west-3", "<Code>PermanentRedirect</Code>"));
    assertEquals("answered 404 NoSuchKey", origins.why(404, null, null, "<Code>NoSuchKey</Code>"));
    assertEquals("answered 403", origins.why(403, null, null, "<Code>" + "A".repeat(65)));
  }

  private static String authorization(S3Origins origins) throws IOException {
    return origins.ask("GET", FILE, null).headers().getOrDefault("Authorization", "");
  }

  private static IOException assertRefused(S3Origins origins, URI file, String why) {
    IOException e = assertThrows(IOException.class, () -> origins.ask("GET", file, null));
    assertTrue(String.valueOf(e.getMessage()).contains(why), e.getMessage());
    return e;
  }

  private static void refused(String yaml, String why) {
    ConfigException e =
        assertThrows(ConfigException.class, () -> ConfigFile.parse("s3", yaml, S3Config.class));
    assertTrue(String.valueOf(e.getMessage()).contains(why), e.getMessage());
  }

  private String credentials(String key, String secret, String more) throws IOException {
    Path file = folder.resolve("credentials");
    Files.writeString(
        file,
        "# of the store\n[default]\naws_access_key_id = %s\naws_secret_access_key=%s\n%s"
            .formatted(key, secret, more));
    return file.toString();
  }

  private static S3Origins origins(String more) throws ConfigException {
    return new S3Origins(List.of(config(more)), () -> NOW);
  }

  private static S3Config config(String more) throws ConfigException {
    S3Config config = ConfigFile.parse("s3", "{bucket: media, " + more + "}", S3Config.class);
    assertEquals(Optional.of("media"), Optional.of(config.bucket()));
    return config;
  }
}
