package oca.fill.ledger;

/** Signs days. Safe on any thread. */
public interface Seal {
  /** By which signatures are checked; X.509 SubjectPublicKeyInfo in base64. */
  String publicKey();

  /** An Ed25519 signature (RFC 8032) over these bytes, in base64. */
  String sign(byte[] text);
}
