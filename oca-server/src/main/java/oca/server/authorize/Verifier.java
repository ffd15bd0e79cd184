package oca.server.authorize;

import java.util.function.Supplier;
import oca.protocol.token.Algorithm;
import oca.protocol.token.Hmac;
import oca.protocol.token.KeyRing;
import oca.protocol.token.Networks;
import oca.protocol.token.PathToken;
import oca.protocol.token.Reason;
import oca.protocol.token.Refusal;
import oca.protocol.token.SigningKey;
import oca.server.authorize.AuthorizeConfig.Scheme;
import org.jspecify.annotations.Nullable;

/**
 * Decides on requests. Keeps MACs ready and remembers tokens: each event loop has one of its own,
 * and none is safe on two threads.
 *
 * <p>Where anything is protected, a token that is brought is checked, needed or not: a bad one is
 * refused in front of a public path too, so that no file has any number of names.
 */
public final class Verifier {
  private static final int MAX_UNNAMED_KEYS = 4;

  private final Supplier<UrlAuthorizer> source;
  private final PathToken token = new PathToken();

  // What follows the snapshot in force.
  private UrlAuthorizer current;
  private @Nullable Hmac[] macs;
  private SigningPackage signingPackage;
  private SeenTokens seenTokens;
  private UriContainer containers;

  /**
   * A verifier for one thread.
   *
   * @param source the authorizer in force, asked once a request; {@link LiveAuthorizer}
   */
  public Verifier(Supplier<UrlAuthorizer> source) {
    this.source = source;
    this.current = source.get();
    AuthorizeConfig config = current.config();
    this.macs = new @Nullable Hmac[current.keys().size()];
    this.signingPackage = new SigningPackage(config.packageName());
    this.seenTokens = new SeenTokens(config.cachedTokens());
    this.containers = new UriContainer(config.cachedPatterns());
  }

  /**
   * Decides on one request. Never throws for anything that a client can send.
   *
   * @param path as sent, without its leading slash
   * @param query as sent, without the question mark; null if there is none
   * @param clientAddress 4 or 16 bytes; an IPv4-mapped one counts as IPv4
   * @param nowSecond of the Unix epoch
   */
  public Verdict authorize(
      String path, @Nullable String query, byte[] clientAddress, long nowSecond) {
    UrlAuthorizer authorizer = follow();
    if (authorizer.isOpen()) {
      return new Verdict.Granted(path);
    }
    try {
      if (authorizer.accepts(Scheme.PATH_TOKEN) && path.startsWith("~")) {
        return byPathToken(authorizer, path, clientAddress, nowSecond);
      }
      if (authorizer.accepts(Scheme.URI_SIGNING) && signingPackage.find(path, query)) {
        return byJwt(authorizer, clientAddress, nowSecond);
      }
    } catch (Refusal refusal) {
      return new Verdict.Denied(refusal.reason());
    }
    return authorizer.isPublic(path)
        ? new Verdict.Granted(path)
        : new Verdict.Denied(Reason.NO_TOKEN);
  }

  private UrlAuthorizer follow() {
    UrlAuthorizer now = source.get();
    if (now == current) {
      return now;
    }
    AuthorizeConfig config = now.config();
    if (config.equals(current.config())) {
      seenTokens.retain(now.keys());
    } else {
      signingPackage = new SigningPackage(config.packageName());
      seenTokens = new SeenTokens(config.cachedTokens());
      containers = new UriContainer(config.cachedPatterns());
    }
    macs = new @Nullable Hmac[now.keys().size()];
    current = now;
    return now;
  }

  private Verdict byPathToken(UrlAuthorizer authorizer, String path, byte[] clientAddress, long now)
      throws Refusal {
    token.read(path);
    String content = token.contentPath();
    KeyRing keys = authorizer.keys();
    int index = token.keyIn(keys);
    if (index < 0 || !keys.key(index).isValidAt(now)) {
      throw new Refusal(Reason.UNKNOWN_KEY);
    }
    if (!token.isMadeWith(mac(keys, index))) {
      throw new Refusal(Reason.BAD_SIGNATURE);
    }
    if (now - skew(authorizer) > token.expirySecond()) {
      throw new Refusal(Reason.EXPIRED);
    }
    if (!token.isFor(Networks.unmapped(clientAddress))) {
      throw new Refusal(Reason.WRONG_NETWORK);
    }
    return new Verdict.Granted(content);
  }

  private Hmac mac(KeyRing keys, int index) {
    Hmac mac = macs[index];
    if (mac == null) {
      mac = new Hmac(keys.key(index).key());
      macs[index] = mac;
    }
    return mac;
  }

  private Verdict byJwt(UrlAuthorizer authorizer, byte[] clientAddress, long now) throws Refusal {
    String carrier = signingPackage.carrier();
    int start = signingPackage.start();
    int end = signingPackage.end();
    if (end - start > authorizer.config().maxTokenLength()) {
      throw new Refusal(Reason.TOO_LONG);
    }
    String content = signingPackage.contentPath();
    SeenTokens.Seen seen = seenTokens.find(carrier, start, end);
    if (seen == null) {
      seen = verify(authorizer, SignedJwt.read(carrier.substring(start, end)), now);
    } else if (!seen.key().isValidAt(now)) {
      throw new Refusal(Reason.UNKNOWN_KEY);
    }
    JwtClaims claims = seen.claims();
    claims.checkTime(now, skew(authorizer));
    claims.checkClient(Networks.unmapped(clientAddress));
    if (!containers.contains(
        claims.container(), authorizer.bases(), content, signingPackage.query())) {
      throw new Refusal(Reason.WRONG_PATH);
    }
    return new Verdict.Granted(content);
  }

  /** Verifies a token for the first time, and remembers it. */
  private SeenTokens.Seen verify(UrlAuthorizer authorizer, SignedJwt jwt, long now) throws Refusal {
    SigningKey key = signer(authorizer.keys(), jwt, now);
    JwtClaims claims = JwtClaims.read(jwt.payload());
    claims.check(key, authorizer.config());
    containers.check(claims.container());
    return seenTokens.keep(key, claims);
  }

  /** The key that a token is signed with: the one it names, or one of the few of its algorithm. */
  private static SigningKey signer(KeyRing keys, SignedJwt jwt, long now) throws Refusal {
    Algorithm algorithm = jwt.header().algorithm();
    String id = jwt.header().keyId();
    int tried = 0;
    for (SigningKey key : keys.keys()) {
      boolean isCandidate =
          key.algorithm() == algorithm
              && (id == null || id.equals(key.id()))
              && key.isValidAt(now)
              && tried < MAX_UNNAMED_KEYS;
      if (isCandidate) {
        tried++;
        if (jwt.isSignedWith(key)) {
          return key;
        }
      }
    }
    throw new Refusal(tried == 0 ? Reason.UNKNOWN_KEY : Reason.BAD_SIGNATURE);
  }

  private static long skew(UrlAuthorizer authorizer) {
    return authorizer.config().clockSkew().toSeconds();
  }
}
