package oca.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import oca.config.ByteSize;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.Endpoint;
import oca.server.authorize.AuthorizeConfig;
import oca.server.cmcd.CmcdLimits;
import oca.server.cmcd.PacingConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpConfigTest {

  @Test
  void config_empty_hasTheDefaults() throws ConfigException {
    assertEquals(
        new HttpConfig(
            new Endpoint("127.0.0.1", 8080),
            HttpConfig.Choice.AUTO,
            0,
            10_000,
            256,
            0,
            64,
            Duration.ofSeconds(5),
            new ByteSize(16 << 10),
            100,
            16,
            new ByteSize(1 << 20),
            new ByteSize(64 << 20),
            Duration.ofSeconds(60),
            10_000,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            new ByteSize(1024),
            Duration.ofSeconds(2),
            new ByteSize(512 << 10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(2),
            new ByteSize(128 << 10),
            new ReadingConfig(
                8, 256, new ByteSize(128 << 10), new ByteSize(1 << 20), Duration.ofSeconds(20)),
            Optional.empty(),
            new Http2Config(
                true,
                100,
                new ByteSize(64 << 10),
                new ByteSize(16 << 10),
                new ByteSize(256 << 10),
                200,
                200,
                Duration.ofSeconds(10),
                10,
                16),
            "oca",
            false,
            // Their own defaults are pinned by their own tests.
            ConfigFile.parse("test", "", AuthorizeConfig.class),
            CmcdLimits.DEFAULTS,
            List.of(),
            PacingConfig.OFF),
        ConfigFile.parse("test", "", HttpConfig.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "maxConnections: 0",
        "maxFields: 7",
        "eventLoops: -1",
        "maxHeadBytes: 100B",
        "chunk: 2GiB",
        "headTimeout: 0ms",
        "piece: 1KiB",
        "retryAfter: 10ms",
        "maxContent: 2MiB",
        "contentTimeout: 1ms"
      })
  void config_outOfRange_namesTheKey(String line) {
    assertNamed(line, line.substring(0, line.indexOf(':')));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "threadsPerVolume: -1",
        "queuePerVolume: 0",
        "firstPiece: 1KiB",
        "piece: 64KiB",
        "timeout: 1ms"
      })
  void reading_outOfRange_namesTheKey(String line) {
    assertNamed("reading: {" + line + "}", line.substring(0, line.indexOf(':')));
  }

  private static void assertNamed(String line, String key) {
    ConfigException refusal =
        assertThrows(ConfigException.class, () -> ConfigFile.parse("test", line, HttpConfig.class));
    assertTrue(refusal.getMessage().contains(key + " "), refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://next",
        "next.example",
        "http://next/path",
        "http://next?query",
        "http://user@next",
        "http:///"
      })
  void redirect_toNoServer_isRefused(String to) {
    assertNamed("redirects: [{prefix: v/, to: \"" + to + "\"}]", "to");
  }

  @Test
  void redirect_ofSeveral_isTheLongestThatFits() throws ConfigException {
    HttpConfig config =
        ConfigFile.parse(
            "test",
            "redirects: [{prefix: v/, to: \"http://a\"}, {prefix: v/w/, to: \"https://b:8443/\"}]",
            HttpConfig.class);
    assertEquals("v/", config.redirect("v/x").prefix());
    assertEquals("v/w/", config.redirect("v/w/x").prefix());
    assertNull(config.redirect("x"));
  }

  @Test
  void config_tls_hasTheDefaults() throws ConfigException {
    HttpConfig config =
        ConfigFile.parse("test", "tls: {certificates: /c.pem, key: /k.pem}", HttpConfig.class);
    assertEquals(
        Optional.of(
            new TlsConfig(
                new Endpoint("127.0.0.1", 8443),
                Path.of("/c.pem"),
                Path.of("/k.pem"),
                TlsConfig.Provider.BORINGSSL,
                List.of(TlsConfig.Protocol.TLS_1_3, TlsConfig.Protocol.TLS_1_2),
                List.of(),
                Duration.ofMinutes(1),
                Duration.ofSeconds(10),
                true,
                Duration.ofHours(12))),
        config.tls());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "protocols: [tls-1-3, tls-1-3]",
        "reloadInterval: 2d",
        "handshakeTimeout: 1ms",
        "ticketRotation: 1s"
      })
  void tls_outOfRange_namesTheKey(String line) {
    refuses("{tls: {certificates: /c, key: /k, " + line + "}}", line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "maxStreams: 0",
        "initialWindow: 1GiB",
        "maxFrame: 1KiB",
        "buffer: 1KiB",
        "maxResets: 0",
        "maxControlFrames: 9",
        "frameWindow: 1ms",
        "maxEmptyFrames: 0",
        "maxSmallContinuations: 0"
      })
  void http2_outOfRange_namesTheKey(String line) {
    refuses("{http2: {" + line + "}}", line);
  }

  private static void refuses(String text, String line) {
    ConfigException refusal =
        assertThrows(ConfigException.class, () -> ConfigFile.parse("test", text, HttpConfig.class));
    String key = line.substring(0, line.indexOf(':'));
    assertTrue(refusal.getMessage().contains(key + " "), refusal.getMessage());
  }
}
