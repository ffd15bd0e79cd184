package oca.fill.state;

import java.io.IOException;

/**
 * What this process has in memory is not what the database says any more: another one has taken it
 * over, or it is older than what was written. Only a new start mends it.
 */
public final class TakenOverException extends IOException {
  private static final long serialVersionUID = 1;

  TakenOverException(String why) {
    super(why);
  }
}
