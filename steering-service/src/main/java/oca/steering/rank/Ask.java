package oca.steering.rank;

import java.util.List;
import oca.model.ApplianceId;
import oca.model.ContentId;
import org.jspecify.annotations.Nullable;

/**
 * What a viewer wants to fetch.
 *
 * @param key what is kept together: requests of one key meet on the same appliances of a site where
 *     few hold the files; the title, or the path of a file that belongs to none
 * @param files an appliance must hold every one; empty when nobody can say what they are, and then
 *     no appliance qualifies
 * @param form how the viewer will use the answer
 * @param current the appliance that the viewer uses now, and keeps while it is good enough; null
 *     when it uses none, or does not say
 * @param draw a number drawn at random for this ask by whoever asks; the same ask with the same
 *     draw is decided alike
 * @param session what the player calls its playback (CMCD sid), which decides nothing; null when it
 *     does not say
 */
public record Ask(
    String key,
    List<ContentId> files,
    Form form,
    @Nullable ApplianceId current,
    long draw,
    @Nullable String session) {
  /** How the answer is used. */
  public enum Form {
    /** As whole URLs, each with its own host and port. */
    URLS,
    /** As pathways of a player, which can replace the host of a URL but not its port. */
    PATHWAYS
  }

  public Ask {
    files = List.copyOf(files);
  }

  /** Of a player that names no session. */
  public Ask(
      String key, List<ContentId> files, Form form, @Nullable ApplianceId current, long draw) {
    this(key, files, form, current, draw, null);
  }
}
