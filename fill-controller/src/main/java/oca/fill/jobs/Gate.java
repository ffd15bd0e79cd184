package oca.fill.jobs;

import oca.model.ApplianceId;

/** Whether an appliance may be given work now: its window, its caps. Asked at each grant. */
@FunctionalInterface
public interface Gate {
  /** Must not block. */
  boolean mayFill(ApplianceId appliance);
}
