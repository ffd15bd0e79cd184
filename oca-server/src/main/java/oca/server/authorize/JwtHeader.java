package oca.server.authorize;

import java.io.IOException;
import oca.protocol.token.Algorithm;
import oca.protocol.token.Reason;
import oca.protocol.token.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The header of a JWS (RFC 7515, section 4).
 *
 * @param algorithm what it claims to be signed by; only a key of that algorithm is tried
 * @param keyId which key; null when it does not say
 */
record JwtHeader(Algorithm algorithm, @Nullable String keyId) {

  static JwtHeader read(byte[] utf8) throws Refusal {
    String algorithm = null;
    String keyId = null;
    try (JwtJson json = JwtJson.open(utf8)) {
      for (String name = json.next(); !name.isEmpty(); name = json.next()) {
        switch (name) {
          case "alg" -> algorithm = json.string();
          case "kid" -> keyId = json.string();
          // Whatever must be understood is not (RFC 7515, section 4.1.11).
          case "crit" -> throw new Refusal(Reason.CLAIM_UNSUPPORTED);
          default -> json.skip();
        }
      }
    } catch (IOException e) {
      throw new Refusal(Reason.MALFORMED);
    }
    if (algorithm == null) {
      throw new Refusal(Reason.MALFORMED);
    }
    return new JwtHeader(Algorithm.ofJwt(algorithm), keyId);
  }
}
