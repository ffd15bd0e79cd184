package oca.steering.play;

/**
 * What is to be known of a session, and travels with the player.
 *
 * @param issuedSecond when it was sealed, of the Unix epoch
 * @param tokenSecond when the tokens in the player's hands were made
 * @param renewed whether those are ours, and not the playlist's, which are as old as the session
 * @param draw the session's share of chance: drawn once, so that equal choices stay as they fell
 * @param pathway the first of the last answer
 */
record PlayState(long issuedSecond, long tokenSecond, boolean renewed, long draw, String pathway) {
  /** The longest pathway that is kept; a longer one is cut, and then names nobody. */
  static final int MAX_PATHWAY = 96;

  PlayState {
    pathway = pathway.length() > MAX_PATHWAY ? pathway.substring(0, MAX_PATHWAY) : pathway;
  }
}
