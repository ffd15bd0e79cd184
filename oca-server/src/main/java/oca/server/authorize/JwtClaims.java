package oca.server.authorize;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import oca.model.Address;
import oca.protocol.token.Networks;
import oca.protocol.token.Reason;
import oca.protocol.token.Refusal;
import oca.protocol.token.SigningKey;
import oca.server.authorize.AuthorizeConfig.Nonces;
import org.jspecify.annotations.Nullable;

/**
 * What a JWT says, as far as RFC 9246, section 2.1, has it:
 *
 * <pre>
 * iss       must be the issuer of the key; a key without one takes none
 * sub       ignored: it tells the signer who, not us what
 * aud       must name this server's audience
 * exp, nbf  the first second after, and the first second of, its time; exp must be there
 * iat       not in the future
 * jti       refused unless policy ignores it
 * cdniv     1
 * cdnicrit  may name claims of this list only
 * cdniip    the client's address or network; encrypted, it is refused
 * cdniuc    which URIs, {@link UriContainer}; must be there
 * cdnistt   0: a renewed token would go into a cookie, and cookies are not read here
 * cdniets, cdnistd  how to renew; ignored as nothing is renewed
 * </pre>
 *
 * <p>Others are ignored (RFC 7519, section 4). {@code exp} and {@code cdniuc} are asked for
 * although the formats leave them to the signer: without them a token that leaks is good for ever,
 * or for everything.
 */
final class JwtClaims {
  private static final Set<String> KNOWN =
      Set.of(
          "iss",
          "sub",
          "aud",
          "exp",
          "nbf",
          "iat",
          "jti",
          "cdniv",
          "cdnicrit",
          "cdniip",
          "cdniuc",
          "cdniets",
          "cdnistt",
          "cdnistd");
  private static final long ABSENT = -1;
  private static final int JWE_DOTS = 4;

  private @Nullable String issuer;
  private @Nullable List<String> audience;
  private long expires = ABSENT;
  private long notBefore;
  private long issuedAt;
  private boolean hasNonce;
  private long version = 1;
  private @Nullable String critical;
  private @Nullable String client;
  private byte[] network = new byte[0];
  private int networkBits;
  private @Nullable String container;
  private long transport;

  private JwtClaims() {}

  static JwtClaims read(byte[] utf8) throws Refusal {
    JwtClaims claims = new JwtClaims();
    try (JwtJson json = JwtJson.open(utf8)) {
      for (String name = json.next(); !name.isEmpty(); name = json.next()) {
        claims.take(name, json);
      }
    } catch (IOException e) {
      throw new Refusal(Reason.MALFORMED);
    }
    return claims;
  }

  private void take(String name, JwtJson json) throws IOException, Refusal {
    switch (name) {
      case "iss" -> issuer = json.string();
      case "aud" -> audience = json.strings();
      case "exp" -> expires = json.seconds();
      case "nbf" -> notBefore = json.seconds();
      case "iat" -> issuedAt = json.seconds();
      case "jti" -> {
        json.string();
        hasNonce = true;
      }
      case "cdniv" -> version = json.seconds();
      case "cdnicrit" -> critical = json.string();
      case "cdniip" -> client = json.string();
      case "cdniuc" -> container = json.string();
      case "cdnistt" -> transport = json.seconds();
      case "cdniets", "cdnistd" -> json.seconds();
      default -> json.skip();
    }
  }

  /** Checks all that depends neither on the time nor on the request. */
  void check(SigningKey key, AuthorizeConfig config) throws Refusal {
    if (issuer == null ? key.issuer().isPresent() : !issuer.equals(key.issuer().orElse(null))) {
      throw new Refusal(Reason.WRONG_ISSUER);
    }
    if (audience != null && !config.audience().map(audience::contains).orElse(false)) {
      throw new Refusal(Reason.WRONG_AUDIENCE);
    }
    if (version != 1 || transport != 0 || (hasNonce && config.nonces() == Nonces.REFUSE)) {
      throw new Refusal(Reason.CLAIM_UNSUPPORTED);
    }
    if (critical != null) {
      for (String name : critical.split(",", -1)) {
        if (!KNOWN.contains(name.strip())) {
          throw new Refusal(Reason.CLAIM_UNSUPPORTED);
        }
      }
    }
    if (expires == ABSENT || container == null) {
      throw new Refusal(Reason.MISSING_CLAIM);
    }
    if (client != null) {
      readNetwork(client);
    }
  }

  private void readNetwork(String text) throws Refusal {
    if (text.chars().filter(c -> c == '.').count() == JWE_DOTS) {
      throw new Refusal(Reason.CLAIM_UNSUPPORTED);
    }
    int slash = text.indexOf('/');
    try {
      Address address = Address.parse(slash < 0 ? text : text.substring(0, slash));
      networkBits = slash < 0 ? address.bits() : Integer.parseInt(text.substring(slash + 1));
      if (networkBits < 0 || networkBits > address.bits()) {
        throw new Refusal(Reason.MALFORMED);
      }
      network = new byte[address.bits() / 8];
      for (int i = 0; i < network.length; i++) {
        long half = i < 8 ? address.high() : address.low();
        network[i] = (byte) (half >>> (56 - 8 * (i & 7)));
      }
    } catch (IllegalArgumentException e) {
      throw new Refusal(Reason.MALFORMED);
    }
  }

  /**
   * Checks the token's time. Expired is from {@code exp} on: RFC 7519, section 4.1.4.
   *
   * @param skew seconds by which the signer's clock may be off
   */
  void checkTime(long now, long skew) throws Refusal {
    if (now - skew >= expires) {
      throw new Refusal(Reason.EXPIRED);
    }
    if (now + skew < Math.max(notBefore, issuedAt)) {
      throw new Refusal(Reason.NOT_YET_VALID);
    }
  }

  /** Checks the client's address, which is not a mapped one. */
  void checkClient(byte[] address) throws Refusal {
    boolean isIn =
        network.length == 0
            || (address.length == network.length && Networks.share(address, network, networkBits));
    if (!isIn) {
      throw new Refusal(Reason.WRONG_NETWORK);
    }
  }

  /** What {@code cdniuc} says; only once {@link #check} has found it there. */
  String container() {
    return container == null ? "" : container;
  }
}
