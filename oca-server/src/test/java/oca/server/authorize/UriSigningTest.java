package oca.server.authorize;

import static oca.server.authorize.AuthorizeFixture.CLIENT;
import static oca.server.authorize.AuthorizeFixture.EC;
import static oca.server.authorize.AuthorizeFixture.NOW;
import static oca.server.authorize.AuthorizeFixture.RSA;
import static oca.server.authorize.AuthorizeFixture.SECRET;
import static oca.server.authorize.AuthorizeFixture.ask;
import static oca.server.authorize.AuthorizeFixture.assertDenied;
import static oca.server.authorize.AuthorizeFixture.assertGranted;
import static oca.server.authorize.AuthorizeFixture.base64;
import static oca.server.authorize.AuthorizeFixture.hs256;
import static oca.server.authorize.AuthorizeFixture.jwt;
import static oca.server.authorize.AuthorizeFixture.verifier;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import oca.protocol.token.Algorithm;
import oca.protocol.token.KeyRing;
import oca.protocol.token.Reason;
import oca.protocol.token.SigningKey;
import oca.server.authorize.AuthorizeConfig.Nonces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** By section of RFC 9246; its examples rebuilt with keys of our own. */
class UriSigningTest {
  private static final String FILE = "foo/bar";
  private static final String SEGMENTS = "regex:http://cdni\\\\.example/foo/bar/[0-9]{3}\\\\.png";
  private static final String STUDIO = "{\"alg\":\"ES256\",\"kid\":\"studio\"}";

  private final Verifier verifier = verifier();

  private static String inQuery(String token) {
    return "URISigningPackage=" + token;
  }

  private static String claims(String container, String more) {
    return "{\"exp\":" + (NOW + 60) + ",\"cdniuc\":\"" + container + "\"" + more + "}";
  }

  @Test
  void appendixA1_hashOfTheUri_isGranted() {
    assertGranted(FILE, ask(verifier, FILE, inQuery(hs256(""))));
    assertDenied(Reason.WRONG_PATH, ask(verifier, "foo/bar2", inQuery(hs256(""))));
  }

  @Test
  void appendixA2_patternAndNetwork_isGranted() {
    String token =
        jwt(
            STUDIO,
            claims(
                SEGMENTS,
                ",\"aud\":\"edge\",\"iat\":1,\"nbf\":1,\"iss\":\"uCDN Inc\",\"sub\":\"x\","
                    + "\"cdniip\":\"192.0.2.0/24\",\"cdniv\":1,\"cdnicrit\":\"exp,cdniuc\""),
            EC);
    assertGranted("foo/bar/012.png", ask(verifier, "foo/bar/012.png", inQuery(token)));
    assertGranted("foo/bar/013.png", ask(verifier, "foo/bar/013.png", inQuery(token)));
    assertDenied(Reason.WRONG_PATH, ask(verifier, "foo/bar/0123.png", inQuery(token)));
    assertDenied(
        Reason.WRONG_NETWORK,
        verifier.authorize(
            "foo/bar/012.png", inQuery(token), AuthorizeFixture.client("192.0.3.1"), NOW));
  }

  @Test
  void appendixA3_renewalByCookie_isUnsupported() {
    String more = ",\"cdniets\":30,\"cdnistt\":1,\"cdnistd\":2";
    assertDenied(Reason.CLAIM_UNSUPPORTED, ask(verifier, FILE, inQuery(hs256(more))));
    assertGranted(FILE, ask(verifier, FILE, inQuery(hs256(",\"cdnistt\":0,\"cdniets\":30"))));
  }

  @Test
  void algorithms_eachWithItsKey_areGranted() {
    String rs256 = jwt("{\"alg\":\"RS256\",\"kid\":\"rsa\"}", claims(SEGMENTS, ""), RSA);
    assertGranted("foo/bar/012.png", ask(verifier, "foo/bar/012.png", inQuery(rs256)));
    String unnamed = jwt("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", claims(SEGMENTS, ""), SECRET);
    assertGranted("foo/bar/012.png", ask(verifier, "foo/bar/012.png", inQuery(unnamed)));
  }

  @Test
  void section21_containerMatchedByEitherBase_isGranted() {
    String token =
        jwt(
            "{\"alg\":\"HS256\",\"kid\":\"j1\"}",
            claims("regex:https://cdn\\\\.example/foo/.*", ""),
            SECRET);
    assertGranted("foo/x", ask(verifier, "foo/x", inQuery(token)));
  }

  @Test
  void section2_1_15_tokenInPath_isTakenOut() {
    String attribute = inQuery(hs256(""));
    assertGranted(FILE, ask(verifier, attribute + "/foo/bar", null));
    assertGranted(FILE, ask(verifier, "foo/" + attribute + "/bar", null));
    assertGranted(FILE, ask(verifier, "foo/bar;" + attribute, null));
    assertGranted(FILE, ask(verifier, "foo;" + attribute + "/bar", null));
    assertGranted(FILE, ask(verifier, "foo/bar/" + attribute, null));
    assertDenied(Reason.WRONG_PATH, ask(verifier, attribute, null));
  }

  @Test
  void section2_1_15_queryBesidesTheToken_isPartOfTheUri() {
    String attribute = inQuery(hs256(""));
    assertDenied(Reason.WRONG_PATH, ask(verifier, FILE, "a=b&" + attribute));
    String token =
        jwt(
            "{\"alg\":\"HS256\",\"kid\":\"j1\"}",
            claims("regex:http://cdni\\\\.example/foo/bar\\\\?a=b~&c=%2F", ""),
            SECRET);
    assertGranted(FILE, ask(verifier, FILE, "a=b%7e&" + inQuery(token) + "&c=%2f"));
  }

  @Test
  void cmcdInQuery_always_isNoPartOfTheUri() {
    String attribute = inQuery(hs256(""));
    assertGranted(FILE, ask(verifier, FILE, "CMCD=br%3D300&" + attribute));
    assertGranted(FILE, ask(verifier, FILE, attribute + "&CMCD=br%3D300"));
    assertGranted(FILE, ask(verifier, attribute + "/foo/bar", "CMCD=br%3D300"));
  }

  @Test
  void twoTokens_always_areMalformed() {
    String attribute = inQuery(hs256(""));
    assertDenied(Reason.MALFORMED, ask(verifier, FILE, attribute + "&" + attribute));
    assertDenied(Reason.MALFORMED, ask(verifier, attribute + "/" + FILE, attribute));
    assertDenied(Reason.MALFORMED, ask(verifier, attribute + "/foo;" + attribute + "/bar", null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ",\"nbf\":1790000006|NOT_YET_VALID",
        ",\"nbf\":1790000005|",
        ",\"iat\":1790000006|NOT_YET_VALID",
        ",\"jti\":\"5DAafLhZAfhsbe\"|CLAIM_UNSUPPORTED",
        ",\"cdniv\":2|CLAIM_UNSUPPORTED",
        ",\"cdnicrit\":\"exp,other\"|CLAIM_UNSUPPORTED",
        ",\"cdnicrit\":\"\"|CLAIM_UNSUPPORTED",
        ",\"cdniip\":\"eyJh.b.c.d.e\"|CLAIM_UNSUPPORTED",
        ",\"cdniip\":\"192.0.2\"|MALFORMED",
        ",\"cdniip\":\"192.0.2.7/33\"|MALFORMED",
        ",\"cdniip\":\"192.0.2.8\"|WRONG_NETWORK",
        ",\"cdniip\":\"192.0.2.7\"|",
        ",\"cdniip\":\"2001:db8::1/32\"|WRONG_NETWORK",
        ",\"aud\":\"other\"|WRONG_AUDIENCE",
        ",\"aud\":[\"other\",\"edge\"]|",
        ",\"iss\":\"anybody\"|WRONG_ISSUER",
        ",\"sub\":\"eyJh.b.c.d.e\"|",
        ",\"more\":{\"a\":[1,{}]}|",
        ",\"nbf\":\"1\"|MALFORMED",
        ",\"nbf\":-1|MALFORMED",
        ",\"nbf\":1e99|MALFORMED",
        ",\"exp\":1890000000|MALFORMED",
        ",\"deep\":[[[[[[[[[[1]]]]]]]]]]|MALFORMED",
      })
  void claims_each_areChecked(String more, Reason reason) {
    Verdict verdict = ask(verifier, FILE, inQuery(hs256(more)));
    if (reason == null) {
      assertGranted(FILE, verdict);
    } else {
      assertDenied(reason, verdict);
    }
  }

  @Test
  void expiry_afterTheSkew_isExpiredThoughRemembered() {
    String query = inQuery(hs256(""));
    assertGranted(FILE, verifier.authorize(FILE, query, CLIENT, NOW + 64));
    assertDenied(Reason.EXPIRED, verifier.authorize(FILE, query, CLIENT, NOW + 65));
    assertGranted(FILE, verifier.authorize(FILE, query, CLIENT, NOW));
  }

  @Test
  void expiryOrContainer_missing_isRefused() {
    String header = "{\"alg\":\"HS256\",\"kid\":\"j1\"}";
    String endless = jwt(header, "{\"cdniuc\":\"regex:.*\"}", SECRET);
    assertDenied(Reason.MISSING_CLAIM, ask(verifier, FILE, inQuery(endless)));
    String boundless = jwt(header, "{\"exp\":" + (NOW + 60) + "}", SECRET);
    assertDenied(Reason.MISSING_CLAIM, ask(verifier, FILE, inQuery(boundless)));
  }

  @Test
  void issuerOfKey_missingInToken_isRefused() {
    String token = jwt(STUDIO, claims(SEGMENTS, ""), EC);
    assertDenied(Reason.WRONG_ISSUER, ask(verifier, "foo/bar/012.png", inQuery(token)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"alg\":\"none\"}|UNKNOWN_KEY",
        "{\"alg\":\"HMAC_TOKEN\",\"kid\":\"k1\"}|UNKNOWN_KEY",
        "{\"alg\":\"\",\"kid\":\"k1\"}|UNKNOWN_KEY",
        "{\"alg\":\"HS256\",\"kid\":\"k1\"}|UNKNOWN_KEY",
        "{\"alg\":\"HS256\",\"kid\":\"studio\"}|UNKNOWN_KEY",
        "{\"alg\":\"HS256\",\"kid\":\"rsa\"}|UNKNOWN_KEY",
        "{\"alg\":\"ES256\",\"kid\":\"j1\"}|UNKNOWN_KEY",
        "{\"alg\":\"ES256\",\"kid\":\"studio\"}|BAD_SIGNATURE",
        "{\"alg\":\"RS256\",\"kid\":\"rsa\"}|BAD_SIGNATURE",
        "{\"alg\":\"HS256\",\"kid\":\"j1\",\"crit\":[\"b64\"]}|CLAIM_UNSUPPORTED",
        "{\"alg\":\"HS256\",\"alg\":\"HS256\"}|MALFORMED",
        "{\"kid\":\"j1\"}|MALFORMED",
        "{\"alg\":1}|MALFORMED",
        "{\"alg\":\"HS256\"}x|MALFORMED",
        "[]|MALFORMED",
        "x|MALFORMED",
      })
  void header_thatConfuses_isRefused(String header, Reason reason) {
    String token = jwt(header, claims(SEGMENTS, ""), SECRET);
    assertDenied(reason, ask(verifier, "foo/bar/012.png", inQuery(token)));
  }

  @Test
  void publicKeyAsSecret_isRefused() {
    String header = "{\"alg\":\"HS256\",\"kid\":\"rsa\"}";
    String token = jwt(header, claims(SEGMENTS, ""), RSA.getPublic().getEncoded());
    assertDenied(Reason.UNKNOWN_KEY, ask(verifier, "foo/bar/012.png", inQuery(token)));
  }

  @Test
  void noSignature_isRefused() {
    String text = base64("{\"alg\":\"HS256\",\"kid\":\"j1\"}") + "." + base64(claims(SEGMENTS, ""));
    assertDenied(Reason.BAD_SIGNATURE, ask(verifier, FILE, inQuery(text + ".")));
    assertDenied(Reason.MALFORMED, ask(verifier, FILE, inQuery(text)));
    assertDenied(Reason.CLAIM_UNSUPPORTED, ask(verifier, FILE, inQuery(text + ".a.b.c")));
    assertDenied(Reason.MALFORMED, ask(verifier, FILE, inQuery("")));
    assertDenied(Reason.TOO_LONG, ask(verifier, FILE, inQuery("a".repeat(2049))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "regex:(a|b)*c{2,1}",
        "regex:(",
        "regex:\\\\d",
        "regex:a**",
        "regex:",
        "sha:x",
        "",
        "regex:((a{255}){255}){255}",
        "regex:[[.a.]]",
        "hash:sha-512;AAAA",
        "regex:(a)\\\\1",
      })
  void container_beyondUs_isUnsupported(String container) {
    String token = jwt("{\"alg\":\"HS256\",\"kid\":\"j1\"}", claims(container, ""), SECRET);
    assertDenied(Reason.CLAIM_UNSUPPORTED, ask(verifier, FILE, inQuery(token)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret",
        "%2e%2e/secret",
        "%252e%252e/secret",
        "/secret",
        "..;/secret",
        "..\\secret",
        "%2fsecret",
        "..%c0%afsecret",
        "./x",
        "x/",
        ""
      })
  void traversal_inAGrantedFolder_isRefused(String rest) {
    String token = jwt("{\"alg\":\"HS256\",\"kid\":\"j1\"}", claims("regex:http://.*", ""), SECRET);
    assertDenied(Reason.WRONG_PATH, ask(verifier, "foo/" + rest, inQuery(token)));
    assertDenied(Reason.WRONG_PATH, ask(verifier, inQuery(token) + "/foo/" + rest, null));
  }

  /** Even while the good one is remembered. */
  @Test
  void anyCharacterAltered_always_isRefused() {
    String good = hs256("");
    assertGranted(FILE, ask(verifier, FILE, inQuery(good)));
    String spellings = "ABQgwxyz0189-_.=~%+/";
    for (int i = 0; i < good.length(); i++) {
      for (int j = 0; j < spellings.length(); j++) {
        char c = spellings.charAt(j);
        String altered = good.substring(0, i) + c + good.substring(i + 1);
        if (c != good.charAt(i)) {
          assertInstanceOf(Verdict.Denied.class, ask(verifier, FILE, inQuery(altered)), altered);
        }
      }
      String shorter = good.substring(0, i) + good.substring(i + 1);
      assertInstanceOf(Verdict.Denied.class, ask(verifier, FILE, inQuery(shorter)), shorter);
    }
  }

  @Test
  void anyBitOfEs256Flipped_always_isRefused() {
    String good = jwt(STUDIO, claims("regex:.*", ",\"iss\":\"uCDN Inc\""), EC);
    assertGranted(FILE, ask(verifier, FILE, inQuery(good)));
    for (int i = good.lastIndexOf('.') + 1; i < good.length(); i++) {
      char c = good.charAt(i) == 'A' ? 'B' : 'A';
      String altered = good.substring(0, i) + c + good.substring(i + 1);
      assertInstanceOf(Verdict.Denied.class, ask(verifier, FILE, inQuery(altered)), altered);
    }
  }

  @Test
  void nonces_ignoredByPolicy_areGranted() {
    UrlAuthorizer lenient =
        new UrlAuthorizer(AuthorizeFixture.config(Nonces.IGNORE, "/foo"), AuthorizeFixture.keys());
    assertGranted(FILE, ask(new Verifier(() -> lenient), FILE, inQuery(hs256(",\"jti\":\"x\""))));
  }

  @Test
  void rotation_overlappingKeys_refusesNoSession() {
    AuthorizeConfig config = AuthorizeFixture.config("/foo");
    SigningKey old = AuthorizeFixture.secret("j1", Algorithm.HS256);
    SigningKey young = AuthorizeFixture.secret("j2", Algorithm.HS256);
    AtomicReference<UrlAuthorizer> current =
        new AtomicReference<>(new UrlAuthorizer(config, new KeyRing(List.of(old))));
    Verifier following = new Verifier(current::get);
    String session = inQuery(hs256(""));
    String pathSession =
        AuthorizeFixture.mint().forFolder("foo", NOW + 60, java.util.Optional.empty()) + "/foo/bar";
    assertGranted(FILE, ask(following, FILE, session));
    assertDenied(Reason.UNKNOWN_KEY, ask(following, pathSession, null));
    SigningKey path = AuthorizeFixture.secret("k1", Algorithm.HMAC_TOKEN);
    current.set(new UrlAuthorizer(config, new KeyRing(List.of(path, young, old))));
    assertGranted(FILE, ask(following, FILE, session));
    assertGranted(FILE, ask(following, pathSession, null));
    current.set(new UrlAuthorizer(config, new KeyRing(List.of(young))));
    assertDenied(Reason.UNKNOWN_KEY, ask(following, FILE, session));
    assertDenied(Reason.UNKNOWN_KEY, ask(following, pathSession, null));
  }

  @Test
  void keyPastItsEnd_thoughTokenRemembered_isRefused() {
    String token =
        jwt(
            "{\"alg\":\"HS256\",\"kid\":\"j1\"}",
            "{\"exp\":" + (NOW + 900_000) + ",\"cdniuc\":\"regex:.*\"}",
            SECRET);
    assertGranted(FILE, verifier.authorize(FILE, inQuery(token), CLIENT, NOW));
    assertDenied(
        Reason.UNKNOWN_KEY, verifier.authorize(FILE, inQuery(token), CLIENT, NOW + 86_401));
  }

  @Test
  void manyTokens_moreThanAreKept_areAllGranted() {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 500; i++) {
        assertGranted(FILE, ask(verifier, FILE, inQuery(hs256(",\"n\":" + i))));
      }
    }
  }
}
