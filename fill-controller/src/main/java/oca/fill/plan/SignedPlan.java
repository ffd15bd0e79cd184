package oca.fill.plan;

/** A plan as it travels: whoever holds the public key can tell whether it was changed. */
public record SignedPlan(PlanHead head, PlanContent content) {

  /**
   * Checks digest and signature.
   *
   * @param publicKey the one that is trusted, as in {@link PlanHead#publicKey}
   * @throws PlanRefusedException when it is not the plan that was signed; the message says what of
   *     it is not
   */
  public void verify(String publicKey) throws PlanRefusedException {
    long version = head.version();
    if (content.version() != version) {
      throw refused(version, "its content is of plan " + content.version());
    }
    String digest = content.digest();
    if (!digest.equals(head.digest())) {
      throw refused(
          version, "its content has the digest " + digest + ", its head says " + head.digest());
    }
    if (!publicKey.equals(head.publicKey())) {
      throw refused(version, "it is signed by another key than this controller's");
    }
    if (!PlanKey.isSignature(publicKey, version, digest, head.signature())) {
      throw refused(version, "its signature does not fit its digest");
    }
  }

  private static PlanRefusedException refused(long version, String why) {
    return new PlanRefusedException(
        409, "plan " + version + " is not as it was made: " + why + "; make a new plan");
  }
}
