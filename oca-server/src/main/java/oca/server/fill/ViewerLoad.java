package oca.server.fill;

/**
 * What viewers need of the appliance now.
 *
 * @param share that they use of the scarcest of what it can serve, in bandwidth or connections; 0
 *     or more, what is no number says nothing
 * @param waits how often since the start an answer stood still for bytes that a disk had to read
 * @param waitNanos how long, in all
 * @param queued reads for viewers that wait for a disk now
 */
public record ViewerLoad(double share, long waits, long waitNanos, int queued) {
  /** Nobody is watching. */
  public static final ViewerLoad NONE = new ViewerLoad(0, 0, 0, 0);

  /** A load of line or connections alone. */
  public static ViewerLoad ofShare(double share) {
    return new ViewerLoad(share, 0, 0, 0);
  }
}
