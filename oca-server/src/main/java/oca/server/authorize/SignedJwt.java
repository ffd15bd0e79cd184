package oca.server.authorize;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import oca.protocol.token.Hmac;
import oca.protocol.token.Reason;
import oca.protocol.token.Refusal;
import oca.protocol.token.SigningKey;

/**
 * A JWT as a JWS in compact form (RFC 7515, section 7.1): header, payload and signature. Its
 * payload is told only to who brings the key that it is signed with.
 */
final class SignedJwt {
  private static final int ES256_BYTES = 64;

  private final String text;
  private final int payloadStart;
  private final int signatureStart;
  private final JwtHeader header;

  private SignedJwt(String text, int payloadStart, int signatureStart, JwtHeader header) {
    this.text = text;
    this.payloadStart = payloadStart;
    this.signatureStart = signatureStart;
    this.header = header;
  }

  /**
   * Reads the header.
   *
   * @throws Refusal also for a JWE (RFC 7516, section 7.1), which has two dots more
   */
  static SignedJwt read(String text) throws Refusal {
    long dots = text.chars().filter(c -> c == '.').count();
    if (dots == 4) {
      throw new Refusal(Reason.CLAIM_UNSUPPORTED);
    }
    if (dots != 2) {
      throw new Refusal(Reason.MALFORMED);
    }
    int payload = text.indexOf('.') + 1;
    int signature = text.indexOf('.', payload) + 1;
    JwtHeader header = JwtHeader.read(Base64Url.decode(text.substring(0, payload - 1)));
    return new SignedJwt(text, payload, signature, header);
  }

  JwtHeader header() {
    return header;
  }

  /** Whether it is signed with the key, which must be one of the header's algorithm. */
  boolean isSignedWith(SigningKey key) throws Refusal {
    if (key.algorithm() != header.algorithm()) {
      return false;
    }
    byte[] input = text.substring(0, signatureStart - 1).getBytes(StandardCharsets.US_ASCII);
    byte[] signature = Base64Url.decode(text.substring(signatureStart));
    return switch (key.algorithm()) {
      case HMAC_TOKEN, HMAC_STATE -> false;
      case HS256 -> MessageDigest.isEqual(new Hmac(key.key()).of(input, input.length), signature);
      // r and s of 32 bytes each (RFC 7518, section 3.4); of other lengths there is one for each
      // signature more than one spelling.
      case ES256 ->
          signature.length == ES256_BYTES
              && isValid("SHA256withECDSAinP1363Format", key, input, signature);
      case RS256 -> isValid("SHA256withRSA", key, input, signature);
    };
  }

  /** The claims; only after {@link #isSignedWith}. */
  byte[] payload() throws Refusal {
    return Base64Url.decode(text.substring(payloadStart, signatureStart - 1));
  }

  private static boolean isValid(String algorithm, SigningKey key, byte[] input, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify((PublicKey) key.key());
      verifier.update(input);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // The signature's own form is wrong; a key of a wrong form was refused with its file.
      return false;
    }
  }
}
