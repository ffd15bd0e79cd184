package oca.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.SiteId;
import org.jspecify.annotations.Nullable;

/**
 * One answer of steering: who was named, and what spoke against those who stand nearer.
 *
 * @param at when it was decided, by the wall clock
 * @param number 1, 2, 3 and so on within a boot of the sender, those not sent included
 * @param session the playback session as the player names it (CMCD sid); null when not told
 * @param client the asker's network, cut as in {@link ServeRecord#client}
 * @param network the prefix that routes know; empty when none contains the asker
 * @param key the title, or the path of a file of no title
 * @param file when one file was asked for; null when the files of a title were
 * @param nearest the first site, in the asker's order, at which any appliance stands; null when the
 *     asker belongs to none
 * @param chosen the appliances to use, best first; the origin stands behind them
 * @param passed those not named, at the sites up to that of the first one chosen, nearest first
 * @param unlisted how many more there were, which the record has no room for
 * @param ttlSeconds how long the answer is to be used
 * @param tableMillis since when the table of routes is as it was
 * @param frozen whether leases were kept from running out
 * @param version of the rules that were decided by, 8 hexadecimal digits
 */
public record SteeringRecord(
    Instant at,
    long number,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String session,
    String client,
    String network,
    String key,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ContentId file,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SiteId nearest,
    List<Named> chosen,
    List<Passed> passed,
    int unlisted,
    long ttlSeconds,
    long tableMillis,
    boolean frozen,
    String version) {

  /** So many of each are taken in at most. */
  public static final int MOST = 256;

  public SteeringRecord {
    chosen = List.copyOf(chosen);
    passed = List.copyOf(passed);
    if (chosen.size() > MOST || passed.size() > MOST) {
      throw new IllegalArgumentException("more than " + MOST + " appliances");
    }
  }

  /**
   * An appliance that was named.
   *
   * @param ageMillis of its newest heartbeat
   * @param lastResort true when its lease had run out and nobody else would do; else null
   */
  public record Named(
      ApplianceId appliance,
      SiteId site,
      long ageMillis,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean lastResort) {

    /** One that was alive. */
    public Named(ApplianceId appliance, SiteId site, long ageMillis) {
      this(appliance, site, ageMillis, null);
    }
  }

  /**
   * An appliance that was not.
   *
   * @param why the first thing that spoke against it
   * @param content what steering knew of the files asked for there
   * @param ageMillis of its newest heartbeat
   */
  public record Passed(
      ApplianceId appliance, SiteId site, Why why, Content content, long ageMillis) {}

  /** What speaks against an appliance, in the order in which it is looked at. */
  public enum Why {
    LEASE_EXPIRED("lease expired"),
    UNHEALTHY("unhealthy"),
    DRAINING("draining"),
    NO_HEADROOM("no headroom"),
    UNKNOWN_SITE("unknown site"),
    NO_ROUTE("no route"),
    OTHER_PORT("other port"),
    UNKNOWN_TITLE("unknown title"),
    FILLING("still filling"),
    NOT_HELD("not held"),
    WARMING("warming"),
    BEYOND_LIMIT("beyond limit"),
    /** A word that a newer steering has, and this process has not. */
    OTHER("other");

    private final String label;

    Why(String label) {
      this.label = label;
    }

    /** Two words, as messages have it. */
    @JsonValue
    public String label() {
      return label;
    }

    /** That of the label; {@link #OTHER} when there is none. */
    @JsonCreator
    public static Why of(String label) {
      for (Why why : values()) {
        if (why.label.equals(label)) {
          return why;
        }
      }
      return OTHER;
    }
  }

  /** What was known of the files asked for at an appliance. */
  public enum Content {
    /** It holds them all. */
    HELD("held"),
    /** It lacks one, which is on its way in. */
    FILLING("filling"),
    /** It lacks one. */
    MISSING("missing"),
    /** It has not said what it holds since it was started. */
    UNTOLD("untold");

    private final String label;

    Content(String label) {
      this.label = label;
    }

    /** One word, as messages have it. */
    @JsonValue
    public String label() {
      return label;
    }

    /** That of the label; {@link #UNTOLD} when there is none. */
    @JsonCreator
    public static Content of(String label) {
      for (Content content : values()) {
        if (content.label.equals(label)) {
          return content;
        }
      }
      return UNTOLD;
    }
  }
}
