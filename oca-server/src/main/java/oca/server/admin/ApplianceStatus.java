package oca.server.admin;

import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.flight.FlightStatus;
import oca.protocol.records.SpoolStatus;

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
 * @param edge what its listener met with
 * @param recordsDropped serve records that nobody will see
 * @param recordFailures posts of serve records that failed
 * @param heartbeatFailures posts of heartbeats and inventories that failed
 * @param serving how answers went
 * @param records what becomes of serve records
 * @param engine what the event loops use
 * @param pull what is fetched when it is wanted
 * @param run the process
 * @param flights how its flight recording does
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
    long heartbeatFailures,
    Serving serving,
    Edge edge,
    Records records,
    Engine engine,
    Pull pull,
    Run run,
    FlightStatus flights) {

  /** Takes new viewers. */
  public static final String SERVING = "serving";

  /** Serves those who come, and asks steering to send no more. */
  public static final String DRAINING = "draining";

  public ApplianceStatus {
    outcomes = new TreeMap<>(outcomes);
  }

  /**
   * What is fetched when it is wanted.
   *
   * @param objects kept, those included that were dropped and are still being read
   * @param usedBytes what they take on the disk
   * @param capacityBytes what they may take
   * @param evicted objects that made room for others
   * @param errors calls to the disk that failed or hung
   * @param services each by itself
   */
  public record Pull(
      long objects,
      long usedBytes,
      long capacityBytes,
      long evicted,
      long errors,
      List<PullService> services) {
    /** Where nothing is. */
    public static final Pull NONE = new Pull(0, 0, 0, 0, 0, List.of());

    public Pull {
      services = List.copyOf(services);
    }
  }

  /**
   * One service; each map has an entry for every way or reason of its list.
   *
   * @param name as configured
   * @param targets of which something is kept, or which are being asked for
   * @param answers requests by how they were answered
   * @param notKept answers of upstreams that were not kept, by reason
   * @param failures fetches that failed, by reason
   * @param upstreams each by itself
   */
  public record PullService(
      String name,
      int targets,
      Map<String, Long> answers,
      Map<String, Long> notKept,
      Map<String, Long> failures,
      List<Upstream> upstreams) {
    public PullService {
      answers = new TreeMap<>(answers);
      notKept = new TreeMap<>(notKept);
      failures = new TreeMap<>(failures);
      upstreams = List.copyOf(upstreams);
    }
  }

  /**
   * One upstream of a service.
   *
   * @param url as configured
   * @param healthy whether it is asked at present
   * @param whyNot the reason when it is not, else empty
   * @param requests sent to it
   * @param inFlight of them, under way
   */
  public record Upstream(String url, boolean healthy, String whyNot, long requests, int inFlight) {}

  /**
   * How answers went.
   *
   * @param brokenOff answers that ended before their last byte was handed over
   * @param readErrors answers broken off because the file could not be read
   * @param shed connections closed unanswered because even the places for refusals were taken
   * @param crowded connections refused because their network had its share
   * @param bulkRefused bulk requests that were told to come later
   * @param slowReaders connections cut off because the client took too little
   * @param times how long complete answers took
   * @param firstBytes how long answers with content took to their first byte
   */
  public record Serving(
      long brokenOff,
      long readErrors,
      long shed,
      long crowded,
      long bulkRefused,
      long slowReaders,
      Times times,
      Times firstBytes) {}

  /**
   * What the viewers' listener met with; each map has an entry for every reason of its list.
   *
   * @param protocols requests by the protocol they came in by
   * @param denials requests refused for want of a good token, by reason
   * @param http2Faults HTTP/2 connections and streams that were broken off, by reason
   * @param coldReads pieces of files read from disks because they were asked for and not in memory
   * @param coldBytes in those pieces
   * @param coldWaits times that an answer stood still for a piece
   * @param coldWaitMicros how long in all
   * @param coldRefusals requests answered 503 because too many reads of their volume waited
   * @param coldCheckMicros that disk threads took to compare blocks with their checksums
   * @param coldDamages pieces that were not sent because a block did not match its checksum
   * @param coldQueued pieces that wait for a disk thread now
   * @param certificateSecondsLeft until the certificate expires; 0 without TLS
   * @param certificateFailures certificate files that were not fit to be taken
   * @param handshakeFailures TLS handshakes that failed
   */
  public record Edge(
      Map<String, Long> protocols,
      Map<String, Long> denials,
      Map<String, Long> http2Faults,
      long coldReads,
      long coldBytes,
      long coldWaits,
      long coldWaitMicros,
      long coldRefusals,
      long coldCheckMicros,
      long coldDamages,
      int coldQueued,
      long certificateSecondsLeft,
      long certificateFailures,
      long handshakeFailures) {
    public Edge {
      protocols = new TreeMap<>(protocols);
      denials = new TreeMap<>(denials);
      http2Faults = new TreeMap<>(http2Faults);
    }
  }

  /**
   * Times in buckets.
   *
   * @param upToMicros upper ends of all buckets but the last, ascending, in microseconds
   * @param counts in each bucket by itself; one more than there are ends
   * @param sumMicros all times together
   */
  public record Times(List<Long> upToMicros, List<Long> counts, long sumMicros) {
    public Times {
      upToMicros = List.copyOf(upToMicros);
      counts = List.copyOf(counts);
      if (counts.size() != upToMicros.size() + 1) {
        throw new IllegalArgumentException("one count more than ends, not " + counts.size());
      }
    }
  }

  /**
   * What becomes of serve records.
   *
   * @param accepted records offered by event loops
   * @param sinks each place they go to
   * @param filesRotated files closed in good order
   * @param filesTorn files cut back to their last whole line
   * @param filesDeleted files deleted to keep the limits
   * @param compressFailures files that could not be compressed
   * @param spool how they fare on their way to Kafka
   */
  public record Records(
      long accepted,
      List<Sink> sinks,
      long filesRotated,
      long filesTorn,
      long filesDeleted,
      long compressFailures,
      SpoolStatus spool) {
    public Records {
      sinks = List.copyOf(sinks);
    }

    /** Of an appliance that does not know Kafka. */
    public Records(
        long accepted,
        List<Sink> sinks,
        long filesRotated,
        long filesTorn,
        long filesDeleted,
        long compressFailures) {
      this(
          accepted,
          sinks,
          filesRotated,
          filesTorn,
          filesDeleted,
          compressFailures,
          SpoolStatus.NONE);
    }
  }

  /**
   * One place that records go to.
   *
   * @param name one word
   * @param written records taken over
   * @param dropped records it will never see
   * @param failures tries that failed
   * @param failing whether the last try failed
   * @param waiting records in its ring now
   * @param ring records that its ring holds
   */
  public record Sink(
      String name,
      long written,
      long dropped,
      long failures,
      boolean failing,
      int waiting,
      int ring) {}

  /**
   * What the event loops use.
   *
   * @param eventLoops their number
   * @param directBytes memory outside the heap that they have taken; -1 when it is not counted
   * @param directLimit so much they may take
   * @param contentBytes of requests that are passed on to upstreams, in memory
   * @param loopCpuMicros processor time that each loop has used; empty where it is not measured
   */
  public record Engine(
      int eventLoops,
      long directBytes,
      long directLimit,
      long contentBytes,
      List<Long> loopCpuMicros) {
    public Engine {
      loopCpuMicros = List.copyOf(loopCpuMicros);
    }
  }

  /**
   * The process.
   *
   * @param version of the build; {@code unpackaged} when it does not run from its package
   * @param pid as the system knows it
   * @param upSeconds since its start
   */
  public record Run(String version, long pid, long upSeconds) {
    /** This one, now. */
    public static Run now() {
      RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
      String version = ApplianceStatus.class.getPackage().getImplementationVersion();
      return new Run(
          version == null ? "unpackaged" : version, runtime.getPid(), runtime.getUptime() / 1000);
    }
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
   * @param flow where bytes came from, and who had to wait
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
      long reportsDropped,
      Flow flow) {}

  /**
   * Where fetched bytes came from, and who had to wait; all since the start.
   *
   * @param originBytes bytes from origins by the reason
   * @param preempted files that made way for more urgent ones
   * @param waits how often a file gave its worker back, since nobody had more of it yet
   * @param badPeers how often a peer sent wrong bytes, and was asked for nothing for a while
   * @param busyOrigins how often an origin said that it has no time, and was left alone for a while
   * @param late files that cannot be here any more by when they are due, now
   * @param missed files that came only after they were due
   * @param yields how often the rate was lowered for viewers
   * @param diskYields how often of that because they waited for disks
   * @param share of the rate that viewers leave now, above 0 to 1
   * @param granting whether files are begun only when a controller grants them
   * @param grants in hand, those included whose end no controller has acknowledged
   * @param asksFailed asks and ends that no controller took
   */
  public record Flow(
      Map<String, Long> originBytes,
      long preempted,
      long waits,
      long badPeers,
      long busyOrigins,
      int late,
      long missed,
      long yields,
      long diskYields,
      double share,
      boolean granting,
      int grants,
      long asksFailed) {
    public Flow {
      originBytes = Collections.unmodifiableMap(new TreeMap<>(originBytes));
    }
  }
}
