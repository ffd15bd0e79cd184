package oca.fill.ledger;

import java.time.Instant;
import java.util.List;

/**
 * What the ledger says of a day. Its canonical form is its JSON without white space, fields in the
 * order in which they are sent; the digest is the SHA-256 of those bytes.
 *
 * @param format of this document, {@value #FORMAT}
 * @param number counts days from 1, without a gap
 * @param day of plan time, in {@code zone}
 * @param from when it began, on the wall
 * @param to when it was over
 * @param closedAt when it was closed; nothing is changed from then on
 * @param before the digest of the day before it in the ledger, empty for the first
 * @param sites by name
 * @param appliances by id, origins that send records among them
 * @param corrections what came to be known of earlier days after those were closed; in no other
 *     figure of this day
 */
public record LedgerContent(
    int format,
    long number,
    String day,
    String zone,
    Instant from,
    Instant to,
    Instant closedAt,
    String before,
    LedgerLine total,
    List<Site> sites,
    List<Appliance> appliances,
    List<Correction> corrections) {
  /** What this code writes. */
  public static final int FORMAT = 1;

  public LedgerContent {
    sites = List.copyOf(sites);
    appliances = List.copyOf(appliances);
    corrections = List.copyOf(corrections);
  }

  /** The sums of a site. */
  public record Site(String site, LedgerLine line) {}

  /** The sums of an appliance. */
  public record Appliance(String appliance, String site, boolean origin, LedgerLine line) {}

  /**
   * Late records.
   *
   * @param day to whose sums this is to be added; "older" for those of many more
   */
  public record Correction(
      String appliance,
      String site,
      String day,
      long bytes,
      long beyondBytes,
      long otherBytes,
      long responses) {}
}
