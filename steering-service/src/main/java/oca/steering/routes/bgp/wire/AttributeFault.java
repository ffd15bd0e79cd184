package oca.steering.routes.bgp.wire;

/**
 * A fault in the attributes of an UPDATE that the session survives (RFC 7606).
 *
 * @param type the attribute's number; 0 when it cannot be told
 * @param what a clause for the operator
 */
public record AttributeFault(int type, Treatment treatment, String what) {
  /** What is done about it. */
  public enum Treatment {
    /** The attribute is left out. */
    DISCARD,
    /** The routes of a family that is not ours are left out (RFC 4760, section 7). */
    OTHER_FAMILY,
    /** All routes of the message are taken for withdrawn. */
    WITHDRAW
  }
}
