package oca.steering.registry;

import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants changed.
 *
 * @param what of it; never {@link What#ALTER}, which is what registering again may come to
 * @param appliance null exactly for {@link What#THAW}
 * @param site to register it at; null for orders
 * @param endpoint to register it with; null for orders
 * @param note a word about the appliance; null leaves the one there is
 * @param who wants it; up to {@value #MAX_TEXT} characters
 * @param why in their words; up to {@value #MAX_TEXT} characters, empty when not said
 */
public record Command(
    What what,
    @Nullable ApplianceId appliance,
    @Nullable SiteId site,
    @Nullable Endpoint endpoint,
    @Nullable String note,
    String who,
    String why) {

  /** The longest text of a person. */
  public static final int MAX_TEXT = 500;

  private static final int MAX_ENDPOINT = 300;

  public Command {
    if ((appliance == null) != (what == What.THAW)) {
      throw new IllegalArgumentException(what.label() + " is about one appliance, or about none");
    }
    if (who.isBlank()) {
      throw new IllegalArgumentException("who wants it is not said");
    }
    requireShort("who", who);
    requireShort("reason", why);
    requireShort("note", note == null ? "" : note);
    if (endpoint != null && endpoint.toString().length() > MAX_ENDPOINT) {
      throw new IllegalArgumentException("an endpoint of more than 300 characters");
    }
  }

  /** An order about an appliance. */
  public static Command order(What what, ApplianceId appliance, String who, String why) {
    return new Command(what, appliance, null, null, null, who, why);
  }

  /** The end of a freeze. */
  public static Command thaw(String who, String why) {
    return new Command(What.THAW, null, null, null, null, who, why);
  }

  private static void requireShort(String name, String text) {
    if (text.length() > MAX_TEXT || text.chars().anyMatch(c -> c < ' ')) {
      throw new IllegalArgumentException(
          name + " must be one line of up to " + MAX_TEXT + " characters");
    }
  }
}
