package oca.server.authorize;

import static oca.server.authorize.AuthorizeFixture.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.protocol.token.SigningKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveAuthorizerTest {
  private static final String SECRET = AuthorizeFixture.base64("s".repeat(32));
  private static final Instant NOW_INSTANT = Instant.ofEpochSecond(NOW);

  @TempDir private Path folder;
  private Path file;
  private AuthorizeConfig config;

  @BeforeEach
  void write() throws IOException, ConfigException {
    file = folder.resolve("keys.yaml");
    keys(key("k1", "hmac-token", "secret: " + SECRET));
    config =
        ConfigFile.parse(
            "a.yaml", "{protect: [/titles], keyFile: " + file + "}", AuthorizeConfig.class);
  }

  private void keys(String... keys) throws IOException {
    Files.writeString(file, "keys:\n" + String.join("", keys));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
  }

  private static String key(String id, String algorithm, String rest) {
    return "  - {id: "
        + id
        + ", algorithm: "
        + algorithm
        + ", notAfter: 2027-01-01T00:00:00Z, "
        + rest
        + "}\n";
  }

  private static String pem(java.security.PublicKey key) {
    return Base64.getEncoder().encodeToString(key.getEncoded());
  }

  @Test
  void open_goodFile_hasItsKeysAndNothingToSay() throws Exception {
    keys(
        key("k1", "hmac-token", "secret: " + SECRET),
        key("j1", "hs256", "secret: " + SECRET + ", issuer: me"),
        key("e1", "es256", "publicKey: " + pem(AuthorizeFixture.EC.getPublic())),
        key("r1", "rs256", "publicKey: " + pem(AuthorizeFixture.RSA.getPublic())));
    LiveAuthorizer live = LiveAuthorizer.open(config);
    assertEquals(
        List.of("k1", "j1", "e1", "r1"),
        live.get().keys().keys().stream().map(SigningKey::id).toList());
    assertEquals(List.of(), live.warnings());
  }

  @Test
  void open_noKeyFile_isPublic() throws ConfigException {
    AuthorizeConfig open = ConfigFile.parse("a.yaml", "{}", AuthorizeConfig.class);
    assertTrue(LiveAuthorizer.open(open).get().isPublic("titles/a"));
  }

  @Test
  void open_secretsForEverybody_warns() throws Exception {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--rw-"));
    List<String> warnings = LiveAuthorizer.open(config).warnings();
    assertEquals(2, warnings.size());
    assertTrue(warnings.getFirst().contains("chmod o-rwx"), warnings::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hmac-token|secret: c2hvcnQ|32 to 1024 bytes",
        "hmac-token|secret: '!!!hidden!!!'|not base64url",
        "hmac-token|publicKey: abc|takes a secret and no publicKey",
        "es256|secret: abc|takes a publicKey and no secret",
        "es256|publicKey: abcd|no EC key",
        "hs512|secret: abc|expected one of hmac-token, hmac-state, hs256, es256, rs256",
        "hmac-token|secret: c2hvcnQ, notBefor: 1|did you mean",
      })
  void open_badKey_namesPlaceAndRemedyButNoSecret(String algorithm, String rest, String says)
      throws IOException {
    keys(key("good", "hs256", "secret: " + SECRET), key("k1", algorithm, rest));
    String message =
        assertThrows(ConfigException.class, () -> LiveAuthorizer.open(config)).getMessage();
    assertTrue(message.contains(file + ":3:"), message);
    assertTrue(message.contains(says), message);
    assertFalse(message.contains("hidden") || message.contains(SECRET), message);
  }

  @Test
  void reload_newKeys_areInForceAndTheMissedNamed() throws Exception {
    LiveAuthorizer live = LiveAuthorizer.open(config);
    keys(key("k2", "hmac-token", "secret: " + SECRET));
    var replaced = assertInstanceOf(LiveAuthorizer.Reload.Replaced.class, live.reload(NOW_INSTANT));
    assertEquals(List.of("k2"), replaced.keys());
    assertTrue(replaced.warnings().getFirst().contains("\"k1\" is gone"), replaced::toString);
    assertEquals("k2", live.get().keys().key(0).id());
  }

  @Test
  void reload_brokenFile_keepsTheOldKeys() throws Exception {
    LiveAuthorizer live = LiveAuthorizer.open(config);
    UrlAuthorizer before = live.get();
    for (String broken : List.of("keys: [", "keys: []", "", "keys:\n  - {id: a}")) {
      Files.writeString(file, broken);
      var kept = assertInstanceOf(LiveAuthorizer.Reload.Kept.class, live.reload(NOW_INSTANT));
      assertTrue(kept.why().contains(file.toString()), kept::why);
    }
    keys(key("a", "hmac-token", "secret: " + SECRET), key("a", "hmac-token", "secret: " + SECRET));
    assertInstanceOf(LiveAuthorizer.Reload.Kept.class, live.reload(NOW_INSTANT));
    Files.delete(file);
    assertInstanceOf(LiveAuthorizer.Reload.Kept.class, live.reload(NOW_INSTANT));
    assertSame(before, live.get());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{protect: [titles], keyFile: k}|a folder in protect",
        "{protect: [/titles/], keyFile: k}|a folder in protect",
        "{protect: [/titles]}|keyFile",
        "{protect: [/titles], keyFile: k, schemes: [uri-signing]}|signedBases",
        "{signedBases: ['https://a/b']}|signedBases",
        "{clockSkew: 10min}|clockSkew",
        "{packageName: 'a/b'}|packageName",
        "{maxTokenLength: 1}|maxTokenLength",
      })
  void config_thatCannotBe_isRefused(String text, String says) {
    ConfigException refusal =
        assertThrows(
            ConfigException.class, () -> ConfigFile.parse("a", text, AuthorizeConfig.class));
    assertTrue(refusal.getMessage().contains(says), refusal::getMessage);
  }

  @Test
  void config_defaults_arePinned() throws ConfigException {
    AuthorizeConfig open = ConfigFile.parse("a", "{}", AuthorizeConfig.class);
    assertEquals(
        new AuthorizeConfig(
            List.of(),
            List.of(AuthorizeConfig.Scheme.PATH_TOKEN),
            java.util.Optional.empty(),
            java.time.Duration.ofSeconds(5),
            "URISigningPackage",
            2048,
            List.of(),
            java.util.Optional.empty(),
            AuthorizeConfig.Nonces.REFUSE,
            4096,
            64),
        open);
  }
}
