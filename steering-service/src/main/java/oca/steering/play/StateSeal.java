package oca.steering.play;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import oca.model.Address;
import oca.model.Prefix;
import oca.protocol.token.Algorithm;
import oca.protocol.token.Hmac;
import oca.protocol.token.KeyRing;
import oca.protocol.token.SigningKey;

/**
 * Seals the state that a player brings back, and opens it again:
 *
 * <pre>
 * 1.autumn.AAAAAGkh9kIAAAAAaSH2QkkmDqX2nP0hbm9ydGgtMQ.8mGqvvXb0ZsH2m8sYzJ1Vg
 * | |      |                                          |
 * | key    issued, tokens made, draw (8 bytes each),  MAC: the first 128 bits of HMAC-SHA-256
 * version  tokens renewed (1 byte), pathway
 * </pre>
 *
 * <p>The MAC covers {@code oca-steering-state}, the text up to it, the client's network (24 bits of
 * IPv4, 48 of IPv6) and the title. The last two are not in the text: a state that is used for
 * another title, or carried elsewhere, is as bad as a forged one. It holds no secret, so it is not
 * encrypted.
 *
 * <p>What is not good is ignored and counted; the player is answered like one that is new. Safe on
 * any thread.
 */
final class StateSeal {
  /** The most characters of a sealed state. */
  static final int MAX_LENGTH = 256;

  private static final String VERSION = "1.";
  private static final String LABEL = "oca-steering-state\n";
  private static final int FIXED_BYTES = 3 * Long.BYTES + 1;
  private static final int MAC_BYTES = 16;
  private static final long MAX_AHEAD_SECONDS = 60;
  private static final int V4_BITS = 24;
  private static final int V6_BITS = 48;

  /** Why a state is not used. */
  enum Fault {
    /** Longer than any that we seal. */
    TOO_LONG,
    /** Not written like one. */
    MALFORMED,
    /** Its key is not, or not any more, or not yet, in the file. */
    UNKNOWN_KEY,
    /** Not sealed by its key for this title and this network. */
    FOREIGN,
    /** Sealed too long ago. */
    EXPIRED,
    /** Sealed in the future: a clock is wrong. */
    AHEAD
  }

  private final Supplier<KeyRing> keys;
  private final LongSupplier lifetimeSeconds;
  private final Map<Fault, LongAdder> faults = new EnumMap<>(Fault.class);

  StateSeal(Supplier<KeyRing> keys, LongSupplier lifetimeSeconds) {
    this.keys = keys;
    this.lifetimeSeconds = lifetimeSeconds;
    for (Fault fault : Fault.values()) {
      faults.put(fault, new LongAdder());
    }
  }

  /** Sealed; empty when no key is valid now, and then the player goes without. */
  Optional<String> seal(PlayState state, String title, Address client) {
    long now = state.issuedSecond();
    return keys.get()
        .newest(Algorithm.HMAC_STATE, now, now)
        .map(key -> seal(state, title, client, key));
  }

  /** Opened; empty when it is not good, which was counted. */
  Optional<PlayState> open(String text, String title, Address client, long nowSecond) {
    int keyStart = VERSION.length();
    int payloadStart = text.indexOf('.', keyStart) + 1;
    int macStart = text.indexOf('.', payloadStart) + 1;
    if (text.length() > MAX_LENGTH) {
      return ignored(Fault.TOO_LONG);
    }
    if (!text.startsWith(VERSION) || payloadStart == 0 || macStart == 0) {
      return ignored(Fault.MALFORMED);
    }
    String id = text.substring(keyStart, payloadStart - 1);
    Optional<SigningKey> key =
        keys.get().keys().stream()
            .filter(it -> it.algorithm() == Algorithm.HMAC_STATE && it.id().equals(id))
            .filter(it -> it.isValidAt(nowSecond))
            .findFirst();
    if (key.isEmpty()) {
      return ignored(Fault.UNKNOWN_KEY);
    }
    String mac = mac(text.substring(0, macStart), title, client, key.get());
    // As text: one state has one spelling.
    if (!MessageDigest.isEqual(ascii(mac), ascii(text.substring(macStart)))) {
      return ignored(Fault.FOREIGN);
    }
    byte[] payload = Base64.getUrlDecoder().decode(text.substring(payloadStart, macStart - 1));
    return read(payload, nowSecond);
  }

  /** States ignored for that since the start. */
  long count(Fault fault) {
    LongAdder counter = faults.get(fault);
    return counter == null ? 0 : counter.sum();
  }

  private Optional<PlayState> read(byte[] payload, long nowSecond) {
    ByteBuffer in = ByteBuffer.wrap(payload);
    long issued = in.getLong();
    if (issued > nowSecond + MAX_AHEAD_SECONDS) {
      return ignored(Fault.AHEAD);
    }
    if (issued < nowSecond - lifetimeSeconds.getAsLong()) {
      return ignored(Fault.EXPIRED);
    }
    long token = in.getLong();
    long draw = in.getLong();
    boolean renewed = in.get() != 0;
    String pathway =
        new String(payload, FIXED_BYTES, payload.length - FIXED_BYTES, StandardCharsets.US_ASCII);
    return Optional.of(new PlayState(issued, token, renewed, draw, pathway));
  }

  private static String seal(PlayState state, String title, Address client, SigningKey key) {
    byte[] pathway = ascii(state.pathway());
    byte[] payload =
        ByteBuffer.allocate(FIXED_BYTES + pathway.length)
            .putLong(state.issuedSecond())
            .putLong(state.tokenSecond())
            .putLong(state.draw())
            .put((byte) (state.renewed() ? 1 : 0))
            .put(pathway)
            .array();
    String head = VERSION + key.id() + "." + base64(payload) + ".";
    return head + mac(head, title, client, key);
  }

  private static String mac(String head, String title, Address client, SigningKey key) {
    // The head and the network have no line break in them, so no two states have one input.
    byte[] input =
        (LABEL + head + "\n" + network(client) + "\n" + title).getBytes(StandardCharsets.UTF_8);
    return base64(Arrays.copyOf(new Hmac(key.key()).of(input, input.length), MAC_BYTES));
  }

  private static Prefix network(Address client) {
    int bits = client.v4() ? V4_BITS : V6_BITS;
    return new Prefix(client.first(bits), bits);
  }

  private Optional<PlayState> ignored(Fault fault) {
    LongAdder counter = faults.get(fault);
    if (counter != null) {
      counter.increment();
    }
    return Optional.empty();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
