package oca.fill.causes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * What became of bytes that were served: near, or why not. Each response has exactly one. {@link
 * #UNKNOWN} is none of the causes, and counted apart from them.
 */
public enum Label {
  NEAREST("nearest", "served by the site nearest to the viewer"),
  HEALTH("health", "the nearest appliance that holds it was broken, or broke off"),
  CONTENT("content", "no appliance of the nearest site held it"),
  LEASE("lease", "the nearest appliance that holds it was late or silent"),
  WARMING("warming", "the nearest appliance that holds it had just been started"),
  FULL("full", "the nearest appliance that holds it had no room for more viewers"),
  POLICY("policy", "the viewer belongs to no site, or what is set keeps it away"),
  DRAIN("drain", "the nearest appliance that holds it was being drained"),
  FILL_PENDING("fill pending", "it was on its way to the nearest site"),
  STALE_STEERING("stale steering", "the answer was out of date, or what steering believed"),
  PLAYER("player's choice", "the player was told of the nearest site and went elsewhere"),
  UNKNOWN("unknown", "no answer of steering is known that this came of");

  private final String label;
  private final String sentence;

  Label(String label, String sentence) {
    this.label = label;
    this.sentence = sentence;
  }

  /** One to two words. */
  @JsonValue
  public String label() {
    return label;
  }

  /** What it means, as a clause. */
  public String sentence() {
    return sentence;
  }

  /** Whether the bytes count as missed: neither near nor unexplained. */
  public boolean isMiss() {
    return switch (this) {
      case NEAREST, UNKNOWN -> false;
      case HEALTH,
          CONTENT,
          LEASE,
          WARMING,
          FULL,
          POLICY,
          DRAIN,
          FILL_PENDING,
          STALE_STEERING,
          PLAYER ->
          true;
    };
  }

  /** Whether it is for want of the content. */
  public boolean isContent() {
    return this == CONTENT || this == FILL_PENDING;
  }

  /**
   * That of the words.
   *
   * @throws IllegalArgumentException when there is none
   */
  @JsonCreator
  public static Label of(String words) {
    for (Label label : values()) {
      if (label.label.equals(words)) {
        return label;
      }
    }
    throw new IllegalArgumentException("not a label: " + words);
  }
}
