package oca.steering.qoe;

import java.time.Duration;
import oca.config.ByteSize;
import oca.config.Default;
import oca.config.Live;

/**
 * What is made of players' reports.
 *
 * @param halfLife after which a report counts half
 * @param leastReports an appliance with fewer, as they count now, keeps its whole share; with twice
 *     as many it gets all that the reports say
 * @param perNetwork the most that the reports of one network (24 bits of IPv4, 48 of IPv6) count
 *     for one appliance at any time
 * @param usualRate the share of bad reports that is taken for usual where little is known; 0 to 1
 * @param tolerance an appliance may have this many times the rate of the others; 1 or more
 * @param floor the least share, so that better times can show; above 0, to 1
 * @param networks remembered at once, each with each appliance it reports of
 * @param body of one request
 * @param reportsPerRequest those behind are dropped
 */
public record QoeConfig(
    @Default("2min") Duration halfLife,
    @Live @Default("50") int leastReports,
    @Live @Default("5") int perNetwork,
    @Live @Default("0.02") double usualRate,
    @Live @Default("2") double tolerance,
    @Live @Default("0.1") double floor,
    @Default("65536") int networks,
    @Default("64KiB") ByteSize body,
    @Default("200") int reportsPerRequest) {
  private static final int MOST_NETWORKS = 1 << 24;

  public QoeConfig {
    require(halfLife.toMillis() >= 1000, "halfLife must be 1s or more");
    require(leastReports > 0, "leastReports must be above 0");
    require(perNetwork > 0, "perNetwork must be above 0");
    require(
        perNetwork * 4L <= leastReports,
        "perNetwork must be a quarter of leastReports at most, or few could move an appliance");
    require(usualRate > 0 && usualRate < 1, "usualRate must be above 0 and below 1");
    require(tolerance >= 1 && tolerance <= 100, "tolerance must be 1 to 100");
    require(floor > 0 && floor <= 1, "floor must be above 0, to 1");
    require(networks >= 1024 && networks <= MOST_NETWORKS, "networks must be 1024 to 16777216");
    require(body.bytes() > 0 && body.bytes() <= 1 << 20, "body must be above 0B, to 1MiB");
    require(reportsPerRequest > 0, "reportsPerRequest must be above 0");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
