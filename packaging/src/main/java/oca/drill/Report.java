package oca.drill;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import oca.protocol.Wire;

/**
 * The scorecard.
 *
 * @param when the first drill began, ISO 8601
 * @param machine what it ran on, in words
 * @param judgements in the order in which they were made
 */
public record Report(String when, String machine, List<Judgement> judgements) {

  public Report {
    judgements = List.copyOf(judgements);
  }

  /** Whether nothing speaks against the product. */
  public boolean isGood() {
    return judgements.stream().noneMatch(Judgement::isBad);
  }

  /** For programs. */
  public byte[] json() {
    return Wire.writePretty(this);
  }

  /** For people: one page without anything from elsewhere. */
  public byte[] html() {
    StringBuilder page = new StringBuilder(8192);
    page.append(HEAD);
    page.append("<p>").append(escaped(when)).append(", ").append(escaped(machine)).append("</p>\n");
    page.append("<table><thead><tr><th>drill<th>what was done<th>what was to hold<th>outcome")
        .append("<th>failed<th>stood still<th>p99<th>from the origin<th>wrong bytes")
        .append("<th>whole again</tr></thead><tbody>\n");
    for (Judgement one : judgements) {
      page.append("<tr class=").append(one.outcome().name().toLowerCase(Locale.ROOT)).append('>');
      cell(page, one.drill());
      cell(page, one.scope());
      cell(page, one.hypothesis());
      cell(page, outcome(one));
      Sight before = one.undisturbed();
      Sight during = one.disturbed();
      cell(page, pair("%.1f %%", 100 * before.failedShare(), 100 * during.failedShare()));
      cell(page, pair("%.2f s", before.lateSecondsPerSession(), during.lateSecondsPerSession()));
      cell(page, before.rangeMillisP99() + " → " + during.rangeMillisP99() + " ms");
      cell(page, pair("%.0f %%", 100 * before.originShare(), 100 * during.originShare()));
      cell(page, Long.toString(during.wrongBytes()));
      cell(
          page,
          one.wholeAgainMillis() < 0
              ? "-"
              : String.format(Locale.ROOT, "%.1f s", one.wholeAgainMillis() / 1e3));
      page.append("</tr>\n");
    }
    page.append("</tbody></table></main></body></html>\n");
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
      Sight before = one.undisturbed();
      Sight during = one.disturbed();
      text.append("| ")
          .append(
              String.join(
                  " | ",
                  one.drill(),
                  one.scope(),
                  outcome(one),
                  pair("%.1f %%", 100 * before.failedShare(), 100 * during.failedShare()),
                  pair("%.2f s", before.lateSecondsPerSession(), during.lateSecondsPerSession()),
                  before.rangeMillisP99() + " → " + during.rangeMillisP99() + " ms",
                  pair("%.0f %%", 100 * before.originShare(), 100 * during.originShare()),
                  Long.toString(during.wrongBytes()),
                  one.wholeAgainMillis() < 0
                      ? "-"
                      : String.format(Locale.ROOT, "%.1f s", one.wholeAgainMillis() / 1e3)))
          .append(" |\n");
    }
    return text.toString();
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
