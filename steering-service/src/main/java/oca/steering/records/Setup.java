package oca.steering.records;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.List;
import java.util.zip.CRC32C;
import oca.model.Endpoint;
import oca.protocol.Wire;
import oca.steering.fleet.Liveness;
import oca.steering.rank.Ranker;
import oca.steering.rank.Rules;
import oca.steering.rank.Site;
import org.jspecify.annotations.Nullable;

/**
 * What an operator set, as far as decisions depend on it.
 *
 * @param format of the lines, {@value #FORMAT}
 * @param reachKm see {@link Ranker}
 * @param listed appliances passed over that a record lists at most
 */
public record Setup(
    int format,
    List<Site> sites,
    Rules rules,
    Endpoint origin,
    double reachKm,
    Duration suspect,
    Duration out,
    Duration forget,
    int listed,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String version) {

  /** Lines of another format are not read. */
  public static final int FORMAT = 1;

  public Setup {
    sites = List.copyOf(sites);
    if (format != FORMAT) {
      throw new IllegalArgumentException("lines of format " + format + ", not " + FORMAT);
    }
  }

  /** What is set; its version follows from it. */
  public static Setup of(
      List<Site> sites,
      Rules rules,
      Endpoint origin,
      double reachKm,
      Liveness liveness,
      int listed) {
    Setup unnamed =
        new Setup(
            FORMAT,
            sites,
            rules,
            origin,
            reachKm,
            liveness.suspect(),
            liveness.out(),
            liveness.forget(),
            listed,
            null);
    CRC32C sum = new CRC32C();
    sum.update(Wire.write(unnamed));
    return unnamed.named(String.format("%08x", sum.getValue()));
  }

  private Setup named(String name) {
    return new Setup(format, sites, rules, origin, reachKm, suspect, out, forget, listed, name);
  }

  String name() {
    return version == null ? "" : version;
  }

  /** The same under other rules and leases; records say the version that they were made by. */
  Setup with(Rules other, Duration window) {
    Duration late = suspect.compareTo(window) > 0 ? window : suspect;
    return new Setup(format, sites, other, origin, reachKm, late, window, forget, listed, version);
  }

  Liveness liveness() {
    return new Liveness(suspect, out, forget);
  }

  Ranker ranker() {
    return new Ranker(sites, rules, origin, reachKm);
  }
}
