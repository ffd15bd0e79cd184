package oca.steering.fleet;

import oca.protocol.InventoryDigest;

/**
 * What is known of the files of one appliance in its present boot.
 *
 * @param version of its inventory, as it numbers them
 * @param digest of the files that are known
 */
public record Holding(long version, InventoryDigest digest) {
  /** The number of files. */
  public int files() {
    return digest.files();
  }
}
