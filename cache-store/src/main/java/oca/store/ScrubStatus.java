package oca.store;

import java.util.Map;
import oca.store.disk.FileCheck;

/**
 * How far the scrub of one volume has come, and what it has found.
 *
 * @param path the volume's folder
 * @param running whether it reads at the moment; otherwise it is off, waits for its next pass, or
 *     its volume is out of service
 * @param passes passes ended since the volume was made
 * @param beganSecond when this pass began, in seconds since 1970; restarts do not begin it again
 * @param files checked in this pass
 * @param bytes of content checked in this pass
 * @param done the share of this pass that is done, 0 to 1
 * @param damagedBlocks found in this pass
 * @param flawed files found in this pass, by what was wrong with them; without those that are zero
 * @param lostOrigins found in this pass: entries of provenance that are damaged. They explain
 *     nothing any more; the content is not touched by that
 * @param repaired files whose damaged blocks were fetched anew, since the start
 */
public record ScrubStatus(
    String path,
    boolean running,
    long passes,
    long beganSecond,
    long files,
    long bytes,
    double done,
    long damagedBlocks,
    Map<FileCheck.Flaw, Long> flawed,
    long lostOrigins,
    long repaired) {
  public ScrubStatus {
    flawed = Map.copyOf(flawed);
  }
}
