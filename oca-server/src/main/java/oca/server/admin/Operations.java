package oca.server.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an operator may do to an appliance. Called on threads of the listener; may block. */
public interface Operations {

  /** Asks for no more viewers, or takes them again. */
  void drain(boolean on);

  /**
   * Reads certificate and keys again, as far as there are any; open connections keep what they
   * have, and what is not fit leaves in use what was before.
   *
   * @throws RefusedException when something is not fit; the message says what and why
   */
  void reload() throws RefusedException;

  /**
   * Puts one more disk into service; returns when what is on it was found.
   *
   * @throws IllegalArgumentException when the order makes no sense; the message says why
   * @throws RefusedException when the disk must not be taken as things are
   * @throws IOException when the disk fails
   */
  void addVolume(NewVolume volume) throws IOException;

  /**
   * Puts nothing new on a volume any more, or does again; what is on it is served on.
   *
   * @param path as {@link ApplianceStatus.Volume#path} names it
   * @return false when there is no such volume
   */
  boolean drainVolume(String path, boolean on);

  /**
   * Ends what is under way on a volume and lets go of its disk, so that it can be taken out. What
   * is still on it is not held any more.
   *
   * @param path as {@link ApplianceStatus.Volume#path} names it
   * @return false when there is no such volume
   */
  boolean detachVolume(String path);

  /**
   * Purges pulled content, or counts what would be purged. When it returns, nothing of it is served
   * any more.
   *
   * @param order {@code service}, one of {@code url}, {@code prefix}, {@code tag} and {@code all},
   *     and {@code soft} and {@code dryRun} as wanted
   * @throws IllegalArgumentException when the order makes no sense; the message says why
   */
  Purged purge(Map<String, String> order);

  /**
   * Gives a live event another version: nothing that is kept of it is served any more.
   *
   * @throws IllegalArgumentException when there is no such event, or no such version can be
   */
  void version(EventVersion version);

  /** How far the search for damage has come on each volume. */
  List<Scrub> scrubs();

  /** What recalls have done. Never blocks. */
  default Recalled recalled() {
    return new Recalled(0, 0, 0, 0, 0, 0);
  }

  /**
   * Recalls since the start.
   *
   * @param orders taken
   * @param files of which blocks were withdrawn
   * @param blocks that were withdrawn
   * @param bytes they had
   * @param unread files that could not be looked at
   * @param open orders that are not done on a volume in service
   */
  record Recalled(long orders, long files, long blocks, long bytes, long unread, long open) {}

  /**
   * The search for damage on one volume; each pass reads all that is on it.
   *
   * @param path the volume's folder
   * @param running whether it reads at the moment
   * @param passes passes ended since the volume was made
   * @param beganSecond when this pass began, in seconds since 1970
   * @param files read in this pass
   * @param bytes read in this pass
   * @param done the share of this pass that is done, 0 to 1
   * @param damagedBlocks found in this pass
   * @param flawed files found in this pass, by what was wrong with them
   * @param repaired files whose damaged blocks were fetched anew, since the start
   */
  record Scrub(
      String path,
      boolean running,
      long passes,
      long beganSecond,
      long files,
      long bytes,
      double done,
      long damagedBlocks,
      Map<String, Long> flawed,
      long repaired) {
    public Scrub {
      flawed = Map.copyOf(flawed);
    }
  }

  /**
   * A disk to be put into service.
   *
   * @param path its folder, absolute
   * @param capacityBytes what may be kept there
   * @param reserveBytes so much of its file system is left free whatever the capacity
   */
  record NewVolume(String path, long capacityBytes, long reserveBytes) {}

  /**
   * Which volume.
   *
   * @param path as {@link ApplianceStatus.Volume#path} names it
   */
  record NamedVolume(String path) {}

  /**
   * What a purge took, or would take.
   *
   * @param generation of the purge
   * @param responses kept at that moment
   * @param bytes they have, as far as it is known
   */
  record Purged(long generation, long responses, long bytes) {}

  /**
   * A purge: exactly one of {@code url}, {@code prefix}, {@code tag} and {@code all}.
   *
   * @param service whose content
   * @param url path and query, to the last character; or null
   * @param prefix of path and query; or null
   * @param tag of Surrogate-Key or Cache-Tag; or null
   * @param all whether all of the service; or null
   * @param soft whether it is stale from now on rather than gone; or null
   * @param dryRun whether it is only counted; or null
   */
  record PurgeMessage(
      String service,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String url,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String prefix,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String tag,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean all,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean soft,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean dryRun) {

    Map<String, String> arguments() {
      Map<String, String> arguments = new TreeMap<>();
      arguments.put("service", service);
      put(arguments, "url", url);
      put(arguments, "prefix", prefix);
      put(arguments, "tag", tag);
      put(arguments, "all", all);
      put(arguments, "soft", soft);
      put(arguments, "dryRun", dryRun);
      return arguments;
    }

    private static void put(Map<String, String> into, String key, @Nullable Object value) {
      if (value != null) {
        into.put(key, value.toString());
      }
    }
  }

  /**
   * Another version of a live event.
   *
   * @param service whose event
   * @param event its id
   * @param version the new one
   */
  record EventVersion(String service, String event, String version) {}

  /** An order that was not followed; nothing was changed. The message says what to do. */
  final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    /** With a message for the operator. */
    public RefusedException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
