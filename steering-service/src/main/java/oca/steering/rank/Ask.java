package oca.steering.rank;

import java.util.List;
import oca.model.ContentId;

/**
 * What a viewer wants to fetch.
 *
 * @param key what is kept together: requests of one key go to the same appliance of a site; the
 *     title, or the path of a file that belongs to none
 * @param files an appliance must hold every one; empty when nobody can say what they are, and then
 *     no appliance qualifies
 * @param form how the viewer will use the answer
 */
public record Ask(String key, List<ContentId> files, Form form) {
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
}
