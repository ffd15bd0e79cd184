package oca.fill.ledger;

/**
 * A closed day as it travels.
 *
 * @param digest SHA-256 of the content's canonical form
 * @param signature Ed25519 over "oca ledger", the day and the digest, each followed by a line feed;
 *     base64
 * @param publicKey by which it is checked; X.509 SubjectPublicKeyInfo, base64
 */
public record SignedLedger(
    String digest, String signature, String publicKey, LedgerContent content) {}
