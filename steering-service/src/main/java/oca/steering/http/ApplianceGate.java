package oca.steering.http;

import java.io.IOException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import oca.model.ApplianceId;
import oca.protocol.http.Gate;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets in whoever shows that it is an appliance, before a body is read, and then holds it to its
 * own name. Without a configuration everybody is let in and may speak for all. Safe on any thread;
 * only {@link #open} and {@link #reload} read files.
 */
public final class ApplianceGate implements Gate {
  private static final Logger log = LoggerFactory.getLogger(ApplianceGate.class);
  private static final String BEARER = "Bearer ";
  private static final int DNS_NAME = 2;
  private static final ApplianceAccess NOTHING =
      new ApplianceAccess(Optional.empty(), Optional.empty(), true);

  private final Optional<ApplianceAccess> access;
  private final Map<AccessRefusal, LongAdder> refusals = new EnumMap<>(AccessRefusal.class);
  private volatile AccessTokens tokens;

  private ApplianceGate(Optional<ApplianceAccess> access) throws IOException {
    this.access = access;
    this.tokens = AccessTokens.read(access.orElse(NOTHING));
    for (AccessRefusal refusal : AccessRefusal.values()) {
      refusals.put(refusal, new LongAdder());
    }
  }

  /**
   * A gate.
   *
   * @param access absent to let in everybody
   * @throws IOException when a file is not fit; the message names it
   */
  public static ApplianceGate open(Optional<ApplianceAccess> access) throws IOException {
    return new ApplianceGate(access);
  }

  /**
   * Reads the files again.
   *
   * @throws IOException when one is not fit; what was before stays in force
   */
  public void reload() throws IOException {
    tokens = AccessTokens.read(access.orElse(NOTHING));
  }

  /** Messages not taken, by the reason's label. */
  public Map<String, Long> refusals() {
    Map<String, Long> counts = new TreeMap<>();
    refusals.forEach((reason, count) -> counts.put(reason.label(), count.sum()));
    return counts;
  }

  @Override
  public @Nullable Response refusal(Request head) {
    if (access.isEmpty() || !names(head, access.get()).isEmpty()) {
      return null;
    }
    Optional<String> token = token(head);
    if (token.isEmpty()) {
      return refused(AccessRefusal.NO_CREDENTIALS);
    }
    byte[] digest = AccessTokens.digest(token.get());
    AccessTokens taken = tokens;
    return taken.isShared(digest) || taken.owner(digest).isPresent()
        ? null
        : refused(AccessRefusal.UNKNOWN_TOKEN);
  }

  /** The refusal of a message in the name of an appliance that its sender is not, or null. */
  public @Nullable Response refusal(Request request, ApplianceId sender) {
    if (access.isEmpty() || names(request, access.get()).contains(sender.value())) {
      return null;
    }
    Optional<String> token = token(request);
    if (token.isPresent()) {
      byte[] digest = AccessTokens.digest(token.get());
      AccessTokens taken = tokens;
      if (taken.isShared(digest) || taken.owner(digest).equals(Optional.of(sender))) {
        return null;
      }
    }
    return refused(AccessRefusal.NOT_THE_SENDER);
  }

  private Response refused(AccessRefusal reason) {
    LongAdder count = refusals.get(reason);
    if (count != null) {
      count.increment();
    }
    Response problem = Response.problem(reason.status(), reason.sentence());
    return reason.status() == 401 ? problem.with("WWW-Authenticate", "Bearer") : problem;
  }

  private static Optional<String> token(Request request) {
    return request
        .header("authorization")
        .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(value -> value.substring(BEARER.length()).strip());
  }

  /** Appliances that the client's certificate names. */
  private static Set<String> names(Request request, ApplianceAccess access) {
    if (!access.certificates() || request.certificates().isEmpty()) {
      return Set.of();
    }
    X509Certificate leaf = request.certificates().getFirst();
    Set<String> names = new HashSet<>();
    try {
      Collection<List<?>> others = leaf.getSubjectAlternativeNames();
      if (others != null) {
        for (List<?> name : others) {
          if (Integer.valueOf(DNS_NAME).equals(name.getFirst())) {
            names.add(String.valueOf(name.get(1)));
          }
        }
      }
      if (names.isEmpty()) {
        for (Rdn part : new LdapName(leaf.getSubjectX500Principal().getName()).getRdns()) {
          if (part.getType().equalsIgnoreCase("CN")) {
            names.add(String.valueOf(part.getValue()));
          }
        }
      }
    } catch (CertificateParsingException | InvalidNameException e) {
      log.debug("a client certificate has no names that can be read", e);
    }
    return names;
  }
}
