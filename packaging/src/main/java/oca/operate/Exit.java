package oca.operate;

/** With what status commands exit: the whole list, the same for all of them. */
public final class Exit {
  /** Done, and nothing is wrong. */
  public static final int GOOD = 0;

  /** Not done, or something wants attention. */
  public static final int ATTENTION = 1;

  /** Arguments of no use. */
  public static final int USAGE = 2;

  /** The process that was to be asked did not answer. */
  public static final int UNREACHED = 3;

  /** A configuration of no use, or data of a newer release; EX_CONFIG of sysexits.h. */
  public static final int CONFIG = 78;

  /** Broken off by Ctrl-C. */
  public static final int INTERRUPTED = 130;

  /** The list for {@code --help}. */
  public static final String LIST =
      "0 done, nothing is wrong; 1 failed, or something wants attention; 2 unusable arguments;"
          + " 3 the process that was to be asked did not answer; 78 unusable configuration;"
          + " 130 broken off by Ctrl-C";

  private Exit() {}
}
