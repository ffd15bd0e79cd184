package oca.fill.trigger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import oca.protocol.http.Gate;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.jspecify.annotations.Nullable;

/**
 * Knows owners by their bearer tokens (RFC 6750), of which only digests are kept and compared.
 * Reads files when it is opened and not after; safe on any thread.
 */
final class Owners implements Gate {
  private static final String BEARER = "Bearer ";
  private static final int SHORTEST = 16;
  private static final int LONGEST = 4096;

  private final Map<TriggerConfig.Owner, byte[]> digests;

  private Owners(Map<TriggerConfig.Owner, byte[]> digests) {
    this.digests = digests;
  }

  /**
   * Reads the tokens.
   *
   * @throws IOException when a file is not fit, or two owners have one token; the message names it
   */
  static Owners open(TriggerConfig config) throws IOException {
    Map<TriggerConfig.Owner, byte[]> digests = new LinkedHashMap<>();
    for (TriggerConfig.Owner owner : config.owners()) {
      byte[] digest = digest(token(owner.token()));
      if (digests.values().stream().anyMatch(known -> MessageDigest.isEqual(known, digest))) {
        throw new IOException(
            owner.token() + " holds the token of another owner; give each its own");
      }
      digests.put(owner, digest);
    }
    return new Owners(digests);
  }

  /** Whose token the request bears. */
  Optional<TriggerConfig.Owner> of(Request request) {
    Optional<String> token =
        request
            .header("authorization")
            .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
            .map(value -> value.substring(BEARER.length()).strip());
    Optional<TriggerConfig.Owner> found = Optional.empty();
    if (token.isPresent()) {
      byte[] digest = digest(token.get());
      for (Map.Entry<TriggerConfig.Owner, byte[]> owner : digests.entrySet()) {
        if (MessageDigest.isEqual(owner.getValue(), digest)) {
          found = Optional.of(owner.getKey());
        }
      }
    }
    return found;
  }

  @Override
  public @Nullable Response refusal(Request head) {
    if (digests.isEmpty()) {
      return Response.problem(
          404, "no content owner may trigger anything; configure triggers.owners");
    }
    return of(head).isPresent()
        ? null
        : Response.problem(401, "no token of a content owner was given")
            .with("WWW-Authenticate", "Bearer");
  }

  private static String token(Path file) throws IOException {
    try {
      if (Files.size(file) > LONGEST) {
        throw new IOException(file + " is larger than " + LONGEST + " bytes");
      }
      String token = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
      if (token.length() < SHORTEST || token.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
        throw new IOException(
            file + " must hold one token of " + SHORTEST + " characters or more, without blanks");
      }
      return token;
    } catch (NoSuchFileException e) {
      throw new IOException(file + " is not there", e);
    }
  }

  private static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(token.getBytes(StandardCharsets.ISO_8859_1));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
