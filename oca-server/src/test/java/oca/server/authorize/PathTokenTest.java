package oca.server.authorize;

import static oca.server.authorize.AuthorizeFixture.CLIENT;
import static oca.server.authorize.AuthorizeFixture.NOW;
import static oca.server.authorize.AuthorizeFixture.ask;
import static oca.server.authorize.AuthorizeFixture.assertDenied;
import static oca.server.authorize.AuthorizeFixture.assertGranted;
import static oca.server.authorize.AuthorizeFixture.client;
import static oca.server.authorize.AuthorizeFixture.mint;
import static oca.server.authorize.AuthorizeFixture.verifier;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import oca.model.ContentPath;
import oca.model.Prefix;
import oca.protocol.token.Algorithm;
import oca.protocol.token.KeyRing;
import oca.protocol.token.PathToken;
import oca.protocol.token.Reason;
import oca.protocol.token.SigningKey;
import oca.protocol.token.TokenMint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTokenTest {
  private static final String FILE = "titles/harbour/v0/seg-1.m4s";
  private static final Optional<Prefix> ANYWHERE = Optional.empty();

  private static final UrlAuthorizer ALL =
      new UrlAuthorizer(AuthorizeFixture.config("/"), AuthorizeFixture.keys());

  private final Verifier verifier = verifier();
  private final Verifier strict = new Verifier(() -> ALL);
  private final String token = mint().forFolder("titles/harbour", NOW + 60, ANYWHERE);

  @Test
  void authorize_publicPath_isPassedOnAsItIs() {
    String path = "trailers/a.mp4";
    Verdict verdict = ask(verifier, path, null);
    assertSame(path, assertInstanceOf(Verdict.Granted.class, verdict).path());
    assertGranted("titlesandmore/a", ask(verifier, "titlesandmore/a", "a=b"));
  }

  @Test
  void authorize_protectedWithoutToken_isDenied() {
    assertDenied(Reason.NO_TOKEN, ask(verifier, FILE, null));
    assertDenied(Reason.NO_TOKEN, ask(verifier, "titles", null));
  }

  @Test
  void authorize_goodToken_isGrantedWithoutIt() {
    assertGranted(FILE, ask(verifier, token + "/" + FILE, null));
  }

  @Test
  void authorize_nothingProtected_takesNoPathForAToken() {
    UrlAuthorizer open = new UrlAuthorizer(AuthorizeFixture.config(), KeyRing.EMPTY);
    assertGranted("~1.a/b", ask(new Verifier(() -> open), "~1.a/b", null));
  }

  @Test
  void authorize_otherFolder_isBadSignature() {
    assertDenied(Reason.BAD_SIGNATURE, ask(verifier, token + "/titles/other/v0/seg-1.m4s", null));
    assertDenied(Reason.BAD_SIGNATURE, ask(verifier, token + "/titles/harbour2/seg-1.m4s", null));
  }

  @Test
  void authorize_fewerFoldersThanTheScope_isWrongPath() {
    assertDenied(Reason.WRONG_PATH, ask(verifier, token + "/titles/harbour", null));
  }

  @Test
  void authorize_tokenForOneFile_isGoodForNoOther() {
    String one = mint().forFile(FILE, NOW + 60, ANYWHERE);
    assertGranted(FILE, ask(verifier, one + "/" + FILE, null));
    assertDenied(Reason.BAD_SIGNATURE, ask(verifier, one + "/" + FILE + "2", null));
    assertDenied(Reason.BAD_SIGNATURE, ask(verifier, one + "/" + FILE + "/x", null));
  }

  @Test
  void authorize_tokenForAll_isGoodForAll() {
    String all = mint().forFolder("", NOW + 60, ANYWHERE);
    assertGranted(FILE, ask(verifier, all + "/" + FILE, null));
    assertGranted("x", ask(verifier, all + "/x", null));
  }

  @Test
  void authorize_afterItsTime_isExpired() {
    assertGranted(FILE, verifier.authorize(token + "/" + FILE, null, CLIENT, NOW + 65));
    assertDenied(Reason.EXPIRED, verifier.authorize(token + "/" + FILE, null, CLIENT, NOW + 66));
  }

  @Test
  void authorize_unknownKey_isDenied() {
    String other = new TokenMint("k9", AuthorizeFixture.SECRET).forFolder("", NOW + 60, ANYWHERE);
    assertDenied(Reason.UNKNOWN_KEY, ask(verifier, other + "/" + FILE, null));
    String jwtKey = new TokenMint("j1", AuthorizeFixture.SECRET).forFolder("", NOW + 60, ANYWHERE);
    assertDenied(Reason.UNKNOWN_KEY, ask(verifier, jwtKey + "/" + FILE, null));
  }

  @Test
  void authorize_otherSecret_isBadSignature() {
    String forged = new TokenMint("k1", new byte[32]).forFolder("", NOW + 60, ANYWHERE);
    assertDenied(Reason.BAD_SIGNATURE, ask(verifier, forged + "/" + FILE, null));
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24, 192.0.2.7, true",
    "192.0.2.0/24, 192.0.3.7, false",
    "192.0.2.0/23, 192.0.3.7, true",
    "192.0.2.7/32, 192.0.2.7, true",
    "192.0.2.6/32, 192.0.2.7, false",
    "192.0.2.0/24, 2001:db8::1, false",
    "2001:db8:1::/48, 2001:db8:1:2::3, true",
    "2001:db8:1::/48, 2001:db8:2::3, false",
    "2001:db8:8000::/33, 2001:db8:ffff::, true",
    "2001:db8:8000::/33, 2001:db8:7fff::, false",
    "2001:db8:1::/48, 192.0.2.7, false",
    "0.0.0.0/0, 2001:db8::1, true",
  })
  void authorize_clientNetwork_mustBeTheTokens(String network, String client, boolean isIn) {
    String bound = mint().forFolder("titles", NOW + 60, Optional.of(Prefix.parse(network)));
    Verdict verdict = verifier.authorize(bound + "/" + FILE, null, client(client), NOW);
    assertEquals(
        isIn ? new Verdict.Granted(FILE) : new Verdict.Denied(Reason.WRONG_NETWORK), verdict);
  }

  @Test
  void authorize_mappedClient_countsAsIpv4() {
    String bound = mint().forFolder("titles", NOW + 60, Optional.of(Prefix.parse("192.0.2.0/24")));
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) 192, 0, 2, 7};
    assertGranted(FILE, verifier.authorize(bound + "/" + FILE, null, mapped, NOW));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "~",
        "~/x",
        "~1/x",
        "~1./x",
        "~2.k1.abc.d1.0.AAAAAAAAAAAAAAAAAAAAAA/x",
        "~1.k1.abc.d1.0.AAAAAAAAAAAAAAAAAAAAAA",
        "~1.k1.abc.d1.0.AAAAAAAAAAAAAAAAAAAAA/x",
        "~1.k1.0bc.d1.0.AAAAAAAAAAAAAAAAAAAAAA/x",
        "~1.k1.ABC.d1.0.AAAAAAAAAAAAAAAAAAAAAA/x",
        "~1.k1..d1.0.AAAAAAAAAAAAAAAAAAAAAA/x",
        "~1.k1.aaaaaaaa.d1.0.AAAAAAAAAAAAAAAAAAAAAA/x",
        "~1.k1.abc.d01.0.AAAAAAAAAAAAAAAAAAAAAA/x",
        "~1.k1.abc.d.0.AAAAAAAAAAAAAAAAAAAAAA/x",
        "~1.k1.abc.d100.0.AAAAAAAAAAAAAAAAAAAAAA/x",
        "~1.k1.abc.g.0.AAAAAAAAAAAAAAAAAAAAAA/x",
        "~1.k1.abc.d1.4-33-0000000000.AAAAAAAAAAAAAAAAAAAAAA/x",
        "~1.k1.abc.d1.4-0-.AAAAAAAAAAAAAAAAAAAAAA/x",
        "~1.k1.abc.d1.4-8-0A.AAAAAAAAAAAAAAAAAAAAAA/x",
        "~1.k1.abc.d1.4-8-0000.AAAAAAAAAAAAAAAAAAAAAA/x",
        "~1.k1.abc.d1.5-8-00.AAAAAAAAAAAAAAAAAAAAAA/x",
        "~1.k1.abc.d1..AAAAAAAAAAAAAAAAAAAAAA/x",
        "~1.k1.abc.d1.4-.AAAAAAAAAAAAAAAAAAAAAA/x",
        "~1.k1.abc.d1.0.0.AAAAAAAAAAAAAAAAAAAAAA/x",
      })
  void authorize_otherForm_isMalformed(String path) {
    assertDenied(Reason.MALFORMED, ask(verifier, path, null));
  }

  @Test
  void authorize_longToken_isNotRead() {
    assertDenied(Reason.TOO_LONG, ask(verifier, "~1." + "a".repeat(5000) + "/x", null));
    assertDenied(Reason.TOO_LONG, ask(verifier, "~" + "a".repeat(5000), null));
  }

  @Test
  void authorize_longestToken_isRead() {
    String id = "k".repeat(32);
    SigningKey key = AuthorizeFixture.secret(id, Algorithm.HMAC_TOKEN);
    String folder = "d/".repeat(98) + "d";
    String longest =
        new TokenMint(id, AuthorizeFixture.SECRET)
            .forFolder(folder, 78_364_164_095L, Optional.of(new Prefix(address(), 128)));
    assertTrue(longest.length() <= PathToken.MAX_LENGTH, longest);
    Verifier wide = verifier(new KeyRing(java.util.List.of(longLived(key))));
    assertGranted(
        folder + "/f",
        wide.authorize(longest + "/" + folder + "/f", null, client("2001:db8::1"), NOW));
  }

  private static SigningKey longLived(SigningKey key) {
    return new SigningKey(key.id(), key.algorithm(), key.key(), 0, Long.MAX_VALUE, key.issuer());
  }

  private static oca.model.Address address() {
    return oca.model.Address.parse("2001:db8::1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret",
        "v0/../../secret",
        "%2e%2e/secret",
        "%2E%2E/secret",
        "%252e%252e/secret",
        ".%2e/secret",
        "/secret",
        "v0//secret",
        "./secret",
        "..;/secret",
        "v0;/secret",
        "..\\secret",
        "%5c..%5csecret",
        "%2fsecret",
        "v0%2f..%2fsecret",
        "..%c0%afsecret",
        "..\u2215secret",
        "\uff0e\uff0e/secret",
        "v0/..",
        "v0/.",
        "secret/",
        "a b",
        "a\u0000b",
        "%00",
        "",
        "a?b",
        "a#b",
        "..%00/secret",
        "~1.x/../secret",
      })
  void authorize_traversal_staysBelowTheFolder(String rest) {
    assertDenied(Reason.WRONG_PATH, ask(verifier, token + "/titles/harbour/" + rest, null));
  }

  @Test
  void authorize_pathBeyondContentPath_isWrongPath() {
    assertDenied(
        Reason.WRONG_PATH,
        ask(verifier, token + "/titles/harbour/" + "a".repeat(ContentPath.MAX_LENGTH), null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%74itles/a",
        "./titles/a",
        "x/../titles/a",
        "/titles/a",
        "titles%2fa",
        "titles;x/a",
        "titles\\a",
        "Titles%2Fa",
        "titles%252fa",
      })
  void authorize_otherSpellingOfAProtectedPath_namesNoFile(String path) {
    if (ask(verifier, path, null) instanceof Verdict.Granted(String granted)) {
      assertTrue(ContentPath.fault(granted) != null, granted);
    }
  }

  /** No other character at any place makes another token that is good. */
  @Test
  void authorize_anyCharacterAltered_isDenied() {
    Optional<Prefix> network = Optional.of(Prefix.parse("192.0.2.0/24"));
    String good = mint().forFolder("titles/harbour", NOW + 60, network);
    assertGranted(FILE, ask(strict, good + "/" + FILE, null));
    for (int i = 0; i < good.length(); i++) {
      for (char c = 0; c < 256; c++) {
        String altered = good.substring(0, i) + c + good.substring(i + 1);
        if (c != good.charAt(i)) {
          Verdict verdict = ask(strict, altered + "/" + FILE, null);
          assertInstanceOf(Verdict.Denied.class, verdict, altered);
        }
        Verdict longer =
            ask(strict, good.substring(0, i) + c + good.substring(i) + "/" + FILE, null);
        assertInstanceOf(Verdict.Denied.class, longer);
      }
      String shorter = good.substring(0, i) + good.substring(i + 1);
      assertInstanceOf(Verdict.Denied.class, ask(strict, shorter + "/" + FILE, null));
    }
  }

  @Property(tries = 2000)
  void authorize_anyTwoBitsFlipped_isDenied(
      @ForAll @IntRange(max = 10_000) int one, @ForAll @IntRange(max = 10_000) int two) {
    char[] altered = token.toCharArray();
    int first = one % (altered.length * 8);
    int second = two % (altered.length * 8);
    altered[first / 8] ^= (char) (1 << first % 8);
    altered[second / 8] ^= (char) (1 << second % 8);
    String text = new String(altered);
    if (!text.equals(token)) {
      Verdict verdict = ask(strict, text + "/" + FILE, null);
      assertInstanceOf(Verdict.Denied.class, verdict, text);
    }
  }

  @Property(tries = 2000)
  void authorize_anyPath_neverThrowsAndGrantsOnlyWhatMayBe(
      @ForAll String path, @ForAll String query) {
    for (String sent : new String[] {path, "~" + path, "titles/" + path, token + "/" + path}) {
      Verdict verdict = ask(verifier, sent, query);
      if (verdict instanceof Verdict.Granted(String granted) && !granted.equals(sent)) {
        assertNull(ContentPath.fault(granted));
      }
    }
  }
}
