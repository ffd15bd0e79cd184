package oca.fill.plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import oca.fill.placement.Placement;
import oca.fill.placement.PlacementPlanner;
import oca.fill.placement.PlacementTask;
import oca.protocol.Wire;

/**
 * What a plan says, and all that it follows from: whoever has it can make it again and compare.
 *
 * <p>Its canonical form is its JSON without white space, fields in the order in which they stand
 * here, lists in the order in which {@link PlacementTask} wants them. The digest is the SHA-256 of
 * those bytes.
 *
 * @param version counts plans from 1
 * @param madeAt wall time
 * @param held by appliance of the task: the units that it is to hold, most valuable first
 */
public record PlanContent(
    long version, Instant madeAt, Inputs inputs, PlacementTask task, int[][] held) {

  /**
   * From what it was made.
   *
   * @param catalog the catalogue's version
   * @param forecast digest of what was expected of each unit in each region
   * @param fleet digest of the appliances with their capacities and weights
   * @param configuration digest of the rules, the regions and what is pinned
   */
  public record Inputs(String catalog, String forecast, String fleet, String configuration) {}

  /** What was placed, as a plan. */
  public static PlanContent of(long version, Instant madeAt, String catalog, Placement placement) {
    PlacementTask task = placement.task();
    record Forecasts(String[] units, long[] bytes, double[][] expected) {}
    record Configured(Object rules, Object regions, Object pins) {}
    Inputs inputs =
        new Inputs(
            catalog,
            sha256(Wire.write(new Forecasts(task.units(), task.bytes(), task.expected()))),
            sha256(Wire.write(task.rooms())),
            sha256(Wire.write(new Configured(task.rules(), task.regions(), task.pins()))));
    return new PlanContent(version, madeAt, inputs, task, placement.held());
  }

  /** The canonical form. */
  public byte[] canonical() {
    return Wire.write(this);
  }

  /** SHA-256 of the canonical form, in lower-case hexadecimal digits. */
  public String digest() {
    return sha256(canonical());
  }

  /**
   * Places everything anew, which takes as long as it took; the same comes out.
   *
   * @throws PlanRefusedException when it does not, because another release made the plan
   */
  public Placement placement() throws PlanRefusedException {
    Placement again = PlacementPlanner.plan(task);
    if (!java.util.Arrays.deepEquals(held, again.held())) {
      throw new PlanRefusedException(
          409,
          "plan "
              + version
              + " was placed by other rules than this release has, so it cannot be explained; make"
              + " a new plan");
    }
    return again;
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must have SHA-256", e);
    }
  }

  /** What is signed: the version and the digest, each on a line. */
  static byte[] signed(long version, String digest) {
    return ("oca plan\n" + version + "\n" + digest + "\n").getBytes(StandardCharsets.US_ASCII);
  }
}
