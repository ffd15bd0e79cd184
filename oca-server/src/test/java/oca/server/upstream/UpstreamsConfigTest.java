package oca.server.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import oca.config.ByteSize;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.server.caching.FieldSection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be configured, and what is asked. */
class UpstreamsConfigTest {
  private static UpstreamsConfig parse(String text) throws ConfigException {
    return ConfigFile.parse("test", text, UpstreamsConfig.class);
  }

  @Test
  void defaults_always_areThese() throws ConfigException {
    UpstreamsConfig config = parse("origins: [{url: \"https://a.example\"}]");
    assertEquals(
        new UpstreamsConfig(
            List.of(),
            List.of(
                new UpstreamsConfig.Server(
                    java.net.URI.create("https://a.example"), Optional.empty())),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            new ByteSize(64 << 10),
            200,
            8,
            new UpstreamsConfig.Pool(1024, 32, Duration.ofSeconds(30), 1000),
            new UpstreamsConfig.Retry(2, 20, 3, List.of(500, 502, 503, 504)),
            Optional.empty(),
            new UpstreamsConfig.Breaker(50, 20, 5, Duration.ofSeconds(2), 2),
            Duration.ofSeconds(60),
            Optional.empty(),
            Duration.ofSeconds(30),
            new UpstreamTlsConfig(
                Optional.empty(),
                UpstreamTlsConfig.Provider.BORINGSSL,
                List.of(UpstreamTlsConfig.Protocol.TLS_1_3, UpstreamTlsConfig.Protocol.TLS_1_2))),
        config);
  }

  @ParameterizedTest
  @CsvSource({
    "http://a, http://a, a",
    "http://A.example:80/, http://a.example, a.example",
    "https://a.example:443, https://a.example, a.example",
    "https://a.example:80, https://a.example:80, a.example:80",
    "http://[::1]:8080, http://[::1]:8080, [::1]:8080",
    "http://[::1], http://[::1], [::1]",
  })
  void url_proper_isUnderstood(String url, String written, String host) {
    Authority authority = Authority.of(java.net.URI.create(url));
    assertEquals(written, authority.toString());
    assertEquals(host, authority.hostField());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://a",
        "a:80",
        "//a",
        "http:///x",
        "http://a/path",
        "http://a?x",
        "http://a/#x",
        "http://u:p@a",
        "http://a:0",
        "http://a:65536",
      })
  void url_saidMoreOrLess_isRefused(String url) {
    ConfigException refused =
        assertThrows(ConfigException.class, () -> parse("origins: [{url: \"" + url + "\"}]"));
    assertTrue(
        refused.getMessage().contains("an upstream is http://host:port"), refused.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "origins: [] ~ at least one",
        "peers: [{url: \"http://a\"}]|origins: [{url: \"http://A:80\"}] ~ only once",
        "origins: [{url: \"http://a\", host: \"b c\"}] ~ host must be",
        "origins: [{url: \"http://a\"}]|retry: {statuses: [200]} ~ each of statuses",
        "origins: [{url: \"http://a\"}]|retry: {statuses: [no]} ~ a number",
        "origins: [{url: \"http://a\"}]|breaker: {window: 3} ~ least must be 1 to 3",
        "origins: [{url: \"http://a\"}]|check: {path: up} ~ begin with a slash",
        "origins: [{url: \"http://a\"}]|connect: 1ms ~ connect in ms must be",
        "origins: [{url: \"http://a\"}]|tls: {protocols: []} ~ one or two versions",
      })
  void config_unfit_isRefused(String text, String why) {
    ConfigException refused =
        assertThrows(ConfigException.class, () -> parse(text.replace('|', '\n')));
    assertTrue(refused.getMessage().contains(why), refused.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "*", "http://a/", "/a b", "/a\r\nX: y", "/a#b", "/\u00e4", "/\u007f"})
  void target_notInOriginForm_isRefused(String target) {
    assertThrows(IllegalArgumentException.class, () -> Question.get(target, FieldSection.EMPTY, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET ", "G\r\nT", "G(T"})
  void method_noToken_isRefused(String method) {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Question(method, "/", FieldSection.EMPTY, 0, false, Question.Content.NONE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"host", "Content-Length", "Transfer-Encoding", "Connection", "TE", "Upgrade"})
  void field_thatIsOurs_isRefused(String name) {
    assertThrows(
        IllegalArgumentException.class, () -> Question.get("/", FieldSection.of(name, "x"), 0));
  }
}
