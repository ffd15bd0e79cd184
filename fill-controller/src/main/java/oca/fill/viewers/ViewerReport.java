package oca.fill.viewers;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What viewers got of late.
 *
 * @param at when this was so
 * @param seconds how long {@code now} and {@code sites} go back
 * @param sliceMillis how long one of {@code series} is
 * @param now the figures of that time
 * @param sites the same of each site, by name
 * @param series oldest first, without gaps; the newest is not complete
 */
public record ViewerReport(
    Instant at,
    double seconds,
    long sliceMillis,
    ViewerFigure now,
    List<Site> sites,
    List<Slice> series) {
  private static final String HEAD =
      "at,starts,responses,bytes,failed,broken_off,starved,timed_bytes,late_bytes,"
          + "first_byte_p50_micros,first_byte_p95_micros,first_byte_p99_micros\n";

  public ViewerReport {
    sites = List.copyOf(sites);
    series = List.copyOf(series);
  }

  /** Of one site. */
  public record Site(String site, ViewerFigure figure) {}

  /** Of one slice of time, by when it began. */
  public record Slice(Instant at, ViewerFigure figure) {}

  /** The series as CSV (RFC 4180) with a head; what is not known is empty. */
  public byte[] csv() {
    StringBuilder text = new StringBuilder(HEAD);
    for (Slice slice : series) {
      ViewerFigure of = slice.figure();
      text.append(
          String.format(
              Locale.ROOT,
              "%s,%d,%d,%d,%d,%d,%d,%d,%d,%s,%s,%s\n",
              slice.at(),
              of.starts(),
              of.responses(),
              of.bytes(),
              of.failed(),
              of.brokenOff(),
              of.starved(),
              of.timedBytes(),
              of.lateBytes(),
              text(of.firstByteP50Micros()),
              text(of.firstByteP95Micros()),
              text(of.firstByteP99Micros())));
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String text(@Nullable Long micros) {
    return micros == null ? "" : micros.toString();
  }
}
