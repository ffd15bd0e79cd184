package oca.protocol.token;

import java.security.GeneralSecurityException;
import java.security.Key;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;

/**
 * HMAC-SHA-256 with one key (RFC 2104), kept ready: to look the algorithm up and to read the key
 * takes longer than the MAC itself. One thread only.
 */
public final class Hmac {
  public static final int BYTES = 32;

  private final Mac mac;
  private final byte[] result = new byte[BYTES];

  public Hmac(Key key) {
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform must have HmacSHA256", e);
    }
  }

  /** The MAC over the first bytes of the input; overwritten by the next one. */
  public byte[] of(byte[] input, int length) {
    try {
      mac.update(input, 0, length);
      mac.doFinal(result, 0);
      return result;
    } catch (ShortBufferException e) {
      throw new IllegalStateException("the result has the MAC's length", e);
    }
  }
}
