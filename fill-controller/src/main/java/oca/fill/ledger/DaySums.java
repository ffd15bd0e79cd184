package oca.fill.ledger;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Adds up a day, by appliance, site and in all. For one thread, once. */
final class DaySums {
  /** What is missing from a site for want of the content; see the labels of misses. */
  private static final List<String> CONTENT_LABELS = List.of("content", "fill pending");

  private final LedgerDays days;
  private final LocalDate day;
  private final Map<String, Map<String, Long>> causes;
  private final List<LedgerContent.Appliance> appliances = new ArrayList<>();
  private final List<LedgerContent.Correction> corrections = new ArrayList<>();
  private final Map<String, Adder> sites = new TreeMap<>();
  private final Adder all = new Adder();

  /**
   * Nothing added yet.
   *
   * @param causes bytes by appliance and label
   */
  DaySums(LedgerDays days, LocalDate day, Map<String, Map<String, Long>> causes) {
    this.days = days;
    this.day = day;
    this.causes = causes;
  }

  void add(String appliance, OpenLine line) {
    Map<String, Long> labels = causes.getOrDefault(appliance, Map.of());
    Adder own = new Adder();
    Adder site = sites.computeIfAbsent(line.site(), _ -> new Adder());
    for (Adder adder : List.of(own, site, all)) {
      adder.add(line, labels);
    }
    appliances.add(
        new LedgerContent.Appliance(appliance, line.site(), line.isOrigin(), own.line()));
    line.late()
        .forEach(
            (late, sum) ->
                corrections.add(
                    new LedgerContent.Correction(
                        appliance,
                        line.site(),
                        late,
                        sum.bytes(),
                        sum.beyond(),
                        sum.other(),
                        sum.responses())));
  }

  LedgerLine total() {
    return all.line();
  }

  List<LedgerContent.Site> sites() {
    List<LedgerContent.Site> sums = new ArrayList<>();
    sites.forEach((site, adder) -> sums.add(new LedgerContent.Site(site, adder.line())));
    return sums;
  }

  List<LedgerContent.Appliance> appliances() {
    return appliances;
  }

  List<LedgerContent.Correction> corrections() {
    return corrections;
  }

  private final class Adder {
    private final OpenLine sum = new OpenLine(LedgerBook.NOWHERE, false);
    private final Map<String, Long> labels = new TreeMap<>();

    void add(OpenLine line, Map<String, Long> more) {
      for (Figure figure : Figure.values()) {
        sum.add(figure, line.get(figure));
      }
      for (int i = 0; i < sum.intervals().length; i++) {
        sum.intervals()[i] += line.intervals()[i];
      }
      more.forEach((label, bytes) -> labels.merge(label, bytes, Long::sum));
    }

    LedgerLine line() {
      long[] sorted = Arrays.copyOf(sum.intervals(), days.intervals(day));
      Arrays.sort(sorted);
      long bytes = sum.get(Figure.BYTES);
      long labelled = labels.values().stream().mapToLong(Long::longValue).sum();
      return new LedgerLine(
          bytes,
          sum.get(Figure.BEYOND),
          sum.get(Figure.OTHER),
          sum.get(Figure.RESPONSES),
          days.bitsPerSecond(sorted[sorted.length - 1]),
          days.bitsPerSecond(sorted[(int) Math.ceil(0.95 * sorted.length) - 1]),
          CONTENT_LABELS.stream().mapToLong(it -> labels.getOrDefault(it, 0L)).sum(),
          Math.max(0, bytes - labelled),
          labels,
          new LedgerLine.Fill(
              sum.get(Figure.ORIGIN_IN_WINDOW),
              sum.get(Figure.ORIGIN_OUTSIDE),
              sum.get(Figure.PEERS_IN_WINDOW),
              sum.get(Figure.PEERS_OUTSIDE),
              sum.get(Figure.FILES),
              sum.get(Figure.FAILED)),
          new LedgerLine.Wasted(
              sum.get(Figure.EVICTED_FILES),
              sum.get(Figure.EVICTED_BYTES),
              sum.get(Figure.AGED_FILES),
              sum.get(Figure.AGED_BYTES),
              sum.get(Figure.UNTRACKED)),
          new LedgerLine.Doubt(
              sum.get(Figure.DROPPED),
              sum.get(Figure.FUTURE),
              sum.get(Figure.MALFORMED),
              sum.get(Figure.LATE_FILLS)));
    }
  }
}
