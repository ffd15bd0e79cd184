package oca.fill.jobs;

import oca.model.ApplianceId;

/**
 * The right to decide for the appliances of one slot. An appliance is for ever in the slot that its
 * name gives, so that renewing costs one statement however many there are.
 *
 * @param slot 0 to {@link #SLOTS} less 1
 * @param generation grows whenever the slot changes hands; the second in which it did by the
 *     database's clock, or more, so that it is above those of a book that was lost
 */
public record Lease(int slot, long generation) {
  /** How many slots there are: also the most controllers that can share the work. */
  public static final int SLOTS = 64;

  /** The slot of an appliance. */
  public static int slotOf(ApplianceId appliance) {
    return Math.floorMod(appliance.value().hashCode(), SLOTS);
  }
}
