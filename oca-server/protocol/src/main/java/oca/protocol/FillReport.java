package oca.protocol;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import oca.model.ApplianceId;
import oca.model.ContentId;

/**
 * What became of the files that an appliance was told to hold.
 *
 * @param appliance the sender
 * @param results in the order in which they ended
 */
public record FillReport(ApplianceId appliance, List<Result> results) {
  public FillReport {
    results = List.copyOf(results);
  }

  /** Where the bytes came from. */
  public enum Source {
    /** Another appliance. */
    PEER,
    /** The publisher's origin. */
    ORIGIN,
    /**
     * Nowhere: every source failed, or the file was refused locally; also how a source is read that
     * only a newer sender knows.
     */
    @JsonEnumDefaultValue
    NONE
  }

  /** Why bytes were fetched from the origin. */
  public enum OriginReason {
    /** The manifest says that this appliance fetches the file for its site. */
    MASTER("it fetches the file for its site"),
    /** Nobody nearer had it for as long as the manifest says. */
    ESCALATED("nobody nearer had it in time"),
    /** Blocks of a file that viewers ask for were damaged. */
    REPAIR("damaged blocks do not wait"),
    /** All who are nearer had sent bytes that are not the published ones. */
    BAD_PEERS("all who are nearer sent wrong bytes"),
    /** The manifest says of no source how far it is, or only a newer sender knows the reason. */
    @JsonEnumDefaultValue
    UNSTATED("the manifest says of no source how far it is");

    private final String sentence;

    OriginReason(String sentence) {
      this.sentence = sentence;
    }

    /** For a log, a clause. */
    public String sentence() {
      return sentence;
    }
  }

  /**
   * How one file ended.
   *
   * @param at when it ended
   * @param manifestVersion the manifest that asked for it
   * @param file which one
   * @param filled true when it is now held, whole and verified
   * @param source where the bytes came from; {@link Source#NONE} when not filled
   * @param bytesFetched over all attempts, good or bad: what the links carried
   * @param bytesFromOrigin the part of {@code bytesFetched} that the origin sent
   * @param reason why it was not filled, for a reader; empty when it was
   * @param originReasons what {@code bytesFromOrigin} was fetched for, in bytes; empty when there
   *     is none or the sender does not say
   * @param badPeers host and port of those that sent other bytes than the published ones, at most
   *     {@value #MAX_BAD_PEERS}
   */
  public record Result(
      Instant at,
      long manifestVersion,
      ContentId file,
      boolean filled,
      Source source,
      long bytesFetched,
      long bytesFromOrigin,
      String reason,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<OriginReason, Long> originReasons,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> badPeers) {
    /** So many are named. */
    public static final int MAX_BAD_PEERS = 8;

    public Result {
      // Both are left out by senders that have nothing to say, or know nothing of them.
      originReasons =
          originReasons == null
              ? Map.of()
              : Collections.unmodifiableMap(new TreeMap<>(originReasons));
      badPeers =
          badPeers == null
              ? List.of()
              : List.copyOf(badPeers.subList(0, Math.min(badPeers.size(), MAX_BAD_PEERS)));
    }

    /** A result of a sender that says neither why the origin was asked nor who sent wrong bytes. */
    public Result(
        Instant at,
        long manifestVersion,
        ContentId file,
        boolean filled,
        Source source,
        long bytesFetched,
        long bytesFromOrigin,
        String reason) {
      this(
          at,
          manifestVersion,
          file,
          filled,
          source,
          bytesFetched,
          bytesFromOrigin,
          reason,
          Map.of(),
          List.of());
    }
  }
}
