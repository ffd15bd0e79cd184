package oca.server.admin;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;

/**
 * All that an appliance says of itself to its operator, at one moment. Totals count since the start
 * of the process.
 *
 * @param appliance its id
 * @param site where it stands
 * @param endpoint where viewers and peers reach it
 * @param bootId drawn at this start
 * @param state {@link #SERVING} or {@link #DRAINING}
 * @param transport how it talks to the kernel, such as {@code io_uring}
 * @param connections open viewer connections
 * @param connectionLimit more are refused
 * @param requests answered or broken off
 * @param servedBytes handed to the kernel for viewers and peers
 * @param outcomes requests by outcome, one of the server's closed list
 * @param store what is held
 * @param fill what is being fetched
 * @param fillBytes fetched from peers and origins, good or bad
 * @param fillQueue files waiting or being fetched
 * @param manifestVersion of the newest manifest; 0 before the first
 * @param recordsDropped serve records that nobody will see
 * @param recordFailures posts of serve records that failed
 * @param heartbeatFailures posts of heartbeats and inventories that failed
 */
public record ApplianceStatus(
    ApplianceId appliance,
    SiteId site,
    Endpoint endpoint,
    String bootId,
    String state,
    String transport,
    int connections,
    int connectionLimit,
    long requests,
    long servedBytes,
    Map<String, Long> outcomes,
    Store store,
    Fill fill,
    long fillBytes,
    int fillQueue,
    long manifestVersion,
    long recordsDropped,
    long recordFailures,
    long heartbeatFailures) {

  /** Takes new viewers. */
  public static final String SERVING = "serving";

  /** Serves those who come, and asks steering to send no more. */
  public static final String DRAINING = "draining";

  public ApplianceStatus {
    outcomes = new TreeMap<>(outcomes);
  }

  /**
   * What is held.
   *
   * @param files whole files
   * @param usedBytes on volumes in service, files being filled included
   * @param capacityBytes of volumes in service
   * @param evicted files evicted since the start
   * @param recovering whether files are still being looked for after the start
   * @param openFiles descriptors of files that are open
   * @param volumes in the order of the configuration, added ones last
   */
  public record Store(
      long files,
      long usedBytes,
      long capacityBytes,
      long evicted,
      boolean recovering,
      int openFiles,
      List<Volume> volumes) {
    public Store {
      volumes = List.copyOf(volumes);
    }
  }

  /**
   * One disk.
   *
   * @param path its folder
   * @param state {@code recovering}, {@code in-service}, {@code draining} or {@code out-of-service}
   * @param inService whether it serves; false once it was taken out after errors
   * @param capacityBytes what it may hold
   * @param usedBytes what it holds
   * @param freeBytes what may still be put on it
   * @param files whole files on it
   * @param errors I/O errors since the start
   * @param quarantined damaged or foreign files moved out of the way since the start
   * @param leaving files that are still to be taken off the disk
   */
  public record Volume(
      String path,
      String state,
      boolean inService,
      long capacityBytes,
      long usedBytes,
      long freeBytes,
      long files,
      long errors,
      long quarantined,
      long leaving) {}

  /**
   * What is being fetched.
   *
   * @param windowOpen whether filling is allowed now
   * @param waiting files waiting for a worker, the window or another try
   * @param running files being fetched
   * @param filled files that came in whole
   * @param givenUp files given up
   * @param sourceFailures sources passed over
   * @param listsUnread files that came in without their block list
   * @param bytesFromPeers fetched from peers
   * @param bytesFromOrigins fetched from origins
   * @param repairs files whose damaged blocks wait to be fetched, or are being fetched
   * @param repaired files repaired
   * @param repairsRefused files that were not repaired at once, because no manifest wanted them or
   *     too many were to be repaired
   * @param manifestFailures looks at the manifest that failed
   * @param reportsDropped results that the controller was not told
   */
  public record Fill(
      boolean windowOpen,
      int waiting,
      int running,
      long filled,
      long givenUp,
      long sourceFailures,
      long listsUnread,
      long bytesFromPeers,
      long bytesFromOrigins,
      int repairs,
      long repaired,
      long repairsRefused,
      long manifestFailures,
      long reportsDropped) {}
}
