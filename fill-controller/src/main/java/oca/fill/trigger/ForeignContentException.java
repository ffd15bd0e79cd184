package oca.fill.trigger;

/** A command names content of somebody else; its message says which. */
final class ForeignContentException extends Exception {
  private static final long serialVersionUID = 1;

  ForeignContentException(String message) {
    super(message);
  }
}
