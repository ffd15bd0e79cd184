package oca.steering;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import oca.config.ByteSize;
import oca.config.Default;
import oca.model.Address;
import oca.model.SiteId;
import oca.steering.routes.MrtFile;
import oca.steering.routes.RouteFilter;
import oca.steering.routes.RoutingTable;
import oca.steering.routes.bgp.BgpConfig;
import oca.steering.routes.bmp.BmpConfig;

/**
 * Where routes are learnt from, besides {@code networks}. Nothing of it must be given.
 *
 * @param bgp a listener that the sites' routers speak BGP with; none when not given
 * @param bmp a receiver of their BMP reports; none when not given
 * @param mrt dumps of routes
 * @param filter what is kept out of all of these, but not out of {@code networks}
 * @param limits what is kept at most
 * @param compileInterval from the end of one compilation to the beginning of the next, at least;
 *     long enough that compiling is a small part of the time
 */
public record RoutesConfig(
    Optional<BgpConfig> bgp,
    Optional<BmpConfig> bmp,
    List<Mrt> mrt,
    @Default("{}") RouteFilter.Rules filter,
    @Default("{}") RoutingTable.Limits limits,
    @Default("2s") Duration compileInterval) {

  /**
   * A dump in MRT format (RFC 6396, TABLE_DUMP_V2), as it is or compressed by gzip.
   *
   * @param path read at the start, and again when its size or time is another
   * @param site whose view it gives
   * @param peer whose routes count, an address in the dump's index; the best of all when not given
   * @param interval between two looks at the file
   * @param recordLimit a longer record ends the dump; 65,536 peers with a path each fit in 4 MiB
   * @param records in a dump at most
   */
  public record Mrt(
      Path path,
      SiteId site,
      Optional<String> peer,
      @Default("1min") Duration interval,
      @Default("4MiB") ByteSize recordLimit,
      @Default("10000000") long records) {
    public Mrt {
      peer.ifPresent(Address::parse);
      require(interval.toMillis() > 0, "a dump's interval must be 1ms or more");
      require(
          recordLimit.bytes() > 0 && recordLimit.bytes() <= 1 << 30,
          "a dump's recordLimit must be above 0B and at most 1GiB");
      require(records > 0, "a dump's records must be above 0");
    }

    MrtFile.Settings settings() {
      return new MrtFile.Settings(
          path,
          site,
          peer.map(Address::parse).orElse(null),
          interval,
          (int) recordLimit.bytes(),
          records);
    }
  }

  public RoutesConfig {
    Set<Path> paths = new HashSet<>();
    for (Mrt dump : mrt) {
      require(
          paths.add(dump.path()),
          "the dump " + dump.path() + " is given twice; keep one, or link it under another name");
    }
    require(compileInterval.toMillis() > 0, "routes.compileInterval must be 1ms or more");
  }

  /**
   * Checks that each source's site is one of those.
   *
   * @throws IllegalArgumentException naming the first that is not
   */
  void requireSites(Set<SiteId> known) {
    bgp.ifPresent(
        it -> it.peers().forEach(peer -> known("bgp peer " + peer.network(), peer.site(), known)));
    bmp.ifPresent(
        it ->
            it.routers()
                .forEach(router -> known("bmp router " + router.name(), router.site(), known)));
    mrt.forEach(dump -> known("dump " + dump.path(), dump.site(), known));
  }

  private static void known(String what, SiteId site, Set<SiteId> known) {
    require(
        known.contains(site),
        "the %s is given the site %s, which is not one of the sites %s"
            .formatted(what, site, known.stream().sorted().toList()));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
