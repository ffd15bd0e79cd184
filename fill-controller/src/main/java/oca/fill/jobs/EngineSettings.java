package oca.fill.jobs;

import java.time.Duration;

/**
 * What may be set of the engine.
 *
 * @param lease how long a controller that says nothing keeps its appliances, by the database's
 *     clock
 * @param busyBeat how often leases are renewed while there is work
 * @param idleBeat how often else; lease and this together bound how long a take-over takes
 * @param look how often a controller looks who else is there, unless it is told to
 * @param check how often the jobs of one slot are compared with the book
 * @param checkpoint how often at most the bytes of one job are written
 * @param tries how often a job is tried before it is given up until the next plan
 * @param firstWait before the second try; doubled for each further one
 * @param longestWait the longest of these waits
 * @param breakAfter how many of an appliance's newest ends decide whether it is left alone for a
 *     while: when more than half of them failed
 * @param breakFor how long it is left alone
 * @param lostAfter how long a job has to be done before an inventory without its file means that
 *     the file was lost
 * @param pendingJobs the most jobs kept in memory; about 200 bytes each. What is beyond waits in
 *     the book, least urgent last
 */
public record EngineSettings(
    Duration lease,
    Duration busyBeat,
    Duration idleBeat,
    Duration look,
    Duration check,
    Duration checkpoint,
    int tries,
    Duration firstWait,
    Duration longestWait,
    int breakAfter,
    Duration breakFor,
    Duration lostAfter,
    int pendingJobs) {
  /** What a controller does that is not told otherwise. */
  public static final EngineSettings DEFAULT =
      new EngineSettings(
          Duration.ofMillis(1500),
          Duration.ofMillis(400),
          Duration.ofMillis(1100),
          Duration.ofSeconds(22),
          Duration.ofMinutes(1),
          Duration.ofSeconds(5),
          5,
          Duration.ofSeconds(2),
          Duration.ofMinutes(5),
          10,
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          2_000_000);

  public EngineSettings {
    require(busyBeat.toMillis() > 0, "the beats must be 1ms or more");
    require(
        busyBeat.compareTo(idleBeat) <= 0, "the idle beat must not be faster than the busy one");
    require(idleBeat.compareTo(lease) < 0, "a lease must outlast the beat that renews it");
    require(look.toMillis() > 0 && check.toMillis() > 0, "look and check must be 1ms or more");
    require(!checkpoint.isNegative(), "checkpoint must be 0 or more");
    require(tries >= 1 && tries <= 100, "tries must be 1 to 100");
    require(firstWait.toMillis() >= 10, "the wait before the second try must be 10ms or more");
    require(longestWait.compareTo(firstWait) >= 0, "the longest wait must not be the shortest");
    require(breakAfter >= 2 && breakAfter <= 1000, "breakAfter must be 2 to 1000");
    require(breakFor.toMillis() > 0, "breakFor must be 1ms or more");
    require(!lostAfter.isNegative(), "lostAfter must be 0 or more");
    require(pendingJobs >= 1, "pendingJobs must be 1 or more");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
