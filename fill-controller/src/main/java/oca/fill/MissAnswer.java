package oca.fill;

import java.util.List;
import java.util.Map;
import oca.fill.causes.Label;
import oca.fill.causes.MissReport;

/**
 * {@code GET /v1/misses} as JSON.
 *
 * @param labels what each of them means, in their order
 * @param account of all bytes ever taken in
 * @param counts what was wrong with records, by name, since the account began
 */
record MissAnswer(
    MissReport report, List<Meaning> labels, Account account, Map<String, Long> counts) {

  /** A label for a reader. */
  record Meaning(String label, String sentence, boolean miss) {
    static List<Meaning> all() {
      return List.of(Label.values()).stream()
          .map(label -> new Meaning(label.label(), label.sentence(), label.isMiss()))
          .toList();
    }
  }

  /**
   * Bytes: {@code taken = labelled + waiting}.
   *
   * @param taken of responses since the account began
   * @param labelled of those with a label
   * @param waiting of those that still wait for it
   */
  record Account(long taken, long labelled, long waiting) {}
}
