package oca.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import oca.config.ByteSize;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.Endpoint;
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
            Duration.ofSeconds(5),
            new ByteSize(16 << 10),
            64,
            10_000,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(2),
            new ByteSize(2 << 20),
            Duration.ofSeconds(30)),
        ConfigFile.parse("test", "", HttpConfig.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "maxConnections: 0",
        "maxPipelined: 0",
        "eventLoops: -1",
        "maxHeadBytes: 100B",
        "chunk: 2GiB",
        "headTimeout: 0ms",
        "retryAfter: 10ms"
      })
  void config_outOfRange_namesTheKey(String line) {
    ConfigException refusal =
        assertThrows(ConfigException.class, () -> ConfigFile.parse("test", line, HttpConfig.class));
    String key = line.substring(0, line.indexOf(':'));
    assertTrue(refusal.getMessage().contains(key + " "), refusal.getMessage());
  }
}
