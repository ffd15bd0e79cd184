package oca.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import oca.fill.PlanEndpoint.Drafted;
import oca.fill.PlanEndpoint.Plans;
import oca.fill.placement.Explanation;
import oca.fill.plan.PlanDiff;
import oca.fill.plan.PlanHead;

/** What the controller says of plans, for people. */
final class PlanTables {
  private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB", "PB"};

  private final PrintWriter out;

  PlanTables(PrintWriter out) {
    this.out = out;
  }

  void drafted(Drafted drafted) {
    PlanHead plan = drafted.plan();
    out.printf(
        Locale.ROOT,
        "plan %d, a draft: %d appliances, %d titles, %d copies of %s%n",
        plan.version(),
        plan.appliances(),
        plan.units(),
        plan.copies(),
        bytes(plan.bytes()));
    out.printf(
        Locale.ROOT,
        "served from near: %s of %s expected a day (%s)%n",
        bytes(plan.servedBytes()),
        bytes(plan.expectedBytes()),
        percent(plan.servedBytes(), plan.expectedBytes()));
    if (!drafted.mostEvicted().isEmpty()) {
      out.printf(
          Locale.ROOT,
          "evicts at most %.1f %% of a disk, of %s; above %.1f %% it needs --evict%n",
          100 * drafted.evictedShare(),
          drafted.mostEvicted(),
          100 * drafted.maxEvictedShare());
    }
    plan.notes().forEach(note -> out.printf(Locale.ROOT, "note: %s%n", note));
    out.printf(Locale.ROOT, "digest %s%n", plan.digest());
    out.println();
    diff(drafted.diff());
    out.printf(Locale.ROOT, "to put it in force: oca fill apply %d%n", plan.version());
  }

  void plans(Plans plans) {
    List<String[]> rows = new ArrayList<>();
    rows.add(row("PLAN", "STATE", "MADE", "APPLIED", "COPIES", "BYTES", "SERVED", "DIGEST"));
    for (PlanHead plan : plans.plans()) {
      rows.add(
          row(
              Long.toString(plan.version()),
              plan.state().name().toLowerCase(Locale.ROOT),
              plan.madeAt().toString(),
              plan.appliedAt() == null ? "-" : plan.appliedAt().toString(),
              Long.toString(plan.copies()),
              bytes(plan.bytes()),
              percent(plan.servedBytes(), plan.expectedBytes()),
              plan.digest().substring(0, 12)));
    }
    table(rows);
    if (!plans.alert().isEmpty()) {
      out.printf(Locale.ROOT, "waits: %s%n", plans.alert());
    }
    out.printf(Locale.ROOT, "public key %s%n", plans.publicKey());
  }

  void diff(PlanDiff diff) {
    out.printf(
        Locale.ROOT,
        "from %s to plan %d:%n",
        diff.from() == 0 ? "nothing" : "plan " + diff.from(),
        diff.to());
    List<String[]> rows = new ArrayList<>();
    rows.add(row("APPLIANCE", "SITE", "IN", "BYTES IN", "OUT", "BYTES OUT", "TAKES", "WINDOWS"));
    for (PlanDiff.AtAppliance at : diff.appliances()) {
      rows.add(
          row(
              at.appliance().value(),
              at.site().value(),
              Integer.toString(at.unitsIn()),
              bytes(at.bytesIn()),
              Integer.toString(at.unitsOut()),
              bytes(at.bytesOut()),
              time(at.fillSeconds()),
              Long.toString(at.windows())));
    }
    table(rows);
    if (!diff.links().isEmpty()) {
      out.println();
      List<String[]> links = new ArrayList<>();
      links.add(row("FROM", "TO", "BYTES"));
      diff.links().forEach(link -> links.add(row(link.from(), link.to(), bytes(link.bytes()))));
      table(links);
    }
    out.println();
    out.printf(
        Locale.ROOT,
        "%s in, %s out, done after %s of filling in %d windows%n",
        bytes(diff.bytesIn()),
        bytes(diff.bytesOut()),
        time(diff.fillSeconds()),
        diff.windows());
    out.printf(
        Locale.ROOT,
        "served from near: %s before, %s after, of %s expected a day (%+.2f points)%n",
        percent(diff.servedBytesBefore(), diff.expectedBytes()),
        percent(diff.servedBytesAfter(), diff.expectedBytes()),
        bytes(diff.expectedBytes()),
        100
            * (diff.servedBytesAfter() - diff.servedBytesBefore())
            / Math.max(1, diff.expectedBytes()));
  }

  void why(Explanation why) {
    out.printf(Locale.ROOT, "%s%n", why.sentence());
    out.println();
    out.printf(
        Locale.ROOT,
        "rank %d of %d at %s, %s (cutoff at rank %d); %s, %s a day expected, pinned to %d%n",
        why.rank(),
        why.ranked(),
        why.site(),
        why.head() ? "head: by throughput" : "tail: by storage",
        why.headUnits(),
        bytes(why.bytes()),
        bytes(why.expectedBytes()),
        why.pinnedCopies());
    out.printf(
        Locale.ROOT,
        "copies: %d wanted, %d placed, %d before; %s%n",
        why.copiesWanted(),
        why.copiesPlaced(),
        why.copiesBefore(),
        why.copiesWhy());
    out.println();
    List<String[]> rows = new ArrayList<>();
    rows.add(row("ORDER", "WEIGHT", "FREE THEN", "LOAD THEN", "ITS PART", "BEFORE", "OUTCOME"));
    for (Explanation.Standing at : why.order()) {
      rows.add(
          row(
              at.appliance().value(),
              String.format(Locale.ROOT, "%.4g", at.weight()),
              bytes(at.freeBytes()),
              bytes(at.load()),
              bytes(at.loadTarget()),
              at.heldBefore() ? "yes" : "no",
              at.outcome()));
    }
    table(rows);
    out.println();
    out.printf(
        Locale.ROOT, "what would turn it%s:%n", why.decides().size() > 1 ? ", together" : "");
    why.decides()
        .forEach(
            factor ->
                out.printf(
                    Locale.ROOT, "  %s (%s)%n", factor.sentence(), factor.factor().meaning()));
  }

  private static String[] row(String... cells) {
    return cells;
  }

  private void table(List<String[]> rows) {
    int[] widths = new int[rows.getFirst().length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    for (String[] row : rows) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        text.append(row[i]);
        if (i < row.length - 1) {
          text.append(" ".repeat(widths[i] - row[i].length() + 2));
        }
      }
      out.println(text);
    }
  }

  private static String bytes(long value) {
    return bytes((double) value);
  }

  private static String bytes(double value) {
    int unit = 0;
    double shown = value;
    while (shown >= 999.5 && unit < UNITS.length - 1) {
      shown /= 1000;
      unit++;
    }
    String form = unit == 0 || shown >= 99.95 ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ROOT, form, shown, UNITS[unit]);
  }

  private static String percent(double part, double whole) {
    return whole <= 0 ? "-" : String.format(Locale.ROOT, "%.2f %%", 100 * part / whole);
  }

  private static String time(long seconds) {
    Duration time = Duration.ofSeconds(seconds);
    return time.toHours() > 0
        ? time.toHours() + " h " + time.toMinutesPart() + " min"
        : time.toMinutes() > 0
            ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
            : seconds + " s";
  }
}
