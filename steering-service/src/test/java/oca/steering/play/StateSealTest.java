package oca.steering.play;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import oca.model.Address;
import oca.protocol.token.Algorithm;
import oca.protocol.token.KeyRing;
import oca.protocol.token.SigningKey;
import oca.steering.play.StateSeal.Fault;
import org.junit.jupiter.api.Test;

class StateSealTest {
  private static final long NOW = 1_790_000_000L;
  private static final long LIFETIME = 86_400;
  private static final Address CLIENT = Address.parse("198.51.100.7");
  private static final PlayState STATE = new PlayState(NOW, NOW - 5, true, -42, "north-1.2");

  private final StateSeal seal = seal(key("one", 1, NOW - 10, NOW + LIFETIME));

  @Property
  void open_whatWasSealed_isTheSame(
      @ForAll @IntRange(max = 86_400) int age,
      @ForAll long token,
      @ForAll boolean renewed,
      @ForAll long draw,
      @ForAll @CharRange(from = '!', to = '~') @StringLength(max = 120) String pathway,
      @ForAll String title) {
    PlayState state = new PlayState(NOW, token, renewed, draw, pathway);
    String text = seal.seal(state, title, CLIENT).orElseThrow();
    assertTrue(text.length() <= StateSeal.MAX_LENGTH, text);
    assertTrue(text.matches("[A-Za-z0-9._-]+"), text);
    assertEquals(Optional.of(state), seal.open(text, title, CLIENT, NOW + age));
  }

  @Property
  void open_anyCharacterChanged_isIgnored(
      @ForAll @IntRange(min = 0, max = 255) int at,
      @ForAll @CharRange(from = '-', to = 'z') char c) {
    String text = seal.seal(STATE, "harbour", CLIENT).orElseThrow();
    int place = at % text.length();
    String forged = text.substring(0, place) + c + text.substring(place + 1);
    assertEquals(forged.equals(text), seal.open(forged, "harbour", CLIENT, NOW).isPresent());
  }

  @Property
  void open_anyText_isIgnoredAndCountedOnce(@ForAll String garbage) {
    StateSeal fresh = seal(key("one", 1, 0, NOW));
    assertEquals(Optional.empty(), fresh.open(garbage, "harbour", CLIENT, NOW));
    assertEquals(1, Arrays.stream(Fault.values()).mapToLong(fresh::count).sum());
  }

  @Property
  void open_cutOrPadded_isIgnored(@ForAll @IntRange(min = 0, max = 200) int length) {
    String text = seal.seal(STATE, "harbour", CLIENT).orElseThrow();
    String cut = length < text.length() ? text.substring(0, length) : text + "A".repeat(length);
    assertEquals(Optional.empty(), seal.open(cut, "harbour", CLIENT, NOW));
  }

  @Test
  void open_anotherTitleOrNetwork_isForeign() {
    String text = seal.seal(STATE, "harbour", CLIENT).orElseThrow();
    assertEquals(Optional.empty(), seal.open(text, "aurora", CLIENT, NOW));
    assertEquals(Optional.empty(), seal.open(text, "harbour", Address.parse("198.51.101.7"), NOW));
    assertEquals(2, seal.count(Fault.FOREIGN));
    assertEquals(
        Optional.of(STATE), seal.open(text, "harbour", Address.parse("198.51.100.99"), NOW));
  }

  @Test
  void open_tooOldOrAhead_isIgnored() {
    String text = seal.seal(STATE, "harbour", CLIENT).orElseThrow();
    StateSeal brief =
        new StateSeal(() -> new KeyRing(List.of(key("one", 1, 0, Long.MAX_VALUE))), () -> 60);
    assertEquals(Optional.of(STATE), brief.open(text, "harbour", CLIENT, NOW + 60));
    assertEquals(Optional.empty(), brief.open(text, "harbour", CLIENT, NOW + 61));
    assertEquals(Optional.empty(), brief.open(text, "harbour", CLIENT, NOW - 61));
    assertEquals(1, brief.count(Fault.EXPIRED));
    assertEquals(1, brief.count(Fault.AHEAD));
  }

  @Test
  void seal_keysRotated_oldStatesAreReadAndNewOnesHaveTheNewKey() {
    SigningKey old = key("one", 1, 0, NOW + 100);
    SigningKey next = key("two", 2, NOW + 10, NOW + LIFETIME);
    StateSeal both = seal(old, next);
    String before = both.seal(STATE, "harbour", CLIENT).orElseThrow();
    assertTrue(before.startsWith("1.one."), before);
    PlayState later = new PlayState(NOW + 10, NOW, false, 7, "");
    String after = both.seal(later, "harbour", CLIENT).orElseThrow();
    assertTrue(after.startsWith("1.two."), after);
    assertEquals(Optional.of(STATE), both.open(before, "harbour", CLIENT, NOW + 50));
    assertEquals(Optional.empty(), both.open(before, "harbour", CLIENT, NOW + 101));
    assertEquals(1, both.count(Fault.UNKNOWN_KEY));
    assertEquals(Optional.of(later), both.open(after, "harbour", CLIENT, NOW + 101));
  }

  @Test
  void open_sameIdOtherSecret_isForeign() {
    String text = seal.seal(STATE, "harbour", CLIENT).orElseThrow();
    StateSeal other = seal(key("one", 2, 0, NOW + 100));
    assertEquals(Optional.empty(), other.open(text, "harbour", CLIENT, NOW));
    assertEquals(1, other.count(Fault.FOREIGN));
  }

  @Test
  void seal_noKey_isNone() {
    StateSeal none = new StateSeal(() -> KeyRing.EMPTY, () -> LIFETIME);
    assertEquals(Optional.empty(), none.seal(STATE, "harbour", CLIENT));
  }

  private static StateSeal seal(SigningKey... keys) {
    KeyRing ring = new KeyRing(List.of(keys));
    return new StateSeal(() -> ring, () -> LIFETIME);
  }

  private static SigningKey key(String id, int secret, long from, long to) {
    byte[] bytes =
        ("secret number " + secret + " of 32 bytes or more").getBytes(StandardCharsets.UTF_8);
    return new SigningKey(
        id,
        Algorithm.HMAC_STATE,
        new SecretKeySpec(bytes, "HmacSHA256"),
        from,
        to,
        Optional.empty());
  }
}
