package oca.steering.http;

import java.util.Locale;

/** Why a message that came as an appliance's was not taken. One counter each. */
public enum AccessRefusal {
  NO_CREDENTIALS(401, "an appliance shows a bearer token or a client certificate here"),
  UNKNOWN_TOKEN(401, "the bearer token is not one that was given to an appliance"),
  NOT_THE_SENDER(403, "these credentials do not speak for the appliance in the message");

  private final int status;
  private final String sentence;

  AccessRefusal(int status, String sentence) {
    this.status = status;
    this.sentence = sentence;
  }

  int status() {
    return status;
  }

  String sentence() {
    return sentence;
  }

  /** As reports call it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
