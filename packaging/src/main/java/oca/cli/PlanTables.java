package oca.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.Locale;
import oca.fill.PlanEndpoint.Drafted;
import oca.fill.PlanEndpoint.Plans;
import oca.fill.placement.Explanation;
import oca.fill.plan.PlanDiff;
import oca.fill.plan.PlanHead;
import oca.operate.Figures;
import oca.operate.Style;
import oca.operate.Table;
import org.jspecify.annotations.Nullable;

/** What the controller says of plans, for people. */
final class PlanTables {
  private final PrintWriter out;
  private final Style style;

  PlanTables(PrintWriter out, Style style) {
    this.out = out;
    this.style = style;
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
    Table rows =
        new Table(
            ">PLAN", "STATE", "MADE, UTC", "APPLIED", ">COPIES", ">BYTES", ">SERVED", "DIGEST");
    for (PlanHead plan : plans.plans()) {
      rows.row(
          plan.version(),
          plan.state().name().toLowerCase(Locale.ROOT),
          day(plan.madeAt()),
          day(plan.appliedAt()),
          Figures.count(plan.copies()),
          bytes(plan.bytes()),
          percent(plan.servedBytes(), plan.expectedBytes()),
          plan.digest().substring(0, 8));
    }
    rows.print(out, style, "");
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
    Table rows =
        new Table(
            "APPLIANCE", "SITE", ">IN", ">BYTES IN", ">OUT", ">BYTES OUT", ">TAKES", ">WINDOWS");
    for (PlanDiff.AtAppliance at : diff.appliances()) {
      rows.row(
          at.appliance().value(),
          at.site().value(),
          Figures.count(at.unitsIn()),
          bytes(at.bytesIn()),
          Figures.count(at.unitsOut()),
          bytes(at.bytesOut()),
          Figures.time(at.fillSeconds()),
          Figures.count(at.windows()));
    }
    rows.print(out, style, "");
    if (!diff.links().isEmpty()) {
      out.println();
      Table links = new Table("FROM", "TO", ">BYTES");
      diff.links().forEach(link -> links.row(link.from(), link.to(), bytes(link.bytes())));
      links.print(out, style, "");
    }
    out.println();
    out.printf(
        Locale.ROOT,
        "%s in, %s out, done after %s of filling in %d windows%n",
        bytes(diff.bytesIn()),
        bytes(diff.bytesOut()),
        Figures.time(diff.fillSeconds()),
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
    Table rows =
        new Table("ORDER", ">WEIGHT", ">FREE THEN", ">LOAD THEN", ">ITS PART", "BEFORE", "OUTCOME");
    for (Explanation.Standing at : why.order()) {
      rows.row(
          at.appliance().value(),
          String.format(Locale.ROOT, "%.4g", at.weight()),
          bytes(at.freeBytes()),
          bytes(at.load()),
          bytes(at.loadTarget()),
          at.heldBefore() ? "yes" : "no",
          at.outcome());
    }
    rows.print(out, style, "");
    out.println();
    out.printf(
        Locale.ROOT, "what would turn it%s:%n", why.decides().size() > 1 ? ", together" : "");
    why.decides()
        .forEach(
            factor ->
                out.printf(
                    Locale.ROOT, "  %s (%s)%n", factor.sentence(), factor.factor().meaning()));
  }

  /** Month, day, hour and minute. */
  private static String day(@Nullable Instant at) {
    return at == null ? "-" : at.toString().substring(5, 16).replace('T', ' ');
  }

  private static String bytes(long value) {
    return Figures.bytes(value);
  }

  private static String bytes(double value) {
    return Figures.bytes(value);
  }

  private static String percent(double part, double whole) {
    return whole <= 0 ? "-" : String.format(Locale.ROOT, "%.2f %%", 100 * part / whole);
  }
}
