package oca.steering.operators;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import oca.model.Address;
import oca.protocol.http.Gate;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may ask on the operators' listener. A browser that stands inside runs pages of others, so a
 * request must name this listener by address, as {@code localhost} or by a configured name (no name
 * that somebody else lets point here), and one that changes something must come from its own page
 * or from no page. Besides that a bearer token (RFC 6750) may be asked for under {@code /v1/}; the
 * page itself holds no secret.
 *
 * <p>Safe on any thread. The token's file is small and local, and read at each request that shows
 * one, so that a new token needs no restart.
 */
public final class OperatorsGate implements Gate {
  private static final Logger log = LoggerFactory.getLogger(OperatorsGate.class);
  private static final int LEAST_TOKEN = 16;
  private static final String BEARER = "bearer ";

  private final Set<String> names;
  private final Optional<Path> tokenFile;

  /**
   * A gate.
   *
   * @param names allowed besides addresses and {@code localhost}
   * @param tokenFile its first line is the token; empty to ask for none
   * @throws IOException when the file cannot be read or its token is shorter than {@value
   *     #LEAST_TOKEN} characters
   */
  public OperatorsGate(Collection<String> names, Optional<Path> tokenFile) throws IOException {
    this.names =
        names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    this.tokenFile = tokenFile;
    if (tokenFile.isPresent()) {
      token(tokenFile.get());
    }
  }

  @Override
  public @Nullable Response refusal(Request head) {
    String host = head.header("host").orElse("");
    if (!isOurs(host)) {
      return Response.problem(
          421, "not called by an address or localhost: " + host + "; see operators.names");
    }
    Optional<String> origin = head.header("origin");
    if (origin.isPresent() && !head.method().equals("GET") && !isSame(origin.get(), host)) {
      return Response.problem(403, "a page of " + origin.get() + " may not order here");
    }
    return tokenFile.isPresent() && head.path().startsWith("/v1/")
        ? refusal(head, tokenFile.get())
        : null;
  }

  private static @Nullable Response refusal(Request head, Path file) {
    String shown = head.header("authorization").orElse("");
    boolean isBearer = shown.toLowerCase(Locale.ROOT).startsWith(BEARER);
    try {
      if (isBearer && isEqual(shown.substring(BEARER.length()).strip(), token(file))) {
        return null;
      }
    } catch (IOException e) {
      log.warn("nobody is let in: {}", e.getMessage());
      return Response.problem(503, "the token file cannot be read, see the log");
    }
    return Response.problem(401, "a bearer token is asked for here")
        .with("WWW-Authenticate", "Bearer realm=\"operators\"");
  }

  private boolean isOurs(String host) {
    String name = withoutPort(host).toLowerCase(Locale.ROOT);
    return name.equals("localhost") || names.contains(name) || isAddress(name);
  }

  private static boolean isSame(String origin, String host) {
    return origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host);
  }

  private static String withoutPort(String host) {
    if (host.startsWith("[")) {
      int end = host.indexOf(']');
      return end < 0 ? host : host.substring(1, end);
    }
    int colon = host.indexOf(':');
    return colon < 0 ? host : host.substring(0, colon);
  }

  private static boolean isAddress(String name) {
    try {
      return !Address.parse(name).toString().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isEqual(String shown, String token) {
    return MessageDigest.isEqual(
        shown.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
  }

  private static String token(Path file) throws IOException {
    String token =
        Files.readString(file, StandardCharsets.UTF_8).lines().findFirst().orElse("").strip();
    if (token.length() < LEAST_TOKEN) {
      throw new IOException(
          "the token in " + file + " has fewer than " + LEAST_TOKEN + " characters");
    }
    return token;
  }
}
