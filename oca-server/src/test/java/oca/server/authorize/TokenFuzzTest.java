package oca.server.authorize;

import static oca.server.authorize.AuthorizeFixture.NOW;
import static oca.server.authorize.AuthorizeFixture.SECRET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import oca.model.Address;
import oca.model.ContentPath;
import oca.model.Prefix;
import oca.protocol.token.KeyRing;
import oca.protocol.token.Reason;
import oca.protocol.token.Refusal;
import org.junit.jupiter.api.Tag;

/**
 * Any request, any claims, any header and any pattern, told apart by the input's first character.
 * Nothing is granted but what {@link #MINTED} and {@link #SIGNED} hold: the fuzzer has these tokens
 * in its corpus, but not the keys. A verifier that has seen all requests before decides as a new
 * one does.
 */
@Tag("fuzz")
class TokenFuzzTest {
  private static final int MAX_INPUT = 4096;
  private static final int MAX_TEXT = 48;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final KeyRing KEYS = AuthorizeFixture.keys();
  private static final Verifier WARM = AuthorizeFixture.verifier(KEYS);
  private static final List<String> CLIENTS = List.of("192.0.2.7", "198.51.100.1", "2001:db8::7");
  private static final List<Long> TIMES = List.of(NOW, NOW + 60, NOW + 61, NOW + 66, NOW + 90_000);

  /** One of our own tokens and what it is good for. */
  private record Minted(String token, String folder, String file, String network) {
    boolean covers(String path) {
      return folder == null ? path.equals(file) : path.startsWith(folder);
    }
  }

  private static final List<Minted> MINTED =
      List.of(
          new Minted(folder("titles/harbour", Optional.empty()), "titles/harbour/", "", "."),
          new Minted(folder("", Optional.empty()), "", "", ".*"),
          new Minted(folder("foo", prefix("192.0.2.0", 24)), "foo/", "", "192\\.0\\.2\\..*"),
          new Minted(folder("foo", prefix("2001:db8::", 33)), "foo/", "", "2001:db8:.*"),
          new Minted(
              AuthorizeFixture.mint().forFile("foo/bar", NOW + 60, Optional.empty()),
              null,
              "foo/bar",
              ""));

  /** A JWT for the file foo/bar alone, good until NOW + 60. */
  private static final Set<String> SIGNED =
      Set.of(AuthorizeFixture.hs256(""), AuthorizeFixture.hs256(",\"cdniip\":\"192.0.2.0/24\""));

  private static String folder(String folder, Optional<Prefix> network) {
    return AuthorizeFixture.mint().forFolder(folder, NOW + 60, network);
  }

  private static Optional<Prefix> prefix(String network, int bits) {
    return Optional.of(new Prefix(Address.parse(network), bits));
  }

  @FuzzTest
  void authorize(byte[] data) throws Refusal {
    if (data.length < 2 || data.length > MAX_INPUT) {
      return;
    }
    String rest = new String(data, 1, data.length - 1, StandardCharsets.ISO_8859_1);
    switch (data[0]) {
      case 'c' -> claims(new String(data, 1, data.length - 1, StandardCharsets.UTF_8));
      case 'h' -> header(new String(data, 1, data.length - 1, StandardCharsets.UTF_8));
      case 'p' -> pattern(rest);
      default -> request(rest);
    }
  }

  private static void request(String target) {
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    String query = mark < 0 ? null : target.substring(mark + 1);
    Verifier fresh = AuthorizeFixture.verifier(KEYS);
    for (String literal : CLIENTS) {
      for (long now : TIMES) {
        byte[] client = AuthorizeFixture.client(literal);
        Verdict verdict = fresh.authorize(path, query, client, now);
        assertEquals(verdict, WARM.authorize(path, query, client, now), target);
        if (path.startsWith("~")) {
          assertEquals(isMinted(path, literal, now), isGranted(verdict), target + verdict);
        }
        if (verdict instanceof Verdict.Granted(String granted)) {
          checkGranted(path, query, granted, literal, now);
        }
      }
    }
  }

  private static boolean isGranted(Verdict verdict) {
    return verdict instanceof Verdict.Granted;
  }

  private static boolean isMinted(String path, String client, long now) {
    for (Minted minted : MINTED) {
      if (path.startsWith(minted.token() + "/")) {
        String content = path.substring(minted.token().length() + 1);
        return minted.covers(content)
            && ContentPath.fault(content) == null
            && (minted.network().length() < 3 || client.matches(minted.network()))
            && now <= NOW + 65;
      }
    }
    return false;
  }

  private static void checkGranted(
      String path, String query, String granted, String client, long now) {
    if (path.startsWith("~")) {
      assertNull(ContentPath.fault(granted), granted);
      assertTrue(path.endsWith("/" + granted), granted);
    } else if (path.equals(granted) && isPublic(granted)) {
      // Whatever stands beside it, no token was needed and none was read.
      assertTrue(!granted.startsWith("titles/") && !granted.startsWith("foo/"), granted);
    } else {
      String all = path + "?" + query;
      assertEquals("foo/bar", granted, all);
      assertTrue(SIGNED.stream().anyMatch(all::contains), all);
      assertTrue(now < NOW + 65, all);
      assertTrue(all.contains(AuthorizeFixture.hs256("")) || client.startsWith("192.0.2."), all);
    }
  }

  private static boolean isPublic(String path) {
    return !(path + "/").startsWith("titles/") && !(path + "/").startsWith("foo/");
  }

  /** Signed claims are believed, but only what they say. */
  private static void claims(String claims) {
    String jwt = AuthorizeFixture.jwt("{\"alg\":\"HS256\",\"kid\":\"j1\"}", claims, SECRET);
    if (!isGranted(bring(jwt))) {
      return;
    }
    JsonNode said = tree(claims);
    assertTrue(said.path("exp").isNumber() && said.path("exp").doubleValue() > NOW - 5, claims);
    assertTrue(said.path("nbf").asDouble(0) < NOW + 6, claims);
    assertTrue(said.path("iat").asDouble(0) < NOW + 6, claims);
    assertTrue(!said.has("jti") && !said.has("iss"), claims);
    assertTrue(said.path("cdniv").asInt(1) == 1 && said.path("cdnistt").asInt(0) == 0, claims);
    assertTrue(!said.has("aud") || said.path("aud").toString().contains("\"edge\""), claims);
    String container = said.path("cdniuc").asText("");
    assertTrue(
        container.equals("hash:sha-256;2tderfWPa86Ku7YnzW51YUp7dGUjBS_3SW3ELx4hmWY")
            || container.startsWith("regex:"),
        claims);
  }

  /** A header chooses among keys and nothing else. */
  private static void header(String header) {
    String claims = "{\"exp\":" + (NOW + 60) + ",\"cdniuc\":\"regex:http://cdni.example/foo/bar\"}";
    if (isGranted(bring(AuthorizeFixture.jwt(header, claims, SECRET)))) {
      JsonNode said = tree(header);
      assertEquals("HS256", said.path("alg").asText(), header);
      assertTrue(!said.has("kid") || said.path("kid").asText().equals("j1"), header);
      assertTrue(!said.has("crit"), header);
    }
  }

  private static Verdict bring(String jwt) {
    Verifier fresh = AuthorizeFixture.verifier(KEYS);
    return AuthorizeFixture.ask(fresh, "foo/bar", "URISigningPackage=" + jwt);
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("granted by what is no JSON: " + json, e);
    }
  }

  /** The automaton agrees with {@link NaivePattern}, whatever it was run on before. */
  private static void pattern(String input) throws Refusal {
    int end = input.indexOf('\n');
    String expression = end < 0 ? input : input.substring(0, end);
    String text = end < 0 ? "" : input.substring(end + 1, Math.min(input.length(), end + MAX_TEXT));
    UriPattern pattern;
    try {
      pattern = UriPattern.compile(expression);
    } catch (Refusal tooMuch) {
      assertEquals(Reason.CLAIM_UNSUPPORTED, tooMuch.reason());
      return;
    }
    assertTrue(pattern.states() <= UriPattern.MAX_STATES);
    PatternMatcher matcher = new PatternMatcher(pattern);
    NaivePattern naive = new NaivePattern(PatternSyntax.parse(expression));
    // No URI is empty; of an empty text alone the automaton would not know begin and end at once.
    for (int i = 0; i < text.length(); i++) {
      String first = text.substring(0, i);
      String second = text.substring(i);
      assertEquals(naive.matches(second), matcher.matches("", second, ""), input);
      assertEquals(naive.matches(text), matcher.matches(first, second, ""), input);
      assertTrue(matcher.kept() <= PatternMatcher.MAX_KEPT, input);
    }
  }
}
