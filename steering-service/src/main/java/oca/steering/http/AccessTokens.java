package oca.steering.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import oca.model.ApplianceId;
import org.jspecify.annotations.Nullable;

/**
 * Bearer tokens that are taken, as their digests only. A digest is what is compared, whole and in
 * constant time, so that an answer's time tells nothing about a token. Immutable.
 */
final class AccessTokens {
  private static final Pattern LINE = Pattern.compile("(\\S+)\\s+([0-9A-Fa-f]{64})");
  private static final int SHORTEST = 16;
  private static final int MOST_BYTES = 8 << 20;

  private record Entry(ApplianceId appliance, byte[] digest) {}

  /** By the digest's first bytes; whoever guesses tokens cannot steer what those are. */
  private final Map<Integer, List<Entry>> entries;

  private final byte @Nullable [] shared;

  private AccessTokens(Map<Integer, List<Entry>> entries, byte @Nullable [] shared) {
    this.entries = entries;
    this.shared = shared;
  }

  /**
   * Reads the files; blocks on the disk.
   *
   * @throws IOException when one is not fit; the message names file and line
   */
  static AccessTokens read(ApplianceAccess access) throws IOException {
    Map<Integer, List<Entry>> entries = new HashMap<>();
    if (access.tokens().isPresent()) {
      Path file = access.tokens().get();
      int number = 0;
      for (String line : text(file).lines().toList()) {
        number++;
        String entry = line.strip();
        if (!entry.isEmpty() && !entry.startsWith("#")) {
          add(entries, entry, file + ", line " + number);
        }
      }
    }
    byte[] shared = null;
    if (access.sharedToken().isPresent()) {
      Path file = access.sharedToken().get();
      String token = text(file).strip();
      if (token.length() < SHORTEST || token.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
        throw new IOException(
            file + " must hold one token of " + SHORTEST + " characters or more, without blanks");
      }
      shared = digest(token);
    }
    return new AccessTokens(entries, shared);
  }

  private static void add(Map<Integer, List<Entry>> entries, String line, String place)
      throws IOException {
    var parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new IOException(
          place + ": an appliance's id and the SHA-256 of its token in 64 hexadecimal digits");
    }
    try {
      Entry entry =
          new Entry(
              new ApplianceId(parts.group(1)),
              HexFormat.of().parseHex(parts.group(2).toLowerCase(Locale.ROOT)));
      entries.merge(
          first(entry.digest),
          List.of(entry),
          (some, more) -> Stream.concat(some.stream(), more.stream()).toList());
    } catch (IllegalArgumentException e) {
      throw new IOException(place + ": " + e.getMessage(), e);
    }
  }

  /** Whether it is the one by which any appliance may be spoken for. */
  boolean isShared(byte[] digest) {
    return shared != null && MessageDigest.isEqual(shared, digest);
  }

  /** The appliance that the token of that digest was given to. */
  Optional<ApplianceId> owner(byte[] digest) {
    Optional<ApplianceId> owner = Optional.empty();
    for (Entry entry : entries.getOrDefault(first(digest), List.of())) {
      if (MessageDigest.isEqual(entry.digest, digest)) {
        owner = Optional.of(entry.appliance);
      }
    }
    return owner;
  }

  static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(token.getBytes(StandardCharsets.ISO_8859_1));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static int first(byte[] digest) {
    return digest[0] << 24 | (digest[1] & 255) << 16 | (digest[2] & 255) << 8 | (digest[3] & 255);
  }

  private static String text(Path file) throws IOException {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new IOException(file + " is larger than " + MOST_BYTES + " bytes");
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new IOException(file + " is not there", e);
    }
  }
}
