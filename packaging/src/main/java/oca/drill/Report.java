package oca.drill;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import oca.protocol.Wire;

/**
 * The scorecard.
 *
 * @param when the first drill began, ISO 8601
 * @param machine what it ran on, in words
 * @param command how it was run
 * @param judgements in the order in which they were made
 */
public record Report(String when, String machine, String command, List<Judgement> judgements) {

  public Report {
    judgements = List.copyOf(judgements);
  }

  /** Whether nothing speaks against the product. */
  public boolean isGood() {
    return judgements.stream().noneMatch(Judgement::isBad);
  }

  /**
   * What {@link #json} wrote.
   *
   * @throws IOException when it is none
   */
  public static Report read(byte[] json) throws IOException {
    return Wire.read(json, Report.class);
  }

  /**
   * Together with a later run, whose drills stand in place of the same ones that were not run;
   * those that this one does not know come last.
   */
  public Report with(Report later) {
    List<Judgement> all = new ArrayList<>();
    for (Judgement one : judgements) {
      all.add(
          one.outcome() != Judgement.Outcome.NOT_RUN
              ? one
              : later.judgements.stream()
                  .filter(it -> it.drill().equals(one.drill()))
                  .findFirst()
                  .orElse(one));
    }
    for (Judgement one : later.judgements) {
      if (judgements.stream().noneMatch(it -> it.drill().equals(one.drill()))) {
        all.add(one);
      }
    }
    return new Report(when + " and " + later.when, machine, command + "\n" + later.command, all);
  }

  /** A page of documentation: all drills, with their hypotheses, and what became of each. */
  public String scorecard() {
    StringBuilder text = new StringBuilder(8192);
    long held = count(Judgement.Outcome.HELD);
    long notRun = count(Judgement.Outcome.NOT_RUN);
    text.append(
        """
        # What was done to the fleet, and what its viewers saw

        %s, %s. %d drills: %d held, %d broken or aborted, %d not run.

        ```
        %s
        packaging/oca drill scorecard drills.json > .github/SCORECARD.md
        ```

        The same viewers were sent twice: without the fault, and during it; each figure says both. A drill holds when viewers lost no more than it
        allowed beforehand, and never with a wrong byte. What the faults are is in `oca drill list`; why they are done so, in
        [decision 30](decisions/0030-drills-from-outside.md).

        """
            .formatted(
                when,
                machine,
                judgements.size(),
                held,
                judgements.size() - held - notRun,
                notRun,
                command));
    text.append(markdown());
    text.append("\n## What was to hold\n\n");
    for (Judgement one : judgements) {
      text.append("- **")
          .append(one.drill())
          .append("** (")
          .append(outcome(one))
          .append("): ")
          .append(one.hypothesis())
          .append(".\n");
    }
    return text.toString();
  }

  private long count(Judgement.Outcome outcome) {
    return judgements.stream().filter(one -> one.outcome() == outcome).count();
  }

  /** For programs. */
  public byte[] json() {
    return Wire.writePretty(this);
  }

  /** For people: one page without anything from elsewhere. */
  public byte[] html() {
    StringBuilder page = new StringBuilder(8192);
    page.append(HEAD);
    page.append("<p>").append(escaped(when)).append(", ").append(escaped(machine));
    page.append("<br><code>").append(escaped(command)).append("</code></p>\n");
    page.append("<table><thead><tr><th>drill<th>what was done<th>what was to hold<th>outcome")
        .append("<th>failed<th>stood still<th>p99<th>from the origin<th>wrong bytes")
        .append("<th>whole again</tr></thead><tbody>\n");
    for (Judgement one : judgements) {
      page.append("<tr class=").append(one.outcome().name().toLowerCase(Locale.ROOT)).append('>');
      cell(page, one.drill());
      cell(page, one.scope());
      cell(page, one.hypothesis());
      cell(page, outcome(one));
      for (String figure : figures(one)) {
        cell(page, figure);
      }
      page.append("</tr>\n");
    }
    page.append("</tbody></table>\n");
    if (judgements.stream().anyMatch(one -> !one.foretold().isEmpty())) {
      page.append("<table><thead><tr><th>drill<th>figure<th>foretold by oca whatif<th>measured")
          .append("<th>points off</tr></thead><tbody>\n");
      for (Judgement one : judgements) {
        for (Foretold figure : one.foretold()) {
          page.append("<tr>");
          cell(page, one.drill());
          cell(page, figure.what());
          cell(page, String.format(Locale.ROOT, "%.1f %%", figure.foretold()));
          cell(page, String.format(Locale.ROOT, "%.1f %%", figure.measured()));
          cell(page, String.format(Locale.ROOT, "%.1f", figure.points()));
          page.append("</tr>\n");
        }
      }
      page.append("</tbody></table>\n");
    }
    page.append("</main></body></html>\n");
    return page.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The same as a table in Markdown. */
  public String markdown() {
    StringBuilder text = new StringBuilder(4096);
    text.append(
        """
        | drill | what was done | outcome | failed | stood still | p99 of a range | from the origin | wrong bytes | whole again |
        |---|---|---|---|---|---|---|---|---|
        """);
    for (Judgement one : judgements) {
      text.append("| ")
          .append(one.drill())
          .append(" | ")
          .append(one.scope())
          .append(" | ")
          .append(outcome(one))
          .append(" | ")
          .append(String.join(" | ", figures(one)))
          .append(" |\n");
    }
    return text + foretold();
  }

  /** What was foretold of faults and what came, as a table; empty when nothing was. */
  private String foretold() {
    StringBuilder text = new StringBuilder();
    for (Judgement one : judgements) {
      for (Foretold figure : one.foretold()) {
        text.append(
            String.format(
                Locale.ROOT,
                "| %s | %s | %.1f %% | %.1f %% | %.1f |%n",
                one.drill(),
                figure.what(),
                figure.foretold(),
                figure.measured(),
                figure.points()));
      }
    }
    return text.isEmpty()
        ? ""
        : """

        | drill | figure | foretold by `oca whatif` | measured | points off |
        |---|---|---|---|---|
        """
            + text;
  }

  /** Failed, stood still, p99, from the origin, wrong bytes, whole again. */
  private static List<String> figures(Judgement one) {
    if (one.outcome() == Judgement.Outcome.NOT_RUN) {
      return Collections.nCopies(6, "-");
    }
    Sight before = one.undisturbed();
    Sight during = one.disturbed();
    return List.of(
        pair("%.1f %%", 100 * before.failedShare(), 100 * during.failedShare()),
        pair("%.2f s", before.lateSecondsPerSession(), during.lateSecondsPerSession()),
        before.rangeMillisP99() + " → " + during.rangeMillisP99() + " ms",
        pair("%.0f %%", 100 * before.originShare(), 100 * during.originShare()),
        Long.toString(during.wrongBytes()),
        one.wholeAgainMillis() < 0
            ? "-"
            : String.format(Locale.ROOT, "%.1f s", one.wholeAgainMillis() / 1e3));
  }

  private static String outcome(Judgement one) {
    String word =
        switch (one.outcome()) {
          case HELD -> "held";
          case BROKEN -> "broken";
          case ABORTED -> "aborted";
          case NOT_RUN -> "not run";
        };
    return one.reasons().isEmpty() ? word : word + ": " + one.reasons().getFirst();
  }

  private static String pair(String format, double before, double during) {
    return String.format(Locale.ROOT, format + " → " + format, before, during);
  }

  private static void cell(StringBuilder page, String text) {
    page.append("<td>").append(escaped(text));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  private static final String HEAD =
      """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>Drills</title>
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <style>
      :root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
      main { max-width: 92rem; margin: 2rem auto; padding: 0 1rem; }
      table { border-collapse: collapse; width: 100%; }
      th, td { text-align: left; vertical-align: top; padding: .45rem .6rem; border-bottom: 1px solid #8884; }
      td:nth-child(n+5) { font-variant-numeric: tabular-nums; white-space: nowrap; }
      tr.held td:nth-child(4) { color: light-dark(#1a6b2f, #7bd88f); }
      tr.broken td:nth-child(4), tr.aborted td:nth-child(4) { color: light-dark(#a32020, #ff8f8f); }
      </style></head><body><main><h1>Drills</h1>
      <p>The same viewers were sent twice: without the fault, and during it. Each figure says both.</p>
      """;
}
